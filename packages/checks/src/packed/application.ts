import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { mustRun } from '../command.ts'
import type { PackedPackage } from './pack.ts'
import type { Registry } from './registry.ts'

/** Begins an application in an empty folder, as `npm init` does. */
export async function beginApplication(folder: string): Promise<void> {
  const manifest = { name: 'application', private: true, type: 'module' }
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest))
}

/** Installs packages by name, as a user does. */
export async function install(
  folder: string,
  registry: Registry,
  names: readonly string[],
): Promise<void> {
  const args = ['install', '--no-audit', '--no-fund', '--registry', registry.url, ...names]
  await mustRun('npm', args, { cwd: folder })
}

/** What the packages share with the application, each in the lowest version that their ranges allow. */
export function lowestPeers(packages: readonly PackedPackage[]): Map<string, string> {
  const ours = new Set(packages.map(({ name }) => name))
  const lowest = new Map<string, string>()
  for (const { name: owner, peers } of packages) {
    for (const [name, range] of Object.entries(peers)) {
      if (ours.has(name)) continue
      const version = /^\^(\d+\.\d+\.\d+)$/.exec(range)?.[1]
      if (version === undefined)
        throw new Error(`${owner} asks for ${name} ${range}, not "^x.y.z".`)
      const other = lowest.get(name)
      if (other !== undefined && other !== version) {
        throw new Error(`Our packages ask for ${name} from ${other} and from ${version} on.`)
      }
      lowest.set(name, version)
    }
  }
  return lowest
}

/** Makes sure that of each package one copy is installed, in the version that was asked for. */
export async function expectOneOfEach(
  folder: string,
  versions: ReadonlyMap<string, string>,
): Promise<void> {
  const modules = join(folder, 'node_modules')
  const files = await readdir(modules, { recursive: true })
  for (const [name, version] of versions) {
    const own = join(name, 'package.json')
    const inner = join(sep, 'node_modules', own)
    const copies = files.filter((file) => file === own || file.endsWith(inner))
    if (copies.length !== 1) {
      throw new Error(
        `An application gets ${copies.length} copies of ${name}: ${copies.join(', ')}`,
      )
    }
    const manifest = JSON.parse(await readFile(join(modules, own), 'utf8'))
    if (manifest.version !== version) {
      throw new Error(`An application that wants ${name} ${version} gets ${manifest.version}.`)
    }
  }
}
