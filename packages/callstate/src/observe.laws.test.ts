import fc from 'fast-check'
import { expect, test } from 'vitest'
import { events } from '../test/events.ts'
import {
  CALL_STATUSES,
  type Call,
  type CallEvent,
  DECISION_KINDS,
  isTerminal,
  merge,
  observe,
  outcome,
  replay,
  timeline,
} from './index.ts'
import { attemptsOf } from './internal/index.ts'

// `pnpm fuzz` raises the number, a mutation run lowers it.
const RUNS = { numRuns: Number(process.env['LAW_RUNS'] ?? 3000) }

const shuffled = (list: readonly CallEvent[]) =>
  fc.shuffledSubarray([...list], { minLength: list.length })

test('law 1: every order of the same events gives the same call', () => {
  fc.assert(
    fc.property(
      events.chain((list) => fc.tuple(fc.constant(list), shuffled(list))),
      ([list, other]) => {
        expect(replay(other).call).toEqual(replay(list).call)
      },
    ),
    RUNS,
  )
})

test('law 2: repeats change nothing, and are called duplicates', () => {
  fc.assert(
    fc.property(events, (list) => {
      const { call } = replay(list)
      for (const event of list) {
        const again = observe(call, event)
        expect(again.call).toBe(call)
        expect(['duplicate', 'unrecognized']).toContain(again.decision.kind)
      }
    }),
    RUNS,
  )
})

test('law 3: folding one by one equals merging any two parts, in either order', () => {
  fc.assert(
    fc.property(events, fc.nat(), (list, cut) => {
      const at = cut % (list.length + 1)
      const [left, right] = [replay(list.slice(0, at)).call, replay(list.slice(at)).call]
      expect(merge(left, right)).toEqual(replay(list).call)
      expect(merge(right, left)).toEqual(replay(list).call)
      expect(merge(left, left)).toEqual(left)
    }),
    RUNS,
  )
})

test('law 4: inside an attempt, only the evidence rule moves a terminal status', () => {
  fc.assert(
    fc.property(events, (list) => {
      let call: Call | undefined
      for (const event of list) {
        const { call: after, decision } = observe(call, event)
        const before = call
        call = after
        if (before === undefined || before.status === null || !isTerminal(before.status)) continue
        if (after.attempt !== before.attempt || after.status === before.status) continue
        // The status moved though it was terminal: something contradicts it, or the events that
        // came without an attempt number now belong to another attempt.
        expect(decision.kind).toBe('conflicting')
      }
    }),
    RUNS,
  )
})

test('law 5: every event gets exactly one decision and stays in the history', () => {
  const seen = new Set<string>()
  fc.assert(
    fc.property(events, (list) => {
      const { history } = replay(list)
      expect(history.map((entry) => entry.event)).toEqual(list)
      for (const { decision } of history) seen.add(decision.kind)
    }),
    RUNS,
  )
  expect([...seen].sort()).toEqual(
    ['advanced', 'retried', 'late', 'duplicate', 'conflicting', 'unrecognized'].sort(),
  )
  expect([...DECISION_KINDS].sort()).toEqual([...seen].sort())
})

test('law 6: nothing throws, whatever the input', () => {
  fc.assert(
    fc.property(fc.array(fc.anything()), (list) => {
      const { call, history } = replay(list as CallEvent[])
      expect(history).toHaveLength(list.length)
      timeline(call)
      outcome(call)
    }),
    RUNS,
  )
  const anyField = fc.record({
    status: fc.oneof(fc.constantFrom(...CALL_STATUSES), fc.anything()),
    word: fc.anything(),
    attempt: fc.anything(),
    occurredAt: fc.anything(),
    details: fc.anything(),
    earlier: fc.oneof(fc.anything(), fc.array(fc.anything())),
  })
  fc.assert(
    fc.property(fc.array(anyField), (list) => {
      const { call } = replay(list as CallEvent[])
      expect(merge(call, replay(list as CallEvent[]).call).status).toBe(call.status)
    }),
    RUNS,
  )
})

test('a call is plain data: JSON and structuredClone give it back', () => {
  fc.assert(
    fc.property(events, events, (list, more) => {
      const { call } = replay(list)
      const copy: Call = JSON.parse(JSON.stringify(call))
      expect(copy).toEqual(call)
      expect(structuredClone(call)).toEqual(call)
      const [direct, restored] = [call, copy].map((start) =>
        more.reduce((known, event) => observe(known, event).call, start),
      )
      expect(restored).toEqual(direct)
    }),
    RUNS,
  )
})

test('observe does not change the call or the event that came in', () => {
  fc.assert(
    fc.property(events, (list) => {
      let call: Call | undefined
      for (const event of list) {
        const frozen = call === undefined ? undefined : deepFreeze(structuredClone(call))
        call = observe(frozen, deepFreeze(structuredClone(event))).call
      }
    }),
  )
})

test('a decision tells the truth about the call before and after', () => {
  fc.assert(
    fc.property(events, (list) => {
      let before = replay([]).call
      for (const event of list) {
        const { call, decision } = observe(before, event)
        if (decision.kind === 'advanced') expect(decision.from).toBe(before.status)
        if (decision.kind === 'advanced' && event.earlier === undefined) {
          expect(call.status).toBe(decision.status)
        }
        if (decision.kind === 'retried') expect(call.attempt).toBeGreaterThan(before.attempt)
        if (decision.kind === 'duplicate') expect(decision.enriched).toBe(call !== before)
        if (decision.kind === 'late') expect(timeline(call)).not.toEqual(timeline(before))
        before = call
      }
    }),
    RUNS,
  )
})

test('the bits of an attempt are the statuses that it has seen', () => {
  fc.assert(
    fc.property(events, (list) => {
      for (const { bits, seen } of attemptsOf(replay(list).call)) {
        const inBits = CALL_STATUSES.filter((_, index) => (bits & (1 << index)) !== 0)
        expect(seen.map((sighting) => sighting.status)).toEqual(inBits)
      }
    }),
  )
})

function deepFreeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const part of Object.values(value)) deepFreeze(part)
  }
  return value
}
