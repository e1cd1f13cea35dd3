import { expect, test } from 'vitest'
import {
  CALL_STATUSES,
  type CallEvent,
  type CallStatus,
  DEFAULTS,
  dueAt,
  durations,
  EMPTY_CALL,
  type EventDetails,
  isSettled,
  isTerminal,
  outcome,
  type RetryPolicy,
  replay,
  timeline,
} from './index.ts'

const MINUTE = 60_000
const policy: RetryPolicy = {
  maxAttempts: 2,
  retryOn: ['busy', 'no-answer'],
  retryOnVoicemail: true,
  delaysMs: [30 * MINUTE],
}
const heard = (...events: CallEvent[]) => replay(events).call
const only = (status: CallStatus, details?: EventDetails) =>
  heard({ status, ...(details && { details }) })

test('the timeline follows attempts and the lifecycle, whatever order the events came in', () => {
  const call = heard(
    { status: 'completed', attempt: 2, occurredAt: 9 },
    { status: 'ringing', attempt: 1, occurredAt: 3 },
    { status: 'initiated', attempt: 1, occurredAt: 4 },
    { status: 'queued', attempt: 2 },
    { status: 'busy', attempt: 1, occurredAt: 5 },
  )
  expect(timeline(call)).toEqual([
    { attempt: 1, status: 'initiated', occurredAt: 4 },
    { attempt: 1, status: 'ringing', occurredAt: 3 },
    { attempt: 1, status: 'busy', occurredAt: 5 },
    { attempt: 2, status: 'queued', occurredAt: null },
    { attempt: 2, status: 'completed', occurredAt: 9 },
  ])
})

test('waiting statuses and ends stand by time, what has none first, then as in the table', () => {
  const statuses = (...events: CallEvent[]) => timeline(heard(...events)).map((it) => it.status)
  expect(
    statuses(
      { status: 'queued', occurredAt: 2 },
      { status: 'rescheduled', occurredAt: 1 },
      { status: 'scheduled' },
    ),
  ).toEqual(['scheduled', 'rescheduled', 'queued'])
  expect(
    statuses({ status: 'busy', occurredAt: 1 }, { status: 'completed', occurredAt: 2 }),
  ).toEqual(['busy', 'completed'])
  expect(statuses({ status: 'busy' }, { status: 'completed' })).toEqual(['completed', 'busy'])
  expect(
    statuses(
      { status: 'in-progress', occurredAt: 9 },
      { status: 'call-disconnected', occurredAt: 1 },
    ),
  ).toEqual(['in-progress', 'call-disconnected'])
})

test('without a policy, a call is settled exactly if its status is terminal', () => {
  expect(isSettled(EMPTY_CALL)).toBe(false)
  for (const status of CALL_STATUSES) expect(isSettled(only(status))).toBe(isTerminal(status))
})

test('with a policy, an end that will be retried is not the end of the call', () => {
  expect(isSettled(heard({ status: 'busy', attempt: 1 }), policy)).toBe(false)
  expect(isSettled(heard({ status: 'busy', attempt: 2 }), policy)).toBe(true)
  expect(isSettled(heard({ status: 'failed', attempt: 1 }), policy)).toBe(true)
  expect(isSettled(only('completed', { voicemail: true }), policy)).toBe(false)
  expect(isSettled(only('completed', { voicemail: false }), policy)).toBe(true)
})

test('the policy that came with the call counts where none is given', () => {
  const withPolicy = only('busy', { retryPolicy: policy })
  expect(isSettled(withPolicy)).toBe(false)
  expect(isSettled(withPolicy, { ...policy, maxAttempts: 1 })).toBe(true)
  const earlier = heard(
    { status: 'queued', attempt: 1, details: { retryPolicy: { ...policy, maxAttempts: 3 } } },
    { status: 'busy', attempt: 2 },
  )
  expect(isSettled(earlier)).toBe(false)
})

test('each status is due after its budget, and queued never', () => {
  const due = (status: CallStatus) => dueAt(heard({ status, occurredAt: 1000 }))
  expect(due('initiated')).toBe(1000 + 5 * MINUTE)
  expect(due('ringing')).toBe(1000 + 3 * MINUTE)
  expect(due('in-progress')).toBe(1000 + 60 * MINUTE)
  expect(due('call-disconnected')).toBe(1000 + 15 * MINUTE)
  expect(due('queued')).toBeNull()
  expect(due('prepared')).toBeNull()
  for (const status of CALL_STATUSES.filter((one) => isTerminal(one)))
    expect(due(status)).toBeNull()
  expect(dueAt(EMPTY_CALL)).toBeNull()
  expect(dueAt(only('ringing'))).toBeNull()
})

test('the time of the status counts, not that of another', () => {
  const call = heard({ status: 'queued', occurredAt: 1 }, { status: 'ringing', occurredAt: 500 })
  expect(dueAt(call)).toBe(500 + 3 * MINUTE)
})

test('the latest time of the status counts', () => {
  const call = heard({ status: 'ringing', occurredAt: 1 }, { status: 'ringing', occurredAt: 500 })
  expect(dueAt(call)).toBe(500 + 3 * MINUTE)
})

test('what is planned is due some time after the planned time, and never without one', () => {
  for (const status of ['scheduled', 'rescheduled'] as const) {
    const planned = heard({ status, occurredAt: 1, details: { scheduledFor: 5000 } })
    expect(dueAt(planned)).toBe(5000 + 15 * MINUTE)
    expect(dueAt(heard({ status, occurredAt: 1 }))).toBeNull()
  }
})

test('budgets can be changed one by one, also to none', () => {
  const call = heard({ status: 'ringing', occurredAt: 0 })
  expect(dueAt(call, { ringing: 7 })).toBe(7)
  expect(dueAt(call, { ringing: null })).toBeNull()
  expect(dueAt(call, { queued: 7 })).toBe(3 * MINUTE)
  expect(dueAt(heard({ status: 'queued', occurredAt: 3 }), { queued: 4 })).toBe(7)
  expect(DEFAULTS.budgetsMs.retry).toBe(15 * MINUTE)
})

test('an end that will be retried is due after the retry delay', () => {
  const call = heard({ status: 'busy', attempt: 1, occurredAt: 1000 })
  expect(dueAt(call, {}, policy)).toBe(1000 + 45 * MINUTE)
  expect(dueAt(call, { retry: 0 }, policy)).toBe(1000 + 30 * MINUTE)
  expect(dueAt(call, { retry: null }, policy)).toBeNull()
  expect(dueAt(call)).toBeNull()
  expect(dueAt(heard({ status: 'failed', occurredAt: 1000 }), {}, policy)).toBeNull()
  expect(dueAt(only('busy'), {}, policy)).toBeNull()
  const picky = { ...policy, maxAttempts: 4, delaysMs: [1, 2, 3], delayMsAfter: { busy: 7 } }
  const second = (status: CallStatus) => heard({ status, attempt: 2, occurredAt: 1000 })
  expect(dueAt(second('no-answer'), { retry: 0 }, picky)).toBe(1002)
  expect(dueAt(second('busy'), { retry: 0 }, picky)).toBe(1007)
})

test('durations are differences of provider times', () => {
  const call = heard(
    { status: 'ringing', occurredAt: 10 },
    { status: 'in-progress', occurredAt: 16 },
    { status: 'call-disconnected', occurredAt: 64 },
    { status: 'completed', occurredAt: 77 },
  )
  expect(durations(call)).toEqual({ ringingMs: 6, talkingMs: 48, wrappingUpMs: 13 })
})

test('a phone that was not answered rang until the end', () => {
  const call = heard({ status: 'ringing', occurredAt: 10 }, { status: 'busy', occurredAt: 29 })
  expect(durations(call)).toEqual({ ringingMs: 19, talkingMs: null, wrappingUpMs: null })
})

test('where somebody may have picked up, the end is not the end of ringing', () => {
  const ringingMs = (...later: CallEvent[]) =>
    durations(heard({ status: 'ringing', occurredAt: 0 }, ...later)).ringingMs
  const ended: CallEvent = { status: 'completed', occurredAt: 80 }
  expect(ringingMs({ status: 'call-disconnected', occurredAt: 60 }, ended)).toBeNull()
  const unanswered = heard({ status: 'call-disconnected', occurredAt: 60 }, ended)
  expect(durations(unanswered)).toEqual({ ringingMs: null, talkingMs: null, wrappingUpMs: 20 })
  expect(ringingMs({ status: 'call-disconnected' }, { status: 'busy', occurredAt: 60 })).toBeNull()
  expect(ringingMs({ status: 'busy', occurredAt: 20 }, ended)).toBe(20)
  for (const status of ['completed', 'failed', 'stopped', 'error', 'initiated'] as const) {
    expect(ringingMs({ status, occurredAt: 80 })).toBeNull()
  }
  for (const status of ['busy', 'no-answer', 'canceled'] as const) {
    expect(ringingMs({ status, occurredAt: 80 })).toBe(80)
  }
  expect(ringingMs({ status: 'busy' }, { status: 'canceled', occurredAt: 70 })).toBe(70)
})

test('what the provider states goes before differences, the latest statement first', () => {
  const call = heard(
    { status: 'ringing', occurredAt: 10, details: { ringMs: 1 } },
    { status: 'in-progress', occurredAt: 16 },
    { status: 'call-disconnected', occurredAt: 64, details: { talkMs: 40 } },
    { status: 'completed', occurredAt: 77, details: { talkMs: 41 } },
  )
  expect(durations(call)).toEqual({ ringingMs: 1, talkingMs: 41, wrappingUpMs: 13 })
})

test('clocks that run backwards and times that are missing give no duration', () => {
  const backwards = heard(
    { status: 'ringing', occurredAt: 10 },
    { status: 'in-progress', occurredAt: 9 },
    { status: 'call-disconnected' },
  )
  expect(durations(backwards)).toEqual({ ringingMs: null, talkingMs: null, wrappingUpMs: null })
  const same = heard({ status: 'ringing', occurredAt: 9 }, { status: 'busy', occurredAt: 9 })
  expect(durations(same).ringingMs).toBe(0)
  expect(durations(EMPTY_CALL).ringingMs).toBeNull()
})

test('durations of an earlier attempt can be asked for', () => {
  const call = heard(
    { status: 'ringing', attempt: 1, occurredAt: 10 },
    { status: 'busy', attempt: 1, occurredAt: 15 },
    { status: 'queued', attempt: 2, occurredAt: 20 },
  )
  expect(durations(call, 1).ringingMs).toBe(5)
  expect(durations(call).ringingMs).toBeNull()
  expect(durations(call, 3).ringingMs).toBeNull()
})

test('while a call goes on, its outcome is unknown', () => {
  expect(outcome(EMPTY_CALL)).toBe('unknown')
  for (const status of CALL_STATUSES.filter((one) => !isTerminal(one))) {
    expect(outcome(only(status, { talkMs: 5, voicemail: true }))).toBe('unknown')
  }
})

test.each([
  [['completed'], undefined, 'unknown'],
  [['completed'], { talkMs: 5 }, 'reached'],
  [['completed'], { talkMs: 0 }, 'not-reached'],
  [['completed'], { talkMs: 5, voicemail: true }, 'voicemail'],
  [['completed'], { talkMs: 5, voicemail: false }, 'reached'],
  [['queued', 'completed'], undefined, 'unknown'],
  [['ringing', 'completed'], undefined, 'unknown'],
  [['in-progress', 'completed'], undefined, 'reached'],
  [['in-progress', 'completed'], { talkMs: 0 }, 'not-reached'],
  [['call-disconnected', 'completed'], undefined, 'reached'],
  [['call-disconnected', 'error'], undefined, 'reached'],
  [['in-progress', 'failed'], { talkMs: 0 }, 'not-reached'],
  [['busy'], undefined, 'not-reached'],
  [['queued', 'no-answer'], undefined, 'not-reached'],
  [['failed'], undefined, 'not-reached'],
  [['queued', 'failed'], undefined, 'not-reached'],
  [['balance-low'], undefined, 'not-placed'],
  [['queued', 'balance-low'], undefined, 'not-placed'],
  [['canceled'], undefined, 'unknown'],
  [['queued', 'canceled'], undefined, 'not-placed'],
  [['queued', 'initiated', 'canceled'], undefined, 'not-reached'],
  [['ringing', 'stopped'], undefined, 'not-reached'],
  [['scheduled', 'stopped'], undefined, 'not-placed'],
  [['error'], undefined, 'unknown'],
  [['error'], { talkMs: 0 }, 'not-reached'],
] as const)('%j with %j is %s', (statuses, details, expected) => {
  const last = statuses.at(-1)
  const events = statuses.map((status) => ({
    status,
    ...(status === last && details && { details }),
  }))
  expect(outcome(heard(...events))).toBe(expected)
})

test('a machine that answered is known by whichever status said so', () => {
  const call = heard(
    { status: 'in-progress' },
    { status: 'call-disconnected', details: { voicemail: true } },
    { status: 'completed', details: { talkMs: 5 } },
  )
  expect(outcome(call)).toBe('voicemail')
})

test('the outcome is that of the latest attempt', () => {
  const call = heard(
    { status: 'completed', attempt: 1, details: { voicemail: true } },
    { status: 'busy', attempt: 2 },
  )
  expect(outcome(call)).toBe('not-reached')
})
