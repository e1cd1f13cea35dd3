import { build } from 'esbuild'

export interface BundleOptions {
  /** Where imports are looked up from; this package by default, which resolves to what is built. */
  readonly resolveDir?: string
  /** Folders of packages that are looked in last. */
  readonly nodePaths?: readonly string[]
  readonly platform?: 'browser' | 'node'
}

/** A module as one script, minified by esbuild as an application would do it. */
export async function bundle(code: string, options: BundleOptions = {}): Promise<Uint8Array> {
  const { resolveDir = import.meta.dirname, nodePaths = [], platform = 'browser' } = options
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir },
    bundle: true,
    minify: true,
    format: 'esm',
    platform,
    target: 'es2022',
    nodePaths: [...nodePaths],
    // Ours are packages that have no side effects: what is left out for that is meant to be.
    logOverride: { 'ignored-bare-import': 'silent' },
    write: false,
  })
  const [file] = outputFiles
  if (file === undefined) throw new Error(`esbuild made nothing of: ${code}`)
  return file.contents
}
