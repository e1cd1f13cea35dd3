import { describe, expect, test } from 'vitest'
import { createActor, initialTransition, transition } from 'xstate'
import { after, BOLNA, CANCELED, ended, OPENED } from './call-job-machine.fixture.ts'
import { applyJobEvent, type CallJobEmitted, callJobMachine } from './index.ts'

describe('a refused event', () => {
  const attempting = after({ policy: BOLNA, attempt: 2 })
  const waiting = after({ policy: BOLNA, attempt: 2 }, ended('busy'))
  const settled = after({ policy: BOLNA, attempt: 2 }, ended('stopped'))

  test.each([
    ['attempt-running', attempting, OPENED],
    ['attempt-running', attempting, { type: 'attempt-opened', attempt: 3 }],
    ['other-attempt', attempting, ended('busy', { attempt: 1 })],
    ['other-attempt', attempting, ended('completed', { attempt: 3 })],
    ['not-an-end', attempting, ended('ringing' as never)],
    ['not-an-end', attempting, { type: 'attempt-ended' } as never],
    ['unrecognized-event', attempting, { type: 'retry' } as never],
    ['no-attempt-running', waiting, ended('busy')],
    ['no-attempt-running', waiting, ended('busy', { attempt: 3 })],
    ['other-attempt', waiting, { type: 'attempt-opened', attempt: 2 }],
    ['other-attempt', waiting, { type: 'attempt-opened', attempt: 4 }],
    ['unrecognized-event', waiting, { type: 'retry' } as never],
    ['already-settled', settled, ended('busy')],
    ['already-settled', settled, OPENED],
    ['already-settled', settled, CANCELED],
    ['unrecognized-event', settled, { type: 'retry' } as never],
  ] as const)('is %s, changes nothing and is emitted', (reason, before, event) => {
    const rejection = { type: 'rejected', from: before.value, to: event.type, reason }
    expect(applyJobEvent(before, event)).toEqual({ ok: false, snapshot: before, rejection })

    expect(before.can(event)).toBe(false)
    const [next, actions] = transition(callJobMachine, before, event)
    expect(next).toBe(before)
    expect(actions.map(({ params }) => params)).toEqual([{ event: rejection }])

    if (before === settled) return
    const actor = createActor(callJobMachine, { snapshot: before })
    const emitted: CallJobEmitted[] = []
    actor.on('rejected', (event) => emitted.push(event))
    actor.start().send(event)
    expect(actor.getSnapshot().value).toBe(before.value)
    expect(emitted).toEqual([rejection])
  })

  test.each([
    ['the current attempt', attempting, ended('busy', { attempt: 2 }), 'waiting-for-retry'],
    ['the next attempt', waiting, { type: 'attempt-opened', attempt: 3 }, 'attempting'],
    [
      'an attempt that is not said',
      waiting,
      { type: 'attempt-opened', attempt: null },
      'attempting',
    ],
  ] as const)('is not one that speaks of %s', (_, before, event, to) => {
    expect(before.can(event)).toBe(true)
    const applied = applyJobEvent(before, event)
    expect(applied).toMatchObject({ ok: true, snapshot: { value: to } })
    expect(applied).not.toHaveProperty('rejection')
  })

  const refuse = () => false

  test.each([
    ['endsAttempt', { endsAttempt: refuse }, ended('completed'), []],
    ['opensNextAttempt', { opensNextAttempt: refuse }, OPENED, [ended('busy')]],
  ] as const)('by an exchanged guard %s has the reason guard', (_, guards, event, before) => {
    const machine = callJobMachine.provide({ guards })
    const [start] = initialTransition(machine, { policy: BOLNA })
    const snapshot = before.reduce((one, event) => transition(machine, one, event)[0], start)
    const rejection = { type: 'rejected', from: snapshot.value, to: event.type, reason: 'guard' }
    expect(snapshot.can(event)).toBe(false)
    expect(applyJobEvent(snapshot, event)).toEqual({ ok: false, snapshot, rejection })

    const actor = createActor(machine, { snapshot })
    const emitted: CallJobEmitted[] = []
    actor.on('rejected', (event) => emitted.push(event))
    actor.start().send(event)
    expect(emitted).toEqual([rejection])
  })

  test('by the table is none where an exchanged guard lets it pass', () => {
    const machine = callJobMachine.provide({ guards: { endsAttempt: () => true } })
    const [snapshot] = initialTransition(machine, { policy: null, attempt: 2 })
    const applied = applyJobEvent(snapshot, ended('busy', { attempt: 1 }))
    expect(applied).toMatchObject({ ok: true, snapshot: { value: 'settled' } })
  })

  test('may have any type: none of XState is sent, and nothing throws', () => {
    const types = [
      '*',
      'xstate.stop',
      'xstate.init',
      'constructor',
      Symbol('canceled'),
      {},
      5,
      null,
    ]
    for (const type of [...types, ['canceled'], Object.create(null)]) {
      for (const before of [attempting, waiting, settled]) {
        expect(applyJobEvent(before, { type } as never)).toMatchObject({
          ok: false,
          snapshot: before,
          rejection: { reason: 'unrecognized-event' },
        })
      }
    }
  })

  test.each([[null], [undefined], [{}]])('may be %j: nothing throws', (event) => {
    const rejection = {
      type: 'rejected',
      from: 'attempting',
      to: '(undefined)',
      reason: 'unrecognized-event',
    }
    const applied = applyJobEvent(attempting, event as never)
    expect(applied).toEqual({ ok: false, snapshot: attempting, rejection })
  })
})
