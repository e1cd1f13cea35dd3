import { getNextSnapshot } from 'xstate'
import { type CallJobSnapshot, callJobMachine } from './call-job-machine.ts'
import { type CallJobEvent, type CallJobRejection, jobRefusal, jobRejection } from './job-event.ts'

/** The answer of `applyJobEvent`. Where the event was refused, `snapshot` is the one that came in. */
export type AppliedJobEvent =
  | { readonly ok: true; readonly snapshot: CallJobSnapshot }
  | { readonly ok: false; readonly snapshot: CallJobSnapshot; readonly rejection: CallJobRejection }

/**
 * Applies one event to a snapshot of `callJobMachine` and always answers: with the next snapshot, or
 * with the reason why not, also once the job is settled. Pure; never throws.
 *
 * @example
 * const applied = applyJobEvent(snapshot, { type: 'attempt-opened', attempt: 2 })
 * if (!applied.ok) applied.rejection.reason // 'attempt-running'
 */
export function applyJobEvent(snapshot: CallJobSnapshot, event: CallJobEvent): AppliedJobEvent {
  const { value: from, context } = snapshot
  const reason = jobRefusal(from, context.attempt, event)
  return reason === null
    ? { ok: true, snapshot: getNextSnapshot(callJobMachine, snapshot, event) }
    : { ok: false, snapshot, rejection: jobRejection(from, event, reason) }
}
