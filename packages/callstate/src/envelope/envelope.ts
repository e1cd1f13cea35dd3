import type { DeliveryHead, MessageKind } from '../providers/message.ts'

/** Headers of an envelope; a list where a header came several times. */
export type EnvelopeHeaders = Readonly<Record<string, string | readonly string[]>>

/**
 * One line of a log of messages, as plain data: a body with what is known of its delivery. Every key but
 * the body may be left out or null. An object with any other key is no envelope.
 */
export interface EnvelopeObject {
  /** By default whom the reader of the log is told, or the shape of the message. */
  readonly provider?: string | null
  /** `webhook` by default. */
  readonly kind?: MessageKind | null
  /** `POST` by default. */
  readonly method?: string | null
  readonly url?: string | null
  readonly headers?: EnvelopeHeaders | null
  readonly remoteAddress?: string | null
  /** ISO 8601, or milliseconds since 1970. */
  readonly receivedAt?: string | number | null
  /** As text what came; as an object or a list decoded JSON. A `GET` with a `url` needs none. */
  readonly body?: string | object | null
  /** What came, where it is no text in UTF-8; instead of `body`. */
  readonly bodyBase64?: string | null
}

/** A key that an envelope may have. */
export type EnvelopeKey = keyof EnvelopeObject

const KEYS = {
  provider: true,
  kind: true,
  method: true,
  url: true,
  headers: true,
  remoteAddress: true,
  receivedAt: true,
  body: true,
  bodyBase64: true,
} as const satisfies Record<EnvelopeKey, true>

/** Every key that an envelope may have. */
export const ENVELOPE_KEYS = Object.keys(KEYS) as readonly EnvelopeKey[]

/** The latest time that a `Date` can hold, in milliseconds since 1970. */
export const LATEST_MS = 8.64e15

/** All of a delivery but its body, as an envelope says it. */
export interface EnvelopeHead extends Omit<DeliveryHead, 'receivedAt'> {
  /** Names in lower case. */
  readonly headers: EnvelopeHeaders
  /** In milliseconds since 1970; null where the envelope does not say it. */
  readonly receivedAt: number | null
}

/** What an envelope holds: the bytes that came, or, where they were not kept, the decoded message. */
export type EnvelopeContent =
  | { readonly rawBody: Uint8Array; readonly decoded: null }
  | { readonly rawBody: null; readonly decoded: object }

/** A delivery out of an envelope: a `Delivery` where it has a `rawBody` and is given a `receivedAt`. */
export type EnvelopeDelivery = EnvelopeHead & EnvelopeContent

/** A message out of a log, with what the log says of it. */
export interface Envelope {
  /** The provider's name; null where the envelope does not say it. */
  readonly provider: string | null
  readonly kind: MessageKind
  readonly delivery: EnvelopeDelivery
}
