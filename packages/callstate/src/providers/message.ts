import type { CallEvent } from '../call.ts'

/** In which kind of message a provider said something about a call. */
export type MessageKind =
  /** A webhook delivery. */
  | 'webhook'
  /** The full record that the provider returns for one call. */
  | 'record'
  /** One row of a list that the provider returns; trimmed. */
  | 'list-item'
  /** The reply to the request that placed the call. */
  | 'call-reply'
  /** The reply to the request that stopped the call. */
  | 'stop-reply'

const KINDS = {
  webhook: true,
  record: true,
  'list-item': true,
  'call-reply': true,
  'stop-reply': true,
} as const satisfies Record<MessageKind, true>

/** Every kind of message. */
export const MESSAGE_KINDS = Object.keys(KINDS) as readonly MessageKind[]

/** Whether a value is a kind of message. Pure. */
export function isMessageKind(value: unknown): value is MessageKind {
  return typeof value === 'string' && Object.hasOwn(KINDS, value)
}

/** Header names in lower case with their values. */
export type DeliveryHeaders = Readonly<Record<string, string | readonly string[] | undefined>>

/** Parameters by name; a list where one name came several times. */
export type Parameters = Readonly<Record<string, string | readonly string[]>>

/** All of a delivery but its body: what can be checked before the body is read. */
export interface DeliveryHead {
  /** In capitals: `POST`, `GET`. */
  readonly method: string
  /** The address that the provider dialled: behind a proxy the public one, with its query. */
  readonly url: string
  readonly headers: DeliveryHeaders
  /** The address of the other side; null where it is not known. */
  readonly remoteAddress: string | null
  /** When it came by our clock, in milliseconds since 1970. */
  readonly receivedAt: number
}

/** One HTTP request of a provider, as it came. */
export interface Delivery extends DeliveryHead {
  readonly rawBody: Uint8Array
}

/** A decoded message, ready to be read. */
export interface Message {
  /** What the body says: parsed JSON, or the parameters of a form or of a query. */
  readonly body: unknown
  /** Null where the caller does not know: then the provider may tell a record by its shape. */
  readonly kind: MessageKind | null
  /** Those of the delivery, where it was one. */
  readonly headers?: DeliveryHeaders
  /** The query of the delivery's address, where it was one. */
  readonly query?: Parameters
}

/** A `CallEvent` that names its call: what a provider reads out of a message. */
export interface ProviderEvent extends CallEvent {
  readonly provider: string
  /** The provider's identifier of the call; the same for all its attempts. */
  readonly callId: string
  /** In which kind of message it was said. */
  readonly kind: MessageKind
  /** The provider's own word, as it came; of a kind of message that the reader does not know, that kind. */
  readonly word: string
}

/** A message that belongs to a call and tells no status, such as the news of a recording. */
export interface DataMessage {
  readonly provider: string
  readonly callId: string
  /** The provider's word for this kind of message, one that it declares as `data`. */
  readonly word: string
  readonly kind: MessageKind
  /** Number of the attempt, 1 for the first; null where the provider does not say. */
  readonly attempt: number | null
  /** The provider's time in milliseconds since 1970; null where unknown. */
  readonly occurredAt: number | null
  readonly eventId?: string
  readonly sequence?: number
}

/** One thing that is wrong with a message. It never repeats a value, which may be personal data. */
export interface ParseIssue {
  /** Where in the message, as keys from the outside in; empty for the message as a whole. */
  readonly path: readonly (string | number)[]
  readonly expected: string
  /** The kind of thing that came, such as `number`; never the thing itself. */
  readonly received: string
  /** A sentence for a person: what was expected, what came, what to do. */
  readonly message: string
}

/** Input that was refused, and why. */
export interface Refused {
  readonly ok: false
  readonly issues: readonly ParseIssue[]
}

/** The answer of everything that reads input from outside. */
export type ParseResult<Value> = { readonly ok: true; readonly value: Value } | Refused

/** What a provider read out of a message. */
export type Reading =
  | {
      readonly ok: true
      readonly type: 'events'
      /** At least one; of one call, or of several where a message tells of them together. */
      readonly events: readonly ProviderEvent[]
      /**
       * By event: the part of the message that tells it, as plain data; needed where a message tells
       * several, since each call keeps, and forgets, its own part alone. Left out, it is the whole message.
       */
      readonly parts?: readonly unknown[]
      /** Whether the provider waits for an answer that steers the call, which only the user can give. */
      readonly needsAnswer?: boolean
    }
  | { readonly ok: true; readonly type: 'data'; readonly data: DataMessage }
  /** A message that is not kept, only counted; `word` is one that the provider declares as `skip`. */
  | { readonly ok: true; readonly type: 'skip'; readonly word: string }
  | Refused

/** The answer for a message that tells one event. Pure. */
export function oneEvent(result: ParseResult<ProviderEvent>): Reading {
  return result.ok ? { ok: true, type: 'events', events: [result.value] } : result
}
