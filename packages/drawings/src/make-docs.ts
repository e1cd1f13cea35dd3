/**
 * Makes the generated parts of `docs/lifecycle.md` anew from the table, and the drawings beside it. Run by
 * `pnpm make-docs`; a test fails while they differ.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { drawings } from './drawings.ts'
import { withGeneratedParts } from './lifecycle-doc.ts'

const docs = new URL('../../../docs/', import.meta.url)
const path = new URL('lifecycle.md', docs)
writeFileSync(path, withGeneratedParts(readFileSync(path, 'utf8')))
for (const [name, drawing] of Object.entries(drawings()))
  writeFileSync(new URL(name, docs), drawing)
console.log(`docs/lifecycle.md, ${Object.keys(drawings()).join(' and ')} are up to date`)
