import { FINAL_FIELDS, RULES_VERSION } from 'callstate/internal'
import type { CallWrite, Store } from '../store.ts'
import { standingOf } from './change.ts'
import { eachPage } from './each-page.ts'
import type { AttemptLedger, FinalChange } from './final-data.ts'
import type { FoldedRow, FoldRules } from './fold-entry.ts'
import { foldHistory } from './fold-history.ts'
import { correctionsOf, finalDataOf, withHandedOut } from './ledger.ts'
import { sameData } from './same-data.ts'
import type { HistoryEntry, TrackedCall } from './tracked-call.ts'

/** How to rebuild. */
export interface RebuildOptions {
  /** Whether rows are written; else it is only counted what would be. */
  readonly write?: boolean
  readonly signal?: AbortSignal
  /** Hears how many calls were looked at. */
  readonly onProgress?: (calls: number) => void
}

/** What `rebuild` did, or would do. */
export interface Rebuilt {
  readonly calls: number
  /** Calls of providers that the tracker was not given: their rules are not known, so they stay as they are. */
  readonly unchecked: number
  /** Calls whose row is another one by the rules and options of today. */
  readonly rebuilt: number
  /** Values that had been handed out and are others now. */
  readonly corrected: number
  /**
   * Values that are known now and of which no entry says that they became ready. From now on they count as
   * known, and nothing fires for them: hand them on yourself, where it matters.
   */
  readonly neverHandedOut: number
}

/** How often a call is folded again that is written to while it is rebuilt. */
const MAX_TRIES = 20

/**
 * Folds the history of every call anew, by the rules and the options of today, and writes the rows that
 * are others by them, each with an entry of type `rebuilt`. What entries say was decided stays. A second
 * run finds nothing to do. It may run while calls are written, and beside others that rebuild; a call that
 * is written to all the while is left to the next run.
 *
 * It hands nothing out but corrections of values that had been handed out. A value that only the rules of
 * today find counts as known from then on: no consumer hears `ready` of it, and `neverHandedOut` counts it. Of release 0.1's calls nothing
 * is taken for handed out by this release, so that to rebuild them hands nothing out; what their entries
 * made ready is told by folding them, to consumers that begin before them.
 */
export async function rebuildCalls(
  store: Store,
  rules: ReadonlyMap<string, FoldRules>,
  { write = false, signal, onProgress = () => {}, now }: RebuildOptions & { now: () => number },
): Promise<Rebuilt> {
  const found = { calls: 0, unchecked: 0, rebuilt: 0, corrected: 0, neverHandedOut: 0 }

  /** Rebuilds those whose rules are known, and tells which were written to meanwhile. */
  async function rebuild(rows: readonly TrackedCall[]): Promise<readonly TrackedCall[]> {
    const made: RebuiltCall[] = []
    for (const row of rows) {
      const own = rules.get(row.provider)
      const one = own === undefined ? null : await rebuiltOf(store, own, row, now())
      if (one !== null) made.push(one)
    }
    if (made.length === 0) return []
    const writes = made.map((one) => one.write)
    const written = write ? await store.append(writes, { now: now() }) : writes.map(() => true)
    const lost: TrackedCall[] = []
    for (const [place, one] of made.entries()) {
      if (written[place]) {
        found.rebuilt++
        found.corrected += one.corrected
        found.neverHandedOut += one.neverHandedOut
      } else lost.push(one.write.row)
    }
    return lost
  }

  await eachPage(store, signal, async (rows) => {
    found.unchecked += rows.filter(({ provider }) => !rules.has(provider)).length
    let lost = await rebuild(rows)
    for (let tries = 1; lost.length > 0 && tries < MAX_TRIES; tries++) {
      signal?.throwIfAborted()
      const stored = await store.load(lost)
      lost = await rebuild(stored.flatMap((one) => one?.row ?? []))
    }
    found.calls += rows.length
    onProgress(found.calls)
  })
  return found
}

/** A call as it is to be written, and the values that this is about. */
interface RebuiltCall {
  readonly write: CallWrite
  readonly corrected: number
  readonly neverHandedOut: number
}

/** The row of today with the entry that tells of it; null where the stored one is no other. */
async function rebuiltOf(
  store: Store,
  rules: FoldRules,
  row: TrackedCall,
  receivedAt: number,
): Promise<RebuiltCall | null> {
  const history = await store.history(row, { limit: row.events })
  const { row: anew, decided } = foldHistory(history, rules)
  // What a later release has folded is its own.
  if (anew === undefined || row.rules > RULES_VERSION) return null
  const next: FoldedRow = { ...anew, attempts: withHandedOut(anew.attempts, row.attempts) }
  const rebuilt = { ...row, ...next, events: row.events + 1, revision: row.revision + 1 }
  if (sameData({ ...row }, { ...rebuilt, events: row.events, revision: row.revision })) return null
  const facts = factsOf(row, next)
  const entry: HistoryEntry = {
    type: 'rebuilt',
    sequence: rebuilt.events,
    key: `rebuilt:${rebuilt.events}`,
    receivedAt: Math.floor(receivedAt),
    event: null,
    decision: null,
    payload: null,
    decided: {
      ...standingOf(rebuilt),
      of: rebuilt.attempt,
      rules: RULES_VERSION,
      facts,
    },
  }
  const told = [...row.attempts, ...decided.flatMap((one) => one.facts.map(readyOf))]
  return {
    write: { row: rebuilt, basedOn: row.revision, entries: [entry] },
    corrected: facts.reduce((sum, { corrected }) => sum + corrected.length, 0),
    neverHandedOut: next.attempts.reduce((sum, ledger) => sum + countNotTold(ledger, told), 0),
  }
}

/** The values that had been handed out and are others now, by attempt. */
function factsOf(row: TrackedCall, next: FoldedRow): readonly FinalChange[] {
  return row.attempts.flatMap((before): readonly FinalChange[] => {
    const after = next.attempts.find(({ attempt }) => attempt === before.attempt)
    const corrected = after === undefined ? [] : correctionsOf(before, after)
    if (after === undefined || corrected.length === 0) return []
    return [{ attempt: before.attempt, finalData: finalDataOf(after), ready: [], corrected }]
  })
}

type HandedOut = Pick<AttemptLedger, 'attempt' | 'readyFields'>

function readyOf({ attempt, ready }: FinalChange): HandedOut {
  return { attempt, readyFields: ready }
}

/** How many fields of an attempt have a value of which nobody was told. */
function countNotTold(ledger: AttemptLedger, told: readonly HandedOut[]): number {
  const data = finalDataOf(ledger)
  if (data === null) return 0
  const own = told.filter(({ attempt }) => attempt === ledger.attempt)
  return FINAL_FIELDS.filter(
    (field) => data[field] !== null && !own.some(({ readyFields }) => readyFields.includes(field)),
  ).length
}
