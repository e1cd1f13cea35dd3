import { CALL_STATUSES, type Call, type CallStatus, isTerminal, phaseOf } from 'callstate'
import type { HistoryEntry } from './tracked-call.ts'

/**
 * Where an entry stands among those of its call: by attempt, phase, whether its end is the one that
 * counts, provider's time, status and key.
 */
export type Place = readonly [
  attempt: number,
  phase: number,
  counts: number,
  occurredAt: number,
  status: number,
  key: string,
]

/** Which attempts are named, and to which of them an entry belongs that names none. */
export interface NamedAttempts {
  /** Takes an entry into account. True where others may belong to another attempt by it. */
  hear(entry: HistoryEntry): boolean
  /**
   * The attempt of an entry. One that names none belongs to the latest attempt that had begun at its
   * time, which an attempt without any time had; without a time of its own to the latest; and before
   * all of them to the first. 0 where no entry names one.
   */
  attemptOf(entry: HistoryEntry): number
}

/** Knows of no attempt yet. What it says depends on the set of entries that it heard alone. */
export function createNamedAttempts(): NamedAttempts {
  /** When each attempt began at the latest: its earliest time, null where no entry of it has one. */
  const beginnings = new Map<number, number | null>()
  return {
    hear(entry) {
      const attempt = namedAttempt(entry)
      // Which attempts there are is told by statuses alone, as it is to `observe`.
      if (attempt === null || entry.decision === null) return false
      const at = timeOf(entry)
      const known = beginnings.get(attempt)
      if (known !== undefined && (at === null || (known !== null && known <= at))) return false
      beginnings.set(attempt, at)
      return true
    },
    attemptOf(entry) {
      const named = namedAttempt(entry)
      if (named !== null) return named
      const at = timeOf(entry) ?? Number.POSITIVE_INFINITY
      let [first, latest] = [Number.POSITIVE_INFINITY, 0]
      for (const [attempt, begunAt] of beginnings) {
        first = Math.min(first, attempt)
        if (begunAt === null || begunAt <= at) latest = Math.max(latest, attempt)
      }
      if (beginnings.size === 0) return 0
      return latest > 0 ? latest : first
    },
  }
}

/** The attempt that the entry itself names; null where it names none. Pure. */
export function namedAttempt({ event: { attempt } }: HistoryEntry): number | null {
  return Number.isSafeInteger(attempt) && Number(attempt) >= 1 ? Number(attempt) : null
}

const PHASES = ['waiting', 'dialing', 'connected', 'wrapping-up', 'ended']

/**
 * Where an entry of this attempt stands; `end` is the end that counts, where the call has one: what came
 * with another one, which the evidence outweighs, does not overwrite what came with it. Pure.
 */
export function placeIn(attempt: number, entry: HistoryEntry, end: CallStatus | null): Place {
  const { key } = entry
  const { status } = entry.event
  return [
    attempt,
    status === null ? -1 : PHASES.indexOf(phaseOf(status)),
    status === end ? 1 : 0,
    timeOf(entry) ?? Number.NEGATIVE_INFINITY,
    status === null ? -1 : CALL_STATUSES.indexOf(status),
    key,
  ]
}

/** Below 0 where `a` stands before `b`; 0 for one and the same. Pure. */
export function comparePlaces(a: Place, b: Place): number {
  const ranks = a[0] - b[0] || a[1] - b[1] || a[2] - b[2]
  return ranks || compare(a[3], b[3]) || a[4] - b[4] || compare(a[5], b[5])
}

/** By `<`, since infinite times have no difference. */
function compare<Value extends number | string>(a: Value, b: Value): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

/** The end that the evidence makes the call's; null while it has none. Pure. */
export function endOf({ status }: Call): CallStatus | null {
  return status !== null && isTerminal(status) ? status : null
}

function timeOf({ event: { occurredAt } }: HistoryEntry): number | null {
  return typeof occurredAt === 'number' && Number.isFinite(occurredAt) ? occurredAt : null
}
