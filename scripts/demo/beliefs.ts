import { type Disagreement, disagreements, type Truth } from '@callstate/emulator'
import type { TrackedCall } from '@callstate/tracker'
import type { World } from './world.ts'

/** What the emulator did, and what the tracker makes of it. */
export interface View {
  readonly truth: Truth
  readonly rows: readonly TrackedCall[]
  readonly disagreements: readonly Disagreement[]
}

/** Reads both sides. */
export async function look({ emulator, tracker }: World): Promise<View> {
  const rows: TrackedCall[] = []
  let cursor: string | null = null
  do {
    const page = await tracker.list(cursor === null ? {} : { cursor })
    rows.push(...page.items)
    cursor = page.next
  } while (cursor !== null)
  const byCall = new Map(rows.map((row) => [`${row.provider} ${row.callId}`, row.call.status]))
  const truth = emulator.truth()
  const differing = disagreements(truth, ({ provider, id }) => byCall.get(`${provider} ${id}`))
  return { truth, rows, disagreements: differing }
}
