import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createActor } from 'xstate'
import {
  CALL_STATUSES,
  EMPTY_CALL,
  isCallstateError,
  parseStatus,
  replay,
  START_STATUSES,
} from '../index.ts'
import { type CallMachineInput, callMachine, callOf, snapshotAt, snapshotOf } from './index.ts'

const status = fc.constantFrom(...CALL_STATUSES)
const time = fc.option(fc.integer())
const input: fc.Arbitrary<CallMachineInput> = fc.record({
  direction: fc.constantFrom('outbound', 'inbound'),
  guardrailsConfigured: fc.boolean(),
  attempt: fc.integer({ min: 1, max: 6 }),
  occurredAt: time,
})
const event = fc.record({
  status: fc.option(status),
  word: fc.constant('warp-drive'),
  attempt: fc.option(fc.integer({ min: 1, max: 3 })),
  occurredAt: time,
})

describe('snapshotAt', () => {
  test('makes every start, and an actor begins there', () => {
    for (const start of [...START_STATUSES.outbound, ...START_STATUSES.inbound]) {
      const snapshot = snapshotAt(start, { direction: 'inbound', attempt: 2, occurredAt: 5 })
      const actor = createActor(callMachine, { snapshot }).start()
      expect(actor.getSnapshot().value).toBe(start)
      expect(actor.getSnapshot().context).toEqual({
        direction: 'inbound',
        guardrailsConfigured: false,
        attempt: 2,
        occurredAt: 5,
      })
    }
  })

  test('knows no time where the given one is no number', () => {
    expect(snapshotAt('queued', { occurredAt: Number.NaN }).context.occurredAt).toBeNull()
  })

  test('throws for a status outside the table, without repeating it', () => {
    try {
      snapshotAt('+12025550123' as never)
      expect.unreachable()
    } catch (error) {
      expect(isCallstateError(error) && error.code).toBe('unrecognized-status')
      expect(String(error)).toMatch(/one of the 16 call statuses.*parseStatus/)
      expect(String(error)).not.toContain('555')
    }
  })
})

describe('snapshotOf', () => {
  test('is null where no status of the table was heard', () => {
    expect(snapshotOf(EMPTY_CALL)).toBeNull()
    expect(snapshotOf(replay([parseStatus('warp-drive')]).call)).toBeNull()
  })

  test('is the latest attempt at its current status, at the latest time of that status', () => {
    const { call } = replay([
      { status: 'busy', attempt: 1, occurredAt: 50 },
      { status: 'ringing', attempt: 2, occurredAt: 90 },
      { status: 'in-progress', attempt: 2, occurredAt: 100 },
      { status: 'in-progress', attempt: 2, occurredAt: 120 },
    ])
    const snapshot = snapshotOf(call, { direction: 'inbound', guardrailsConfigured: true })
    expect(snapshot?.value).toBe('in-progress')
    expect(snapshot?.context).toEqual({
      direction: 'inbound',
      guardrailsConfigured: true,
      attempt: 2,
      occurredAt: 120,
    })
  })

  test('has no time where the call holds none of its status', () => {
    const trimmed = { ...EMPTY_CALL, status: 'ringing' } as const
    expect(snapshotOf(trimmed)).toMatchObject({ value: 'ringing', context: { occurredAt: null } })
  })

  test('reads what was heard without an attempt number', () => {
    const { call } = replay([{ status: 'ringing', occurredAt: 9 }])
    expect(snapshotOf(call)).toMatchObject({
      value: 'ringing',
      context: { attempt: 1, occurredAt: 9 },
    })
  })
})

describe('between a call and a snapshot', () => {
  test('law: a snapshot that becomes a call comes back whole', () => {
    fc.assert(
      fc.property(status, input, (at, given) => {
        const snapshot = snapshotAt(at, given)
        const back = snapshotOf(callOf(snapshot), snapshot.context)
        expect(back?.value).toBe(at)
        expect(back?.context).toEqual(snapshot.context)
      }),
    )
  })

  test('law: a call that becomes a snapshot keeps status, attempt and time of the status', () => {
    fc.assert(
      fc.property(fc.array(event, { minLength: 1, maxLength: 8 }), (events) => {
        const { call } = replay(events)
        const snapshot = snapshotOf(call)
        fc.pre(snapshot !== null)
        const back = callOf(snapshot)
        expect(back.status).toBe(call.status)
        expect(back.attempt).toBe(call.attempt)
        expect(snapshotOf(back)?.context).toEqual(snapshot.context)
      }),
    )
  })
})
