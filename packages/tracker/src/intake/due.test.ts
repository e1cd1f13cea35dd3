import {
  type Call,
  type CallEvent,
  DEFAULTS,
  dueAt,
  isSettled,
  isTerminal,
  type RetryPolicy,
  replay,
} from 'callstate'
import { attemptsOf } from 'callstate/internal'
import { callEvent } from 'callstate/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dueOf } from './due.ts'

const MINUTE_MS = 60_000
const RECEIVED = 1_767_225_600_000
const heard = { firstReceivedAt: RECEIVED - MINUTE_MS, lastReceivedAt: RECEIVED }
const callOf = (...events: CallEvent[]) => replay(events).call
const policy = {
  maxAttempts: 2,
  retryOn: ['busy' as const],
  retryOnVoicemail: false,
  delaysMs: [30 * MINUTE_MS],
}

describe('dueOf', () => {
  it('counts from the provider time of the current status', () => {
    const call = callOf({ status: 'ringing', occurredAt: RECEIVED - 5_000 })
    expect(dueOf(call, heard)).toBe(RECEIVED - 5_000 + 3 * MINUTE_MS)
  })

  it('counts from when we heard where the provider gives no time', () => {
    expect(dueOf(callOf({ status: 'initiated' }), heard)).toBe(RECEIVED + 5 * MINUTE_MS)
  })

  it('counts from when we heard where the provider time lies ahead of it', () => {
    const call = callOf({ status: 'in-progress', occurredAt: RECEIVED + 365 * 24 * 60 * MINUTE_MS })
    expect(dueOf(call, heard)).toBe(RECEIVED + 60 * MINUTE_MS)
  })

  it('keeps a planned time, however far ahead', () => {
    const scheduledFor = RECEIVED + 90 * 24 * 60 * MINUTE_MS
    const call = callOf({ status: 'scheduled', details: { scheduledFor } })
    expect(dueOf(call, heard)).toBe(scheduledFor + 15 * MINUTE_MS)
  })

  it('has no due time for a planned call without a planned time, whatever was heard when', () => {
    expect(dueOf(callOf({ status: 'scheduled', occurredAt: RECEIVED }), heard)).toBeNull()
    expect(dueOf(callOf({ status: 'rescheduled' }), heard)).toBeNull()
  })

  it('has no due time for a settled call, a status without limit and a call without status', () => {
    expect(dueOf(callOf({ status: 'busy' }), heard)).toBeNull()
    expect(dueOf(callOf({ status: 'queued' }), heard)).toBeNull()
    expect(dueOf(callOf({ status: null, word: 'on-hold' }), heard)).toBeNull()
    expect(dueOf(callOf({ status: 'ringing' }), heard, { ringing: null })).toBeNull()
  })

  it('waits for the retry of an end that came without a time or with one that lies ahead', () => {
    const due = RECEIVED + 30 * MINUTE_MS + 15 * MINUTE_MS
    expect(dueOf(callOf({ status: 'busy' }), heard, {}, policy)).toBe(due)
    const ahead = callOf({ status: 'busy', occurredAt: RECEIVED + MINUTE_MS })
    expect(dueOf(ahead, heard, {}, policy)).toBe(due)
  })

  it('counts the latest attempt, also where a status came without its attempt', () => {
    const call = callOf(
      { status: 'ringing', attempt: 1, occurredAt: RECEIVED - 60 * MINUTE_MS },
      { status: 'busy', attempt: 1, occurredAt: RECEIVED - 59 * MINUTE_MS },
      { status: 'initiated', attempt: 2, occurredAt: RECEIVED - 20_000 },
      { status: 'ringing', occurredAt: RECEIVED - 10_000 },
    )
    expect(dueOf(call, heard)).toBe(RECEIVED - 10_000 + 3 * MINUTE_MS)
  })

  it('gives whole milliseconds, and none that a store could not keep', () => {
    expect(dueOf(callOf({ status: 'ringing' }), heard, { ringing: 0.7 })).toBe(RECEIVED)
    expect(dueOf(callOf({ status: 'ringing' }), heard, { ringing: Number.NaN })).toBeNull()
    const call = callOf({ status: 'scheduled', details: { scheduledFor: 1e300 } })
    expect(dueOf(call, heard)).toBeNull()
  })

  it('counts a provider time before 1970 as 1970', () => {
    const call = callOf({ status: 'ringing', occurredAt: -Number.MAX_VALUE })
    expect(dueOf(call, heard)).toBe(3 * MINUTE_MS)
  })

  it('is a whole number, or null exactly where there is no limit, and never after the budget', () => {
    const retry = fc.option(fc.constant(policy), { nil: undefined })
    fc.assert(
      fc.property(fc.array(callEvent(), { maxLength: 6 }), retry, (events, given) => {
        const call = callOf(...events)
        const { status } = call
        const due = dueOf(call, heard, {}, given)
        const budget = budgetOf(call, given)
        if (status === null || budget === null) {
          expect(due).toBeNull()
          return
        }
        expect(due).toSatisfy(Number.isSafeInteger)
        expect(due).toBeLessThanOrEqual(RECEIVED + budget)
        const at = attemptsOf(call)
          .find(({ attempt }) => attempt === call.attempt)
          ?.seen.find((sighting) => sighting.status === status)?.lastAt
        if (at !== undefined && at !== null && at >= 0 && at <= RECEIVED) {
          expect(due).toBe(dueAt(call, {}, given))
        }
      }),
    )
  })
})

/** How long after its last news the call is due, by the rules of the library; none of these is planned. */
function budgetOf(call: Call, given: RetryPolicy | undefined): number | null {
  const { status } = call
  if (status === null || status === 'scheduled' || status === 'rescheduled') return null
  if (!isTerminal(status)) return DEFAULTS.budgetsMs[status]
  return isSettled(call, given) ? null : 30 * MINUTE_MS + (DEFAULTS.budgetsMs.retry ?? 0)
}
