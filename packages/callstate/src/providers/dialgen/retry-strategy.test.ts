import { describe, expect, test } from 'vitest'
import { mayRetry, retryDelayMs } from '../../retry-policy.ts'
import { dialgenRetryPolicy } from './index.ts'
import { dialgenRetryStrategySchema } from './reference.ts'

describe('the retry policy of a batch', () => {
  test('has the documented defaults', () => {
    expect(dialgenRetryPolicy()).toEqual({
      maxAttempts: 3,
      retryOn: ['no-answer', 'busy'],
      retryOnVoicemail: false,
      delaysMs: [],
      delayMsAfter: { 'no-answer': 3_600_000, busy: 300_000 },
    })
    expect(dialgenRetryPolicy({})).toEqual(dialgenRetryPolicy())
  })

  test('has what the strategy sets, a delay of 0 too', () => {
    const policy = dialgenRetryPolicy({ maxAttempts: 1, noAnswerDelay: 0, busyDelay: 60_000 })
    expect(policy.maxAttempts).toBe(1)
    expect(policy.delayMsAfter).toEqual({ 'no-answer': 0, busy: 60_000 })
  })

  test('waits longer for a person than for a line, and retries nothing else', () => {
    const policy = dialgenRetryPolicy({ maxAttempts: 2 })
    expect(mayRetry(policy, { attempt: 1, status: 'no-answer' })).toBe(true)
    expect(mayRetry(policy, { attempt: 1, status: 'busy' })).toBe(true)
    expect(mayRetry(policy, { attempt: 2, status: 'busy' })).toBe(false)
    for (const status of ['failed', 'balance-low', 'completed'] as const) {
      expect(mayRetry(policy, { attempt: 1, status, voicemail: true })).toBe(false)
    }
    expect(retryDelayMs(policy, { attempt: 1, status: 'no-answer' })).toBe(3_600_000)
    expect(retryDelayMs(policy, { attempt: 1, status: 'busy' })).toBe(300_000)
  })
})

describe('a retry strategy', () => {
  test('has 1 to 5 attempts and delays of at least 0', () => {
    const accepts = (strategy: unknown) => dialgenRetryStrategySchema.safeParse(strategy).success
    for (const maxAttempts of [1, 2, 3, 4, 5]) expect(accepts({ maxAttempts })).toBe(true)
    for (const maxAttempts of [0, 6, 2.5, '3', null]) expect(accepts({ maxAttempts })).toBe(false)
    for (const field of ['noAnswerDelay', 'busyDelay']) {
      for (const delay of [0, 1, 3_600_000]) expect(accepts({ [field]: delay })).toBe(true)
      for (const delay of [-1, Number.POSITIVE_INFINITY, '1', null]) {
        expect(accepts({ [field]: delay })).toBe(false)
      }
    }
    expect(accepts({})).toBe(true)
    expect(accepts(null)).toBe(false)
  })
})
