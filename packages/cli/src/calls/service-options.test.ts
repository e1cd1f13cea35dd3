import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PROVIDERS } from 'callstate/providers/all'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { UsageError } from '../command/usage-error.ts'
import { loadServiceOptions } from './service-options.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cli-options-test-'))
})
afterAll(() => rm(folder, { recursive: true }))

let files = 0

/** The path of a file with this text; a new one each time, as Node loads each only once. */
async function file(text: string, ending = 'mjs'): Promise<string> {
  const path = join(folder, `options-${files++}.${ending}`)
  await writeFile(path, text)
  return path
}

/** What is said where options cannot be had. */
async function refusal(path: string): Promise<string> {
  const error: unknown = await loadServiceOptions(path, PROVIDERS).catch(
    (thrown: unknown) => thrown,
  )
  if (error instanceof UsageError) return error.message
  throw new Error('expected a UsageError')
}

const OPTIONS = {
  budgets: { ringing: 60_000 },
  providerBudgets: { bolna: { ringing: null } },
  retryPolicies: {
    dialgen: { maxAttempts: 3, retryOn: ['no-answer'], retryOnVoicemail: false, delaysMs: [1000] },
  },
  expects: { bolna: ['extraction'] },
  dataBudgetsMs: { bolna: 5000 },
}

test.each(['mjs', 'ts', 'json'])('options are read from a file that ends in %s', async (ending) => {
  const text = JSON.stringify(OPTIONS)
  const path = await file(ending === 'json' ? text : `export default ${text}`, ending)
  expect(await loadServiceOptions(path, PROVIDERS)).toEqual(OPTIONS)
})

test('there are none where none are said, or "none" is', async () => {
  expect(await loadServiceOptions(undefined, PROVIDERS)).toEqual({})
  expect(await loadServiceOptions('none', PROVIDERS)).toEqual({})
})

test.each([
  [
    'export default { retryPolicy: {} }',
    'expected in it budgets, providerBudgets, retryPolicies, expects, dataBudgetsMs; got "retryPolicy".',
  ],
  ['export default { store: {} }', 'got "store".'],
  ['export default []', 'expected an object with budgets, '],
  ['export default null', 'expected an object with budgets, '],
  ['export const options = {}', 'no default export'],
  ['export default { expects: { bolnaa: ["cost"] } }', 'of another provider.'],
  ['export default { retryPolicies: { bolna: { maxAttempts: "3" } } }', '"maxAttempts"'],
  ['export default { budgets: { ringing: "5" } }', 'Expected budgets'],
  ['export default { expects: 5 }', 'Expected "expects" to be an object'],
  ['throw new Error("no such variable")', 'it cannot be loaded: no such variable.'],
  ['export default {', 'it cannot be loaded: '],
])('what is no options is refused, with what was expected: %s', async (text, said) => {
  const path = await file(text)
  const message = await refusal(path)
  expect(message).toContain(`the options "${path}" cannot be used: `)
  expect(message).toContain(said)
})

test('a file that is not there, or is no JSON, is refused', async () => {
  expect(await refusal(join(folder, 'none.mjs'))).toContain('there is no such file.')
  expect(await refusal(folder)).toContain('it is no file.')
  expect(await refusal(await file('{', 'json'))).toContain('it cannot be loaded: ')
})
