import { beforeAll, describe, expect, test } from 'vitest'
import {
  checkSnippetTypes,
  deadLinks,
  findSnippets,
  runSnippet,
  snippetsOf,
  writeSnippets,
} from '../../../scripts/snippets.ts'

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

  test('would be caught with a wrong value', async () => {
    expect(wrong).toHaveLength(1)
    for (const snippet of wrong) await expect(runSnippet(snippet)).rejects.toThrow('true !== false')
  })
})
