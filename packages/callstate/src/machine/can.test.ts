import { describe, expect, test } from 'vitest'
import { createActor, type EventObject } from 'xstate'
import { CALL_STATUSES, canTransition, checkTransition, isTerminal } from '../index.ts'
import { emittedBy, next, OPEN, send } from './call-machine.fixture.ts'
import {
  applyEvent,
  type CallRejection,
  type CallSnapshot,
  callMachine,
  snapshotAt,
} from './index.ts'
import { LEGAL } from './legal-moves.fixture.ts'

const PAIRS = CALL_STATUSES.flatMap((from) => CALL_STATUSES.map((to) => ({ from, to })))

describe('snapshot.can', () => {
  test('is true for exactly the legal moves, over all 256 pairs, and every side agrees with it', () => {
    expect(PAIRS).toHaveLength(256)
    for (const { from, to } of PAIRS) {
      const legal = LEGAL.get(from)?.has(to)
      const before = snapshotAt(from, OPEN)
      expect(before.can({ type: to }), `${from} to ${to}`).toBe(legal)
      expect(canTransition(from, to)).toBe(legal)
      expect(applyEvent(before, { type: to }).ok).toBe(legal)
      expect(next(before, { type: to }).value).toBe(legal ? to : from)
    }
  })

  test('is what a running actor does: 50 pairs are moves, the other 78 are heard as rejected', () => {
    const running = PAIRS.filter(({ from }) => LEGAL.get(from)?.size)
    const illegal = running.filter(({ from, to }) => !LEGAL.get(from)?.has(to))
    expect([running.length, illegal.length]).toEqual([128, 78])

    let moved = 0
    let heard = 0
    for (const { from, to } of running) {
      const before = snapshotAt(from, OPEN)
      const can = before.can({ type: to })
      const { snapshot, emitted } = send(before, { type: to })
      expect(snapshot.value).toBe(can ? to : from)
      const check = checkTransition(from, to)
      const rejection = { type: 'rejected', from, to, reason: check.ok ? 'none' : check.reason }
      expect(emitted).toEqual(can ? [] : [rejection])
      expect(emittedBy(before, { type: to })).toEqual(emitted)
      if (can) moved++
      heard += emitted.length
    }
    expect([moved, heard]).toEqual([50, 78])
  })

  test('is false for an ended actor, which hears nothing, and applyEvent answers', () => {
    for (const from of CALL_STATUSES.filter((status) => isTerminal(status))) {
      const actor = createActor(callMachine, { snapshot: snapshotAt(from, OPEN) }).start()
      const ended = actor.getSnapshot()
      expect(ended.status).toBe('done')
      for (const to of CALL_STATUSES) {
        expect(ended.can({ type: to })).toBe(false)
        const reason = from === to ? 'same-status' : 'already-ended'
        expect(applyEvent(ended, { type: to })).toEqual({
          ok: false,
          snapshot: ended,
          rejection: { type: 'rejected', from, to, reason },
        })
      }
    }
  })

  test('counts the guards, exchanged ones too', () => {
    const inbound = snapshotAt('rescheduled', { direction: 'inbound' })
    expect(inbound.can({ type: 'queued' })).toBe(false)
    expect(inbound.can({ type: 'initiated' })).toBe(true)
    const late = snapshotAt('ringing', { occurredAt: 5 })
    expect(late.can({ type: 'busy', occurredAt: 4 })).toBe(false)
    expect(late.can({ type: 'busy', occurredAt: 5 })).toBe(true)

    const lenient = callMachine.provide({ guards: { notOlder: () => true } })
    const snapshot = snapshotAt('ringing', { occurredAt: 5 }, lenient)
    expect(snapshot.can({ type: 'busy', occurredAt: 4 })).toBe(true)
  })

  test('is false for words outside the table', () => {
    for (const type of ['warp-drive', 'cancelled', '*', 'constructor', '']) {
      expect(snapshotAt('ringing', OPEN).can({ type } as never)).toBe(false)
    }
  })
})

describe('what is emitted as rejected', () => {
  const heardBy = (snapshot: CallSnapshot, event: EventObject, machine = callMachine) => {
    const actor = createActor(machine, { snapshot }).start()
    const heard: CallRejection[] = []
    actor.on('rejected', (rejection) => heard.push(rejection))
    actor.send(event as never)
    return { heard, snapshot: actor.getSnapshot() }
  }

  test("is none of XState's own events", () => {
    const types = [
      'xstate.done.actor.child',
      'xstate.done.state.call',
      'xstate.snapshot.child',
      'xstate.after.1000.call',
      'xstate.stop',
      'xstate.init',
    ]
    for (const type of types) {
      const { heard, snapshot } = heardBy(snapshotAt('ringing', OPEN), { type })
      expect(heard, type).toEqual([])
      expect(snapshot.value).toBe('ringing')
    }
  })

  test('survives provide, also of what provide made', () => {
    const provided = callMachine
      .provide({ guards: { notOlder: () => true } })
      .provide({ actions: { enter: () => {} } })
    for (const machine of [provided, provided.provide({})]) {
      const { heard } = heardBy(snapshotAt('ringing', OPEN, machine), { type: 'queued' }, machine)
      expect(heard).toEqual([
        { type: 'rejected', from: 'ringing', to: 'queued', reason: 'goes-back' },
      ])
      expect(emittedBy(snapshotAt('ringing', OPEN, machine), { type: 'queued' })).toEqual(heard)
    }
  })

  test('is heard once the step is over, and leaves the very same snapshot', () => {
    const actor = createActor(callMachine).start()
    const before = actor.getSnapshot()
    let seen: unknown
    actor.on('rejected', () => {
      seen = actor.getSnapshot()
    })
    actor.send({ type: 'completed' })
    expect(seen).toBe(before)
    expect(actor.getSnapshot()).toBe(before)
  })
})

describe('a refusal by an exchanged guard', () => {
  const refuse = () => false

  test('has the reason guard where a combination was exchanged', () => {
    const machine = callMachine.provide({ guards: { mayWait: refuse, mayReschedule: refuse } })
    for (const direction of ['outbound', 'inbound'] as const) {
      for (const [from, to] of [
        ['scheduled', 'queued'],
        ['queued', 'rescheduled'],
        ['rescheduled', 'scheduled'],
      ] as const) {
        const before = snapshotAt(from, { direction, occurredAt: 5 }, machine)
        const event = { type: to, occurredAt: 4 }
        const rejection = { type: 'rejected', from, to, reason: 'guard' }
        expect(applyEvent(before, event)).toEqual({ ok: false, snapshot: before, rejection })
        expect(send(before, event, machine).emitted).toEqual([rejection])
        expect(emittedBy(before, event)).toEqual([rejection])
      }
    }
  })

  test('has the reason guard where a part of a combination was exchanged', () => {
    const machine = callMachine.provide({ guards: { isOutbound: refuse } })
    expect(applyEvent(snapshotAt('scheduled', OPEN, machine), { type: 'queued' })).toMatchObject({
      rejection: { reason: 'guard' },
    })
  })

  test('has the reason guard where the guard has changed its mind since', () => {
    const answers = [false]
    const machine = callMachine.provide({ guards: { notOlder: () => answers.pop() ?? true } })
    const applied = applyEvent(snapshotAt('ringing', OPEN, machine), { type: 'busy' })
    expect(applied).toMatchObject({ ok: false, rejection: { reason: 'guard' } })
  })

  test('is none where the guards are the same, whatever else was exchanged', () => {
    const machine = callMachine.provide({ actions: {} })
    const before = snapshotAt('scheduled', { direction: 'inbound' }, machine)
    expect(applyEvent(before, { type: 'queued' })).toMatchObject({
      rejection: { reason: 'not-outbound' },
    })
  })
})

test('the events of the machine are the statuses that some move leads to', () => {
  const reached = new Set([...LEGAL.values()].flatMap((statuses) => [...statuses]))
  expect(new Set<string>(callMachine.events)).toEqual(reached)
  expect(callMachine.events).toHaveLength(reached.size)
  expect(reached).not.toContain('prepared')
})
