import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { withGeneratedParts } from '../../../scripts/lifecycle-doc.ts'

test('the tables and the drawing in docs/lifecycle.md are those of the table; else run pnpm make-docs', () => {
  const document = readFileSync(new URL('../../../docs/lifecycle.md', import.meta.url), 'utf8')
  expect(document).toBe(withGeneratedParts(document))
})
