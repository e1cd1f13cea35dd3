import type { Call, CallStatus, Decision, Outcome } from 'callstate'
import type { ProviderEvent, SaidFields } from 'callstate/providers'
import type { AttemptLedger, FinalChange } from './final-data.ts'

/** Names a call: a provider's identifiers are unique within the provider only. */
export interface CallRef {
  /** The provider's name, such as `bolna`. */
  readonly provider: string
  /** The provider's identifier of the call; the same for all its attempts. */
  readonly callId: string
}

/** What a row says of its call at one revision. Times in ms since 1970, by our clock. */
export interface CallStanding {
  /** The status now; null while no status of the table was heard. */
  readonly status: CallStatus | null
  /** The number of the latest attempt, 1 for the first. */
  readonly attempt: number
  /** Whether the latest attempt has ended and no policy allows a further one. */
  readonly settled: boolean
  /** When silence about the call becomes suspicious; null where it never does. */
  readonly dueAt: number | null
  /** When data of an ended attempt that are expected and missing become overdue; null where none are missing. */
  readonly dataDueAt: number | null
  /** What became of the latest attempt. */
  readonly outcome: Outcome
}

/** A call as it is kept: what is known of it, and what a list can be filtered by. */
export interface TrackedCall extends CallRef, CallStanding {
  /** Everything known, as `observe` folds it; status and attempt are read off it. */
  readonly knowledge: Call
  /** The attempts that have ended or of which final data were heard, the first one first. */
  readonly attempts: readonly AttemptLedger[]
  /** When to ask the provider next: the earlier of `dueAt` and the due time of data that can be asked for. */
  readonly askAt: number | null
  /** How many entries its history holds; the sequence of the latest. */
  readonly events: number
  /** When we first heard of it, by our clock. */
  readonly firstReceivedAt: number
  /** When we last heard anything new of it, by our clock. */
  readonly lastReceivedAt: number
  /** When its payloads were removed by `forget`; null where they were not. */
  readonly forgottenAt: number | null
  /** The version of the rules by which it was folded last. */
  readonly rules: number
  /** Grows with every write of the row; a write names the revision that it was made from. */
  readonly revision: number
}

/** An event as it is kept: without the call's name, which stands beside it. */
export interface StoredEvent extends Omit<ProviderEvent, keyof CallRef> {
  /**
   * What the message said of final fields, where what it tells can be final: read from the whole of it when
   * it came, so that nothing has to be read again from what was redacted.
   */
  readonly final?: SaidFields
}

/** What was decided when an entry was written: facts, which nobody computes a second time. */
export interface Decided extends CallStanding {
  /** The attempt into which the message was read; of a rebuilt entry the latest. */
  readonly of: number
  /** The version of the rules that decided. */
  readonly rules: number
  readonly facts: readonly FinalChange[]
}

interface EntryBase {
  /** 1 for the first that was heard of the call, in the order in which they were stored. */
  readonly sequence: number
  /** What makes two deliveries the same: a digest of what was said. Unique within the call. */
  readonly key: string
  /** When it came, by our clock. */
  readonly receivedAt: number
  /** The message as JSON text, redacted; null where there was none or the call was forgotten. */
  readonly payload: string | null
  /** Null in entries that release 0.1 wrote. */
  readonly decided: Decided | null
}

/** One entry of a call's history. Entries are added and never changed, but for `forget`. */
export type HistoryEntry =
  /** A message that told a status. */
  | (EntryBase & {
      readonly type: 'event'
      readonly event: StoredEvent
      readonly decision: Decision
    })
  /** A message that told no status and brought data: its kind is the event's word. */
  | (EntryBase & { readonly type: 'data'; readonly event: StoredEvent; readonly decision: null })
  /** No message: the row was folded anew by other rules. */
  | (EntryBase & { readonly type: 'rebuilt'; readonly event: null; readonly decision: null })

/** An entry that was made of a message. */
export type MessageEntry = Exclude<HistoryEntry, { readonly type: 'rebuilt' }>

/** The part of a stored call that follows from what is known of it. Pure. */
export function withStatus(knowledge: Call): Pick<TrackedCall, 'status' | 'attempt' | 'knowledge'> {
  return { status: knowledge.status, attempt: knowledge.attempt, knowledge }
}

/** A text for a call that no other call has; for maps, not for display. Pure. */
export function keyOfRef({ provider, callId }: CallRef): string {
  // No provider's name holds a space.
  return `${provider} ${callId}`
}
