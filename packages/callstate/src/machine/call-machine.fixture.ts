import { createActor, transition } from 'xstate'
import {
  type CallMachine,
  type CallMachineEvent,
  type CallMachineInput,
  type CallRejection,
  type CallSnapshot,
  callMachine,
} from './index.ts'

/** A call for which every guard passes. */
export const OPEN: CallMachineInput = { direction: 'outbound', guardrailsConfigured: true }

/** Sends one event to a running actor and tells what it emitted. */
export function send(
  snapshot: CallSnapshot,
  event: CallMachineEvent,
  machine: CallMachine = callMachine,
) {
  const actor = createActor(machine, { snapshot }).start()
  const emitted: CallRejection[] = []
  actor.on('rejected', (rejection) => emitted.push(rejection))
  actor.send(event)
  return { snapshot: actor.getSnapshot(), emitted }
}

/** The snapshot after one event, by the pure transition. */
export function next(snapshot: CallSnapshot, event: CallMachineEvent): CallSnapshot {
  return transition(snapshot.machine, snapshot, event)[0]
}

/** What the pure transition would emit. */
export function emittedBy(snapshot: CallSnapshot, event: CallMachineEvent): unknown[] {
  const [, actions] = transition(snapshot.machine, snapshot, event)
  return actions.flatMap(({ type, params }) =>
    String(type) === 'xstate.emit' ? [(params as { event: unknown }).event] : [],
  )
}
