import { bolna } from 'callstate/providers/bolna'
import { expect, test } from 'vitest'
import { createTracker } from './index.ts'
import { createMemoryStore } from './memory/index.ts'

const POLICY = { maxAttempts: 3, retryOn: ['busy'], retryOnVoicemail: false, delaysMs: [60_000] }

/** Makes a tracker of what a caller without types may hand in. */
const trackerWith = (options: object) =>
  createTracker({ store: createMemoryStore(), providers: [bolna], ...options })

const retrying = (policy: unknown) => trackerWith({ retryPolicies: { bolna: policy } })

test.each([
  ['no policy', 'often', 'an object'],
  ['no policy at all', null, 'an object'],
  ['a list', [POLICY], 'an object'],
  ['no attempt', { ...POLICY, maxAttempts: 0 }, 'maxAttempts'],
  ['half an attempt', { ...POLICY, maxAttempts: 1.5 }, 'maxAttempts'],
  ['attempts as text', { ...POLICY, maxAttempts: '3' }, 'maxAttempts'],
  ['no attempts said', { ...POLICY, maxAttempts: undefined }, 'maxAttempts'],
  ['an end and no list', { ...POLICY, retryOn: 'busy' }, 'retryOn'],
  ['a word that is no status', { ...POLICY, retryOn: ['engaged'] }, 'retryOn'],
  ['a status that ends nothing', { ...POLICY, retryOn: ['ringing'] }, 'retryOn'],
  ['no flag', { ...POLICY, retryOnVoicemail: 'no' }, 'retryOnVoicemail'],
  ['a time and no list', { ...POLICY, delaysMs: 60_000 }, 'delaysMs'],
  ['a negative time', { ...POLICY, delaysMs: [-1] }, 'delaysMs'],
  ['no time', { ...POLICY, delaysMs: [Number.NaN] }, 'delaysMs'],
  ['a time as text', { ...POLICY, delaysMs: ['60000'] }, 'delaysMs'],
  ['times after no end', { ...POLICY, delayMsAfter: { ringing: 5 } }, 'delayMsAfter'],
  ['no times after ends', { ...POLICY, delayMsAfter: [5] }, 'delayMsAfter'],
  ['no time after an end', { ...POLICY, delayMsAfter: { busy: '5' } }, 'delayMsAfter'],
  ['a slip in a name', { ...POLICY, delayMs: 5 }, 'delayMs'],
])('a retry policy with %s is refused when the tracker is made', (_, policy, said) => {
  expect(() => retrying(policy)).toThrow(said)
  expect(() => retrying(policy)).toThrow(expect.objectContaining({ code: 'invalid-option' }))
})

test.each([
  ['whole', POLICY],
  ['without a retry', { ...POLICY, maxAttempts: 1, retryOn: [], delaysMs: [] }],
  ['with times by ends', { ...POLICY, delayMsAfter: { busy: 0, 'no-answer': 3_600_000 } }],
  ['that is left out', undefined],
])('a retry policy %s is taken, and calls are folded with it', async (_, policy) => {
  const tracker = retrying(policy)
  const { ok } = await tracker.ingest({ provider: 'bolna', body: { id: 'c-1', status: 'busy' } })
  expect(ok).toBe(true)
  await tracker.close()
})

test.each([
  ['budgets', { budgets: 5 }],
  ['budgets', { budgets: null }],
  ['providerBudgets', { providerBudgets: { bolna: 5 } }],
  ['providerBudgets', { providerBudgets: ['bolna'] }],
  ['retryPolicies', { retryPolicies: 'all' }],
  ['expects', { expects: ['extraction'] }],
  ['dataBudgetsMs', { dataBudgetsMs: 5 }],
])('%s that are no object are refused, and not passed over', (name, options) => {
  expect(() => trackerWith(options)).toThrow(name)
  expect(() => trackerWith(options)).toThrow(expect.objectContaining({ code: 'invalid-option' }))
})
