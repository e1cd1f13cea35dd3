import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import ts from 'typescript'
import type { Arrow } from './arrow.ts'
import { specifiersOf } from './specifiers.ts'

/** A source file; its path is relative to the repository's folder. */
export interface Source {
  readonly path: string
  readonly text: string
}

const NOT_PRODUCTION = /\.(test|test-d|fixture|bench)\.tsx?$|\.d\.ts$/
const NO_SOURCES = /^(\..*|node_modules|dist|test|api)$/

/** The sources of the published packages, and of what builds them, without tests and fixtures. */
export function productionSources(root: string): Source[] {
  const packages = join(root, 'packages')
  return readdirSync(packages)
    .filter((name) => isPublished(join(packages, name)))
    .flatMap((name) => filesIn(join(packages, name)))
    .map((path) => ({ path: relative(root, path), text: readFileSync(path, 'utf8') }))
}

/** The names of the providers: each has a folder of its own in the library. */
export function providerNames(root: string): string[] {
  const folder = join(root, 'packages/callstate/src/providers')
  return readdirSync(folder).filter((name) => existsSync(join(folder, name, 'index.ts')))
}

/** Every import of one of the sources by another; what comes from Node or from npm is left out. */
export function arrowsAmong(root: string, sources: readonly Source[]): Arrow[] {
  const known = new Set(sources.map(({ path }) => path))
  const resolve = resolver(root)
  return sources.flatMap(({ path, text }) =>
    specifiersOf(path, text).flatMap(({ text: specifier, line }) => {
      const to = resolve(specifier, path)
      return to !== undefined && known.has(to) ? [{ from: path, to, line }] : []
    }),
  )
}

function isPublished(folder: string): boolean {
  const manifest = join(folder, 'package.json')
  return existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).private !== true
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return NO_SOURCES.test(entry.name) ? [] : filesIn(path)
    return /\.tsx?$/.test(path) && !NOT_PRODUCTION.test(path) ? [path] : []
  })
}

/** Resolves as the compiler does, and to the sources of the workspace's packages, not to what is built. */
function resolver(root: string): (specifier: string, from: string) => string | undefined {
  const options: ts.CompilerOptions = {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    customConditions: ['@callstate/source'],
    allowImportingTsExtensions: true,
  }
  const cache = ts.createModuleResolutionCache(root, (path) => path, options)
  // A specifier means the same for all files of a folder.
  const resolved = new Map<string, string | undefined>()
  return (specifier, from) => {
    const key = `${dirname(from)} ${specifier}`
    if (!resolved.has(key)) {
      const { resolvedModule } = ts.resolveModuleName(
        specifier,
        join(root, from),
        options,
        ts.sys,
        cache,
        undefined,
        ts.ModuleKind.ESNext,
      )
      resolved.set(key, resolvedModule && relative(root, resolvedModule.resolvedFileName))
    }
    return resolved.get(key)
  }
}
