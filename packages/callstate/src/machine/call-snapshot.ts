import { attemptsOf } from '../attempts.ts'
import type { Call } from '../call.ts'
import { CallstateError } from '../error.ts'
import type { CallStatus } from '../lifecycle.ts'
import { replay } from '../observe.ts'
import { isCallStatus } from '../status.ts'
import { type CallMachineInput, type CallSnapshot, callMachine, contextOf } from './call-machine.ts'

/**
 * A snapshot of `callMachine` at any status, for every start but `queued`: `scheduled` and `prepared`,
 * an inbound call at `ringing` or `in-progress`, or what a database holds. Pure. Throws a
 * `CallstateError` with code `unrecognized-status` where the status is none of the 16.
 *
 * @example
 * const snapshot = snapshotAt('ringing', { direction: 'inbound' })
 * createActor(callMachine, { snapshot }).start()
 */
export function snapshotAt(status: CallStatus, input?: CallMachineInput): CallSnapshot {
  if (!isCallStatus(status)) {
    const message =
      'A snapshot needs one of the 16 call statuses; read text from outside with parseStatus.'
    throw new CallstateError('unrecognized-status', message)
  }
  return callMachine.resolveState({ value: status, context: contextOf(input) })
}

/**
 * What is known of a call as a snapshot of its latest attempt; null where no status of the table was
 * heard. The time is the latest provider time of the current status. Pure.
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
): CallSnapshot | null {
  const { status, attempt } = call
  if (status === null) return null
  const latest = attemptsOf(call).at(-1)
  const current = latest?.seen.find((sighting) => sighting.status === status)
  return snapshotAt(status, { ...input, attempt, occurredAt: current?.lastAt ?? null })
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
