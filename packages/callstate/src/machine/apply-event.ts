import { transition } from 'xstate'
import { isCallStatus, type StatusText } from '../status.ts'
import { type CallSnapshot, explainRefusal } from './call-machine.ts'
import type { CallRejection } from './rejection.ts'

/** The answer of `applyEvent`. Where the event was refused, `snapshot` is the one that came in. */
export type AppliedEvent =
  | { readonly ok: true; readonly snapshot: CallSnapshot }
  | { readonly ok: false; readonly snapshot: CallSnapshot; readonly rejection: CallRejection }

/**
 * Applies one event to a snapshot of `callMachine`, or of another `CallMachine`, and always answers:
 * with the next snapshot, or with the reason why not, also where an actor stays silent, at a final
 * state. It is `ok` exactly where `snapshot.can` is true. Text outside the table is welcome as the
 * event's type and refused as `unrecognized-status`. The snapshot's own machine is asked, with the guards
 * that `provide` exchanged. Pure; never throws.
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
  if (isCallStatus(type)) {
    const asked = { type, occurredAt: event.occurredAt ?? null }
    if (snapshot.can(asked)) {
      const [next] = transition(snapshot.machine, snapshot, asked)
      return { ok: true, snapshot: next }
    }
  }
  return { ok: false, snapshot, rejection: explainRefusal(snapshot, event) }
}
