import type { Call } from 'callstate'
import { RULES_VERSION } from 'callstate/internal'
import { fitsKeyOf01 } from '../intake/key-of-0.1.ts'
import { digestOf, fitsKey } from '../intake/message-key.ts'
import type { Store } from '../store.ts'
import { eachPage } from './each-page.ts'
import type { AttemptLedger } from './final-data.ts'
import type { FoldedEntry, FoldRules } from './fold-entry.ts'
import { foldAnew } from './fold-history.ts'
import { sameData } from './same-data.ts'
import type { CallRef, HistoryEntry, MessageEntry, TrackedCall } from './tracked-call.ts'

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

/** Folds the history of every call anew and compares. It may run while calls are written. */
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
  const other = history.find((entry, place) => !isDecidedSo(entry, anew[place] ?? null))
  if (other !== undefined) return `the replay decides otherwise about event ${other.sequence}`
  return differenceOfRow(row, anew.findLast((folded) => folded !== null)?.row)
}

/** What older rules made of the messages is not compared, only that the messages are in it. */
function differenceOfRow(row: TrackedCall, anew: FoldedEntry['row'] | undefined): string | null {
  if (anew === undefined) return 'the history holds no message'
  const [was, is] = [row.knowledge, anew.knowledge]
  const isSame =
    row.rules === RULES_VERSION ? sameData(was, is) : sameData(heardIn(was), heardIn(is))
  if (!isSame) return 'the replay of the history gives another call'
  if (row.rules !== RULES_VERSION) return null
  return sameData(endsAndData(row.attempts), endsAndData(anew.attempts))
    ? null
    : 'the replay of the history gives other final data'
}

function isMessage(entry: HistoryEntry): entry is MessageEntry {
  return entry.type !== 'rebuilt'
}

function isOfToday({ decided }: HistoryEntry): boolean {
  return decided !== null && decided.rules === RULES_VERSION
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

/** What depends on options, such as due times, may be decided otherwise today: the rest may not. */
function isDecidedSo(entry: HistoryEntry, anew: FoldedEntry | null): boolean {
  const { decision, decided } = entry
  if (anew === null || decided === null || !isOfToday(entry)) return true
  return (
    decision?.kind === anew.decision?.kind &&
    decided.of === anew.decided.of &&
    decided.status === anew.decided.status &&
    decided.attempt === anew.decided.attempt
  )
}

/** What was heard, whatever the order in which it is written down. */
function heardIn({ heard, unrecognized }: Call): unknown {
  const records = heard.map(({ attempt, seen }) => ({
    attempt,
    seen: seen.toSorted((a, b) => (a.status < b.status ? -1 : 1)),
  }))
  return { records, unrecognized }
}

/** The part of ledgers that follows from the messages alone. */
function endsAndData(ledgers: readonly AttemptLedger[]): unknown {
  return ledgers
    .filter(({ end, said }) => end !== null || said.length > 0)
    .map(({ attempt, end, said }) => ({ attempt, end, said }))
}
