import type { Decision } from 'callstate'
import type { FinalChange } from './final-data.ts'
import type { CallRef, CallStanding, Decided, HistoryEntry, StoredEvent } from './tracked-call.ts'

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

/** An entry with what was decided; for those that release 0.1 wrote, `foldHistory` answers it. */
export type DecidedEntry = HistoryEntry & { readonly decided: Decided }

/** Whether what was decided stands in an entry. Pure. */
export function isDecided(entry: HistoryEntry): entry is DecidedEntry {
  return entry.decided !== null
}

/** What an entry changed; `before` is what was decided with the entry before it. Pure. */
export function changeOf(ref: CallRef, entry: DecidedEntry, before: CallStanding | null): Change {
  const { sequence, receivedAt, type, event, decision, decided } = entry
  return {
    provider: ref.provider,
    callId: ref.callId,
    sequence,
    receivedAt,
    type,
    event,
    decision,
    attempt: decided.of,
    before: before === null ? null : standingOf(before),
    call: standingOf(decided),
    facts: decided.facts,
  }
}

/** What a row, or what was decided with an entry, says of a call at one revision. Pure. */
export function standingOf(row: CallStanding): CallStanding {
  const { status, attempt, settled, dueAt, dataDueAt, outcome } = row
  return { status, attempt, settled, dueAt, dataDueAt, outcome }
}
