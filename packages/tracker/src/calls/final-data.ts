import type { HangupParty, TerminalStatus } from 'callstate'
import type { Amount, FinalField } from 'callstate/providers'

/** Where in the messages of a call something stands. */
export interface PayloadRef {
  /** The sequence of the entry whose payload holds it. */
  readonly sequence: number
  /** Where in the payload, as a JSON pointer (RFC 6901). */
  readonly pointer: string
  /** Whether the payload is gone, as after `forget`. */
  readonly pruned: boolean
}

/** What is final of one attempt, in one vocabulary for all providers; null where nothing was said. */
export interface FinalData {
  /** Talking time in milliseconds. */
  readonly durationMs: number | null
  readonly cost: Amount | null
  readonly recording: PayloadRef | null
  readonly transcript: PayloadRef | null
  readonly extraction: PayloadRef | null
  readonly hangupBy: HangupParty | null
  /** The provider's words; free text, so it goes with `forget`. */
  readonly reason: string | null
  readonly voicemail: boolean | null
}

/** The value of one field of `FinalData`. */
export type FinalValue<Field extends FinalField = FinalField> = NonNullable<FinalData[Field]>

/** A value that a message brought. */
export interface SaidValue<Field extends FinalField = FinalField> {
  readonly value: FinalValue<Field>
  /**
   * Of a reference, a digest of what it refers to, so that the same said again is no other value; not there
   * where that is not kept.
   */
  readonly digest?: string
}

/** What one message brought, as far as no other message of the same end has brought it since. */
export interface SaidMessage {
  /** The key of its entry. */
  readonly message: string
  /** The sequence of its entry. */
  readonly sequence: number
  /** The end that it tells; null for one that tells no status and brings data. */
  readonly end: TerminalStatus | null
  /** Whether it names its attempt; else it was only read into it. */
  readonly isNamed: boolean
  /** The provider's time. */
  readonly at: number | null
  /** The provider's number. */
  readonly order: number | null
  readonly fields: { readonly [Field in FinalField]?: SaidValue<Field> }
}

/** What is kept of the end and the data of one attempt. */
export interface AttemptLedger {
  readonly attempt: number
  /** The end that counts; null while the attempt goes on. */
  readonly end: TerminalStatus | null
  /** When the entry came that told this end, by our clock; null while the attempt goes on. */
  readonly endedAt: number | null
  /** When the entry came that told of a later attempt, by our clock; null where none did since the end. */
  readonly supersededAt: number | null
  /** The fields that are final at this end, as the provider declares them. */
  readonly finalFields: readonly FinalField[]
  /** What the messages brought, in the order in which they came. */
  readonly said: readonly SaidMessage[]
  /** The fields that have had a value: from then on another value is a correction. */
  readonly readyFields: readonly FinalField[]
  /** The expected fields that are not there. */
  readonly missing: readonly FinalField[]
  /** When the missing fields become overdue, by our clock in ms since 1970; null where none is missing. */
  readonly dataDueAt: number | null
  /** Whether the provider can still be asked about this attempt. */
  readonly isAskable: boolean
}

/** A value that had been ready and is another one now. */
export interface Correction {
  readonly field: FinalField
  readonly before: FinalValue | null
  readonly now: FinalValue | null
  /** The key of the message that the new value stands in; null where there is none now. */
  readonly message: string | null
}

/** What one entry changed about the final data of one attempt. */
export interface FinalChange {
  readonly attempt: number
  /** The final data after it; null where the attempt has no end any more. */
  readonly finalData: FinalData | null
  /** Fields that have a value for the first time. */
  readonly ready: readonly FinalField[]
  readonly corrected: readonly Correction[]
}
