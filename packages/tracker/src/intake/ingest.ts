import type { Decision } from 'callstate'
import type { Delivery, MessageKind, ParseIssue, ProviderEvent } from 'callstate/providers'
import type { TrackedCall } from '../calls/tracked-call.ts'

/** One thing heard: a provider's message, decoded or as it came, or an event that was made of one. */
export type IngestInput = (
  | {
      /** The provider's name. */
      readonly provider: string
      /** The kind of message; left out where it is not known: then the provider may tell it by its shape. */
      readonly kind?: MessageKind
      /** The message: a value that `JSON.parse` gave, or the fields of a form. */
      readonly body: unknown
    }
  | {
      readonly provider: string
      readonly kind?: MessageKind
      /** The message as JSON, as it came; text or bytes in UTF-8. */
      readonly rawBody: string | Uint8Array
    }
  | {
      readonly provider: string
      /** A webhook as it came, in any form that the provider sends. Its origin is not looked at. */
      readonly delivery: Delivery
    }
  | {
      readonly event: ProviderEvent
      /** The message of which the event was made, to be kept with it. */
      readonly body?: unknown
    }
) & {
  /** When it came, ms since 1970; that of the delivery, else now, where it is left out. */
  readonly receivedAt?: number
}

/** What became of one event. */
export interface IngestedEvent {
  readonly event: ProviderEvent
  readonly decision: Decision
  /** Whether the very same was stored before: nothing was added then. */
  readonly repeated: boolean
  /** The call as it is stored now. */
  readonly call: TrackedCall
  /** The place of the event in the call's history; null where it was repeated. */
  readonly sequence: number | null
}

/** What became of one message. */
export type IngestResult =
  /** Events, at least one. What they share with `IngestedEvent` is said of the first. */
  | (Omit<IngestedEvent, 'event'> & {
      readonly ok: true
      readonly type: 'events'
      readonly events: readonly IngestedEvent[]
      /** Whether the provider waits for an answer that steers the call. */
      readonly needsAnswer: boolean
    })
  /** Data of a call, without a status. */
  | {
      readonly ok: true
      readonly type: 'data'
      readonly repeated: boolean
      /** Null where nothing was heard of the call: then nothing is kept either. */
      readonly call: TrackedCall | null
      /** Null where nothing was added: it was repeated, of an unknown call, or one too many of its call. */
      readonly sequence: number | null
    }
  /** A message that is not kept, of a kind that the provider declares so. */
  | { readonly ok: true; readonly type: 'skip'; readonly word: string }
  /** Nothing that a call is told by: nothing was stored. No issue repeats a value of the message. */
  | { readonly ok: false; readonly issues: readonly ParseIssue[] }
