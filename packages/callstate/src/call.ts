import type { CallStatus } from './lifecycle.ts'
import type { RetryPolicy } from './retry-policy.ts'

/** Who ended the call, in one vocabulary for all providers. */
export type HangupParty = 'caller' | 'callee' | 'agent' | 'api' | 'carrier' | 'provider' | 'unknown'

/** What an event says beside its status. Plain data, such as JSON holds; everything is optional. */
export interface EventDetails {
  /** The provider's own status word, where it differs from ours; kept with the call. */
  readonly word?: string
  /**
   * The provider's words for why the call ended. Free text: it may hold personal data, though the
   * providers here leave out what has an address or more than four digits.
   */
  readonly reason?: string
  /** The provider's code for why the call ended, as text; ambiguous by itself. */
  readonly reasonCode?: string
  /** Who ended the call. */
  readonly hangupBy?: HangupParty
  /** Whether a machine answered. */
  readonly voicemail?: boolean
  /** Talking time in milliseconds as the provider states it. */
  readonly talkMs?: number
  /** Ringing time in milliseconds as the provider states it. */
  readonly ringMs?: number
  /** When a waiting call is to be placed; milliseconds since 1970, provider's clock. */
  readonly scheduledFor?: number
  /** What the provider will do by itself when this attempt ends. */
  readonly retryPolicy?: RetryPolicy
}

/** A status of an attempt that an event mentions beside its own, as a retry history does. */
export interface EarlierStatus {
  readonly attempt: number
  /** The status; null for a word outside the table. */
  readonly status: CallStatus | null
  /** The provider's own word; said where `status` is null. */
  readonly word?: string
  readonly occurredAt?: number | null
}

/**
 * One thing heard about a call. Text from outside becomes one by `parseStatus`, whose answer may stand
 * here as it is: `observe(call, { ...parseStatus(text), occurredAt })`.
 */
export interface CallEvent {
  /**
   * The status; null for a word that is none, which is kept in `word`: also one that is spelled like a
   * status of the table, where the provider does not have it and need not mean that.
   */
  readonly status: CallStatus | null
  /** The provider's own word for the status, as it came. */
  readonly word?: string
  /** Number of the attempt, 1 for the first; left out or null where the provider does not say. */
  readonly attempt?: number | null
  /** The provider's time in milliseconds since 1970; left out or null where unknown. */
  readonly occurredAt?: number | null
  readonly details?: EventDetails
  /** Ends of earlier attempts that this event mentions; learned together with it. */
  readonly earlier?: readonly EarlierStatus[]
  /** The provider's identifier of this event, where it gives one. */
  readonly eventId?: string
  /** The provider's number of this event among those of its call, where it gives one. */
  readonly sequence?: number
}

/** One status heard in one attempt: when first, when last, and what was said with it. */
export interface Sighting {
  readonly status: CallStatus
  /** Earliest provider time, milliseconds since 1970; null where no event gave one. */
  readonly firstAt: number | null
  /** Latest provider time. */
  readonly lastAt: number | null
  /** What was said at the latest provider time that came with details. */
  readonly details?: EventDetails
  /** The provider time of `details`. */
  readonly detailsAt?: number | null
}

/** What is known of one attempt. */
export interface AttemptRecord {
  /** Number of the attempt, 1 for the first. In `Call.heard`, null gathers what did not say its attempt; it stands first. */
  readonly attempt: number | null
  /** The statuses seen as a bit set: bit `1 << LIFECYCLE[status].number` stands for a status. Merging is bitwise OR. */
  readonly bits: number
  /** The statuses seen, in no order that means anything: whoever reads them sorts for himself. */
  readonly seen: readonly Sighting[]
}

/** A word outside the table that was heard as a status. */
export interface UnrecognizedSighting {
  readonly word: string
  readonly attempt: number | null
  readonly firstAt: number | null
  readonly lastAt: number | null
}

/**
 * Everything known about one call, as plain data that survives JSON and `structuredClone`. It depends
 * on the set of events heard, never on their order or number. `status` and `attempt` are read off the
 * rest and kept for convenience; the rest is merged by union, minimum and maximum.
 */
export interface Call {
  /** The status now; null while no status of the table was heard. */
  readonly status: CallStatus | null
  /** The number of the latest attempt, 1 for the first. */
  readonly attempt: number
  /** What was heard, by the attempt that the events named; `attemptsOf` reads it. */
  readonly heard: readonly AttemptRecord[]
  readonly unrecognized: readonly UnrecognizedSighting[]
}
