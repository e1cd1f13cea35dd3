import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './command.ts'

/** What the compiler checks by itself. */
export interface TypeCheck {
  readonly name: string
  /** Of its `tsconfig.json`, below the repository's folder. */
  readonly folder: string
}

/** What is installed or made, also for a moment. */
const NO_SOURCES = /^(\..*|node_modules|dist)$/

/**
 * The sources of every package, and those of a package's folder that need settings of their own. A package
 * whose types nobody checks is an error.
 */
export function typeChecks(): TypeCheck[] {
  const packages = foldersIn('packages').filter((folder) => has(folder, 'package.json'))
  const unchecked = packages.filter((folder) => !has(folder, 'tsconfig.json'))
  if (unchecked.length > 0) throw new Error(`There is no tsconfig.json in ${unchecked.join(', ')}.`)
  const folders = packages.flatMap((folder) => [
    folder,
    ...foldersIn(folder).filter((inner) => has(inner, 'tsconfig.json')),
  ])
  return folders.map((folder) => ({ name: folder.split('/').slice(1).join('/'), folder }))
}

function foldersIn(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !NO_SOURCES.test(entry.name))
    .map(({ name }) => `${folder}/${name}`)
    .sort()
}

function has(folder: string, file: string): boolean {
  return existsSync(join(ROOT, folder, file))
}
