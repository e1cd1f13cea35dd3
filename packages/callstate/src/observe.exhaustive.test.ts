import { expect, test } from 'vitest'
import { reportCases } from '../test/report.ts'
import {
  CALL_STATUSES,
  type Call,
  type CallStatus,
  canTransition,
  EMPTY_CALL,
  isTerminal,
  merge,
  nextStatuses,
  observe,
  replay,
  START_STATUSES,
} from './index.ts'
import { canReach } from './internal/index.ts'

// Written out once more from the specification.
const IF_LINE_WAS_UP: readonly CallStatus[] =
  'completed error failed stopped canceled busy no-answer balance-low'.split(' ') as CallStatus[]
const OTHERWISE: readonly CallStatus[] =
  'balance-low busy no-answer canceled stopped failed error completed'.split(' ') as CallStatus[]
const FURTHEST: readonly CallStatus[] =
  'call-disconnected in-progress ringing initiated rescheduled queued prepared scheduled'.split(
    ' ',
  ) as CallStatus[]

/** Every legal path of one attempt that repeats no status, from every start; whole ones only. */
function completePaths(): readonly (readonly CallStatus[])[] {
  const paths: CallStatus[][] = []
  const walk = (path: CallStatus[]) => {
    const last = path.at(-1) as CallStatus
    if (isTerminal(last)) paths.push(path)
    for (const next of nextStatuses(last)) if (!path.includes(next)) walk([...path, next])
  }
  for (const start of Object.values(START_STATUSES).flat()) walk([start])
  return paths
}

const PATHS = completePaths()
const eventAt = (status: CallStatus, index: number) => ({ status, occurredAt: 1000 + index })

test('the paths reach every status and every legal move', () => {
  const moves = new Set(PATHS.flatMap((path) => path.slice(1).map((to, i) => `${path[i]} ${to}`)))
  const legal = CALL_STATUSES.flatMap((from) => nextStatuses(from).map((to) => `${from} ${to}`))
  expect([...moves].sort()).toEqual(legal.sort())
  expect(new Set(PATHS.flat()).size).toBe(CALL_STATUSES.length)
  reportCases('complete legal paths of one attempt', PATHS.length)
})

test('law 7: on every legal path in order, each event advances the call and nothing is skipped', () => {
  for (const path of PATHS) {
    let call: Call = EMPTY_CALL
    for (const [index, status] of path.entries()) {
      const observed = observe(call, eventAt(status, index))
      expect(observed.decision).toEqual({
        kind: 'advanced',
        attempt: 1,
        from: call.status,
        status,
        skipped: [],
      })
      expect(observed.call.status).toBe(status)
      call = observed.call
    }
  }
})

test('every permutation of every legal path ends in the call of the path in order', () => {
  let cases = 0
  for (const path of PATHS) {
    const expected = JSON.stringify(replay(path.map(eventAt)).call)
    const walk = (call: Call, left: readonly number[]) => {
      if (left.length === 0) {
        cases++
        if (JSON.stringify(call) !== expected) expect(JSON.stringify(call)).toBe(expected)
      }
      for (const index of left) {
        const { call: next } = observe(call, eventAt(path[index] as CallStatus, index))
        walk(
          next,
          left.filter((other) => other !== index),
        )
      }
    }
    walk(EMPTY_CALL, [...path.keys()])
  }
  reportCases('permutations of legal paths', cases)
})

test('every subset of every legal path, heard in order, gives the furthest status and no conflict', () => {
  let cases = 0
  for (const path of PATHS) {
    for (let mask = 1; mask < 1 << path.length; mask++) {
      const heard = path.map(eventAt).filter((_, index) => (mask & (1 << index)) !== 0)
      const { call, history } = replay(heard)
      cases++
      if (call.status !== heard.at(-1)?.status) {
        expect({ heard, status: call.status }).toEqual({ heard, status: heard.at(-1)?.status })
      }
      if (history.some(({ decision }) => decision.kind !== 'advanced')) {
        expect(history.map(({ decision }) => decision.kind)).toEqual(heard.map(() => 'advanced'))
      }
    }
  }
  reportCases('subsets of legal paths', cases)
})

test('what was skipped completes a subset to a legal path', () => {
  for (const path of PATHS.filter((one) => one.length <= 7)) {
    for (let mask = 1; mask < 1 << path.length; mask++) {
      const heard = path.filter((_, index) => (mask & (1 << index)) !== 0)
      let from: CallStatus | null = null
      for (const { decision } of replay(heard.map(eventAt)).history) {
        if (decision.kind !== 'advanced') continue
        const way: CallStatus[] = [...(from === null ? [] : [from]), ...decision.skipped]
        for (const [index, status] of [...way, decision.status].slice(1).entries()) {
          expect(canTransition(way[index] as CallStatus, status)).toBe(true)
        }
        if (from === null) {
          const starts: readonly CallStatus[] = Object.values(START_STATUSES).flat()
          expect(starts).toContain([...decision.skipped, decision.status][0])
        }
        from = decision.status
      }
    }
  }
})

test('of every pair of statuses, the second conflicts exactly if no legal path holds both', () => {
  let cases = 0
  for (const first of CALL_STATUSES) {
    for (const second of CALL_STATUSES) {
      const { history } = replay([{ status: first }, { status: second }])
      const holdsBoth = canReach(first, second) || canReach(second, first)
      expect(history[1]?.decision.kind === 'conflicting').toBe(!holdsBoth)
      cases++
    }
  }
  reportCases('pairs of statuses in both orders', cases)
})

test('the evidence rule decides every set of statuses as specified, whatever came last', () => {
  const calls: Call[] = [EMPTY_CALL]
  let cases = 0
  for (let set = 1; set < 1 << CALL_STATUSES.length; set++) {
    const members = CALL_STATUSES.filter((_, index) => (set & (1 << index)) !== 0)
    const lineWasUp = members.includes('in-progress') || members.includes('call-disconnected')
    const order = [...(lineWasUp ? IF_LINE_WAS_UP : OTHERWISE), ...FURTHEST]
    const expected = order.find((status) => members.includes(status))
    // By induction every order gives this call: each member as the last one leads to the same.
    for (const [index, status] of CALL_STATUSES.entries()) {
      if ((set & (1 << index)) === 0) continue
      const { call } = observe(calls[set & ~(1 << index)], { status })
      cases++
      const known = calls[set]
      if (known === undefined) calls[set] = call
      else if (JSON.stringify(known) !== JSON.stringify(call)) expect(call).toEqual(known)
      if (call.status !== expected)
        expect({ members, status: call.status }).toEqual({ members, status: expected })
    }
  }
  expect(calls).toHaveLength(1 << CALL_STATUSES.length)
  reportCases('ways into a set of statuses, all 65,535 sets', cases)
})

test('merging is the union of what two observers heard, for every pair of halves of a path', () => {
  let cases = 0
  for (const path of PATHS.filter((one) => one.length <= 8)) {
    const all = path.map(eventAt)
    const expected = JSON.stringify(replay(all).call)
    for (let mask = 0; mask < 1 << path.length; mask++) {
      const left = replay(all.filter((_, index) => (mask & (1 << index)) !== 0)).call
      const right = replay(all.filter((_, index) => (mask & (1 << index)) === 0)).call
      if (JSON.stringify(merge(left, right)) !== expected) {
        expect(merge(left, right)).toEqual(replay(all).call)
      }
      cases++
    }
  }
  reportCases('pairs of halves of legal paths', cases)
})
