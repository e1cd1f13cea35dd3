import { getNextSnapshot } from 'xstate'
import { evaluateGuard } from 'xstate/guards'
import { isCallStatus, type StatusText } from '../status.ts'
import { type CallSnapshot, callMachine } from './call-machine.ts'
import { type CallGuard, type CallRejection, rejectionOf } from './rejection.ts'

/** The answer of `applyEvent`. Where the event was refused, `snapshot` is the one that came in. */
export type AppliedEvent =
  | { readonly ok: true; readonly snapshot: CallSnapshot }
  | { readonly ok: false; readonly snapshot: CallSnapshot; readonly rejection: CallRejection }

/**
 * Applies one event to a snapshot of `callMachine` and always answers: with the next snapshot, or with
 * the reason why not, also where an actor stays silent, at a final state. Text outside the table is
 * welcome as the event's type and refused as `unrecognized-status`. Pure; never throws. Guards that
 * were exchanged by `callMachine.provide` count.
 *
 * @example
 * const applied = applyEvent(snapshotAt('completed'), { type: 'ringing' })
 * if (!applied.ok) applied.rejection.reason // 'already-ended'
 */
export function applyEvent(
  snapshot: CallSnapshot,
  event: { readonly type: StatusText; readonly occurredAt?: number | null },
): AppliedEvent {
  const type = event?.type
  const next = isCallStatus(type)
    ? getNextSnapshot(callMachine, snapshot, { type, occurredAt: event.occurredAt ?? null })
    : snapshot
  // No status legally follows itself, so every accepted event changes the value.
  if (next.value !== snapshot.value) return { ok: true, snapshot: next }
  const passes = (guard: CallGuard) => evaluateGuard(guard, snapshot.context, event, snapshot)
  return { ok: false, snapshot, rejection: rejectionOf(snapshot.value, type, passes) }
}
