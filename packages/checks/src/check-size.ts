// The size that users get: the built package, bundled and minified by esbuild as an application
// would do it, then gzipped, and the JavaScript of the inspector's page. 1 kB is 1,000 bytes.

import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { ROOT } from './command.ts'
import { textTable } from './table.ts'

/** What is measured, and the most that it may be, gzipped. */
const LIMITS = [
  {
    name: "import { isTerminal } from 'callstate'",
    code: () => bundleOf('{ isTerminal }'),
    maxBytes: 1_000,
  },
  { name: "export * from 'callstate'", code: () => bundleOf('*'), maxBytes: 5_000 },
  { name: "the inspector's page", code: pageScripts, maxBytes: 150_000 },
] as const

const sizes = await Promise.all(
  LIMITS.map(async ({ name, code, maxBytes }) => {
    const bytes = await code()
    return { name, maxBytes, minified: bytes.length, gzipped: gzipSync(bytes, { level: 9 }).length }
  }),
)
const rows = sizes.map(({ name, minified, gzipped, maxBytes }) => [
  name,
  `${minified}`,
  `${gzipped}`,
  `${maxBytes}`,
  gzipped <= maxBytes ? 'ok' : `${gzipped - maxBytes} bytes too many`,
])
console.log(textTable(['bundle', 'minified', 'gzipped', 'limit', ''], rows))
process.exitCode = sizes.every(({ gzipped, maxBytes }) => gzipped <= maxBytes) ? 0 : 1

async function bundleOf(exports: string): Promise<Uint8Array> {
  const { outputFiles } = await build({
    stdin: { contents: `export ${exports} from 'callstate'`, resolveDir: import.meta.dirname },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    write: false,
  })
  return outputFiles[0]?.contents ?? new Uint8Array()
}

async function pageScripts(): Promise<Uint8Array> {
  const folder = join(ROOT, 'packages/inspector/dist/page/assets')
  const scripts = (await readdir(folder)).filter((name) => name.endsWith('.js'))
  if (scripts.length === 0) throw new Error(`There is no script in ${folder}: run the build first.`)
  return Buffer.concat(await Promise.all(scripts.map((name) => readFile(join(folder, name)))))
}
