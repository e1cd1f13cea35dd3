import type { Decision } from 'callstate'
import type { FinalChange } from './final-data.ts'
import type { CallRef, CallStanding, HistoryEntry, StoredEvent } from './tracked-call.ts'

/**
 * What one entry changed about a call, with the row of its revision. Made of the entry alone: it says the
 * same in every process.
 */
export interface Change extends CallRef {
  /** Its place in the call's history, 1 for the first. */
  readonly sequence: number
  readonly receivedAt: number
  readonly type: HistoryEntry['type']
  /** Null where the call was rebuilt. */
  readonly event: StoredEvent | null
  /** Null where no status was told. */
  readonly decision: Decision | null
  /** The attempt to which the message belongs, as it was read when it came. */
  readonly attempt: number
  /** What the row said before; null for the first entry. */
  readonly before: CallStanding | null
  /** What the row says with this entry. */
  readonly call: CallStanding
  /** What became final, and what was corrected. */
  readonly facts: readonly FinalChange[]
}
