/**
 * Makes the generated parts of `docs/lifecycle.md` anew from the table, the drawings beside it, and the row
 * of providers in the lists of imports. Run by `pnpm make-docs`; a test fails while they differ.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { PROVIDERS } from 'callstate/providers/all'
import { drawings } from './drawings.ts'
import { withGeneratedParts } from './lifecycle-doc.ts'
import { LISTS_OF_IMPORTS, withProviderRow } from './provider-row.ts'

const root = new URL('../../../', import.meta.url)
const docs = new URL('docs/', root)
const path = new URL('lifecycle.md', docs)
writeFileSync(path, withGeneratedParts(readFileSync(path, 'utf8')))
for (const [name, drawing] of Object.entries(drawings()))
  writeFileSync(new URL(name, docs), drawing)
for (const list of LISTS_OF_IMPORTS) {
  const file = new URL(list, root)
  writeFileSync(file, withProviderRow(readFileSync(file, 'utf8'), PROVIDERS))
}
const made = ['docs/lifecycle.md', ...Object.keys(drawings()), ...LISTS_OF_IMPORTS]
console.log(`${made.join(', ')}: up to date`)
