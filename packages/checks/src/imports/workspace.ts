import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import ts from 'typescript'
import { ROOT } from '../command.ts'
import { publishedPackages } from '../published-packages.ts'
import type { Arrow } from './arrow.ts'
import { specifiersOf } from './specifiers.ts'

/** A source file; its path is relative to the repository's folder. */
export interface Source {
  readonly path: string
  readonly text: string
}

/** The one place where a provider is added to the library. */
export const PROVIDER_LIST = 'packages/callstate/src/providers/all.ts'

const NOT_PRODUCTION = /\.(test|test-d|fixture|bench)\.tsx?$|\.d\.ts$/
const NO_SOURCES = /^(\..*|node_modules|dist|test|api)$/

/** The sources of the published packages, and of what builds them, without tests and fixtures. */
export function productionSources(): Source[] {
  return publishedPackages()
    .flatMap(({ folder }) => filesIn(folder))
    .map((path) => ({ path: relative(ROOT, path), text: readFileSync(path, 'utf8') }))
}

/** The names of the providers: of the folders that the library's list of them imports. */
export function providerNames(arrows: readonly Arrow[]): string[] {
  return arrows
    .filter(({ from }) => from === PROVIDER_LIST)
    .flatMap(({ to }) => {
      const folder = dirname(to)
      return folder === dirname(PROVIDER_LIST) ? [] : [basename(folder)]
    })
}

/** Every import of one of the sources by another; what comes from Node or from npm is left out. */
export function arrowsAmong(sources: readonly Source[]): Arrow[] {
  const known = new Set(sources.map(({ path }) => path))
  const resolve = resolver()
  return sources.flatMap(({ path, text }) =>
    specifiersOf(path, text).flatMap(({ text: specifier, line }) => {
      const to = resolve(specifier, path)
      return to !== undefined && known.has(to) ? [{ from: path, to, line }] : []
    }),
  )
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return NO_SOURCES.test(entry.name) ? [] : filesIn(path)
    return /\.tsx?$/.test(path) && !NOT_PRODUCTION.test(path) ? [path] : []
  })
}

/** Resolves as the compiler does, and to the sources of the workspace's packages, not to what is built. */
function resolver(): (specifier: string, from: string) => string | undefined {
  const options: ts.CompilerOptions = {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    customConditions: ['@callstate/source'],
    allowImportingTsExtensions: true,
  }
  const cache = ts.createModuleResolutionCache(ROOT, (path) => path, options)
  // A specifier means the same for all files of a folder.
  const resolved = new Map<string, string | undefined>()
  return (specifier, from) => {
    const key = `${dirname(from)} ${specifier}`
    if (!resolved.has(key)) {
      const { resolvedModule } = ts.resolveModuleName(
        specifier,
        join(ROOT, from),
        options,
        ts.sys,
        cache,
        undefined,
        ts.ModuleKind.ESNext,
      )
      resolved.set(key, resolvedModule && relative(ROOT, resolvedModule.resolvedFileName))
    }
    return resolved.get(key)
  }
}
