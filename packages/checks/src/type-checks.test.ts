import { globSync } from 'node:fs'
import { join, relative } from 'node:path'
import ts from 'typescript'
import { expect, test } from 'vitest'
import { ROOT } from './command.ts'
import { typeChecks } from './type-checks.ts'

test('every source and every test of types is checked by the compiler', () => {
  const checked = new Set(typeChecks().flatMap(({ folder }) => filesOf(folder)))
  const sources = globSync('packages/*/{src,test,page}/**/*.{ts,tsx}', { cwd: ROOT })
  expect(sources.filter((path) => path.endsWith('.test-d.ts')).length).toBeGreaterThan(0)
  expect(sources.filter((path) => !checked.has(path)).sort()).toEqual([])
})

/** The files that a folder's `tsconfig.json` takes in by itself, relative to the repository's folder. */
function filesOf(folder: string): string[] {
  const path = join(ROOT, folder, 'tsconfig.json')
  const { config } = ts.readConfigFile(path, ts.sys.readFile)
  const { fileNames } = ts.parseJsonConfigFileContent(config, ts.sys, join(ROOT, folder))
  return fileNames.map((name) => relative(ROOT, name))
}
