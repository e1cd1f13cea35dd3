import type { TrackedCall, Tracker } from '@callstate/tracker'

/** What is odd about a call, counted from what was decided about everything that was heard of it. */
export async function findingsOf(tracker: Tracker, call: TrackedCall): Promise<number> {
  const entries = await tracker.history(call)
  const conflicts = entries.filter(
    ({ decision }) => decision?.kind === 'conflicting' && decision.reason !== 'read-anew',
  )
  return conflicts.length + new Set(call.knowledge.unrecognized.map(({ word }) => word)).size
}
