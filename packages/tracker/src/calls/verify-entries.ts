import type { Decision } from 'callstate'
import { RULES_VERSION } from 'callstate/internal'
import type { FinalField } from 'callstate/providers'
import type { FinalChange } from './final-data.ts'
import type { FoldedEntry } from './fold-entry.ts'
import { sameData } from './same-data.ts'
import type { Decided, HistoryEntry } from './tracked-call.ts'

/** Whether an entry was decided by the rules of today. Pure. */
export function isOfToday({ decided }: HistoryEntry): boolean {
  return decided !== null && decided.rules === RULES_VERSION
}

/**
 * How many entries from the first one on were decided by the rules of today, message by message. What had
 * been handed out before each of them follows from the history alone. After an entry of older rules, or
 * one that says that the call was rebuilt, it does not. Pure.
 */
export function countOfToday(history: readonly HistoryEntry[]): number {
  const other = history.findIndex((entry) => entry.type === 'rebuilt' || !isOfToday(entry))
  return other === -1 ? history.length : other
}

/**
 * What entries of today's rules say was decided and folding their history anew does not; null where they
 * agree. `anew` is by entry, null for one without a message. Not compared is what depends on options:
 * whether the call was settled, and due times; nor whether a duplicate was `enriched`. Pure.
 */
export function differenceOfEntries(
  history: readonly HistoryEntry[],
  anew: readonly (FoldedEntry | null)[],
  { isForgotten }: { readonly isForgotten: boolean },
): string | null {
  const told = countOfToday(history)
  let latest: FoldedEntry | null = null
  for (const [place, entry] of history.entries()) {
    const folded: FoldedEntry | null = anew[place] ?? null
    latest = folded ?? latest
    const { sequence, decided } = entry
    if (latest === null || decided === null || !isOfToday(entry)) continue
    if (!sameData(standing(decided), standing(latest.decided))) return otherwise(sequence)
    if (folded === null) continue
    const isSame =
      decided.of === folded.decided.of &&
      sameData(withoutEnriched(entry.decision), withoutEnriched(folded.decision))
    if (!isSame) return otherwise(sequence)
    const facts = isForgotten ? withoutPayloads : whole
    if (place < told && !sameData(facts(decided.facts), facts(folded.decided.facts))) {
      return `event ${sequence} says other final data than the replay`
    }
  }
  return null
}

function otherwise(sequence: number): string {
  return `the replay decides otherwise about event ${sequence}`
}

function standing({ status, attempt, outcome }: Decided): unknown {
  return { status, attempt, outcome }
}

/** A decision but for whether a duplicate brought newer details, of which free text may be gone. */
function withoutEnriched(decision: Decision | null): unknown {
  return decision?.kind === 'duplicate' ? { ...decision, enriched: null } : decision
}

function whole(facts: readonly FinalChange[]): readonly FinalChange[] {
  return facts
}

/** The fields that `forget` leaves as they are. */
const LASTING: readonly FinalField[] = ['durationMs', 'cost', 'hangupBy', 'voicemail']

/** What facts say of fields that `forget` leaves as they are. */
function withoutPayloads(facts: readonly FinalChange[]): unknown {
  return facts.flatMap(({ attempt, finalData, ready, corrected }) => {
    const own = {
      ready: ready.filter((field) => LASTING.includes(field)),
      corrected: corrected.filter(({ field }) => LASTING.includes(field)),
    }
    const values = finalData === null ? null : LASTING.map((field) => finalData[field])
    return own.ready.length + own.corrected.length === 0 ? [] : [{ attempt, values, ...own }]
  })
}
