import { RULES_VERSION } from 'callstate/internal'
import type { AttemptLedger, Correction, FinalChange } from '../calls/final-data.ts'
import type { FoldRules } from '../calls/fold-entry.ts'
import { foldHistory } from '../calls/fold-history.ts'
import { correctionsOf, finalDataOf, withHandedOut } from '../calls/ledger.ts'
import type { TrackedCall } from '../calls/tracked-call.ts'
import type { Store } from '../store.ts'
import type { Folded } from './fold.ts'

/** A row by the rules of today. */
export interface RowOfToday {
  readonly row: TrackedCall
  /** The ledgers that older rules had made; null where the row is of today. */
  readonly olderLedgers: readonly AttemptLedger[] | null
}

/**
 * A row that older rules made is made anew from its history before anything is added, with what was handed
 * out. What its history says was there before, so that nothing of it is handed out as new.
 */
export async function ofToday(
  row: TrackedCall,
  rules: FoldRules & { readonly store: Pick<Store, 'history'> },
): Promise<RowOfToday> {
  if (row.rules >= RULES_VERSION) return { row, olderLedgers: null }
  const history = await rules.store.history(row, { limit: row.events })
  const anew = foldHistory(history, rules).row
  const attempts = withHandedOut(anew?.attempts ?? [], row.attempts)
  return { row: { ...row, ...anew, attempts }, olderLedgers: row.attempts }
}

/**
 * The first message on top of a row that was made anew, with the corrections of what older rules had handed
 * out: from the value that was handed out to the one that is true with the message. Pure.
 */
export function withOlderCorrected(folded: Folded, older: readonly AttemptLedger[]): Folded {
  const { entry, row } = folded
  const own = new Map(entry.decided.facts.map((fact) => [fact.attempt, fact]))
  const facts = row.attempts.flatMap((ledger): readonly FinalChange[] => {
    const fact = own.get(ledger.attempt)
    const before = older.find(({ attempt }) => attempt === ledger.attempt)
    const corrected = [
      ...(before === undefined ? [] : correctionsOf(before, ledger)),
      ...othersIn(fact?.corrected ?? [], before),
    ]
    const ready = fact?.ready ?? []
    if (ready.length + corrected.length === 0) return []
    return [{ attempt: ledger.attempt, finalData: finalDataOf(ledger), ready, corrected }]
  })
  return { ...folded, entry: { ...entry, decided: { ...entry.decided, facts } } }
}

/** Corrections of what older rules had not handed out: it counts as known since the row was made anew. */
function othersIn(
  corrected: readonly Correction[],
  before: AttemptLedger | undefined,
): readonly Correction[] {
  return corrected.filter(({ field }) => before?.readyFields.includes(field) !== true)
}
