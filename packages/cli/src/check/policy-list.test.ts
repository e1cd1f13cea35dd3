import type { RetryPolicy } from 'callstate'
import { expect, test } from 'vitest'
import { PolicyList } from './policy-list.ts'

const policy: RetryPolicy = {
  maxAttempts: 3,
  retryOn: ['busy', 'failed'],
  retryOnVoicemail: false,
  delaysMs: [60_000, 120_000],
}

test('an equal policy is listed once', () => {
  const list = new PolicyList()
  const other = { ...policy, maxAttempts: 2 }
  const places = [policy, other, structuredClone(policy), undefined, other].map((one) =>
    list.add(one),
  )
  expect(places).toEqual([0, 1, 0, -1, 1])
  expect(list.policies).toEqual([policy, other])
})

test.each<Partial<RetryPolicy>>([
  { maxAttempts: 4 },
  { retryOn: ['busy'] },
  { retryOn: ['failed', 'busy'] },
  { retryOnVoicemail: true },
  { delaysMs: [] },
  { delaysMs: [60_000, 120_001] },
  { delayMsAfter: { busy: 60_000 } },
])('one that differs by %j is another one', (difference) => {
  const list = new PolicyList()
  expect([policy, { ...policy, ...difference }].map((one) => list.add(one))).toEqual([0, 1])
})

test('every policy can be found by its place, however many there are', () => {
  const list = new PolicyList()
  for (let maxAttempts = 1; maxAttempts <= 200; maxAttempts++) {
    const one = { ...policy, maxAttempts: 1 + (maxAttempts % 20) }
    expect(list.policies[list.add(one)]).toEqual(one)
  }
})
