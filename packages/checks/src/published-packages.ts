import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './command.ts'

/** A package of this repository that users can install. */
export interface PublishedPackage {
  /** Of its folder below `packages/`. */
  readonly folderName: string
  readonly folder: string
  /** What users install. */
  readonly name: string
  readonly version: string
}

/** All packages that are not private, in the order of their folders. */
export function publishedPackages(): PublishedPackage[] {
  const packages = join(ROOT, 'packages')
  return readdirSync(packages).flatMap((folderName) => {
    const folder = join(packages, folderName)
    const manifestFile = join(folder, 'package.json')
    if (!existsSync(manifestFile)) return []
    const manifest = JSON.parse(readFileSync(manifestFile, 'utf8'))
    if (manifest.private === true) return []
    return [{ folderName, folder, name: manifest.name, version: manifest.version }]
  })
}
