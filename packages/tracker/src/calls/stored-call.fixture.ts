import { createHash } from 'node:crypto'
import { bolna } from 'callstate/providers/bolna'
import { createTracker } from '../create-tracker.ts'
import { createMemoryStore } from '../memory/index.ts'
import type { Store } from '../store.ts'
import type { TrackerOptions } from '../tracker-options.ts'
import type { HistoryEntry, TrackedCall } from './tracked-call.ts'

/** The call that `openTracker` sends. */
export const REF = { provider: 'bolna', callId: 'c-1' }

/** When the first message comes; each further one comes a millisecond later. */
export const STARTED_AT = 1_769_421_600_000

/** A tracker on a store in memory, with its store beside it. */
export function openTracker(options: Partial<TrackerOptions> = {}) {
  const { store = createMemoryStore() } = options
  let clock = STARTED_AT
  const tracker = createTracker({ providers: [bolna], now: () => clock++, ...options, store })
  const send = (rawBody: string) => tracker.ingest({ provider: 'bolna', rawBody })
  const tell = (status: string, fields: Readonly<Record<string, unknown>> = {}) =>
    send(JSON.stringify({ id: 'c-1', status, ...fields }))
  const row = async () => (await store.load([REF]))[0]?.row
  return { store, tracker, send, tell, row }
}

/** What is to be written over of a call. */
export interface Overwriting {
  readonly row?: Partial<TrackedCall>
  readonly entries?: readonly HistoryEntry[]
}

/** Writes over what is stored of the call, as whoever has the file can. */
export async function overwrite(
  store: Store,
  change: (call: {
    readonly row: TrackedCall
    readonly entries: readonly HistoryEntry[]
  }) => Overwriting,
): Promise<void> {
  const [stored] = await store.load([REF])
  if (stored === undefined) throw new Error('There is no such call.')
  const { row } = stored
  const entries = await store.history(REF)
  const changed = change({ row, entries })
  const revision = row.revision + 1
  const write = { row: { ...row, ...changed.row, revision }, basedOn: row.revision }
  await store.replace({ ...write, entries: changed.entries ?? entries })
}

/** The digest that keys are made of. */
export function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}

/** A call as release 0.1 wrote it: nothing is decided, and a key is the digest of one text. */
export function asOf01(
  entries: readonly HistoryEntry[],
  keyOf: (payload: string) => string = digest,
): Overwriting {
  return {
    row: { rules: 1, attempts: [], dataDueAt: null },
    entries: entries.map((entry): HistoryEntry => {
      if (entry.type === 'rebuilt') return entry
      const { final: _, ...event } = entry.event
      return { ...entry, event, decided: null, key: keyOf(entry.payload ?? '') }
    }),
  }
}
