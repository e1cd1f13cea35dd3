/**
 * Makes the generated parts of `docs/lifecycle.md` anew from the table. Run by `pnpm make-docs`; a test
 * fails while the document differs.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { withGeneratedParts } from './lifecycle-doc.ts'

const path = new URL('../docs/lifecycle.md', import.meta.url)
writeFileSync(path, withGeneratedParts(readFileSync(path, 'utf8')))
console.log('docs/lifecycle.md is up to date')
