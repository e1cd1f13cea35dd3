import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { events as anyEvents, untyped } from '../test/events.ts'
import { callGraph } from './diagram/index.ts'
import {
  type Call,
  type CallEvent,
  dueAt,
  durations,
  EMPTY_CALL,
  isSettled,
  LIFECYCLE,
  merge,
  observe,
  outcome,
  timeline,
} from './index.ts'
import { attemptOfEvent, attemptsOf, rankOf } from './internal/index.ts'
import { type Answer, type Change, type Question, releaseWith } from './other-table.fixture.ts'

// By hand: these numbers stand in databases. A new status takes the next one, wherever it stands in the
// table; a number is never given to another status, also where the status that had it is gone.
const NUMBERS = {
  scheduled: 0,
  prepared: 1,
  queued: 2,
  rescheduled: 3,
  initiated: 4,
  ringing: 5,
  'in-progress': 6,
  'call-disconnected': 7,
  completed: 8,
  'balance-low': 9,
  busy: 10,
  'no-answer': 11,
  canceled: 12,
  failed: 13,
  stopped: 14,
  error: 15,
}

test('every status has the number that it was given', () => {
  const numbers = Object.entries(LIFECYCLE).map(([status, { number }]) => [status, number])
  expect(Object.fromEntries(numbers)).toEqual(NUMBERS)
})

const SOME = fc.sample(anyEvents, { numRuns: 400, seed: 11 })

/** The table from its end to its beginning. */
const backwards = Object.fromEntries(Object.entries(LIFECYCLE).reverse())

const tableOf = (table: object): Change => ({
  file: 'lifecycle.ts',
  from: /export const LIFECYCLE = \{[\s\S]*?\n\} as const/,
  to: `export const LIFECYCLE = ${JSON.stringify(table)} as const`,
})

const reading = { mark: 'inferred', source: null }
const onHold = {
  number: 16,
  class: 'intermediate',
  phase: 'connected',
  group: null,
  next: { 'call-disconnected': reading, failed: reading, stopped: reading, error: reading },
}
const withOnHold = Object.fromEntries(
  Object.entries(LIFECYCLE).flatMap(([status, entry]) => {
    const isBefore = status === 'in-progress'
    const next = isBefore ? { ...entry.next, 'on-hold': reading } : entry.next
    const own: [string, object][] = [[status, { ...entry, next }]]
    return isBefore ? [['on-hold', onHold], ...own] : own
  }),
)

const permuted = releaseWith([tableOf(backwards)])
const longer = releaseWith([
  tableOf(withOnHold),
  { file: 'rank.ts', from: /'call-disconnected',/, to: "'on-hold',\n  'call-disconnected'," },
])

afterAll(() => {
  permuted.remove()
  longer.remove()
})

/** The same questions, answered here. */
function answerHere(questions: readonly Question[]): readonly Answer[] {
  return questions.map(({ call: stored = EMPTY_CALL, events, other }) => {
    let call = stored
    const decisions = events.map((event) => {
      const observed = observe(call, event)
      call = observed.call
      return observed.decision
    })
    if (other !== undefined) call = merge(call, other)
    return JSON.parse(JSON.stringify({ call, timeline: timeline(call), decisions }))
  })
}

const halfOf = (events: readonly CallEvent[]) => Math.ceil(events.length / 2)
const firsts = SOME.map((events) => ({ events: events.slice(0, halfOf(events)) }))
const seconds = SOME.map((events) => ({ events: events.slice(halfOf(events)) }))
const callsOf = (answers: readonly Answer[]): readonly Call[] => answers.map(({ call }) => call)

for (const [name, release] of [
  ['with its table from its end to its beginning', permuted],
  ['with another status in the middle of its table', longer],
] as const) {
  test(`a release ${name} decides and writes the same`, () => {
    const whole = SOME.map((events) => ({ events }))
    expect(release.answer(whole)).toEqual(answerHere(whole))
  })

  test(`what a release ${name} wrote is read, joined and gone on with here, and the other way round`, () => {
    const [here, there] = [answerHere(firsts), release.answer(firsts)]
    const goOn = (calls: readonly Call[]): readonly Question[] =>
      seconds.map(({ events }, place) => ({ call: calls[place] ?? EMPTY_CALL, events }))
    const join = (calls: readonly Call[], others: readonly Call[]): readonly Question[] =>
      calls.map((call, place) => ({ call, events: [], other: others[place] ?? EMPTY_CALL }))
    const expected = answerHere(goOn(callsOf(here)))
    expect(answerHere(goOn(callsOf(there)))).toEqual(expected)
    expect(release.answer(goOn(callsOf(here)))).toEqual(expected)

    const [secondHere, secondThere] = [answerHere(seconds), release.answer(seconds)]
    const joined = answerHere(join(callsOf(here), callsOf(secondHere)))
    expect(answerHere(join(callsOf(there), callsOf(secondThere)))).toEqual(joined)
    expect(release.answer(join(callsOf(here), callsOf(secondThere)))).toEqual(joined)
  })
}

/** The same events, and between them some of the status that only the longer table has. */
const held = SOME.map((events, place) => {
  const onHoldAt = (attempt: number | null, occurredAt: number | null) =>
    untyped({ status: 'on-hold', attempt, occurredAt })
  const [one, other] = [onHoldAt(place % 4 || null, place % 7), onHoldAt(null, null)]
  return [
    ...events.slice(0, 1),
    one,
    ...events.slice(1, 3),
    ...(place % 3 ? [] : [other]),
    ...events.slice(3),
  ]
})

/** All that is read off a call here. */
function readOf(call: Call) {
  return {
    timeline: timeline(call),
    attempts: attemptsOf(call),
    settled: isSettled(call),
    dueAt: dueAt(call),
    durations: durations(call),
    outcome: outcome(call),
    graph: callGraph(call),
    place: attemptOfEvent(call, { status: 'busy', occurredAt: 3 }),
  }
}

test('a status that only a later release knows is kept and not read', () => {
  const rows = callsOf(longer.answer(held.map((events) => ({ events }))))
  const without = callsOf(answerHere(SOME.map((events) => ({ events }))))
  const more = SOME.toReversed().map((events) => [...events, { status: 'queued' } as const])
  const goOn = (calls: readonly Call[]) =>
    calls.map((call, place) => ({ call, events: more[place] ?? [] }))
  const [read, expected] = [answerHere(goOn(rows)), answerHere(goOn(without))]
  for (const [place, row] of rows.entries()) {
    expect(readOf(row)).toEqual(readOf(without[place] ?? EMPTY_CALL))
    expect(read[place]?.decisions).toEqual(expected[place]?.decisions)
    expect(read[place]?.timeline).toEqual(expected[place]?.timeline)
    const { status, attempt } = read[place]?.call ?? EMPTY_CALL
    expect({ status, attempt }).toEqual({
      status: expected[place]?.call.status,
      attempt: expected[place]?.call.attempt,
    })
    expect(merge(row, row).heard).toEqual(row.heard)
  }
  // What went through here is to the later release what it would have been there.
  const back = longer.answer(callsOf(read).map((call) => ({ call, events: [], other: EMPTY_CALL })))
  expect(callsOf(back)).toEqual(callsOf(longer.answer(goOn(rows))))
})

test('the ranks tell any two statuses apart, and legal moves but those between waiting statuses go up', () => {
  const statuses = Object.keys(NUMBERS) as (keyof typeof NUMBERS)[]
  expect(new Set(statuses.map(rankOf)).size).toBe(statuses.length)
  for (const from of statuses) {
    const next = Object.keys(LIFECYCLE[from].next) as (keyof typeof NUMBERS)[]
    // Of several shortest ways, the first of these is taken: their order is no chance.
    expect(next).toEqual(next.toSorted((a, b) => rankOf(a) - rankOf(b)))
    for (const to of next) {
      const bothWait = LIFECYCLE[from].phase === 'waiting' && LIFECYCLE[to].phase === 'waiting'
      expect(bothWait || rankOf(from) < rankOf(to)).toBe(true)
    }
  }
})
