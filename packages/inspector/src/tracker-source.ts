import { setTimeout as pause } from 'node:timers/promises'
import type { CallRef, Change, HistoryEntry, TrackedCall, Tracker } from '@callstate/tracker'
import { type CallEvent, dueAt, replay } from 'callstate'
import type { Provider } from 'callstate/providers'
import type { Board } from './board.ts'
import { eventItemOf, shownCall, shownLifecycle } from './call-detail.ts'
import { type BoardCall, boardCallOf, type KnownCall, keyOf, partsOfKey } from './call-row.ts'
import { DEFAULTS } from './defaults.ts'
import { type Following, followTracker } from './follow-tracker.ts'
import type { CallSource } from './source.ts'
import type { CallDetail } from './wire.ts'

/** What a source over a tracker may be told. */
export interface TrackerSourceOptions {
  /** For the head of the page, such as the name of the database. */
  readonly name: string
  /** The providers of the calls, for their titles; whose moves are legal is what the tracker knows. */
  readonly providers?: readonly Provider[]
  /** How many times faster than time the tracker's clock runs; 1 by default. */
  readonly speed?: number
  /** The newest calls that are taken over; `DEFAULTS.limits.calls` by default. */
  readonly calls?: number
}

/**
 * The calls of a tracker: those that there are, and every change that this tracker stores from then on.
 * What another process stores in the same database is seen only after a restart, as with `watch`.
 *
 * @example
 * await startInspector({ source: trackerSource(tracker, { name: 'calls.db' }) })
 */
export function trackerSource(tracker: Tracker, options: TrackerSourceOptions): CallSource {
  const { name, providers = [], speed = 1, calls = DEFAULTS.limits.calls } = options
  let following: Following | null = null
  let rereading: Rereading | null = null

  return {
    kind: 'tracker',
    name,
    providers: providers.map((one) => ({ name: one.name, title: one.title })),
    speed,
    now: tracker.now,
    async open(board) {
      const reread = createRereading(tracker, board)
      rereading = reread
      following = followTracker(tracker, {
        calls,
        // The oldest first, so that the oldest make room where the board is full.
        onListed: (listed) => {
          for (const call of listed.toReversed()) putListed(tracker, board, call)
        },
        onChange: (change) => {
          if (putChange(tracker, board, change) && !change.settled) reread.add(change)
        },
      })
      await following.ready
    },
    detail: (key, limit) => detailOf(tracker, key, limit),
    async payload(key, sequence) {
      const ref = refOf(key)
      if (ref === null || sequence < 1) return null
      const [entry] = await tracker.history(ref, { after: sequence - 1, limit: 1 })
      const isThere = entry?.sequence === sequence && entry.payload !== null
      return isThere ? { payload: JSON.parse(entry.payload) } : null
    },
    async close() {
      await following?.stop()
      await rereading?.stop()
    },
  }
}

/** A row of the database, unless the board knows newer ones of the call's events. */
function putListed(tracker: Tracker, board: Board, row: TrackedCall): void {
  const known = board.get(keyOf(row.provider, row.callId))
  if (known !== undefined && known.events > row.events) return
  board.put(boardCall(tracker, row), known ? row.events - known.events : 0)
}

function boardCall(tracker: Tracker, known: KnownCall): BoardCall {
  return boardCallOf(known, { provider: tracker.provider(known.provider) })
}

/** Whether the change was news. */
function putChange(tracker: Tracker, board: Board, change: Change): boolean {
  const { provider, callId, call, settled, sequence, receivedAt } = change
  const known = board.get(keyOf(provider, callId))
  if (known !== undefined && known.events >= sequence) return false
  const heard = sequence - (known?.events ?? sequence - 1)
  board.put(
    boardCall(tracker, {
      provider,
      callId,
      knowledge: call,
      settled,
      // The tracker may have other budgets; what it says is read soon after.
      dueAt: settled ? null : dueAt(call, tracker.provider(provider)?.habits.budgetsMs),
      events: sequence,
      firstReceivedAt: known?.firstReceivedAt ?? receivedAt,
      lastReceivedAt: Math.max(receivedAt, known?.lastReceivedAt ?? receivedAt),
    }),
    heard,
  )
  return true
}

interface Rereading {
  add(ref: CallRef): void
  stop(): Promise<void>
}

/** A change does not say when the call is due, so that open calls are read again, many changes at once. */
function createRereading(tracker: Tracker, board: Board): Rereading {
  const { rereadEveryMs, rereadBatch } = DEFAULTS.trackerSource
  const waiting = new Map<string, CallRef>()
  const stopping = new AbortController()
  let running: Promise<void> | null = null

  async function run(): Promise<void> {
    while (waiting.size > 0 && !stopping.signal.aborted) {
      await pause(rereadEveryMs, undefined, { signal: stopping.signal, ref: false })
      const batch = [...waiting].slice(0, rereadBatch)
      for (const [key] of batch) waiting.delete(key)
      for (const [, ref] of batch) {
        const row = await tracker.get(ref)
        if (row !== null) putListed(tracker, board, row)
      }
    }
  }

  return {
    add({ provider, callId }) {
      waiting.set(keyOf(provider, callId), { provider, callId })
      // Where the database does not answer, what was reckoned stands until the next change.
      running ??= run()
        .catch(() => waiting.clear())
        .finally(() => {
          running = null
        })
    },
    async stop() {
      stopping.abort()
      await running
    },
  }
}

async function detailOf(tracker: Tracker, key: string, limit: number): Promise<CallDetail | null> {
  const ref = refOf(key)
  const found = ref === null ? null : await tracker.get(ref)
  if (found === null) return null
  const after = Math.max(0, found.events - limit)
  const entries = await tracker.history(found, { after, limit })
  const earlier = after === 0 ? [] : await tracker.history(found, { limit: after })
  const { row } = boardCall(tracker, found)
  const provider = tracker.provider(found.provider)
  return {
    row,
    events: entries.map(({ event, payload, ...entry }) =>
      eventItemOf({
        ...entry,
        event,
        kind: event.kind,
        hasPayload: payload !== null,
      }),
    ),
    total: found.events,
    ...(provider && { lifecycle: shownLifecycle(provider) }),
    ...(after > 0 && { before: shownCall(replay(telling(earlier)).call) }),
  }
}

/** What tells no status is no part of the fold. */
function telling(entries: readonly HistoryEntry[]): readonly CallEvent[] {
  return entries.filter(({ decision }) => decision !== null).map(({ event }) => event)
}

function refOf(key: string): CallRef | null {
  return partsOfKey(key)
}
