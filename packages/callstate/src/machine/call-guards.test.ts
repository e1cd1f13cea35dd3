import { describe, expect, test } from 'vitest'
import { createActor } from 'xstate'
import { CALL_STATUSES, type CallStatus, nextStatuses, phaseOf } from '../index.ts'
import { emittedBy, next, OPEN, send } from './call-machine.fixture.ts'
import {
  applyEvent,
  type CallMachineInput,
  type CallRejection,
  callMachine,
  snapshotAt,
} from './index.ts'

describe('guardrailsConfigured', () => {
  for (const from of ['scheduled', 'queued'] as const) {
    test(`stands between ${from} and rescheduled`, () => {
      const event = { type: 'rescheduled' } as const
      const closed = send(snapshotAt(from, { guardrailsConfigured: false }), event)
      expect(closed.snapshot.value).toBe(from)
      expect(closed.emitted).toEqual([
        { type: 'rejected', from, to: 'rescheduled', reason: 'guardrails-not-configured' },
      ])
      const open = send(snapshotAt(from, { guardrailsConfigured: true }), event)
      expect(open.snapshot.value).toBe('rescheduled')
      expect(open.emitted).toEqual([])
    })
  }

  test('stands before no other move', () => {
    for (const from of CALL_STATUSES) {
      for (const to of nextStatuses(from)) {
        if (to === 'rescheduled') continue
        const before = snapshotAt(from, { guardrailsConfigured: false })
        expect(next(before, { type: to }).value).toBe(to)
      }
    }
  })
})

describe('isOutbound', () => {
  test('stands before every waiting status, and before no other', () => {
    for (const from of CALL_STATUSES) {
      for (const to of nextStatuses(from)) {
        const inbound = snapshotAt(from, { direction: 'inbound', guardrailsConfigured: true })
        const waits = phaseOf(to) === 'waiting'
        const { snapshot } = applyEvent(inbound, { type: to })
        expect(snapshot.value, `${from} to ${to}`).toBe(waits ? from : to)
        const reason = { type: 'rejected', from, to, reason: 'not-outbound' }
        expect(emittedBy(inbound, { type: to })).toEqual(waits ? [reason] : [])
      }
    }
  })
})

describe('notOlder', () => {
  const before = snapshotAt('ringing', { occurredAt: 1000 })

  test('refuses an event before the time of the current status', () => {
    const { snapshot, emitted } = send(before, { type: 'in-progress', occurredAt: 999 })
    expect(snapshot.value).toBe('ringing')
    expect(snapshot.context.occurredAt).toBe(1000)
    expect(emitted).toEqual([
      { type: 'rejected', from: 'ringing', to: 'in-progress', reason: 'older-than-state' },
    ])
  })

  test.each([
    ['of the same time', 1000, 1000],
    ['of a later time', 1001, 1001],
    ['without a time', null, null],
    ['with a time that is no number', Number.NaN, null],
    ['with an endless time', Number.NEGATIVE_INFINITY, null],
  ])('accepts an event %s', (_, occurredAt, kept) => {
    const { snapshot } = send(before, { type: 'in-progress', occurredAt })
    expect(snapshot.value).toBe('in-progress')
    expect(snapshot.context.occurredAt).toBe(kept)
  })

  test('accepts any time where that of the current status is unknown', () => {
    const { snapshot } = send(snapshotAt('ringing'), { type: 'busy', occurredAt: -5 })
    expect(snapshot.value).toBe('busy')
    expect(snapshot.context.occurredAt).toBe(-5)
  })

  test('stands before every move', () => {
    for (const from of CALL_STATUSES) {
      for (const type of nextStatuses(from)) {
        const late = snapshotAt(from, { ...OPEN, occurredAt: 2 })
        expect(next(late, { type, occurredAt: 1 }).value).toBe(from)
        expect(next(late, { type, occurredAt: 2 }).value).toBe(type)
      }
    }
  })
})

describe('the guards together', () => {
  test('name the first that fails, and the table goes before them', () => {
    const worst: CallMachineInput = { direction: 'inbound', occurredAt: 2 }
    const reason = (from: CallStatus, type: CallStatus, input: CallMachineInput) =>
      emittedBy(snapshotAt(from, input), { type, occurredAt: 1 })
    const rejected = (from: CallStatus, to: CallStatus, why: string) => [
      { type: 'rejected', from, to, reason: why },
    ]
    expect(reason('queued', 'rescheduled', worst)).toEqual(
      rejected('queued', 'rescheduled', 'guardrails-not-configured'),
    )
    expect(reason('queued', 'rescheduled', { ...worst, guardrailsConfigured: true })).toEqual(
      rejected('queued', 'rescheduled', 'not-outbound'),
    )
    expect(reason('queued', 'rescheduled', { ...OPEN, occurredAt: 2 })).toEqual(
      rejected('queued', 'rescheduled', 'older-than-state'),
    )
    expect(reason('scheduled', 'queued', worst)).toEqual(
      rejected('scheduled', 'queued', 'not-outbound'),
    )
    expect(reason('busy', 'rescheduled', worst)).toEqual(
      rejected('busy', 'rescheduled', 'already-ended'),
    )
  })

  test('may be exchanged, and then nobody knows their reason', () => {
    const strict = callMachine.provide({ guards: { notOlder: () => false } })
    const actor = createActor(strict).start()
    const emitted: CallRejection[] = []
    actor.on('rejected', (rejection) => emitted.push(rejection))
    actor.send({ type: 'initiated' })
    expect(actor.getSnapshot().value).toBe('queued')
    expect(emitted).toEqual([
      { type: 'rejected', from: 'queued', to: 'initiated', reason: 'guard' },
    ])
  })
})
