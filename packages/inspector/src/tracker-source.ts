import type { CallRef, Change, HistoryEntry, TrackedCall, Tracker } from '@callstate/tracker'
import { type CallEvent, EMPTY_CALL, replay } from 'callstate'
import type { Provider } from 'callstate/providers'
import { attemptItemOf } from './attempt-item.ts'
import type { Board } from './board.ts'
import { eventItemOf, shownCall, shownLifecycle } from './call-detail.ts'
import {
  type BoardCall,
  boardCallOf,
  conflictsIn,
  type Edge,
  type KnownCall,
  keyOf,
  partsOfKey,
} from './call-row.ts'
import { DEFAULTS } from './defaults.ts'
import { type Following, followTracker } from './follow-tracker.ts'
import type { CallSource } from './source.ts'
import { mayContradict, storyOf, storyWith } from './story.ts'
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
 * The calls of a tracker: those that there are, and every change from then on, whichever process stores
 * it. What a change says of its call is shown as it is: nothing is read again for it.
 *
 * @example
 * await startInspector({ source: trackerSource(tracker, { name: 'calls.db' }) })
 */
export function trackerSource(tracker: Tracker, options: TrackerSourceOptions): CallSource {
  const { name, providers = [], speed = 1, calls = DEFAULTS.limits.calls } = options
  let following: Following | null = null

  return {
    kind: 'tracker',
    name,
    providers: providers.map((one) => ({ name: one.name, title: one.title })),
    speed,
    now: tracker.now,
    async open(board) {
      following = followTracker(tracker, {
        calls,
        async onListed(listed) {
          // The oldest first, so that the oldest make room where the board is full.
          for (const row of listed.toReversed()) await putRow(tracker, board, row)
        },
        async onChange(change) {
          if (!putChange(tracker, board, change)) await reread(tracker, board, change)
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
    },
  }
}

/** A call as a list or a question for it gives it. */
type Row = Omit<TrackedCall, 'attempts'>

/** Puts a row of the database on the board, unless the board knows as many entries of the call. */
async function putRow(tracker: Tracker, board: Board, row: Row): Promise<void> {
  const key = keyOf(row.provider, row.callId)
  const before = board.held(key)
  const known = before?.row.events ?? 0
  if (before !== undefined && known >= row.events) return
  const news = await conflictsAfter(tracker, row, known)
  const conflicts = [...(before?.edges.conflicts ?? []), ...news]
  board.put(
    boardCall(tracker, { ...row, conflicts }),
    before === undefined ? 0 : row.events - known,
  )
}

/** What the decisions with the entries after one say contradicts what was known. */
async function conflictsAfter(tracker: Tracker, row: Row, after: number): Promise<readonly Edge[]> {
  if (!mayContradict(row.knowledge, { provider: tracker.provider(row.provider) })) return []
  const entries = await tracker.history(row, { after, limit: row.events - after })
  return conflictsIn(entries.map(({ decision }) => decision))
}

function boardCall(tracker: Tracker, known: KnownCall): BoardCall {
  const options = { provider: tracker.provider(known.provider) }
  return { ...boardCallOf(known, options), story: storyOf(known.knowledge) }
}

/**
 * Puts what a change says on the board, unless it was there already. False where the change alone does
 * not tell it: of a call that the board does not hold, and where the row was folded anew.
 */
function putChange(tracker: Tracker, board: Board, change: Change): boolean {
  const { provider, callId, sequence, receivedAt, event, decision } = change
  const before = board.held(keyOf(provider, callId))
  const known = before?.row.events ?? 0
  if (before !== undefined && known >= sequence) return true
  if (sequence !== known + 1 || event === null) return false
  const story = before === undefined ? EMPTY_CALL : before.story
  if (story === undefined) return false
  const news: KnownCall = {
    provider,
    callId,
    ...change.call,
    knowledge: decision === null ? story : storyWith(story, event),
    conflicts: [...(before?.edges.conflicts ?? []), ...conflictsIn([decision])],
    events: sequence,
    firstReceivedAt: before?.row.firstReceivedAt ?? receivedAt,
    lastReceivedAt: Math.max(receivedAt, before?.row.lastReceivedAt ?? receivedAt),
  }
  board.put(boardCall(tracker, news), 1)
  return true
}

async function reread(tracker: Tracker, board: Board, ref: CallRef): Promise<void> {
  const row = await tracker.get(ref)
  if (row !== null) await putRow(tracker, board, row)
}

async function detailOf(tracker: Tracker, key: string, limit: number): Promise<CallDetail | null> {
  const ref = refOf(key)
  const found = ref === null ? null : await tracker.get(ref)
  if (found === null) return null
  const history = await tracker.history(found, { limit: found.events })
  const conflicts = conflictsIn(history.map(({ decision }) => decision))
  const entries = history.slice(-limit)
  const earlier = history.slice(0, -limit)
  const provider = tracker.provider(found.provider)
  return {
    row: boardCall(tracker, { ...found, conflicts }).row,
    events: entries.map(({ event, payload, ...entry }) =>
      eventItemOf({
        ...entry,
        event,
        kind: event?.kind ?? null,
        hasPayload: payload !== null,
      }),
    ),
    total: found.events,
    attempts: found.attempts.map(attemptItemOf),
    ...(provider && { lifecycle: shownLifecycle(provider) }),
    ...(earlier.length > 0 && { before: shownCall(replay(telling(earlier)).call) }),
  }
}

/** What tells no status is no part of the fold. */
function telling(entries: readonly HistoryEntry[]): readonly CallEvent[] {
  return entries.flatMap(({ decision, event }) =>
    decision === null || event === null ? [] : [event],
  )
}

function refOf(key: string): CallRef | null {
  return partsOfKey(key)
}
