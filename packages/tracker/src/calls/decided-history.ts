import { type DecidedEntry, isDecided } from './change.ts'
import type { FoldRules } from './fold-entry.ts'
import { foldHistory } from './fold-history.ts'
import type { HistoryEntry } from './tracked-call.ts'

/**
 * The entries of a whole history with what was decided with each: as it is stored, and for those that
 * release 0.1 wrote as the rules of today decide it. Pure.
 */
export function decidedHistory(
  history: readonly HistoryEntry[],
  rules: FoldRules,
): readonly DecidedEntry[] {
  if (history.every(isDecided)) return history
  const { decided } = foldHistory(history, rules)
  return history.flatMap((entry, place) => {
    const own = entry.decided ?? decided[place]
    return own === undefined ? [] : [{ ...entry, decided: own }]
  })
}
