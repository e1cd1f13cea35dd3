import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CALL_STATUSES } from '../../index.ts'
import { mayRetry, retryDelayMs } from '../../retry-policy.ts'
import { eventIn } from '../one-event.fixture.ts'
import { bolna, bolnaRetryPolicy } from './index.ts'
import { bolnaRetryConfigSchema } from './reference.ts'

describe('retry_config', () => {
  test('what is left out has its default', () => {
    const policy = {
      maxAttempts: 4,
      retryOn: ['no-answer', 'busy', 'failed'],
      retryOnVoicemail: false,
      delaysMs: [1_800_000, 3_600_000, 7_200_000],
    }
    expect(bolnaRetryPolicy({ enabled: true })).toEqual(policy)
    expect(
      bolnaRetryPolicy({
        enabled: true,
        max_retries: null,
        retry_on_statuses: null,
        retry_on_voicemail: null,
        retry_intervals_minutes: null,
      }),
    ).toEqual(policy)
  })

  test('what is said counts', () => {
    expect(
      bolnaRetryPolicy({
        enabled: true,
        max_retries: 1,
        retry_on_statuses: ['error', 'no_answer', 'canceled', 'warp'],
        retry_on_voicemail: true,
        retry_intervals_minutes: [15],
      }),
    ).toEqual({
      maxAttempts: 2,
      retryOn: ['no-answer', 'error'],
      retryOnVoicemail: true,
      delaysMs: [900_000],
    })
  })

  test.each([{}, { enabled: false }, { enabled: null }, { enabled: false, max_retries: 3 }])(
    '%j allows one attempt',
    (config) => {
      const policy = bolnaRetryPolicy(config)
      for (const status of CALL_STATUSES) {
        expect(mayRetry(policy, { attempt: 1, status, voicemail: true })).toBe(false)
      }
    },
  )

  test('the policy retries as often, and after as long, as the configuration says', () => {
    const policy = bolnaRetryPolicy({ enabled: true, max_retries: 2 })
    const busy = (attempt: number) => ({ attempt, status: 'busy' as const })
    expect([1, 2, 3].map((attempt) => mayRetry(policy, busy(attempt)))).toEqual([true, true, false])
    expect([1, 2].map((attempt) => retryDelayMs(policy, busy(attempt)))).toEqual([
      1_800_000, 3_600_000,
    ])
    expect(mayRetry(policy, { attempt: 1, status: 'error' })).toBe(false)
  })

  test.each<[object, boolean]>([
    [{ enabled: true, max_retries: '2', retry_intervals_minutes: ['30', 60] }, true],
    [
      { enabled: null, max_retries: null, retry_on_statuses: null, retry_intervals_minutes: null },
      true,
    ],
    [{ max_retries: 0, retry_intervals_minutes: [0], retry_on_statuses: [] }, true],
    [{ enabled: 'true', max_retries: '', retry_on_voicemail: 'false' }, true],
    [{ enabled: 'yes' }, false],
    [{ max_retries: 1.5 }, false],
    [{ max_retries: -1 }, false],
    [{ retry_on_statuses: 'busy' }, false],
    [{ retry_on_statuses: [7] }, false],
    [{ retry_on_voicemail: 1 }, false],
    [{ retry_intervals_minutes: [-1] }, false],
    [{ retry_intervals_minutes: ['soon'] }, false],
  ])('%j fits the schema: %s', (config, fits) => {
    expect(bolnaRetryConfigSchema.safeParse(config).success).toBe(fits)
  })

  test('the schema says what it expects', () => {
    const parsed = bolnaRetryConfigSchema.safeParse({
      max_retries: -1,
      retry_intervals_minutes: [-1, 'x'],
    })
    expect(parsed.error?.issues.map((issue) => issue.message)).toEqual([
      'a whole number of at least 0',
      'a number of at least 0',
      'a number of at least 0',
    ])
  })

  test('fields that are not listed are kept', () => {
    expect(bolnaRetryConfigSchema.parse({ enabled: true, jitter: 5 })).toEqual({
      enabled: true,
      jitter: 5,
    })
  })

  test.each([
    [32, 32],
    [33, 32],
  ])('of %i waiting times %i are kept', (length, count) => {
    const retry_intervals_minutes = Array.from({ length }, () => 1)
    const policy = bolnaRetryPolicy({ enabled: true, retry_intervals_minutes })
    expect(policy.delaysMs).toHaveLength(count)
  })

  test('an event has the policy that the schema reads, or none where the schema refuses', () => {
    const odd = fc.oneof(
      fc.constantFrom<unknown>(null, undefined, '', 'true', 'false', '2', '-1', '0.5', 'x', {}, []),
      fc.anything(),
    )
    const list = <T>(item: fc.Arbitrary<T>) => fc.array(item, { maxLength: 4 })
    const configs = fc.record(
      {
        enabled: fc.oneof({ arbitrary: fc.constantFrom(true, 'true'), weight: 4 }, odd),
        max_retries: fc.oneof(fc.nat(5), odd),
        retry_on_statuses: fc.oneof(list(fc.constantFrom('busy', 'error', 'x')), list(odd), odd),
        retry_on_voicemail: fc.oneof(fc.boolean(), odd),
        retry_intervals_minutes: fc.oneof(list(fc.nat(90)), list(odd), odd),
      },
      { requiredKeys: [] },
    )
    const seen = { read: 0, refused: 0 }
    fc.assert(
      fc.property(fc.oneof({ arbitrary: configs, weight: 9 }, odd), (retry_config) => {
        const event = eventIn(bolna, { id: 'a', status: 'busy', retry_config })
        const policy = event.ok ? event.value.details?.retryPolicy : undefined
        const parsed = bolnaRetryConfigSchema.safeParse(retry_config)
        if (parsed.success) {
          seen.read++
          expect(policy).toEqual(bolnaRetryPolicy(parsed.data))
        } else {
          seen.refused++
          // Where nothing is retried, the rest of the configuration does not matter.
          expect(policy?.maxAttempts ?? 1).toBe(1)
          const enabled = (retry_config as { enabled?: unknown } | null | undefined)?.enabled
          if (enabled !== false && enabled !== 'false') expect(policy).toBeUndefined()
        }
      }),
      { numRuns: 3000 },
    )
    expect(Math.min(seen.read, seen.refused)).toBeGreaterThan(300)
  })
})
