import { expect, test } from 'vitest'
import { CALL_STATUSES, type RetryPolicy } from './index.ts'
import { mayRetry, retryDelayMs } from './internal/index.ts'

const policy: RetryPolicy = {
  maxAttempts: 3,
  retryOn: ['busy', 'no-answer'],
  retryOnVoicemail: false,
  delaysMs: [1000, 2000],
}

test('the policy alone says which ends are retried: what a provider never retries, its policy leaves out', () => {
  const eager = { ...policy, retryOn: CALL_STATUSES, retryOnVoicemail: true }
  for (const status of CALL_STATUSES) {
    expect(mayRetry(eager, { attempt: 1, status, voicemail: true })).toBe(true)
  }
})

test('only the ends that the policy names are retried', () => {
  expect(mayRetry(policy, { attempt: 1, status: 'busy' })).toBe(true)
  expect(mayRetry(policy, { attempt: 1, status: 'failed' })).toBe(false)
})

test('the last attempt is followed by none', () => {
  expect(mayRetry(policy, { attempt: 2, status: 'busy' })).toBe(true)
  expect(mayRetry(policy, { attempt: 3, status: 'busy' })).toBe(false)
})

test('completed is retried only after voicemail, and only if the policy wants it', () => {
  const end = { attempt: 1, status: 'completed' } as const
  const eager = { ...policy, retryOn: ['completed' as const], retryOnVoicemail: true }
  expect(mayRetry(eager, { ...end, voicemail: true })).toBe(true)
  expect(mayRetry(eager, { ...end, voicemail: false })).toBe(false)
  expect(mayRetry(eager, end)).toBe(false)
  expect(mayRetry({ ...eager, retryOnVoicemail: false }, { ...end, voicemail: true })).toBe(false)
})

test('each retry has its waiting time, and the last one serves all that follow', () => {
  const three = { ...policy, delaysMs: [1000, 2000, 4000] }
  const delays = [1, 2, 3, 9].map((attempt) => retryDelayMs(three, { attempt, status: 'busy' }))
  expect(delays).toEqual([1000, 2000, 4000, 4000])
  expect(retryDelayMs({ ...policy, delaysMs: [] }, { attempt: 1, status: 'busy' })).toBe(0)
})

test('a waiting time for one status goes before the others', () => {
  const picky = { ...policy, delayMsAfter: { busy: 5 } }
  expect(retryDelayMs(picky, { attempt: 1, status: 'busy' })).toBe(5)
  expect(retryDelayMs(picky, { attempt: 1, status: 'no-answer' })).toBe(1000)
})
