import { CALL_STATUSES, type Call, type CallEvent, canTransition, observe } from 'callstate'
import { type Effort, measure, ratioOf, type Side } from './measure.ts'
import type { Comparison, Section } from './report.ts'
import { RIVALS, XSTATE_ACTOR } from './rivals.ts'
import { BATCH, CALL_EVENTS, EVENTS, expectEnd, MOVES, TIMED_EVENTS } from './walks.ts'

/** What one would write without a library. */
const TABLE: Readonly<Record<string, Readonly<Record<string, boolean>>>> = {
  scheduled: {
    queued: true,
    rescheduled: true,
    initiated: true,
    'balance-low': true,
    canceled: true,
    failed: true,
    stopped: true,
    error: true,
  },
  prepared: {
    queued: true,
    'balance-low': true,
    canceled: true,
    failed: true,
    stopped: true,
    error: true,
  },
  queued: {
    rescheduled: true,
    initiated: true,
    'balance-low': true,
    canceled: true,
    failed: true,
    stopped: true,
    error: true,
  },
  rescheduled: {
    scheduled: true,
    queued: true,
    initiated: true,
    'balance-low': true,
    canceled: true,
    failed: true,
    stopped: true,
    error: true,
  },
  initiated: {
    ringing: true,
    'in-progress': true,
    busy: true,
    'no-answer': true,
    canceled: true,
    failed: true,
    stopped: true,
    error: true,
  },
  ringing: {
    'in-progress': true,
    busy: true,
    'no-answer': true,
    canceled: true,
    failed: true,
    stopped: true,
    error: true,
  },
  'in-progress': { 'call-disconnected': true, failed: true, stopped: true, error: true },
  'call-disconnected': { completed: true, error: true },
  completed: {},
  'balance-low': {},
  busy: {},
  'no-answer': {},
  canceled: {},
  failed: {},
  stopped: {},
  error: {},
}

for (const from of CALL_STATUSES) {
  for (const to of CALL_STATUSES) {
    if ((TABLE[from]?.[to] === true) !== canTransition(from, to)) {
      throw new Error(`The hand-written table differs from the library on ${from} to ${to}.`)
    }
  }
}

/** One question takes a few nanoseconds; a run must be long beside the clock that measures it. */
const REPEATS = 20
const REPEATED = Array.from({ length: REPEATS }, () => BATCH).flat()

// The two loops are written out twice on purpose: a shared one that takes the question as an argument
// would hide the difference behind the cost of an indirect call.

const handWritten: Side = {
  name: 'hand-written table',
  operations: MOVES * REPEATS,
  run() {
    let moves = 0
    for (const walk of REPEATED) {
      let status: string = walk[0] as string
      for (let step = 1; step < walk.length; step++) {
        const to = walk[step] as string
        if (TABLE[status]?.[to] === true) {
          status = to
          moves++
        }
      }
    }
    if (moves !== MOVES * REPEATS) throw new Error('The hand-written table refused a legal move.')
  },
}

const library: Side = {
  name: 'canTransition',
  operations: MOVES * REPEATS,
  run() {
    let moves = 0
    for (const walk of REPEATED) {
      let status: string = walk[0] as string
      for (let step = 1; step < walk.length; step++) {
        const to = walk[step] as string
        if (canTransition(status, to)) {
          status = to
          moves++
        }
      }
    }
    if (moves !== MOVES * REPEATS) throw new Error('canTransition refused a legal move.')
  },
}

function observing(name: string, calls: readonly (readonly CallEvent[])[]): Side {
  return {
    name,
    operations: EVENTS,
    run() {
      for (const [place, events] of calls.entries()) {
        let call: Call | undefined
        for (const event of events) call = observe(call, event).call
        expectEnd(BATCH[place], call?.status, name)
      }
    },
  }
}

export function benchTransition(effort: Effort): Section {
  const [table, mine] = measure([handWritten, library], effort)
  if (table === undefined || mine === undefined) throw new Error('Nothing was measured.')
  return {
    title: 'canTransition',
    unit: 'ns/move',
    note: `One question per move along ${BATCH.length} calls.`,
    sides: [table, mine],
    comparisons: [
      {
        name: 'canTransition ÷ hand-written table',
        ratio: ratioOf(mine, table),
        aim: { atMost: 1.2 },
      },
    ],
  }
}

export function benchObserve(effort: Effort): Section {
  const sides = [observing('observe', CALL_EVENTS), observing('observe, timed', TIMED_EVENTS)]
  const [mine, timed, ...rivals] = measure([...sides, ...RIVALS], effort)
  if (mine === undefined || timed === undefined) throw new Error('Nothing was measured.')
  const ratios = rivals
    .map((rival) => ({ name: rival.name, ratio: ratioOf(rival, mine) }))
    .sort((a, b) => a.ratio.median - b.ratio.median)
  // The aim is the fastest library as it is used: a machine that takes events. The pure function inside
  // @xstate/store keeps no state and tells nobody; it is shown for comparison.
  const fastest = ratios.find(({ name }) => !name.endsWith(': transition'))
  const comparisons = ratios.map(({ name, ratio }): Comparison => {
    const atLeast = name === XSTATE_ACTOR ? 10 : name === fastest?.name ? 2.5 : null
    return { name: `${name} ÷ observe`, ratio, aim: atLeast === null ? null : { atLeast } }
  })
  return {
    title: 'observe',
    unit: 'ns/event',
    note: `${EVENTS} events of ${BATCH.length} calls; instances of the other libraries are made before the clock starts.`,
    sides: [mine, timed, ...rivals],
    comparisons,
  }
}
