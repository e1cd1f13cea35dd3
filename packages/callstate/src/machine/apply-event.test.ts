import { describe, expect, test } from 'vitest'
import { initialTransition } from 'xstate'
import { CALL_STATUSES, canTransition, checkTransition, isTerminal } from '../index.ts'
import { applyEvent, callMachine, snapshotAt } from './index.ts'

describe('applyEvent', () => {
  test('answers on all 256 pairs as the table does, final statuses included', () => {
    let refusedAtTheEnd = 0
    for (const from of CALL_STATUSES) {
      for (const to of CALL_STATUSES) {
        const before = snapshotAt(from, { guardrailsConfigured: true })
        const applied = applyEvent(before, { type: to, occurredAt: 3 })
        expect(applied.ok, `${from} to ${to}`).toBe(canTransition(from, to))
        if (applied.ok) {
          expect(applied.snapshot.value).toBe(to)
          expect(applied.snapshot.context).toEqual({ ...before.context, occurredAt: 3 })
          continue
        }
        const check = checkTransition(from, to)
        expect(applied.snapshot).toBe(before)
        expect(applied.rejection).toEqual({
          type: 'rejected',
          from,
          to,
          reason: check.ok ? 'none' : check.reason,
        })
        if (isTerminal(from)) refusedAtTheEnd++
      }
    }
    expect(refusedAtTheEnd).toBe(8 * 16)
  })

  test('says which guard refused', () => {
    const inbound = snapshotAt('scheduled', { direction: 'inbound', occurredAt: 5 })
    const guardedInbound = snapshotAt('queued', {
      direction: 'inbound',
      guardrailsConfigured: true,
    })
    const late = snapshotAt('queued', { guardrailsConfigured: true, occurredAt: 5 })
    const reasons = [
      applyEvent(inbound, { type: 'rescheduled' }),
      applyEvent(inbound, { type: 'queued' }),
      applyEvent(inbound, { type: 'initiated', occurredAt: 4 }),
      applyEvent(guardedInbound, { type: 'rescheduled' }),
      applyEvent(late, { type: 'rescheduled', occurredAt: 4 }),
    ].map((applied) => (applied.ok ? 'accepted' : applied.rejection.reason))
    expect(reasons).toEqual([
      'guardrails-not-configured',
      'not-outbound',
      'older-than-state',
      'not-outbound',
      'older-than-state',
    ])
  })

  test('counts guards that were exchanged', () => {
    const lenient = callMachine.provide({ guards: { notOlder: () => true } })
    const [late] = initialTransition(lenient, { occurredAt: 5 })
    expect(applyEvent(late, { type: 'initiated', occurredAt: 4 }).snapshot.value).toBe('initiated')

    const strict = callMachine.provide({ guards: { notOlder: () => false } })
    const applied = applyEvent(initialTransition(strict)[0], { type: 'initiated' })
    expect(applied).toMatchObject({ ok: false, rejection: { reason: 'guard' } })
  })

  test.each([
    ['a word outside the table', { type: 'warp-drive' }, 'warp-drive'],
    ['another spelling', { type: 'cancelled' }, 'cancelled'],
    ['a name of Object.prototype', { type: 'constructor' }, 'constructor'],
    ['the wildcard', { type: '*' }, '*'],
    ["XState's own stop", { type: 'xstate.stop' }, 'xstate.stop'],
    ["XState's own start", { type: 'xstate.init' }, 'xstate.init'],
    ['nothing', { type: '' }, ''],
    ['a symbol', { type: Symbol('ringing') }, '(symbol)'],
    ['an object', { type: {} }, '(object)'],
    ['no type', {}, '(undefined)'],
    ['null', null, '(undefined)'],
    ['undefined', undefined, '(undefined)'],
  ])('refuses %s as unrecognized, at every status, and never throws', (_, event, to) => {
    for (const from of CALL_STATUSES) {
      const before = snapshotAt(from)
      const applied = applyEvent(before, event as never)
      const rejection = { type: 'rejected', from, to, reason: 'unrecognized-status' }
      expect(applied).toEqual({ ok: false, snapshot: before, rejection })
    }
  })
})
