import { transition } from 'xstate'
import { type CallJobSnapshot, explainJobRefusal } from './call-job-machine.ts'
import { type CallJobEvent, type CallJobRejection, isJobEvent } from './job-event.ts'

/** The answer of `applyJobEvent`. Where the event was refused, `snapshot` is the one that came in. */
export type AppliedJobEvent =
  | { readonly ok: true; readonly snapshot: CallJobSnapshot }
  | { readonly ok: false; readonly snapshot: CallJobSnapshot; readonly rejection: CallJobRejection }

/**
 * Applies one event to a snapshot of `callJobMachine` and always answers: with the next snapshot, or
 * with the reason why not, also once the job is settled. It is `ok` exactly where `snapshot.can` is
 * true: the snapshot's own machine is asked, with the guards that `provide` exchanged. Pure; never throws.
 *
 * @example
 * const applied = applyJobEvent(snapshot, { type: 'attempt-opened', attempt: 2 })
 * if (!applied.ok) applied.rejection.reason // 'attempt-running'
 */
export function applyJobEvent(snapshot: CallJobSnapshot, event: CallJobEvent): AppliedJobEvent {
  if (!isJobEvent(event) || !snapshot.can(event)) {
    return { ok: false, snapshot, rejection: explainJobRefusal(snapshot, event) }
  }
  const [next] = transition(snapshot.machine, snapshot, event)
  return { ok: true, snapshot: next }
}
