import { replay } from 'callstate'
import type { Provider } from 'callstate/providers'
import { fitsKey } from '../intake/message-key.ts'
import type { Store } from '../store.ts'
import { sameData } from './same-data.ts'
import type { CallRef, HistoryEntry, TrackedCall } from './tracked-call.ts'

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
  readonly differences: readonly Difference[]
}

const CALLS_AT_A_TIME = 200

/** How often a call is looked at again that changes while it is checked. */
const MAX_LOOKS = 20

/** Replays the history of every call and compares. It may run while calls are written. */
export async function verifyCalls(
  store: Store,
  providers: ReadonlyMap<string, Provider>,
  { signal, onProgress = () => {} }: { signal?: AbortSignal; onProgress?: (calls: number) => void },
): Promise<Verification> {
  let calls = 0
  let entries = 0
  let unchecked = 0
  const differences: Difference[] = []
  let after = null
  for (;;) {
    signal?.throwIfAborted()
    const rows: readonly TrackedCall[] = await store.list({
      order: 'newest',
      after,
      limit: CALLS_AT_A_TIME,
    })
    for (const row of rows) {
      const provider = providers.get(row.provider)
      if (provider === undefined) unchecked++
      else {
        const message = await differenceOf(store, provider, row)
        if (message !== null)
          differences.push({ provider: row.provider, callId: row.callId, message })
      }
      entries += row.events
    }
    calls += rows.length
    onProgress(calls)
    const last = rows.at(-1)
    if (last === undefined || rows.length < CALLS_AT_A_TIME) break
    after = { at: last.firstReceivedAt, provider: last.provider, callId: last.callId }
  }
  return { calls, entries, unchecked, differences }
}

/** What is wrong with a call; null where nothing is. */
async function differenceOf(
  store: Store,
  provider: Provider,
  listed: TrackedCall,
): Promise<string | null> {
  let row = listed
  for (let look = 1; ; look++) {
    const message = compare(await store.history(row, { limit: row.events }), provider, row)
    if (message === null || look === MAX_LOOKS) return message
    const [stored] = await store.load([row])
    if (stored === undefined) return 'the row is gone'
    // The history only grows, so a row that is behind it fits its beginning; `forget` changes both.
    if (stored.row.revision === row.revision) return message
    row = stored.row
  }
}

function compare(
  history: readonly HistoryEntry[],
  provider: Provider,
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
  const changed = history.find((entry) => !isAsItWas(entry, row))
  if (changed !== undefined) return `event ${changed.sequence} is not what was stored`
  const received = history.map(({ receivedAt }) => receivedAt)
  const first = received.reduce((a, b) => Math.min(a, b))
  const last = received.reduce((a, b) => Math.max(a, b))
  if (row.firstReceivedAt !== first || row.lastReceivedAt !== last) {
    return 'the row has other times of receipt than the history'
  }
  const told = history.filter(({ decision }) => decision !== null)
  const replayed = replay(
    told.map(({ event }) => event),
    { provider },
  )
  if (!sameData(replayed.call, row.knowledge)) return 'the replay of the history gives another call'
  const other = told.find(
    ({ decision }, place) => decision?.kind !== replayed.history[place]?.decision.kind,
  )
  return other === undefined ? null : `the replay decides otherwise about event ${other.sequence}`
}

/** Whether an entry still has the digest of what it says. Of a call that was forgotten nothing can be told. */
function isAsItWas({ key, event, decision, payload }: HistoryEntry, row: TrackedCall): boolean {
  if (row.forgottenAt !== null) return true
  const { provider, callId } = row
  const type = decision === null ? 'data' : 'event'
  return fitsKey(key, { type, event: { ...event, provider, callId }, said: saidBy(payload) })
}

function saidBy(payload: string | null): string | null {
  try {
    return payload === null ? null : JSON.stringify(JSON.parse(payload))
  } catch {
    return payload
  }
}
