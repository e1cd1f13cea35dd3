import type { CallRef, HistoryEntry, TrackedCall } from '../calls/tracked-call.ts'
import type { DeadLetter } from '../store.ts'

/** A call with what a store keeps beside its row. */
export interface KeptCall {
  row: TrackedCall
  entries: HistoryEntry[]
  /** When a poller may have it; null where none may. */
  pollAt: number | null
  asked: number
}

/** How far a consumer is in a call. */
export interface Cursor extends CallRef {
  /** The sequence of the latest entry. */
  head: number
  position: number
  /** When a worker may have it, which for a claimed one is when the claim ends; null where none may. */
  dueAt: number | null
  owner: string | null
  tries: number
}

/** A consumer, and what it is to get. */
export interface KeptConsumer {
  /** It gets what came at this time or later, and all that was written since it was registered. */
  readonly from: number
  /** By `keyOfRef`. */
  readonly cursors: Map<string, Cursor>
  /** The calls that were there before it and that it does not know of yet, by `keyOfRef`. */
  unknown: string[]
}

/** An entry's place among all that was stored. */
export interface LoggedEntry {
  /** Its call, by `keyOfRef`. */
  readonly call: string
  readonly sequence: number
}

/** Everything that a memory store holds. */
export interface Kept {
  /** Unlike that of every other store. */
  readonly id: string
  /** By `keyOfRef`. */
  readonly calls: Map<string, KeptCall>
  /** Every entry in the order in which it was stored. */
  readonly log: LoggedEntry[]
  readonly consumers: Map<string, KeptConsumer>
  /** By their ids. */
  readonly letters: Map<string, DeadLetter>
  lettersEver: number
  /** Who wants to know of what is stored. */
  readonly listeners: Set<() => void>
}

/** The cursor of a consumer that has not begun with a call; what is after `position` is left to do. */
export function newCursor({ provider, callId }: CallRef, position: number): Cursor {
  return { provider, callId, head: position, position, dueAt: null, owner: null, tries: 0 }
}

/** The sequence of the last entry before the first one that came at this time or later. */
export function positionBefore(entries: readonly HistoryEntry[], from: number): number {
  const first = entries.findIndex((entry) => entry.receivedAt >= from)
  return first < 0 ? entries.length : first
}
