import type { Call } from 'callstate'
import { RULES_VERSION } from 'callstate/internal'
import { standingOf } from './change.ts'
import type { AttemptLedger } from './final-data.ts'
import type { FoldedEntry } from './fold-entry.ts'
import { sameData } from './same-data.ts'
import type { HistoryEntry, TrackedCall } from './tracked-call.ts'
import { countOfToday, isOfToday } from './verify-entries.ts'

/**
 * What the row of a call says and folding its history anew does not; null where they agree. Of a row of
 * older rules only the messages must be in it. Not compared with the fold is what depends on options:
 * `settled`, due times and `missing`; the row must have them as its latest entry says them. Pure.
 */
export function differenceOfRow(
  row: TrackedCall,
  history: readonly HistoryEntry[],
  anew: FoldedEntry['row'] | undefined,
): string | null {
  if (anew === undefined) return 'the history holds no message'
  const [was, is] = [row.knowledge, anew.knowledge]
  if (row.rules !== RULES_VERSION) {
    return sameData(heardIn(was), heardIn(is)) ? null : ANOTHER_CALL
  }
  if (!sameData(was, is)) return ANOTHER_CALL
  const { status, attempt, outcome } = row
  const standing = { status: anew.status, attempt: anew.attempt, outcome: anew.outcome }
  if (!sameData({ status, attempt, outcome }, standing)) {
    return 'the replay of the history gives another status, attempt or outcome'
  }
  const isPlain = row.forgottenAt === null && countOfToday(history) === history.length
  const isSame = isPlain
    ? sameData(row.attempts.map(withoutOptions), anew.attempts.map(withoutOptions))
    : holdsLedgers(row.attempts, anew.attempts)
  if (!isSame) return 'the replay of the history gives other final data'
  const latest = history.at(-1)
  // To forget folds anew too, by the options of who forgets, and adds no entry.
  if (row.forgottenAt !== null || !latest?.decided || !isOfToday(latest)) return null
  return sameData(standingOf(row), standingOf(latest.decided))
    ? null
    : `the row is not as event ${latest.sequence} says`
}

const ANOTHER_CALL = 'the replay of the history gives another call'

/** What was heard, whatever the order in which it is written down. */
function heardIn({ heard, unrecognized }: Call): unknown {
  const records = heard.map(({ attempt, seen }) => ({
    attempt,
    seen: seen.toSorted((a, b) => (a.status < b.status ? -1 : 1)),
  }))
  return { records, unrecognized }
}

/** A ledger but for what depends on options. */
function withoutOptions({ missing: _, dataDueAt: __, ...ledger }: AttemptLedger): unknown {
  return ledger
}

/**
 * Whether a row has the ledgers of its messages, and counts as handed out what they make ready. Rules of
 * before may have handed out more, also of attempts that those of today do not find.
 */
function holdsLedgers(row: readonly AttemptLedger[], anew: readonly AttemptLedger[]): boolean {
  const [was, is] = [row.filter(isHeard), anew.filter(isHeard)]
  return (
    sameData(was.map(withoutHandedOut), is.map(withoutHandedOut)) &&
    is.every(({ readyFields }, place) =>
      readyFields.every((field) => was[place]?.readyFields.includes(field)),
    )
  )
}

function isHeard({ end, said }: AttemptLedger): boolean {
  return end !== null || said.length > 0
}

function withoutHandedOut({ readyFields: _, ...ledger }: AttemptLedger): unknown {
  return withoutOptions({ readyFields: [], ...ledger })
}
