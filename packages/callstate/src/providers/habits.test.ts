import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CALL_STATUSES, dueAt, replay, type TerminalStatus } from '../index.ts'
import { mayRetry, type RetryPolicy } from '../retry-policy.ts'
import { PROVIDERS } from './all.ts'
import { bolna, bolnaRetryPolicy } from './bolna/index.ts'
import { dialgen, dialgenRetryPolicy } from './dialgen/index.ts'

const MINUTE_MS = 60_000

function mayNotRetry(policy: RetryPolicy, ends: readonly TerminalStatus[]): void {
  expect(ends.length).toBeGreaterThan(0)
  for (const status of ends) {
    expect(mayRetry(policy, { attempt: 1, status, voicemail: true })).toBe(false)
  }
}

describe('an end after which a provider never places another attempt', () => {
  test('is retried by no configuration of Bolna', () => {
    const words = fc.subarray([...CALL_STATUSES, 'balance_low', 'cancelled'])
    fc.assert(
      fc.property(words, fc.boolean(), (retry_on_statuses, retry_on_voicemail) => {
        const config = { enabled: true, retry_on_statuses, retry_on_voicemail }
        mayNotRetry(bolnaRetryPolicy(config), bolna.habits.neverRetried)
      }),
    )
  })

  test('is retried by no strategy of Dialgen', () => {
    mayNotRetry(dialgenRetryPolicy({ maxAttempts: 5 }), dialgen.habits.neverRetried)
  })
})

describe('a conversation of 60 minutes', () => {
  const startTime = '2026-01-26T10:00:00.000Z'
  const start = Date.parse(startTime)

  test('is no silence to be asked about, though Dialgen says ONGOING all the time', () => {
    const body = { callId: 'call_1', status: 'ONGOING', startTime }
    const reading = dialgen.read({ body, kind: 'record' })
    const events = reading.ok && reading.type === 'events' ? reading.events : []
    const { call } = replay(events, { provider: dialgen })
    expect(dueAt(call)).toBe(start + 5 * MINUTE_MS)
    expect(dueAt(call, dialgen.habits.budgetsMs)).toBeGreaterThan(start + 60 * MINUTE_MS)
  })
})

describe('at an end of a call that was never connected', () => {
  const unconnected = ['busy', 'no-answer', 'balance-low'] as const
  const maybe = ['canceled', 'stopped', 'failed'] as const

  test('no data are expected', () => {
    for (const { habits } of PROVIDERS) {
      for (const end of [...unconnected, ...maybe]) {
        expect(habits.final[end]?.expected ?? []).toEqual([])
      }
      expect(habits.final.completed?.expected.length).toBeGreaterThan(0)
    }
  })

  test('recording, transcript and extraction are none of its own', () => {
    for (const { habits } of PROVIDERS) {
      for (const end of unconnected) {
        for (const field of ['recording', 'transcript', 'extraction', 'durationMs'] as const) {
          expect(habits.final[end]?.final ?? []).not.toContain(field)
        }
      }
    }
  })
})

test('no provider expects an extraction: only who configured one does', () => {
  for (const { habits } of PROVIDERS) {
    for (const { expected, expectedIfConnected = [] } of Object.values(habits.final)) {
      expect([...expected, ...expectedIfConnected]).not.toContain('extraction')
    }
  }
})
