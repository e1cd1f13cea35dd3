import type { CallStatus } from 'callstate'
import type { BoardCall, Edge } from './call-row.ts'
import { DEFAULTS } from './defaults.ts'
import { createEventRate } from './event-rate.ts'
import { createTally } from './tally.ts'
import type { CallRow, Counts } from './wire.ts'

/** What a board is made of. */
export interface BoardOptions {
  /** The clock of the events per second, in milliseconds. */
  readonly now: () => number
  /** The most calls that it holds; `DEFAULTS.limits.calls` by default. */
  readonly calls?: number
}

/** What changed since a follower last looked. */
export interface BoardNews {
  readonly rows: readonly CallRow[]
  /** Keys of calls that are gone. */
  readonly gone: readonly string[]
}

/** Somebody who wants to know what changes; it holds no more than one mark for each call. */
export interface BoardFollower {
  /** Whether anything changed since the last `take`. */
  readonly hasNews: boolean
  /** What changed, at most `limit` calls of it; the rest waits for the next time. */
  take(limit: number): BoardNews
  stop(): void
}

/** Everything that the page shows at a glance: the calls and their counts. */
export interface Board {
  readonly size: number
  /**
   * Puts a call on the board, or its newer state. `heard` is how many events are news, for the events per
   * second; 0 for what was there before.
   */
  put(call: BoardCall, heard?: number): void
  remove(key: string): void
  get(key: string): CallRow | undefined
  /** The call as it was put. */
  held(key: string): BoardCall | undefined
  /** The calls in the order in which they were first put. May be read on while the board changes. */
  rows(): Iterable<CallRow>
  counts(): Counts
  /** Follows what changes from now on. */
  follow(): BoardFollower
}

/**
 * Makes an empty board. The counts are kept up to date with each call that is put: what the call added
 * before goes out, what it adds now comes in, so that their cost does not grow with the number of calls.
 */
export function createBoard({ now, calls = DEFAULTS.limits.calls }: BoardOptions): Board {
  const held = new Map<string, BoardCall>()
  const followers = new Set<(key: string) => void>()
  const rate = createEventRate(now)
  const statuses = createTally<CallStatus>()
  const moves = createTally<Edge>()
  const conflicts = createTally<Edge>()
  const sums = { settled: 0, findings: 0, unrecognized: 0, events: 0 }

  function count({ row, edges }: BoardCall, by: 1 | -1): void {
    if (row.status === null) sums.unrecognized += by
    else statuses.add(row.status, by)
    if (row.settled) sums.settled += by
    sums.findings += by * row.findings
    sums.events += by * row.events
    for (const edge of edges.moves) moves.add(edge, by)
    for (const edge of edges.conflicts) conflicts.add(edge, by)
  }

  function tell(key: string): void {
    for (const follower of followers) follower(key)
  }

  function remove(key: string): void {
    const known = held.get(key)
    if (known === undefined) return
    count(known, -1)
    held.delete(key)
    tell(key)
  }

  return {
    get size() {
      return held.size
    },
    put(call, heard = 0) {
      const { key } = call.row
      const known = held.get(key)
      if (known !== undefined) count(known, -1)
      count(call, 1)
      held.set(key, call)
      if (heard > 0) rate.add(heard)
      tell(key)
      for (const oldest of held.keys()) {
        if (held.size <= calls) break
        remove(oldest)
      }
    },
    remove,
    get: (key) => held.get(key)?.row,
    held: (key) => held.get(key),
    *rows() {
      for (const { row } of held.values()) yield row
    },
    counts: () => ({
      calls: held.size,
      ...sums,
      statuses: statuses.read(),
      moves: moves.read(),
      conflicts: conflicts.read(),
      eventsPerSecond: rate.perSecond(),
    }),
    follow() {
      const changed = new Set<string>()
      const mark = (key: string) => void changed.add(key)
      followers.add(mark)
      return {
        get hasNews() {
          return changed.size > 0
        },
        take(limit) {
          const rows: CallRow[] = []
          const gone: string[] = []
          for (const key of changed) {
            if (rows.length + gone.length >= limit) break
            changed.delete(key)
            const call = held.get(key)
            if (call === undefined) gone.push(key)
            else rows.push(call.row)
          }
          return { rows, gone }
        },
        stop: () => void followers.delete(mark),
      }
    },
  }
}
