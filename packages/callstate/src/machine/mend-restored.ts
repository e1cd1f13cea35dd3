import type { AnyMachineSnapshot, AnyStateMachine } from 'xstate'

/**
 * Makes a machine bring up to date what it restores: a snapshot lives longer than the release that
 * persisted it. What `provide` makes of the machine does so too.
 */
export function mendRestored(
  machine: AnyStateMachine,
  mend: (restored: AnyMachineSnapshot) => AnyMachineSnapshot,
): void {
  const { restoreSnapshot } = machine
  const provide = machine.provide.bind(machine)
  machine.restoreSnapshot = (snapshot, scope) => mend(restoreSnapshot(snapshot, scope))
  machine.provide = (implementations) => {
    const provided = provide(implementations)
    mendRestored(provided, mend)
    return provided
  }
}
