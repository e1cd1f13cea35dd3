import { describe, expect, test } from 'vitest'
import { type AnyStateMachine, createActor } from 'xstate'
import {
  adjacencyMapToArray,
  createTestModel,
  getAdjacencyMap,
  getShortestPaths,
  getSimplePaths,
} from 'xstate/graph'
import {
  CALL_STATUSES,
  type Call,
  type CallStatus,
  isTerminal,
  nextStatuses,
  observe,
  START_STATUSES,
} from '../index.ts'
import { pathBetween } from '../transition.ts'
import {
  applyEvent,
  type CallMachineEvent,
  type CallMachineInput,
  type CallSnapshot,
  callMachine,
  snapshotAt,
  snapshotOf,
} from './index.ts'

const OPEN: CallMachineInput = { direction: 'outbound', guardrailsConfigured: true }
const STARTS: readonly { start: CallStatus; input: CallMachineInput }[] = [
  ...START_STATUSES.outbound.map((start) => ({ start, input: OPEN })),
  ...START_STATUSES.inbound.map((start) => ({
    start,
    input: { direction: 'inbound' as const, guardrailsConfigured: false },
  })),
]
const LEGAL_MOVES = new Set(
  CALL_STATUSES.flatMap((from) => nextStatuses(from).map((to) => `${from} -> ${to}`)),
)

describe('xstate/graph', () => {
  // The types of getAdjacencyMap, unlike the others, take no machine that declares what it emits.
  const anyMachine: AnyStateMachine = callMachine

  test('walks every status and every legal move from the starts, and no other', () => {
    const statuses = new Set<CallStatus>()
    const moves = new Set<string>()
    for (const { start, input } of STARTS) {
      const fromState = snapshotAt(start, input)
      const map = getAdjacencyMap<CallSnapshot, CallMachineEvent, CallMachineInput>(anyMachine, {
        fromState,
      })
      statuses.add(start)
      for (const { state, nextState } of adjacencyMapToArray(map)) {
        statuses.add(nextState.value)
        if (nextState !== state) moves.add(`${state.value} -> ${nextState.value}`)
      }
    }
    expect(statuses).toEqual(new Set(CALL_STATUSES))
    expect(moves).toEqual(LEGAL_MOVES)
  })

  test('finds the shortest paths that the table knows', () => {
    const paths = getShortestPaths(callMachine, { input: OPEN })
    const found = paths.map(({ steps }) => steps.map(({ state }) => state.value))
    const reachable = CALL_STATUSES.filter((status) => pathBetween('queued', status) !== null)
    expect(new Set(found.map((path) => path.at(-1)))).toEqual(new Set(reachable))
    for (const path of found) {
      expect(path).toHaveLength(pathBetween('queued', path.at(-1) as CallStatus)?.length ?? 0)
    }
  })

  test('finds simple paths that end in every end', () => {
    const paths = getSimplePaths(callMachine, { input: OPEN })
    const found = paths.map(({ steps }) => steps.map(({ state }) => state.value))
    expect(found.length).toBeGreaterThan(50)
    for (const path of found) {
      expect(new Set(path).size).toBe(path.length)
      for (const [index, to] of path.slice(1).entries()) {
        expect(LEGAL_MOVES).toContain(`${path[index]} -> ${to}`)
      }
    }
    const ends = new Set(found.map((path) => path.at(-1)))
    expect(ends).toEqual(new Set(CALL_STATUSES.filter((status) => status !== 'prepared')))
  })

  test('makes a test model whose paths hold for an actor', async () => {
    const model = createTestModel(callMachine)
    const paths = model.getShortestPaths({ input: OPEN })
    expect(paths.length).toBeGreaterThan(20)
    const reached = new Set<CallStatus>()
    for (const path of paths) {
      const actor = createActor(callMachine, { input: OPEN }).start()
      actor.on('rejected', ({ to }) => expect.unreachable(`${to} was refused`))
      await path.test({
        events: Object.fromEntries(CALL_STATUSES.map((type) => [type, () => actor.send({ type })])),
        states: {
          '*': (state) => {
            expect(actor.getSnapshot().value).toBe(state.value)
            reached.add(state.value)
          },
        },
      })
    }
    expect(reached.size).toBe(CALL_STATUSES.length - 1)
  })
})

describe('strict and tolerant', () => {
  test('agree step by step on every complete legal path of up to 12 statuses', () => {
    const LONGEST = 12
    const seen = new Set<CallStatus>()
    const disagreements: unknown[] = []
    let complete = 0

    function walk(snapshot: CallSnapshot, call: Call, length: number) {
      const known = snapshotOf(call, snapshot.context)
      seen.add(snapshot.value)
      if (call.status !== snapshot.value || !sameKnowledge(known, snapshot)) {
        disagreements.push({ strict: snapshot.value, tolerant: call.status, length })
      }
      if (isTerminal(snapshot.value)) complete++
      if (length === LONGEST) return
      for (const type of nextStatuses(snapshot.value)) {
        const occurredAt = length * 1000
        const applied = applyEvent(snapshot, { type, occurredAt })
        const { call: next, decision } = observe(call, { status: type, attempt: 1, occurredAt })
        const goesOn = applied.ok && (decision.kind === 'advanced' || decision.kind === 'duplicate')
        if (!goesOn) disagreements.push({ applied: applied.ok, decision })
        else walk(applied.snapshot, next, length + 1)
      }
    }

    for (const { start, input } of STARTS) {
      const { call } = observe(null, { status: start, attempt: 1, occurredAt: 0 })
      walk(snapshotAt(start, { ...input, occurredAt: 0 }), call, 1)
    }
    expect(disagreements).toEqual([])
    expect(seen).toEqual(new Set(CALL_STATUSES))
    expect(complete).toBe(10_181)
  }, 30_000)
})

function sameKnowledge(one: CallSnapshot | null, other: CallSnapshot): boolean {
  return one?.value === other.value && JSON.stringify(one.context) === JSON.stringify(other.context)
}
