import { beforeAll, describe, expect, test } from 'vitest'
import {
  checkSnippetTypes,
  deadLinks,
  findSnippets,
  missingTests,
  runSnippet,
  snippetsOf,
  writeSnippets,
} from '../src/snippets.ts'

const snippets = await findSnippets()
const wrong = snippetsOf(
  'wrong.md',
  "```ts\nimport { isTerminal } from 'callstate'\nisTerminal('busy') // false: a wrong remark\n```\n",
)

beforeAll(() => writeSnippets([...snippets, ...wrong]))

describe('the documentation', () => {
  test('has code blocks', () => {
    expect(snippets.length).toBeGreaterThan(0)
  })

  test('compiles', { timeout: 60_000 }, async () => {
    await checkSnippetTypes()
  })

  test.for(snippets)('runs: $name ($language)', { timeout: 60_000 }, async (snippet) => {
    await runSnippet(snippet)
  })

  test('links to files that are there', async () => {
    expect(await deadLinks()).toEqual([])
  })

  test('names tests that are there', async () => {
    expect(await missingTests()).toEqual([])
    const text = '`packages/callstate/src/status.test.ts › no such test` and more'
    expect(await missingTests([{ file: 'wrong.md', text }])).toHaveLength(1)
  })

  test('would be caught with a wrong value', async () => {
    expect(wrong).toHaveLength(1)
    for (const snippet of wrong) await expect(runSnippet(snippet)).rejects.toThrow('true !== false')
  })
})
