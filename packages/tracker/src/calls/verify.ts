import { fitsKeyOf01 } from '../intake/key-of-0.1.ts'
import { digestOf, fitsKey } from '../intake/message-key.ts'
import type { Store } from '../store.ts'
import { eachPage } from './each-page.ts'
import type { FoldRules } from './fold-entry.ts'
import { foldAnew } from './fold-history.ts'
import type { CallRef, HistoryEntry, MessageEntry, TrackedCall } from './tracked-call.ts'
import { differenceOfEntries, isOfToday } from './verify-entries.ts'
import { differenceOfRow } from './verify-row.ts'

/** A call whose row is not what its history says, and how. */
export interface Difference extends CallRef {
  readonly message: string
}

/** What `verify` found. */
export interface Verification {
  readonly calls: number
  readonly entries: number
  /** Calls of providers that the tracker was not given: their rules are not known, so they were not checked. */
  readonly unchecked: number
  /** Entries that were decided by rules of an earlier release: that the rules of today decide otherwise is no difference. */
  readonly olderRules: number
  readonly differences: readonly Difference[]
}

/** How to verify. */
export interface VerifyOptions {
  readonly signal?: AbortSignal
  /** Hears how many calls were checked. */
  readonly onProgress?: (calls: number) => void
}

/** How often a call is looked at again that changes while it is checked. */
const MAX_LOOKS = 20

/**
 * Folds the history of every call anew and compares what consumers and readers are told: what entries say
 * was decided and became final, and the row. It may run while calls are written.
 *
 * Not compared is what depends on options, which may be others today: whether the call is settled, due
 * times and missing fields; the row must say of them what its latest entry says. What became final with an
 * entry cannot be told from the history once it holds an entry of older rules, or one that says that the
 * call was rebuilt: for entries after it that is not compared, the row's final data are. Of a call that was
 * forgotten only what `forget` leaves is compared.
 */
export async function verifyCalls(
  store: Store,
  rules: ReadonlyMap<string, FoldRules>,
  { signal, onProgress = () => {} }: VerifyOptions = {},
): Promise<Verification> {
  const found = { calls: 0, entries: 0, unchecked: 0, olderRules: 0 }
  const differences: Difference[] = []
  await eachPage(store, signal, async (rows) => {
    for (const row of rows) {
      const own = rules.get(row.provider)
      found.entries += row.events
      if (own === undefined) {
        found.unchecked++
        continue
      }
      const { message, olderRules } = await checked(store, own, row)
      found.olderRules += olderRules
      const { provider, callId } = row
      if (message !== null) differences.push({ provider, callId, message })
    }
    found.calls += rows.length
    onProgress(found.calls)
  })
  return { ...found, differences }
}

interface Checked {
  /** What is wrong with the call; null where nothing is. */
  readonly message: string | null
  readonly olderRules: number
}

async function checked(store: Store, rules: FoldRules, listed: TrackedCall): Promise<Checked> {
  let row = listed
  for (let look = 1; ; look++) {
    const history = await store.history(row, { limit: row.events })
    const message = differenceIn(history, rules, row)
    const olderRules = history.filter((entry) => !isOfToday(entry)).length
    if (message === null || look === MAX_LOOKS) return { message, olderRules }
    const [stored] = await store.load([row])
    if (stored === undefined) return { message: 'the row is gone', olderRules }
    // The history only grows, so a row that is behind it fits its beginning; `forget` changes both.
    if (stored.row.revision === row.revision) return { message, olderRules }
    row = stored.row
  }
}

function differenceIn(
  history: readonly HistoryEntry[],
  rules: FoldRules,
  row: TrackedCall,
): string | null {
  if (history.length !== row.events) {
    return `the row counts ${row.events} events, the history holds ${history.length}`
  }
  if (history.some(({ sequence }, place) => sequence !== place + 1)) {
    return 'the sequences of the history have a gap'
  }
  if (new Set(history.map(({ key }) => key)).size !== history.length) {
    return 'the history holds an event twice'
  }
  const messages = history.filter(isMessage)
  const changed = messages.find((entry) => !isAsItWas(entry, row))
  if (changed !== undefined) return `event ${changed.sequence} is not what was stored`
  const received = messages.map(({ receivedAt }) => receivedAt)
  const first = received.reduce((a, b) => Math.min(a, b))
  const last = received.reduce((a, b) => Math.max(a, b))
  if (row.firstReceivedAt !== first || row.lastReceivedAt !== last) {
    return 'the row has other times of receipt than the history'
  }
  const anew = foldAnew(history, rules)
  return (
    differenceOfEntries(history, anew, { isForgotten: row.forgottenAt !== null }) ??
    differenceOfRow(row, history, anew.findLast((folded) => folded !== null)?.row)
  )
}

function isMessage(entry: HistoryEntry): entry is MessageEntry {
  return entry.type !== 'rebuilt'
}

/** Whether an entry still has the digest of what it says. Of a call that was forgotten nothing can be told. */
function isAsItWas(entry: MessageEntry, row: TrackedCall): boolean {
  if (row.forgottenAt !== null) return true
  const { provider, callId } = row
  const { key, type, event, decided, payload } = entry
  if (decided === null) return fitsKeyOf01(callId, entry)
  const { final = {}, ...said } = event
  const own = { event: { ...said, provider, callId }, final, digest: digestOfSaid(payload) }
  return fitsKey(key, { type, ...own })
}

/** The digest of the value as JavaScript writes it, as it was when the key was made. */
function digestOfSaid(payload: string | null): string | null {
  if (payload === null) return null
  try {
    return digestOf(JSON.stringify(JSON.parse(payload)))
  } catch {
    return digestOf(payload)
  }
}
