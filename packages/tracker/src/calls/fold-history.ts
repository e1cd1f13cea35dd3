import { finalFieldsIn } from 'callstate/internal'
import type { Provider } from 'callstate/providers'
import {
  type FoldedEntry,
  type FoldedRow,
  type FoldRules,
  foldEntry,
  mayBeFinal,
} from './fold-entry.ts'
import { parseText } from './payload-data-fields.ts'
import type { Decided, HistoryEntry, MessageEntry, StoredEvent } from './tracked-call.ts'

/** What a history leads to. */
export interface FoldedHistory {
  /** What follows from it by the rules of today; undefined for a history without messages. */
  readonly row: FoldedRow | undefined
  /** By entry: what was decided with it, and for those that release 0.1 wrote, what is decided today. */
  readonly decided: readonly Decided[]
}

/**
 * Folds a whole history, from its first entry on, by the rules of today. What was decided is taken from
 * the entries; for those of release 0.1, which do not say it, it is made here. Pure.
 *
 * @example
 * const { decided } = foldHistory(await store.history(ref), rules)
 */
export function foldHistory(history: readonly HistoryEntry[], rules: FoldRules): FoldedHistory {
  const anew = foldAnew(history, rules)
  return {
    row: anew.findLast((folded) => folded !== null)?.row,
    decided: history.flatMap((entry, place) => entry.decided ?? anew[place]?.decided ?? []),
  }
}

/** What each entry of a whole history leads to by the rules of today; null for one without a message. Pure. */
export function foldAnew(
  history: readonly HistoryEntry[],
  rules: FoldRules,
): readonly (FoldedEntry | null)[] {
  let row: FoldedRow | undefined
  return history.map((entry) => {
    if (entry.type === 'rebuilt') return null
    const { sequence, key, receivedAt, payload, type } = entry
    const event = withFinal(entry, rules.provider)
    const kept = () => parseText(payload)
    const folded = foldEntry(row, { sequence, key, receivedAt, kept, type, event }, rules)
    row = folded.row
    return folded
  })
}

/**
 * The event of an entry with what its message said of final fields: release 0.1 did not keep that, so it is
 * read from the message there. Pure.
 */
export function withFinal(
  { event, decided, type, payload }: MessageEntry,
  provider: Provider,
): StoredEvent {
  if (decided !== null || event.final !== undefined || !mayBeFinal(type, event)) return event
  const final = finalFieldsIn(provider, event, parseText(payload))
  return Object.keys(final).length === 0 ? event : { ...event, final }
}
