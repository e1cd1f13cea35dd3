import {
  type CallEvent,
  type CallStatus,
  canTransition,
  isSettled,
  replay,
  type TimelineEntry,
  timeline,
} from 'callstate'
import { callEvent, legalPath } from 'callstate/testing'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { boardCallOf, createBoard } from './internal/index.ts'
import { knownCall } from './known-call.fixture.ts'
import type { CallRow, Counts } from './wire.ts'

const SECOND_MS = 1000

const known = (callId: string, events: readonly CallEvent[]) =>
  knownCall(events, { callId, dueAt: null })

/** The counts, reckoned anew from what was decided about every event and from the timelines. */
function countsOf(calls: readonly (readonly CallEvent[])[]): Omit<Counts, 'eventsPerSecond'> {
  const tally = (words: readonly string[]) => {
    const counts: Record<string, number> = {}
    for (const word of words) counts[word] = (counts[word] ?? 0) + 1
    return counts
  }
  const replayed = calls.map((events) => replay(events))
  const conflicts = replayed.flatMap(({ history }) =>
    history.flatMap(({ decision }) =>
      decision.kind === 'conflicting' && decision.reason !== 'read-anew'
        ? [`${decision.conflictsWith}>${decision.status}`]
        : [],
    ),
  )
  const words = calls.map((events) => {
    const said = events.flatMap((event) => [event, ...(event.earlier ?? [])])
    const strange = said.filter(({ status }) => status === null)
    return new Set(strange.map(({ word }) => word)).size
  })
  const statuses = replayed.map(({ call }) => call.status)
  return {
    calls: calls.length,
    settled: replayed.filter(({ call }) => isSettled(call)).length,
    findings: conflicts.length + words.reduce((sum, count) => sum + count, 0),
    statuses: tally(statuses.filter((status) => status !== null)),
    unrecognized: statuses.filter((status) => status === null).length,
    moves: tally(replayed.flatMap(({ call }) => movesIn(timeline(call)))),
    conflicts: tally(conflicts),
    events: calls.reduce((sum, { length }) => sum + length, 0),
  }
}

function movesIn(entries: readonly TimelineEntry[]): readonly string[] {
  return entries.slice(1).flatMap(({ attempt, status }, place) => {
    const before = entries[place]
    const isMove = before?.attempt === attempt && canTransition(before.status, status)
    return isMove ? [`${before.status}>${status}`] : []
  })
}

const anyEvents = fc.oneof(
  legalPath().map((path) => path.map((status): CallEvent => ({ status }))),
  fc.array(callEvent(), { maxLength: 6 }),
  fc.array(
    fc
      .constantFrom<CallStatus | null>('busy', 'completed', 'in-progress', null)
      .map((status): CallEvent => (status === null ? { status, word: 'warp' } : { status })),
  ),
)
const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ id: fc.constantFrom('a', 'b', 'c'), events: anyEvents }) },
  { weight: 1, arbitrary: fc.record({ id: fc.constantFrom('a', 'b', 'c') }) },
  { weight: 1, arbitrary: fc.record({ take: fc.integer({ min: 0, max: 3 }) }) },
)

test('counts kept step by step equal counts from scratch, and a follower holds what the board holds', () => {
  const reached = new Set<string>()
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
      const board = createBoard({ now: () => 0 })
      const follower = board.follow()
      const calls = new Map<string, readonly CallEvent[]>()
      const seen = new Map<string, CallRow>()
      const look = (limit: number) => {
        const { rows, gone } = follower.take(limit)
        expect(rows.length + gone.length).toBeLessThanOrEqual(limit)
        for (const row of rows) seen.set(row.key, row)
        for (const key of gone) seen.delete(key)
      }
      for (const one of steps) {
        if ('take' in one) look(one.take)
        else if ('events' in one) {
          calls.set(one.id, one.events)
          board.put(boardCallOf(known(one.id, one.events)), one.events.length)
        } else {
          calls.delete(one.id)
          board.remove(`bolna ${one.id}`)
        }
        const { eventsPerSecond: _, ...counts } = board.counts()
        expect(counts).toEqual(countsOf([...calls.values()]))
        for (const kind of ['moves', 'conflicts'] as const) {
          if (Object.keys(counts[kind]).length > 0) reached.add(kind)
        }
        if (counts.unrecognized > 0) reached.add('unrecognized')
      }
      look(10)
      expect(follower.hasNews).toBe(false)
      expect([...seen.values()]).toEqual(expect.arrayContaining([...board.rows()]))
      expect(seen.size).toBe(board.size)
    }),
  )
  expect([...reached].toSorted()).toEqual(['conflicts', 'moves', 'unrecognized'])
})

test('a follower that does not look holds one mark for each call, however often it changes', () => {
  const board = createBoard({ now: () => 0 })
  const follower = board.follow()
  for (let round = 1; round <= 1000; round++) {
    board.put(boardCallOf(known('a', [{ status: 'queued' }])))
    board.put(boardCallOf(known(`b${round % 3}`, [{ status: 'ringing' }])))
  }
  expect(
    follower
      .take(10_000)
      .rows.map(({ callId }) => callId)
      .toSorted(),
  ).toEqual(['a', 'b0', 'b1', 'b2'])
  follower.stop()
  board.remove('bolna a')
  expect(follower.hasNews).toBe(false)
})

test('events per second are those of the last second, by the clock that was handed in', () => {
  let now = 5_000_000
  const board = createBoard({ now: () => now })
  const put = (heard: number) => board.put(boardCallOf(known('a', [])), heard)
  const rate = () => board.counts().eventsPerSecond
  put(0)
  expect(rate()).toBe(0)
  put(3)
  now += SECOND_MS / 2
  put(2)
  expect(rate()).toBe(5)
  now += SECOND_MS / 2
  expect(rate()).toBe(2)
  now += SECOND_MS / 2
  expect(rate()).toBe(0)
  put(4)
  now += 100 * SECOND_MS
  expect(rate()).toBe(0)
  put(1)
  now -= 100 * SECOND_MS
  expect(rate()).toBe(1)
})

test('a full board lets go of the calls that are there for the longest time', () => {
  const board = createBoard({ now: () => 0, calls: 2 })
  const follower = board.follow()
  for (const id of ['a', 'b', 'a', 'c']) board.put(boardCallOf(known(id, [{ status: 'busy' }])))
  expect([...board.rows()].map(({ callId }) => callId)).toEqual(['b', 'c'])
  expect(board.counts()).toMatchObject({ calls: 2, statuses: { busy: 2 }, events: 2 })
  expect(follower.take(10).gone).toEqual(['bolna a'])
})

test('50,000 calls and 500 events a second leave the board nearly idle', () => {
  const CALLS = 50_000
  const EVENTS = 5000
  const paths = fc.sample(legalPath(), { numRuns: 100, seed: 7 })
  const board = createBoard({ now: () => performance.now() })
  const follower = board.follow()
  const callAt = (place: number, length: number) => {
    const path = paths[place % paths.length] ?? []
    return known(
      `c-${place}`,
      path.slice(0, length).map((status) => ({ status })),
    )
  }
  for (let place = 0; place < CALLS; place++) board.put(boardCallOf(callAt(place, 2)))
  follower.take(CALLS)

  const changes = Array.from({ length: EVENTS }, (_, n) => callAt((n * 7919) % CALLS, 20))
  const startedAt = performance.now()
  for (const [place, change] of changes.entries()) {
    board.put(boardCallOf(change), 1)
    if (place % 50 === 49) {
      follower.take(1000)
      board.counts()
    }
  }
  const msPerSecond = (performance.now() - startedAt) / (EVENTS / 500)
  process.stdout.write(`  ${msPerSecond.toFixed(1)} ms of work for a second of 500 events\n`)
  expect(board.size).toBe(CALLS)
  // A tenth of one core, on a slow machine that does other things; it is about 1 %.
  expect(msPerSecond).toBeLessThan(100)
})
