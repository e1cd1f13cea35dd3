import type { Tracker } from '@callstate/tracker'
import type { Listed } from './money-law.ts'
import { attemptName } from './money-ledger.ts'

/** The list of missing data as `overdue` has it, by attempt; `now` by the tracker's clock. */
export async function listedIn(tracker: Pick<Tracker, 'overdue'>, now: number): Promise<Listed> {
  const listed = new Map<string, readonly string[]>()
  let cursor: string | null = null
  do {
    const page: Awaited<ReturnType<typeof tracker.overdue>> = await tracker.overdue({
      why: 'data',
      now,
      cursor,
    })
    for (const { callId, missing } of page.items) {
      for (const { attempt, fields } of missing) listed.set(attemptName(callId, attempt), fields)
    }
    cursor = page.next
  } while (cursor !== null)
  return listed
}
