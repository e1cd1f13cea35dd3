import { cp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { entryPointsOf } from '../api/entry-point.ts'
import { mustRun, ROOT } from '../command.ts'
import type { PackedPackage } from './pack.ts'

interface Compilation {
  readonly name: string
  readonly compiler: 'typescript' | 'typescript-5.4'
  readonly options: Readonly<Record<string, unknown>>
  readonly files: readonly string[]
}

const EVERYTHING = 'every-entry-point.mts'
const ON_WORKERS = 'entry-points-on-workers.mts'
/** It serves over Node's own HTTP server, and its types say so. */
const NODE_ONLY = '@callstate/inspector'

const NODE16 = { module: 'node16', moduleResolution: 'node16' }
const NODENEXT = { module: 'nodenext', moduleResolution: 'nodenext' }
const BUNDLER = { module: 'esnext', moduleResolution: 'bundler' }
/** As strict as a compiler can be about the code that uses our types. */
const USING = { exactOptionalPropertyTypes: true, skipLibCheck: true, types: [] }
/** Reads our declarations themselves, where Node's types, or a browser's, are not at hand. */
const ON_WORKER = { lib: ['es2022', 'webworker'], skipLibCheck: false, types: [] }
const ON_NODE = {
  lib: ['es2022'],
  skipLibCheck: false,
  types: ['node'],
  typeRoots: [join(ROOT, 'node_modules/@types')],
}

/** Compiles what users write against the installed packages, with this TypeScript and with the oldest. */
export async function checkTypes(
  folder: string,
  packages: readonly PackedPackage[],
  blocks: readonly string[],
): Promise<void> {
  await cp(join(folder, 'types.mts'), join(folder, 'types.cts'))
  const portable = packages.filter(({ name }) => name !== NODE_ONLY)
  await writeFile(join(folder, EVERYTHING), importAll(packages))
  await writeFile(join(folder, ON_WORKERS), importAll(portable))
  await Promise.all(compilationsOf(blocks).map((compilation) => compile(folder, compilation)))
}

function compilationsOf(blocks: readonly string[]): Compilation[] {
  // Only Node's own resolutions tell .mts and .cts apart.
  const onNode = ['types.mts', 'types.cts', ...blocks]
  const bundled = ['types.mts', ...blocks]
  return [
    compilation('node16', 'typescript', { ...NODE16, ...USING }, onNode),
    compilation('nodenext', 'typescript', { ...NODENEXT, ...USING }, onNode),
    compilation('bundler', 'typescript', { ...BUNDLER, ...USING }, bundled),
    compilation('oldest-nodenext', 'typescript-5.4', { ...NODENEXT, ...USING }, onNode),
    compilation('on-node', 'typescript', { ...NODENEXT, ...ON_NODE }, [EVERYTHING]),
    compilation('worker', 'typescript', { ...BUNDLER, ...ON_WORKER }, [ON_WORKERS, ...bundled]),
    compilation('oldest-worker', 'typescript-5.4', { ...BUNDLER, ...ON_WORKER }, [
      ON_WORKERS,
      ...bundled,
    ]),
  ]
}

function compilation(
  name: string,
  compiler: Compilation['compiler'],
  options: Compilation['options'],
  files: readonly string[],
): Compilation {
  return { name, compiler, options, files }
}

async function compile(
  folder: string,
  { name, compiler, options, files }: Compilation,
): Promise<void> {
  const project = join(folder, `tsconfig.${name}.json`)
  const compilerOptions = { target: 'es2022', strict: true, noEmit: true, ...options }
  await writeFile(project, JSON.stringify({ compilerOptions, files }))
  const tsc = join(ROOT, 'packages/checks/node_modules', compiler, 'bin/tsc')
  await mustRun(process.execPath, [tsc, '-p', project])
}

/** A module that imports every entry point. */
function importAll(packages: readonly PackedPackage[]): string {
  const specifiers = packages
    .flatMap(({ folder }) => entryPointsOf(folder))
    .map(({ specifier }) => specifier)
  const lines = specifiers.map(
    (specifier, place) => `import * as entry${place} from '${specifier}'`,
  )
  const used = specifiers.map((_, place) => `entry${place}`)
  return [...lines, `export default [${used.join(', ')}]`, ''].join('\n')
}
