import type { TrackedCall, Tracker } from '@callstate/tracker'

/** All calls of a tracker, page by page. */
export async function allCalls(tracker: Tracker): Promise<readonly TrackedCall[]> {
  const calls: TrackedCall[] = []
  let cursor: string | null = null
  do {
    const page = await tracker.list({ cursor })
    calls.push(...page.items)
    cursor = page.next
  } while (cursor !== null)
  return calls
}
