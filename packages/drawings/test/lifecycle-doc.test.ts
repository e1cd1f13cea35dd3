import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { drawings } from '../src/drawings.ts'
import { withGeneratedParts } from '../src/lifecycle-doc.ts'

test('the tables in docs/lifecycle.md are those of the table; else run pnpm make-docs', () => {
  const document = readFileSync(new URL('../../../docs/lifecycle.md', import.meta.url), 'utf8')
  expect(document).toBe(withGeneratedParts(document))
})

test('the drawings in docs/ are those of the table; else run pnpm make-docs', () => {
  for (const [name, drawing] of Object.entries(drawings())) {
    const path = new URL(`../../../docs/${name}`, import.meta.url)
    expect(readFileSync(path, 'utf8') === drawing, name).toBe(true)
  }
})
