import type { AnyStateMachine } from 'xstate'
import type { OwnLifecycle } from '../own-lifecycle.ts'

/** Whose lifecycle a machine is, by its config, which stays the same object through `provide`. */
const PROVIDERS = /* @__PURE__ */ new WeakMap<AnyStateMachine['config'], OwnLifecycle>()

/** Remembers that the machine was made for this provider. */
export function rememberProvider(machine: AnyStateMachine, provider: OwnLifecycle): void {
  PROVIDERS.set(machine.config, provider)
}

/** The provider that the machine was made for; undefined for the machine of all statuses. */
export function providerOf(machine: AnyStateMachine): OwnLifecycle | undefined {
  return PROVIDERS.get(machine.config)
}
