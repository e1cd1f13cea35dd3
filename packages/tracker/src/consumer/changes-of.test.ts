import { type CallEvent, EMPTY_CALL, parseStatus, type RetryPolicy, replay } from 'callstate'
import type { MessageKind } from 'callstate/providers'
import { expect, test } from 'vitest'
import type { HistoryEntry } from '../calls/tracked-call.ts'
import { changesOf } from './changes-of.ts'

const REF = { provider: 'acme', callId: 'a' }

function historyOf(...said: (CallEvent & { kind?: MessageKind })[]): HistoryEntry[] {
  const events = said.map((one) => ({ kind: 'webhook' as const, word: one.status ?? '?', ...one }))
  return replay(events).history.map(({ event, decision }, place) => ({
    sequence: place + 1,
    key: `key-${place}`,
    receivedAt: 1000 + place,
    event,
    decision,
    payload: `{"n":${place}}`,
  }))
}

test('tells what was known before and after each entry', () => {
  const [first, second] = changesOf(REF, historyOf({ status: 'ringing' }, { status: 'busy' }))
  expect(first?.before).toEqual(EMPTY_CALL)
  expect(second).toMatchObject({
    ...REF,
    key: 'acme/a/1/advanced/2',
    sequence: 2,
    receivedAt: 1001,
    before: first?.call,
    call: { status: 'busy' },
    settledBefore: false,
    settled: true,
    payload: { n: 1 },
    gained: [],
    data: { n: 1 },
  })
  expect(changesOf(REF, [])).toEqual([])
})

test('takes decisions from the entries, as they were made', () => {
  const [entry] = historyOf({ status: 'ringing' })
  const decision = { kind: 'duplicate', attempt: 1, status: 'ringing', enriched: true } as const
  const history = entry === undefined ? [] : [{ ...entry, decision }]
  expect(changesOf(REF, history)).toMatchObject([{ decision, key: 'acme/a/1/duplicate/1' }])
})

test('final data come once for each attempt, by the first message that can bring them', () => {
  const history = historyOf(
    { status: 'ringing', attempt: 2 },
    { status: 'busy', attempt: 1 },
    { status: 'busy', attempt: 1, occurredAt: 5 },
    { status: 'stopped', attempt: 2, kind: 'stop-reply' },
    { status: 'stopped', attempt: 2, kind: 'list-item', occurredAt: 1 },
    { status: null, word: 'completed', attempt: 2 },
    { status: 'stopped', attempt: 2, kind: 'record', occurredAt: 2 },
    { status: 'stopped', kind: 'webhook', occurredAt: 3 },
  )
  const final = changesOf(REF, history).map(({ finalDataOf }) => finalDataOf)
  expect(final).toEqual([null, 1, null, null, null, null, 2, null])
  const unsaid = changesOf(REF, historyOf({ ...parseStatus('cancelled'), kind: 'webhook' }))
  expect(unsaid.map(({ finalDataOf }) => finalDataOf)).toEqual([1])
})

test('a policy that came with the call goes before the one of the options', () => {
  const policy = (maxAttempts: number): RetryPolicy => ({
    maxAttempts,
    retryOn: ['busy'],
    retryOnVoicemail: false,
    delaysMs: [60_000],
  })
  const busy = historyOf({ status: 'busy' })
  const withOwn = historyOf({ status: 'busy', details: { retryPolicy: policy(1) } })
  const settled = [
    changesOf(REF, busy),
    changesOf(REF, busy, { retryPolicy: policy(2) }),
    changesOf(REF, withOwn, { retryPolicy: policy(2) }),
  ].map(([change]) => change?.settled)
  expect(settled).toEqual([true, false, true])
})

test('data and gained are the same in whatever order they are read, and a reader may keep the data', () => {
  const history = historyOf(
    { status: 'ringing', attempt: 1, occurredAt: 1 },
    { status: 'completed', occurredAt: 3 },
    { status: 'queued', attempt: 2, occurredAt: 2 },
  ).map((entry, place) => ({ ...entry, payload: `{"n":${place},"l":[${place}],"f${place}":1}` }))
  const inOrder = changesOf(REF, history).map(({ data, gained }) => ({ data, gained }))
  expect(inOrder).toEqual([
    { data: { n: 0, l: [0], f0: 1 }, gained: ['n', 'l', 'f0'] },
    { data: { n: 1, l: [1], f0: 1, f1: 1 }, gained: ['f1'] },
    { data: { n: 1, l: [1], f0: 1, f1: 1, f2: 1 }, gained: ['f2'] },
  ])
  const changes = changesOf(REF, history)
  const backwards = changes.toReversed().map(({ data, gained }) => ({ data, gained }))
  expect(backwards.toReversed()).toEqual(inOrder)

  const first = changes[0]?.data as { l: number[] }
  first.l.push(9)
  expect(changes[1]?.data).toEqual(inOrder[1]?.data)
})

test('reading a long history in order costs the same for each change', () => {
  const count = 3000
  const [start] = historyOf({ status: 'ringing' })
  const history = Array.from({ length: count }, (_, place) => ({
    ...(start as HistoryEntry),
    sequence: place + 1,
    key: `key-${place}`,
  }))
  let reads = 0
  const counted = history.map((entry, place) => ({
    ...entry,
    get payload() {
      reads++
      return `{"n":${place}}`
    },
  }))
  for (const { data, gained } of changesOf(REF, counted)) {
    expect(data).toHaveProperty('n')
    expect(gained.length).toBeLessThan(2)
  }
  expect(reads).toBe(count)
})
