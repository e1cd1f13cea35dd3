import { type Disagreement, disagreements, type Truth } from '@callstate/emulator'
import type { TrackedCall } from '@callstate/tracker'
import { allCalls } from '../../tracker/test/all-calls.ts'
import { missingCosts } from './billing.ts'
import { type Money, moneyOf } from './money.ts'
import type { World } from './world.ts'

/** What the emulator did, and what the tracker makes of it. */
export interface View {
  readonly truth: Truth
  readonly rows: readonly TrackedCall[]
  readonly disagreements: readonly Disagreement[]
  readonly money: Money
}

/** Reads both sides. */
export async function look({ emulator, tracker, charges }: World): Promise<View> {
  const rows = await allCalls(tracker)
  const byCall = new Map(rows.map((row) => [`${row.provider} ${row.callId}`, row.status]))
  const missing = await missingCosts(tracker)
  const truth = emulator.truth()
  const differing = disagreements(truth, ({ provider, id }) => byCall.get(`${provider} ${id}`))
  return { truth, rows, disagreements: differing, money: moneyOf(truth, charges, missing) }
}
