import type { HangupParty } from '../call.ts'

/** What something cost: in a currency, or in a unit of the provider's own; the other of both is null. */
export interface Amount {
  readonly amount: number
  /** As ISO 4217 has it, such as `USD`. */
  readonly currency: string | null
  /** The provider's word, such as `cent`. */
  readonly unit: string | null
}

const FIELDS = {
  durationMs: true,
  cost: true,
  recording: true,
  transcript: true,
  extraction: true,
  hangupBy: true,
  reason: true,
  voicemail: true,
} as const

/** What can be final of an attempt, in one vocabulary for all providers. */
export type FinalField = keyof typeof FIELDS

/** Every field of final data. */
export const FINAL_FIELDS = Object.keys(FIELDS) as readonly FinalField[]

/**
 * Where a provider's messages hold what is final: cost by a function, the others by JSON pointers
 * (RFC 6901) into the message, of which the first with a value counts. Null, `""` and empty lists and
 * objects are no values. Duration, hangup, reason and voicemail are read with the event's details.
 */
export interface FinalSources {
  /** Pure; null where the message says no cost. */
  cost?(body: unknown): Amount | null
  readonly recording?: readonly string[]
  readonly transcript?: readonly string[]
  readonly extraction?: readonly string[]
}

/** What one message says of each field of final data; what it does not say is not there. */
export interface SaidFields {
  /** Talking time in milliseconds. */
  readonly durationMs?: number
  readonly cost?: Amount
  /** Where in the message it stands, as a JSON pointer; so have the next two. */
  readonly recording?: string
  readonly transcript?: string
  readonly extraction?: string
  readonly hangupBy?: HangupParty
  /** The provider's words; free text. */
  readonly reason?: string
  readonly voicemail?: boolean
}

/** How long after an end its data may take, where a provider does not say it, in milliseconds. */
export const DATA_BUDGET_MS = 900_000

/** What the messages of one end hold. */
export interface FinalFields {
  /** The fields that a message of this end holds in their last form. */
  readonly final: readonly FinalField[]
  /** Those that are missed where they are not there. */
  readonly expected: readonly FinalField[]
  /** Those that are missed where they are not there and the line is known to have been up. */
  readonly expectedIfConnected?: readonly FinalField[]
}
