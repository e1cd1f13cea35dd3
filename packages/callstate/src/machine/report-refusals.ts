import type { AnyActorScope, AnyMachineSnapshot, AnyStateMachine, EventObject } from 'xstate'

type Step = Parameters<AnyStateMachine['transition']>

/**
 * Makes a machine report what it refuses. XState drops an event that no transition takes in silence;
 * such an event is first emitted, as `explain` says it, and then goes on to XState, which drops it. The
 * chart stays as it was, so `snapshot.can` is the very question that is asked. What `provide` makes of
 * the machine reports too. XState's own events (`xstate.…`) are nobody's mistake and not reported.
 */
export function reportRefusals(
  machine: AnyStateMachine,
  explain: (snapshot: Step[0], event: Step[1]) => EventObject,
): void {
  const { transition } = machine
  const provide = machine.provide.bind(machine)
  machine.transition = (snapshot, event, scope) => {
    if (!event.type.startsWith('xstate.') && !snapshot.can(event)) {
      emitIn(scope, snapshot, event, explain(snapshot, event))
    }
    return transition(snapshot, event, scope)
  }
  machine.provide = (implementations) => {
    const provided = provide(implementations)
    reportRefusals(provided, explain)
    return provided
  }
}

/**
 * Does what XState's own action `emit` does: actors emit once the step is over, inspectors see the
 * action, and the pure `transition` returns it.
 */
function emitIn(
  scope: AnyActorScope,
  { context }: AnyMachineSnapshot,
  event: EventObject,
  emitted: EventObject,
): void {
  const { self, system } = scope
  scope.actionExecutor({
    type: 'xstate.emit',
    info: { context, event, self, system },
    params: { event: emitted },
    exec: () => scope.defer(() => scope.emit(emitted)),
  })
}
