import { type CallEvent, dueAt, replay } from 'callstate'
import { defineProvider } from 'callstate/providers'
import { expect, test } from 'vitest'
import { type LoggedCall, logSource } from './index.ts'
import { createBoard } from './internal/index.ts'

const AT = 1_767_261_600_000
const PHONE = '+12025550123'
const entry = (event: CallEvent, receivedAt?: number) => ({
  event,
  ...(receivedAt !== undefined && { receivedAt, kind: 'webhook' }),
})

const UNREADABLE: CallEvent = { status: null, word: PHONE }

/** Says `completed` after `busy` by design. */
const BOTH = defineProvider({
  name: 'acme',
  title: 'Acme',
  statuses: { ENGAGED: { status: 'busy' }, DONE: { status: 'completed' } },
  lacks: [],
  habits: { reportsBoth: [['busy', 'completed']] },
  recognizes: () => false,
  read: () => ({ ok: true, type: 'skip', word: 'any' }),
})

const CALLS: readonly LoggedCall[] = [
  {
    provider: 'bolna',
    callId: 'c-1',
    entries: [
      { ...entry({ status: 'queued' }, AT), payload: () => ({ status: 'queued' }) },
      entry({ status: 'busy' }, AT + 2000),
      entry({ status: 'completed' }, AT + 1000),
    ],
  },
  { provider: 'acme', callId: 'c-1', entries: [entry({ status: 'ringing', occurredAt: AT })] },
  { provider: 'acme', callId: 'c-2', entries: [] },
]

async function opened(calls: Iterable<LoggedCall> | AsyncIterable<LoggedCall>) {
  const source = logSource({
    name: 'week.ndjson',
    calls,
    providers: [BOTH],
    retryPolicies: {
      bolna: { maxAttempts: 2, retryOn: ['busy'], retryOnVoicemail: false, delaysMs: [1000] },
    },
  })
  const board = createBoard({ now: () => 0 })
  await source.open(board)
  return { source, board }
}

test('a log is replayed, and its clock stands still at its latest time', async () => {
  const { source, board } = await opened(CALLS)
  expect(source).toMatchObject({ kind: 'log', name: 'week.ndjson', speed: 0 })
  expect(source.now()).toBe(AT + 2000)
  expect([...board.rows()]).toMatchObject([
    // A policy allows another attempt, so that nothing is settled.
    {
      key: 'bolna c-1',
      status: 'busy',
      settled: false,
      findings: 1,
      events: 3,
      firstReceivedAt: AT,
    },
    { key: 'acme c-1', status: 'ringing', firstReceivedAt: AT, lastReceivedAt: AT },
    { key: 'acme c-2', status: null, events: 0, firstReceivedAt: 0 },
  ])
  const { call } = replay([{ status: 'ringing', occurredAt: AT }])
  expect(board.get('acme c-1')?.dueAt).toBe(dueAt(call))
  expect(board.counts().eventsPerSecond).toBe(0)
})

test('a call of a log tells its events in the order of the log, and reads a message when asked', async () => {
  async function* slowly() {
    yield* CALLS
  }
  const { source } = await opened(slowly())
  const detail = await source.detail('bolna c-1', 10)
  expect(
    detail?.events.map(({ receivedAt, hasPayload, message }) => [receivedAt, hasPayload, message]),
  ).toEqual([
    [AT, true, 'the call began with queued'],
    [AT + 2000, false, 'moved from queued to busy; initiated had not been heard'],
    [AT + 1000, false, 'attempt 1 has two ends: busy was known, completed came; the call is busy'],
  ])
  expect(detail?.before).toBeUndefined()
  const latest = await source.detail('bolna c-1', 1)
  expect(latest).toMatchObject({ events: [{ sequence: 3 }], total: 3 })
  expect(latest?.before).toEqual(replay([{ status: 'queued' }, { status: 'busy' }]).call)
  expect(await source.payload('bolna c-1', 1)).toEqual({ payload: { status: 'queued' } })
  expect(await source.payload('bolna c-1', 2)).toBeNull()
  expect(await source.payload('bolna c-1', 99)).toBeNull()
  expect(await source.detail('bolna c-9', 10)).toBeNull()
})

test('of what an event says beside its status, only what is of a fixed shape is shown', async () => {
  const telling = (word: string, reasonCode: string): CallEvent => ({
    status: 'busy',
    details: { word, reasonCode, reason: 'Priya hung up', talkMs: 7 },
    earlier: [{ attempt: 1, status: null, word: PHONE }],
    attempt: 2,
  })
  const entries = [telling(PHONE, PHONE), telling('USER_BUSY', '486'), UNREADABLE].map((event) =>
    entry(event),
  )
  const { source } = await opened([{ provider: 'bolna', callId: 'c-1', entries }])
  const detail = await source.detail('bolna c-1', 10)
  expect(detail?.events.map(({ event }) => event?.details)).toEqual([
    { talkMs: 7 },
    { talkMs: 7, word: 'USER_BUSY', reasonCode: '486' },
    undefined,
  ])
  expect(detail?.events[0]?.event?.earlier).toEqual([
    { attempt: 1, status: null, word: '(not shown)' },
  ])
  const latest = await source.detail('bolna c-1', 1)
  expect(latest?.before?.unrecognized).toMatchObject([{ word: '(not shown)' }])
  expect(latest?.before?.heard[0]?.seen[0]?.details).toMatchObject({ talkMs: 7 })
  expect(JSON.stringify([detail, latest])).not.toMatch(/2025550|Priya/)
})

test('what a provider reports by design is no conflict in the decisions', async () => {
  const entries = [entry({ status: 'busy' }), entry({ status: 'completed' })]
  const { source } = await opened([{ provider: 'acme', callId: 'c', entries }])
  const detail = await source.detail('acme c', 10)
  expect(detail?.events.map(({ decision }) => decision?.kind)).toEqual(['advanced', 'late'])
})

test('an event with a wrong clock does not move the clock of the log', async () => {
  const late = [AT + 1e12, Number.MAX_VALUE].map((occurredAt, place) => ({
    provider: 'acme',
    callId: `late-${place}`,
    entries: [entry({ status: 'ringing' as const, occurredAt })],
  }))
  const source = logSource({ name: 'a log', calls: [...CALLS, ...late], now: () => AT + 5000 })
  await source.open(createBoard({ now: () => 0 }))
  expect(source.now()).toBe(AT + 2000)
})
