import type { Call, CallStatus, Decision } from 'callstate'
import type { ProviderEvent } from 'callstate/providers'

/** Names a call: a provider's identifiers are unique within the provider only. */
export interface CallRef {
  /** The provider's name, such as `bolna`. */
  readonly provider: string
  /** The provider's identifier of the call; the same for all its attempts. */
  readonly callId: string
}

/** A call as it is kept: what is known of it, and what a list can be filtered by. Times in ms since 1970. */
export interface TrackedCall extends CallRef {
  /** The status now; null while no status of the table was heard. */
  readonly status: CallStatus | null
  /** The number of the latest attempt, 1 for the first. */
  readonly attempt: number
  /** Everything known, as `observe` folds it; status and attempt are read off it. */
  readonly knowledge: Call
  /** Whether the latest attempt has ended and no policy allows a further one. */
  readonly settled: boolean
  /** When silence about the call becomes suspicious; null where it never does. */
  readonly dueAt: number | null
  /** How many entries its history holds; the sequence of the latest. */
  readonly events: number
  /** When we first heard of it, by our clock. */
  readonly firstReceivedAt: number
  /** When we last heard anything new of it, by our clock. */
  readonly lastReceivedAt: number
  /** When its payloads were removed by `forget`; null where they were not. */
  readonly forgottenAt: number | null
  /** Grows with every write of the row; a write names the revision that it was made from. */
  readonly revision: number
}

/** An event as it is kept: without the call's name, which stands beside it. */
export type StoredEvent = Omit<ProviderEvent, keyof CallRef>

/** One entry of a call's history. Entries are added and never changed, but for `forget`. */
export interface HistoryEntry {
  /** 1 for the first that was heard of the call, in the order in which they were stored. */
  readonly sequence: number
  /** What makes two deliveries the same: a digest of what was said. Unique within the call. */
  readonly key: string
  /** When it came, by our clock. */
  readonly receivedAt: number
  /** What was said; of a message that tells no status (`decision: null`), its kind as the word. */
  readonly event: StoredEvent
  /** What it did at its place in the order; null for a message that tells no status and brings data. */
  readonly decision: Decision | null
  /** The message as JSON text, redacted; null where there was none or the call was forgotten. */
  readonly payload: string | null
}

/** The part of a stored call that follows from what is known of it. Pure. */
export function withStatus(knowledge: Call): Pick<TrackedCall, 'status' | 'attempt' | 'knowledge'> {
  return { status: knowledge.status, attempt: knowledge.attempt, knowledge }
}

/** A text for a call that no other call has; for maps, not for display. Pure. */
export function keyOfRef({ provider, callId }: CallRef): string {
  // No provider's name holds a space.
  return `${provider} ${callId}`
}
