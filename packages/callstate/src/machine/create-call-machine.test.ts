import { describe, expect, test } from 'vitest'
import { createActor, initialTransition, toPromise, transition } from 'xstate'
import { createTestModel } from 'xstate/graph'
import {
  CALL_STATUSES,
  type Call,
  type CallStatus,
  canTransition,
  checkTransition,
  isCallstateError,
  isTerminal,
  lifecycleOf,
  nextStatuses,
  type OwnLifecycle,
  observe,
  replay,
} from '../index.ts'
import { emittedBy, OPEN, send } from './call-machine.fixture.ts'
import {
  applyEvent,
  type CallMachine,
  type CallMachineInput,
  type CallSnapshot,
  callMachine,
  callOf,
  createCallMachine,
  snapshotAt,
  snapshotOf,
} from './index.ts'
import { LEGAL } from './legal-moves.fixture.ts'

/** Reports no ringing, and says once that a call is over. */
const TERSE = { lacks: ['call-disconnected', 'ringing'], moves: [] } as const satisfies OwnLifecycle
/** Does not queue, and has shown a move that the table does not have. */
const DIRECT = {
  lacks: ['scheduled', 'prepared', 'queued', 'rescheduled', 'balance-low'],
  moves: [
    {
      from: 'in-progress',
      to: 'completed',
      mark: 'observed',
      source: 'https://calls.example/recording',
    },
  ],
} as const satisfies OwnLifecycle

/** The moves of TERSE by hand: those of the table, with what follows a lacking status in its place. */
const TERSE_LEGAL = new Map(
  [...LEGAL]
    .filter(([from]) => from !== 'ringing' && from !== 'call-disconnected')
    .map(([from, to]) => [from, new Set(to)] as const),
)
TERSE_LEGAL.get('initiated')?.delete('ringing')
TERSE_LEGAL.get('in-progress')?.delete('call-disconnected')
TERSE_LEGAL.get('in-progress')?.add('completed')

describe('a machine of a provider', () => {
  test('has the statuses that the provider has a word for, and no other', () => {
    const machine = createCallMachine(TERSE)
    expect(Object.keys(machine.states)).toEqual(
      CALL_STATUSES.filter((status) => TERSE_LEGAL.has(status)),
    )
    expect(machine.events).not.toContain('ringing')
    expect(machine.events).toContain('completed')
  })

  test('agrees with the lifecycle on all 256 pairs, with the reason of every refusal', () => {
    const machine = createCallMachine(TERSE)
    for (const from of CALL_STATUSES) {
      const may = TERSE_LEGAL.get(from)
      for (const to of CALL_STATUSES) {
        const legal = may?.has(to) ?? false
        expect(canTransition(from, to, { provider: TERSE })).toBe(legal)
        if (may === undefined) continue
        const before = snapshotAt(from, OPEN, machine)
        expect(before.can({ type: to }), `${from} to ${to}`).toBe(legal)
        const applied = applyEvent(before, { type: to })
        expect(applied.ok).toBe(legal)
        const check = checkTransition(from, to, { provider: TERSE })
        const rejections = check.ok ? [] : [{ type: 'rejected', from, to, reason: check.reason }]
        expect(applied.ok ? [] : [applied.rejection]).toEqual(rejections)
        expect(emittedBy(before, { type: to })).toEqual(rejections)
        if (!isTerminal(from)) {
          expect(send(before, { type: to }, machine).emitted).toEqual(rejections)
        }
      }
    }
  })

  test('refuses what the provider does not say as provider-lacks, also after provide', () => {
    for (const machine of [createCallMachine(TERSE), createCallMachine(TERSE).provide({})]) {
      const before = snapshotAt('initiated', OPEN, machine)
      expect(applyEvent(before, { type: 'ringing' })).toMatchObject({
        ok: false,
        rejection: { from: 'initiated', to: 'ringing', reason: 'provider-lacks' },
      })
      expect(applyEvent(before, { type: 'warp-drive' })).toMatchObject({
        rejection: { reason: 'unrecognized-status' },
      })
    }
  })

  test('begins at the usual outbound start that the provider can say', () => {
    const startOf = (provider?: OwnLifecycle) =>
      createActor(createCallMachine(provider)).getSnapshot().value
    expect(startOf()).toBe('queued')
    expect(startOf(TERSE)).toBe('queued')
    expect(startOf({ lacks: ['queued'] })).toBe('scheduled')
    expect(startOf(DIRECT)).toBe('initiated')
    expect(initialTransition(createCallMachine(DIRECT))[0].value).toBe('initiated')
  })

  test('marks its moves as the provider does, and all others as our reading', () => {
    const { states } = JSON.parse(JSON.stringify(createCallMachine(DIRECT)))
    expect(states['in-progress'].on.completed[0].meta).toEqual({
      mark: 'observed',
      source: 'https://calls.example/recording',
    })
    expect(states.initiated.on.ringing[0].meta).toEqual({ mark: 'inferred', source: null })
  })

  test('goes through a call as an actor, and tells how it ended', async () => {
    const actor = createActor(createCallMachine(TERSE), { input: { attempt: 2 } }).start()
    const over = toPromise(actor)
    for (const type of ['initiated', 'in-progress', 'completed'] as const) {
      actor.send({ type, occurredAt: 9 })
    }
    expect(await over).toEqual({
      status: 'completed',
      group: 'successful',
      attempt: 2,
      occurredAt: 9,
    })
  })

  test('does not restore a snapshot at a status that the provider lacks, and says what to do', () => {
    const stored = JSON.parse(
      JSON.stringify(
        createActor(callMachine, { snapshot: snapshotAt('ringing') }).getPersistedSnapshot(),
      ),
    )
    for (const machine of [createCallMachine(TERSE), createCallMachine(TERSE).provide({})]) {
      const { status, error } = createActor(machine, { snapshot: stored }).getSnapshot()
      expect(status).toBe('error')
      expect(isCallstateError(error) && [error.code, error.message]).toEqual([
        'unrecognized-status',
        'A snapshot at "ringing" cannot be restored: its machine has no such status, since its provider lacks it. Restore it with callMachine, or make the machine for the provider that said it.',
      ])
    }
    const strange = { ...stored, value: '+12025550123' }
    const { error } = createActor(callMachine, { snapshot: strange }).getSnapshot()
    expect(isCallstateError(error) && error.code).toBe('unrecognized-status')
    expect(String(error)).not.toContain('2025550123')
  })

  test('persists, and comes back', () => {
    const machine = createCallMachine(TERSE)
    const actor = createActor(machine).start()
    actor.send({ type: 'initiated', occurredAt: 3 })
    const stored = JSON.parse(JSON.stringify(actor.getPersistedSnapshot()))
    const restored = createActor(machine, { snapshot: stored }).start()
    restored.send({ type: 'ringing' })
    restored.send({ type: 'in-progress' })
    expect(restored.getSnapshot().value).toBe('in-progress')
  })

  test('makes a test model whose paths hold for an actor', async () => {
    const machine = createCallMachine(TERSE)
    const reached = new Set<string>()
    for (const path of createTestModel(machine).getShortestPaths()) {
      const actor = createActor(machine).start()
      await path.test({
        events: Object.fromEntries(
          machine.events.map((type) => [type, () => actor.send({ type } as never)]),
        ),
        states: {
          '*': ({ value }) => {
            expect(actor.getSnapshot().value).toBe(value)
            reached.add(value)
          },
        },
      })
    }
    // Outbound and without guardrails: all but what only another start or guardrails lead to.
    const elsewhere = ['scheduled', 'prepared', 'rescheduled']
    expect(reached).toEqual(new Set([...TERSE_LEGAL.keys()].filter((s) => !elsewhere.includes(s))))
  })

  test('is callMachine where no provider is named, and leaves callMachine alone', () => {
    const same = createCallMachine()
    expect(JSON.stringify(same)).toBe(JSON.stringify(callMachine))
    createCallMachine(TERSE)
    expect(snapshotAt('initiated').can({ type: 'ringing' })).toBe(true)
  })

  test('cannot be made where no call can start', () => {
    try {
      createCallMachine({ lacks: CALL_STATUSES })
      expect.unreachable()
    } catch (error) {
      expect(isCallstateError(error) && error.code).toBe('invalid-provider')
    }
  })
})

describe('snapshots of a machine of a provider', () => {
  const machine = createCallMachine(TERSE)

  test('are made at its statuses, and throw at others', () => {
    expect(snapshotAt('in-progress', { direction: 'inbound' }, machine)).toMatchObject({
      value: 'in-progress',
      context: { direction: 'inbound' },
    })
    try {
      snapshotAt('ringing', {}, machine)
      expect.unreachable()
    } catch (error) {
      expect(isCallstateError(error) && error.code).toBe('unrecognized-status')
      expect(String(error)).toMatch(/one of the 14 call statuses/)
    }
  })

  test('go to a call and back', () => {
    for (const status of Object.keys(lifecycleOf(TERSE)) as CallStatus[]) {
      const snapshot = snapshotAt(status, { ...OPEN, attempt: 2, occurredAt: 7 }, machine)
      const back = snapshotOf(callOf(snapshot), snapshot.context, machine)
      expect(back?.value).toBe(status)
      expect(back?.context).toEqual(snapshot.context)
      expect(back?.machine).toBe(machine)
    }
  })

  test('are null where a call is at a status that the provider was not to say', () => {
    const { call } = replay([{ status: 'ringing' }], { provider: TERSE })
    expect(snapshotOf(call, {}, machine)).toBeNull()
    expect(snapshotOf(call)?.value).toBe('ringing')
  })

  test('know the guards that were exchanged', () => {
    const lenient = machine.provide({ guards: { notOlder: () => true } })
    const before = snapshotAt('in-progress', { occurredAt: 5 }, lenient)
    const [after] = transition(lenient, before, { type: 'completed', occurredAt: 4 })
    expect(after.value).toBe('completed')
    expect(applyEvent(before, { type: 'completed', occurredAt: 4 }).ok).toBe(true)
  })
})

describe('law 7: strict and tolerant agree step by step', () => {
  /** How many paths of at most `longest` statuses end in an end, by the model written by hand. */
  function endingPaths(from: string, longest: number): number {
    const may = TERSE_LEGAL.get(from)
    if (may === undefined || longest === 0) return 0
    return may.size === 0 ? 1 : [...may].reduce((sum, to) => sum + endingPaths(to, longest - 1), 0)
  }

  test('on every complete legal path of a provider', () => {
    const LONGEST = 11
    const machine: CallMachine = createCallMachine(TERSE)
    const options = { provider: TERSE }
    const disagreements: unknown[] = []
    const seen = new Set<string>()
    let complete = 0

    function walk(snapshot: CallSnapshot, call: Call, length: number) {
      const { value, context } = snapshot
      seen.add(value)
      const known = snapshotOf(call, context, machine)
      if (known?.value !== value || JSON.stringify(known.context) !== JSON.stringify(context)) {
        disagreements.push({ strict: value, tolerant: call.status, length })
      }
      if (isTerminal(value)) complete++
      if (length === LONGEST) return
      for (const type of nextStatuses(value, options)) {
        const occurredAt = length * 1000
        const applied = applyEvent(snapshot, { type, occurredAt })
        const event = { status: type, attempt: 1, occurredAt }
        const { call: after, decision } = observe(call, event, options)
        const goesOn =
          (decision.kind === 'advanced' && decision.skipped.length === 0) ||
          // Waiting statuses go back and forth.
          decision.kind === 'duplicate'
        if (applied.ok && goesOn) walk(applied.snapshot, after, length + 1)
        else disagreements.push({ from: value, type, applied: applied.ok, decision })
      }
    }

    const starts: readonly (readonly [CallStatus, CallMachineInput])[] = [
      ...(['queued', 'scheduled', 'prepared'] as const).map((start) => [start, OPEN] as const),
      ['in-progress', { direction: 'inbound' }],
    ]
    for (const [start, input] of starts) {
      const { call } = observe(null, { status: start, attempt: 1, occurredAt: 0 }, options)
      walk(snapshotAt(start, { ...input, occurredAt: 0 }, machine), call, 1)
    }
    expect(disagreements).toEqual([])
    expect(seen).toEqual(new Set(TERSE_LEGAL.keys()))
    expect(complete).toBe(starts.reduce((sum, [start]) => sum + endingPaths(start, LONGEST), 0))
    expect(complete).toBeGreaterThan(1000)
  })
})

// By hand: what a provider says, and where a call of its machine begins. Never at an end, as long as the
// provider says anything else.
test.each([
  ['ringing', ['ringing', 'in-progress', 'completed', 'busy', 'failed', 'no-answer', 'canceled']],
  ['in-progress', ['in-progress', 'call-disconnected', 'completed', 'error']],
  ['in-progress', ['in-progress', 'completed', 'busy', 'failed', 'no-answer', 'canceled']],
  ['ringing', ['ringing', 'in-progress', 'completed', 'failed']],
  ['in-progress', ['in-progress', 'completed', 'error']],
  ['initiated', ['initiated', 'in-progress', 'completed', 'failed']],
  ['prepared', ['prepared', 'initiated', 'completed', 'failed']],
  ['queued', ['queued', 'completed', 'failed']],
] as const)('begins at %s where a provider says %j', (start, said) => {
  const lacks = CALL_STATUSES.filter((status) => !said.some((one) => one === status))
  const actor = createActor(createCallMachine({ lacks })).start()
  expect(actor.getSnapshot()).toMatchObject({ value: start, status: 'active' })
})
