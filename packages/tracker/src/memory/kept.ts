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

/** Everything that a memory store holds. */
export interface Kept {
  /** By `keyOfRef`, like the cursors. */
  readonly calls: Map<string, KeptCall>
  /** The cursors of each consumer. */
  readonly consumers: Map<string, Map<string, Cursor>>
  /** By their ids. */
  readonly letters: Map<string, DeadLetter>
  lettersEver: number
}

/** The cursor of a consumer that has not begun with a call; what is after `position` is left to do. */
export function newCursor({ provider, callId }: CallRef, position: number): Cursor {
  return { provider, callId, head: position, position, dueAt: null, owner: null, tries: 0 }
}
