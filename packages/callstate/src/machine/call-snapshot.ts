import { attemptsOf } from '../attempts.ts'
import type { Call } from '../call.ts'
import { CallstateError } from '../error.ts'
import type { CallStatus } from '../lifecycle.ts'
import { replay } from '../observe.ts'
import { asRead } from '../reading.ts'
import { isCallStatus, isTerminal } from '../status.ts'
import { type CallMachineInput, contextOf, outputOf } from './call-context.ts'
import { type CallMachine, type CallSnapshot, callMachine } from './call-machine.ts'

/**
 * A snapshot of `callMachine`, or of another `CallMachine`, at any of its statuses, for every start but
 * its own: `scheduled` and `prepared`, an inbound call at `ringing` or `in-progress`, or what a database
 * holds. Pure. Throws a `CallstateError` with code `unrecognized-status` where the status is none of the
 * machine's.
 *
 * @example
 * const snapshot = snapshotAt('ringing', { direction: 'inbound' })
 * createActor(callMachine, { snapshot }).start()
 */
export function snapshotAt(
  status: CallStatus,
  input?: CallMachineInput,
  machine: CallMachine = callMachine,
): CallSnapshot {
  if (!hasStatus(machine, status)) {
    const count = Object.keys(machine.states).length
    const message = `A snapshot needs one of the ${count} call statuses of its machine; read text from outside with parseStatus.`
    throw new CallstateError('unrecognized-status', message)
  }
  const context = contextOf(input)
  return machine.resolveState({
    value: status,
    context,
    ...(isTerminal(status) && { output: outputOf(status, context) }),
  })
}

/**
 * What is known of a call as a snapshot of its latest attempt; null where the call is at no status of
 * the machine, because none was heard or because its provider was not to say it. The time is the latest
 * provider time of the current status. Pure.
 *
 * `callOf(snapshotOf(call))` is a call with the same status, attempt and time of that status.
 *
 * @example
 * const { call } = replay([{ status: 'ringing', occurredAt: 1_767_225_600_000 }])
 * snapshotOf(call)?.value // 'ringing'
 */
export function snapshotOf(
  call: Call,
  input?: Pick<CallMachineInput, 'direction' | 'guardrailsConfigured'>,
  machine: CallMachine = callMachine,
): CallSnapshot | null {
  const { status, attempt } = asRead(call)
  if (status === null || !hasStatus(machine, status)) return null
  const latest = attemptsOf(call).at(-1)
  const current = latest?.seen.find((sighting) => sighting.status === status)
  const occurredAt = current?.lastAt ?? null
  return snapshotAt(status, { ...input, attempt, occurredAt }, machine)
}

/**
 * What a snapshot knows, as a call: one status of one attempt, with its time. `merge` joins it with
 * what else is known. Pure.
 *
 * `snapshotOf(callOf(snapshot), snapshot.context)` has the value and the context of `snapshot`.
 *
 * @example
 * callOf(snapshotAt('busy', { attempt: 2 })).attempt // 2
 */
export function callOf(snapshot: CallSnapshot): Call {
  const { attempt, occurredAt } = snapshot.context
  return replay([{ status: snapshot.value, attempt, occurredAt }]).call
}

function hasStatus(machine: CallMachine, status: CallStatus): boolean {
  return isCallStatus(status) && Object.hasOwn(machine.states, status)
}
