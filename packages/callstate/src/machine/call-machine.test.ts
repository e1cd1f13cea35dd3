import { describe, expect, test } from 'vitest'
import { createActor, initialTransition } from 'xstate'
import {
  CALL_STATUSES,
  type CallStatus,
  canTransition,
  checkTransition,
  groupOf,
  isTerminal,
  LIFECYCLE,
  nextStatuses,
  phaseOf,
} from '../index.ts'
import { emittedBy, next, OPEN, send } from './call-machine.fixture.ts'
import { callMachine, snapshotAt } from './index.ts'

describe('the machine and the table', () => {
  const pairs = CALL_STATUSES.flatMap((from) => CALL_STATUSES.map((to) => ({ from, to })))

  test('agree on all 256 pairs, with the reason of every refusal', () => {
    expect(pairs).toHaveLength(256)
    for (const { from, to } of pairs) {
      const before = snapshotAt(from, OPEN)
      const check = checkTransition(from, to)
      const expected = check.ok ? [] : [{ type: 'rejected', from, to, reason: check.reason }]

      const after = next(before, { type: to })
      expect(after.value, `${from} to ${to}`).toBe(canTransition(from, to) ? to : from)
      expect(emittedBy(before, { type: to })).toEqual(expected)
      if (isTerminal(from)) continue
      const sent = send(before, { type: to })
      expect(sent.snapshot.value).toBe(after.value)
      expect(sent.emitted).toEqual(expected)
    }
  })

  test('agree on what is final, on tags and on descriptions', () => {
    for (const status of CALL_STATUSES) {
      const snapshot = snapshotAt(status)
      const { class: statusClass, phase } = LIFECYCLE[status]
      const tags = [statusClass, phase, groupOf(status)].filter((tag) => tag !== null)
      expect([...snapshot.tags]).toEqual(tags)
      expect(snapshot.status).toBe(isTerminal(status) ? 'done' : 'active')
    }
    expect(snapshotAt('ringing').hasTag('dialing')).toBe(true)
    expect(snapshotAt('ringing').hasTag('terminal')).toBe(false)
  })

  test('a refused event leaves the very same snapshot', () => {
    const before = snapshotAt('ringing', { occurredAt: 5 })
    expect(next(before, { type: 'completed' })).toBe(before)
    expect(next(before, { type: 'busy', occurredAt: 4 })).toBe(before)
  })

  test('an event type outside the table is emitted as rejected, too', () => {
    const { emitted } = send(snapshotAt('ringing'), { type: 'warp-drive' } as never)
    expect(emitted).toEqual([
      { type: 'rejected', from: 'ringing', to: 'warp-drive', reason: 'unrecognized-status' },
    ])
  })

  test('an actor ends with a final state', () => {
    const actor = createActor(callMachine).start()
    let ended = false
    actor.subscribe({ complete: () => (ended = true) })
    for (const type of ['initiated', 'ringing', 'busy'] as const) actor.send({ type })
    expect(actor.getSnapshot()).toMatchObject({ value: 'busy', status: 'done' })
    expect(ended).toBe(true)
  })
})

describe('the start', () => {
  test('is queued, outbound, without guardrails, attempt 1, time unknown', () => {
    const context = {
      direction: 'outbound',
      guardrailsConfigured: false,
      attempt: 1,
      occurredAt: null,
    }
    expect(createActor(callMachine).getSnapshot()).toMatchObject({ value: 'queued', context })
    expect(initialTransition(callMachine)[0]).toMatchObject({ value: 'queued', context })
  })

  test('takes its input', () => {
    const input = {
      direction: 'inbound',
      guardrailsConfigured: true,
      attempt: 3,
      occurredAt: 9,
    } as const
    expect(createActor(callMachine, { input }).getSnapshot().context).toEqual(input)
    expect(initialTransition(callMachine, input)[0].context).toEqual(input)
  })
})

describe('the chart', () => {
  test('survives JSON with states, moves, guards, marks and descriptions', () => {
    const chart = JSON.parse(JSON.stringify(callMachine))
    expect(chart).toMatchObject({ id: 'call', type: 'compound' })
    expect(chart.description).toMatch(/\w/)
    expect(chart.initial.target).toEqual(['#call.queued'])
    expect(Object.keys(chart.states)).toEqual(CALL_STATUSES)
    expect(chart.on).toEqual({})
    expect(JSON.stringify(chart)).not.toContain('*')
    const descriptions = new Set<string>()
    for (const status of CALL_STATUSES) {
      const state = chart.states[status]
      expect(state.type).toBe(isTerminal(status) ? 'final' : 'atomic')
      expect(state.description).toMatch(/\w/)
      descriptions.add(state.description)
      expect(Object.keys(state.on)).toEqual(nextStatuses(status))
      for (const [to, move] of Object.entries(LIFECYCLE[status].next)) {
        const waits = phaseOf(to as CallStatus) === 'waiting'
        const guard = to === 'rescheduled' ? 'mayReschedule' : waits ? 'mayWait' : 'notOlder'
        expect(state.on[to]).toHaveLength(1)
        expect(state.on[to][0]).toMatchObject({
          target: [`#call.${to}`],
          guard,
          actions: ['enter'],
          meta: move,
        })
      }
    }
    expect(descriptions.size).toBe(CALL_STATUSES.length)
  })
})
