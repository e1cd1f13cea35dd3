import { expect, test } from 'vitest'
import { isSettled, type RetryPolicy, replay } from './index.ts'
import { retryPolicyFor } from './retry-policy-for.ts'

const policy = (...retryOn: RetryPolicy['retryOn']): RetryPolicy => ({
  maxAttempts: 3,
  retryOn,
  retryOnVoicemail: false,
  delaysMs: [60_000],
})
const provider = {
  habits: { retryPolicy: policy('busy', 'canceled'), neverRetried: ['canceled'] as const },
}
const busy = replay([{ status: 'busy' }]).call
const canceled = replay([{ status: 'canceled' }]).call
const told = replay([{ status: 'busy', details: { retryPolicy: policy('failed') } }]).call

test('what the call itself was told counts first, then what was given, then the habit', () => {
  expect(retryPolicyFor(busy, undefined)).toBeUndefined()
  expect(retryPolicyFor(busy, provider)?.retryOn).toEqual(['busy'])
  expect(retryPolicyFor(busy, provider, policy('error'))?.retryOn).toEqual(['error'])
  expect(retryPolicyFor(told, provider, policy('error'))?.retryOn).toEqual(['failed'])
})

test('what the provider never retries is never retried, whatever is configured', () => {
  const given = policy('canceled', 'no-answer')
  expect(isSettled(canceled, retryPolicyFor(canceled, provider, given))).toBe(true)
  expect(isSettled(canceled, retryPolicyFor(canceled, undefined, given))).toBe(false)
  expect(isSettled(busy, retryPolicyFor(busy, provider))).toBe(false)
})
