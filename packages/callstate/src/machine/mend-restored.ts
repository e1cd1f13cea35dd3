import type { AnyMachineSnapshot, AnyStateMachine, Snapshot } from 'xstate'

/**
 * Makes a machine bring up to date what it restores: a snapshot lives longer than the release that
 * persisted it. `check` looks at it before, and may throw. What `provide` makes of the machine does so too.
 */
export function mendRestored(
  machine: AnyStateMachine,
  mend: (restored: AnyMachineSnapshot) => AnyMachineSnapshot,
  check: (persisted: Snapshot<unknown>) => void = () => {},
): void {
  const { restoreSnapshot } = machine
  const provide = machine.provide.bind(machine)
  machine.restoreSnapshot = (snapshot, scope) => {
    check(snapshot)
    return mend(restoreSnapshot(snapshot, scope))
  }
  machine.provide = (implementations) => {
    const provided = provide(implementations)
    mendRestored(provided, mend, check)
    return provided
  }
}
