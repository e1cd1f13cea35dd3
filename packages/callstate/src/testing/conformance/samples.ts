import type { CallStatus } from '../../lifecycle.ts'
import type { DeliveryHeaders, MessageKind, ProviderEvent } from '../../providers/message.ts'
import type { Provider } from '../../providers/provider.ts'

/** One rule for a provider, ready for any test framework. */
export interface ConformanceCheck {
  /** A sentence that says what holds. */
  readonly name: string
  /** What follows from it: half a sentence, to be read after "Proves". */
  readonly proves: string
  /** Throws, or rejects, with an Error that says what does not hold. */
  run(): void | Promise<void>
}

/** What an event is to be; what is left out is not compared. */
export type EventExpectation = Partial<
  Pick<
    ProviderEvent,
    'callId' | 'status' | 'word' | 'attempt' | 'occurredAt' | 'kind' | 'eventId' | 'sequence'
  >
>

/**
 * What a sample is to be read as: the event that it tells, the data that it brings (which has no status)
 * or, where it is to be skipped, its word. What is left out is not compared.
 */
export interface SampleExpectation extends EventExpectation {
  /** `events` by default. */
  readonly reads?: 'events' | 'data' | 'skip'
  /** Of a message that tells of several events: what each of them is to be, in their order. */
  readonly events?: readonly EventExpectation[]
  /** Whether the provider waits for an answer that steers the call; false by default. */
  readonly needsAnswer?: boolean
}

/** A request of the provider, as it comes. */
export interface SampleDelivery {
  /** `POST` by default. */
  readonly method?: string
  /** The address that the provider dialled, with its query. */
  readonly url?: string
  readonly contentType?: string
  /** Names in lower case. */
  readonly headers?: DeliveryHeaders
  /** The very text or bytes; empty by default. */
  readonly body?: string | Uint8Array
}

/** One message of the provider: decoded, or as a delivery, which is decoded as the provider receives it. */
export interface SampleMessage {
  readonly name: string
  /** The message as `read` takes it; instead of `delivery`. */
  readonly body?: unknown
  readonly delivery?: SampleDelivery
  /** `webhook` by default for a delivery; left to the provider for a decoded message. */
  readonly kind?: MessageKind
  readonly expect?: SampleExpectation
  /**
   * Where the status word stands in the decoded message, as keys from the outside in. Left out, it is
   * every text in it that equals the word that was read.
   */
  readonly statusAt?: readonly string[]
  /**
   * Where the word for the kind of the message stands, in the same way. One sample at least says it
   * where the provider has kinds of message that tell no status.
   */
  readonly kindAt?: readonly string[]
  /**
   * Why the shape of this message does not tell whose it is. Such a message is read where the provider
   * is named, and must not be recognized.
   */
  readonly ambiguous?: string
}

/** What a proof of origin covers beside its key: altering it must make the proof wrong. */
export type Covered = 'method' | 'url' | 'body'

/** A delivery with the true proof of one scheme. */
export interface SignedSample {
  /** The name of the scheme; may be left out where the provider has but one. */
  readonly scheme?: string
  /** With the headers that prove it. */
  readonly delivery: SampleDelivery
  /** With which it is checked. */
  readonly key: string
  /** With which it is signed, where that is another one. */
  readonly signingKey?: string
  /** When it came, in milliseconds since 1970. */
  readonly now: number
  /** Only the body by default; nothing for a shared secret. */
  readonly covers?: readonly Covered[]
  /** For how long after `now` the proof is good, in milliseconds; left out where it never gets too old. */
  readonly goodForMs?: number
}

/** Messages of one provider. */
export interface ProviderSamples {
  readonly messages: readonly SampleMessage[]
  /** One for each scheme of origin. */
  readonly signed?: readonly SignedSample[]
  /** The identifier of the calls that `tell` is asked to tell of; `call-1` by default. */
  readonly callId?: string
  /**
   * The statuses of its lifecycle of which it tells nothing in webhooks or in records, for a reader who
   * wonders what must be asked for. Left out where it tells all.
   */
  readonly untold?: Readonly<Partial<Record<'webhook' | 'record', readonly CallStatus[]>>>
}

/** Fails the check with a sentence about this provider. */
export function fail(provider: Provider, why: string): never {
  throw new Error(`Provider "${provider.name}": ${why}.`)
}
