import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { PROVIDERS } from 'callstate/providers/all'
import { expect, test } from 'vitest'
import { LISTS_OF_IMPORTS, withProviderRow } from '../src/provider-row.ts'

const ROOT = new URL('../../../', import.meta.url)
const textOf = (path: string) => readFileSync(new URL(path, ROOT), 'utf8')

test.each(LISTS_OF_IMPORTS)('%s names every provider; else run pnpm make-docs', (path) => {
  const document = textOf(path)
  expect(document).toBe(withProviderRow(document, PROVIDERS))
})

test('every provider that is named can be imported, and every one that can be imported is named', () => {
  const providers = new URL('packages/callstate/src/providers/', ROOT)
  // The subpath `./providers/*` leads to the door of a folder.
  const importable = readdirSync(providers).filter((name) =>
    existsSync(new URL(`${name}/index.ts`, providers)),
  )
  expect(importable).not.toEqual([])
  for (const path of LISTS_OF_IMPORTS) {
    const row = textOf(path)
      .split('\n')
      .filter((line) => line.startsWith('| `callstate/providers/'))
    const [subpaths = ''] = row.map((line) => line.split('|')[1] ?? '')
    const named = [...subpaths.matchAll(/\/([\w-]+)`/g)].map(([, name]) => name)
    expect(named.toSorted(), path).toEqual(importable.toSorted())
  }
})

test('a document without such a row, or with two of them, is refused', () => {
  const row = '| `callstate/providers/acme` | what | needs |'
  for (const document of ['', `${row}\n${row}\n`]) {
    expect(() => withProviderRow(document, PROVIDERS)).toThrow(/expected one row/)
  }
  expect(withProviderRow(`a\n${row}\nb\n`, PROVIDERS)).toMatch(
    /^a\n\| `callstate\/providers\/bolna`, `\/dialgen` \|.*\nb\n$/,
  )
})
