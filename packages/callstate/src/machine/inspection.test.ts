import { describe, expect, test } from 'vitest'
import { type AnyStateMachine, createActor, type InspectionEvent, setup } from 'xstate'
import { type CallMachineEvent, callMachine } from './index.ts'

/** What an inspector is told of one event, by kind; of snapshots the value, of actions what they emit. */
function told(event: CallMachineEvent): readonly unknown[] {
  const seen: InspectionEvent[] = []
  const actor = createActor(callMachine, { inspect: (inspected) => void seen.push(inspected) })
  actor.start()
  seen.length = 0
  actor.send(event)
  return seen.map((inspected) => {
    switch (inspected.type) {
      case '@xstate.event':
        return [inspected.type, inspected.event]
      case '@xstate.action':
        return [inspected.type, inspected.action]
      case '@xstate.snapshot':
      case '@xstate.microstep':
        return [inspected.type, (inspected.snapshot as { value?: unknown }).value]
      default:
        return [inspected.type]
    }
  })
}

/** In which order an inspector is told of one event, and a listener hears what is emitted. */
function orderIn(machine: AnyStateMachine): readonly string[] {
  const order: string[] = []
  const actor = createActor(machine, { inspect: ({ type }) => void order.push(type) })
  actor.on('rejected', () => order.push('heard'))
  actor.start()
  order.length = 0
  actor.send({ type: 'completed' })
  return order
}

describe('inspection', () => {
  test('an inspector hears the actor, its events and its snapshots', () => {
    const heard: string[] = []
    const actor = createActor(callMachine, { inspect: ({ type }) => heard.push(type) }).start()
    actor.send({ type: 'initiated' })
    expect(new Set(heard)).toEqual(
      new Set(['@xstate.actor', '@xstate.event', '@xstate.snapshot', '@xstate.microstep']),
    )
  })

  test('a move is told as XState tells it', () => {
    expect(told({ type: 'initiated' })).toEqual([
      ['@xstate.event', { type: 'initiated' }],
      ['@xstate.microstep', 'initiated'],
      ['@xstate.snapshot', 'initiated'],
    ])
  })

  test('a refusal is told as XState tells a machine that emits by itself', () => {
    const rejection = { type: 'rejected', from: 'queued', to: 'completed', reason: 'skips-ahead' }
    expect(told({ type: 'completed' })).toEqual([
      ['@xstate.event', { type: 'completed' }],
      ['@xstate.action', { type: 'xstate.emit', params: { event: rejection } }],
      ['@xstate.microstep', 'queued'],
      ['@xstate.snapshot', 'queued'],
    ])

    const machine = setup({ types: { emitted: {} as { type: 'rejected' } } })
    const emits = machine.createMachine({
      on: { completed: { actions: machine.emit({ type: 'rejected' }) } },
    })
    const order = orderIn(emits)
    expect(order).toContain('heard')
    expect(orderIn(callMachine)).toEqual(order)
  })
})
