import type { HangupParty } from '../call.ts'
import type { CallStatus, Direction } from '../lifecycle.ts'
import type { DeliveryHeaders, MessageKind, Parameters } from './message.ts'

/** One step of a call's story. */
export interface Step {
  readonly attempt: number
  readonly status: CallStatus
  /** Milliseconds since 1970. */
  readonly occurredAt: number
}

/**
 * What is true of an attempt beside its statuses; null or left out where it is not known. A provider says
 * of it what it would say at that status: a recording at the end of the call, not before.
 */
export interface StoryFacts {
  /** The number that calls and the one that is called, E.164: ours is `to` of an inbound call. */
  readonly from: string
  readonly to: string
  /** When a call that waits is to be placed, in milliseconds since 1970. */
  readonly scheduledFor?: number | null
  readonly ringMs?: number | null
  readonly talkMs?: number | null
  readonly hangupBy?: HangupParty | null
  readonly voicemail?: boolean | null
  /** In the provider's own unit. */
  readonly cost?: number | null
  readonly recordingUrl?: string | null
  readonly transcript?: string | null
  readonly extraction?: Readonly<Record<string, unknown>> | null
}

/** A call at one step of its story: what a provider makes its messages of. */
export interface Moment extends Step {
  readonly callId: string
  readonly direction: Direction
  /** Every step so far, of earlier attempts too; the last one is this step. */
  readonly steps: readonly Step[]
  readonly facts: StoryFacts
}

/** A message as a provider would write it, not signed yet. */
export interface ToldMessage {
  readonly kind: MessageKind
  /** `POST` where it is left out. A `GET` has its parameters in `query` and an empty body. */
  readonly method?: 'POST' | 'GET'
  readonly contentType?: string
  /** The very text that is sent. */
  readonly body: string
  /** Added to the address. */
  readonly query?: Parameters
  readonly headers?: DeliveryHeaders
}

/**
 * The messages with which a provider says this moment, in this kind of message; empty where it has no
 * word for it or says nothing then. Read by the provider's own `read`, they are this moment, as far as
 * its words can say it. Pure.
 */
export type Tell = (moment: Moment, kind: MessageKind) => readonly ToldMessage[]
