import { expect, test } from 'vitest'
import { reportCases } from '../test/report.ts'
import {
  type Call,
  type CallEvent,
  type CallStatus,
  type Decision,
  EMPTY_CALL,
  observe,
  replay,
} from './index.ts'

// One that waits, one on the way, one that says that the line is up, two ends.
const FEW: readonly CallStatus[] = ['prepared', 'ringing', 'in-progress', 'busy', 'failed']
const ATTEMPTS = [null, 1, 2, 3]
const TIMES = [null, 1, 4]

const ALONE: readonly CallEvent[] = FEW.flatMap((status) =>
  ATTEMPTS.flatMap((attempt) => TIMES.map((occurredAt) => ({ status, attempt, occurredAt }))),
)

/** Events that mention earlier statuses, also beside a word that is no status. */
const WITH_EARLIER: readonly CallEvent[] = (['prepared', 'stopped', null] as const).flatMap(
  (status) =>
    (['ringing', 'failed'] as const).flatMap((mentioned) =>
      [1, 2].flatMap((attempt) =>
        [null, 1, 4].map((occurredAt) => ({
          status,
          ...(status === null && { word: 'warp' }),
          attempt: 2,
          occurredAt: 4,
          earlier: [{ attempt, status: mentioned, occurredAt }],
        })),
      ),
    ),
)

/** What is wrong with a decision, told from the call before and after alone; null where nothing is. */
function wrongIn(before: Call, after: Call, decision: Decision): string | null {
  const attemptMoved = before.attempt !== after.attempt
  const statusMoved = before.status !== after.status
  switch (decision.kind) {
    case 'retried':
      if (!attemptMoved || decision.attempt !== after.attempt) return 'no later attempt'
      if (decision.status !== after.status) return 'to another status'
      return decision.from === before.status ? null : 'from another status'
    case 'advanced':
      if (attemptMoved || !statusMoved) return 'not moved'
      if (decision.attempt !== after.attempt) return 'of another attempt'
      if (decision.status !== after.status) return 'to another status'
      return decision.from === before.status ? null : 'from another status'
    case 'conflicting':
      return decision.counts === after.status ? null : 'another status counts'
    case 'late':
    case 'duplicate':
    case 'unrecognized':
      return attemptMoved || statusMoved ? 'moved' : null
    default:
      return decision satisfies never
  }
}

function expectTruth(known: readonly CallEvent[], before: Call, event: CallEvent): Observed {
  const { call, decision } = observe(before, event)
  const wrong = wrongIn(before, call, decision)
  if (wrong !== null) expect({ known, event, before, call, decision, wrong }).toBeNull()
  const isBeside = decision.kind !== 'unrecognized' && decision.unrecognized !== undefined
  if (isBeside !== (event.status === null && decision.kind !== 'unrecognized')) {
    expect({ known, event, decision, wrong: 'the word beside it' }).toBeNull()
  }
  return { call, decision }
}

type Observed = ReturnType<typeof observe>

test('law 8: for every three events, with and without attempt and time, the decision says what moved', () => {
  let cases = 0
  const reasons = new Map<string, number>()
  for (const first of ALONE) {
    const one = observe(EMPTY_CALL, first).call
    for (const second of ALONE) {
      const two = observe(one, second).call
      for (const third of ALONE) {
        const { decision } = expectTruth([first, second], two, third)
        const name = decision.kind === 'conflicting' ? decision.reason : decision.kind
        reasons.set(name, (reasons.get(name) ?? 0) + 1)
        cases++
      }
    }
  }
  expect([...reasons.keys()].sort()).toEqual(
    ['advanced', 'duplicate', 'late', 'no-path', 'read-anew', 'retried', 'two-ends'].sort(),
  )
  reportCases('sets of three events, in every order', cases)
})

test('law 8: for every three events and one more of the waiting or the ended', () => {
  let cases = 0
  const fewer = ALONE.filter(
    ({ status, attempt }) => status !== 'ringing' && status !== 'in-progress' && attempt !== 1,
  )
  for (const first of fewer) {
    for (const second of fewer) {
      for (const third of fewer) {
        const known = [first, second, third]
        const { call } = replay(known)
        for (const fourth of fewer) {
          expectTruth(known, call, fourth)
          cases++
        }
      }
    }
  }
  reportCases('sets of four events, in every order', cases)
})

test('law 8: for every two events and one that mentions an earlier status', () => {
  let cases = 0
  const kinds = new Set<string>()
  for (const first of ALONE) {
    for (const second of [...ALONE, ...WITH_EARLIER]) {
      const { call } = replay([first, second])
      for (const third of WITH_EARLIER) {
        const { decision } = expectTruth([first, second], call, third)
        const isBeside = decision.kind !== 'unrecognized' && decision.unrecognized === 'warp'
        kinds.add(isBeside ? `${decision.kind} beside a word` : decision.kind)
        cases++
      }
    }
  }
  for (const kind of ['advanced', 'retried', 'conflicting']) {
    expect(kinds).toContain(`${kind} beside a word`)
  }
  reportCases('sets of three events of which one mentions an earlier status', cases)
})

test('what shows that something heard before belongs to another attempt is read anew', () => {
  const known: CallEvent[] = [
    { status: 'canceled', attempt: 1 },
    { status: 'prepared', attempt: 3 },
    { status: 'stopped', occurredAt: 1 },
  ]
  const { call } = replay(known)
  expect(call).toMatchObject({ status: 'stopped', attempt: 3 })
  const observed = observe(call, { status: 'failed', attempt: 2, occurredAt: 4 })
  expect(observed.call).toMatchObject({ status: 'prepared', attempt: 3 })
  expect(observed.decision).toEqual({
    kind: 'conflicting',
    attempt: 2,
    status: 'failed',
    conflictsWith: 'stopped',
    counts: 'prepared',
    reason: 'read-anew',
  })
})

test('what an event mentions decides for it where it moved the call, an unknown word stands beside', () => {
  const { call } = replay([{ status: 'ringing', attempt: 1 }])
  const earlier = [{ attempt: 1, status: 'busy' }] as const
  expect(observe(call, { status: null, word: 'warp', earlier }).decision).toEqual({
    kind: 'advanced',
    attempt: 1,
    status: 'busy',
    from: 'ringing',
    skipped: [],
    unrecognized: 'warp',
  })
  const beginning: CallEvent = { status: 'queued', attempt: 1, earlier }
  expect(observe(call, beginning).decision).toMatchObject({ kind: 'advanced', status: 'busy' })
  const retried: CallEvent = { status: 'queued', attempt: 2, earlier }
  expect(observe(call, retried).decision).toMatchObject({ kind: 'retried', from: 'ringing' })
  const nothingNew: CallEvent = {
    status: null,
    word: 'warp',
    earlier: [{ attempt: 1, status: 'ringing' }],
  }
  expect(observe(call, nothingNew).decision.kind).toBe('unrecognized')
})
