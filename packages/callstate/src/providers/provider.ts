import type { CallEvent } from '../call.ts'
import { CallstateError } from '../error.ts'
import { CALL_STATUSES, type CallStatus } from '../lifecycle.ts'
import type { ObserveRules } from '../observe.ts'
import { isCallStatus } from '../status.ts'

/** In which kind of message a provider said something about a call. */
export type EventSource =
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

/** A `CallEvent` that names its call: what a provider's parser makes of a message. */
export interface ProviderEvent extends CallEvent {
  readonly provider: string
  /** The provider's identifier of the call; the same for all its attempts. */
  readonly callId: string
  readonly source: EventSource
  /** Identifier of this event, where the provider gives one. */
  readonly eventId?: string
}

/** One thing that is wrong with a message. It never repeats a value, which may be personal data. */
export interface ParseIssue {
  /** Where in the message, such as `telephony_data.duration`; empty for the message as a whole. */
  readonly path: string
  readonly expected: string
  /** The kind of thing that came, such as `number`; never the thing itself. */
  readonly received: string
  /** A sentence for a person: what was expected, what came, what to do. */
  readonly message: string
}

/** The answer of everything that reads input from outside. */
export type ParseResult<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly issues: readonly ParseIssue[] }

/** What one of the provider's status words means, and what the translation loses. */
export interface StatusMeaning {
  readonly status: CallStatus
  /** What the provider's word leaves open or our word cannot say; null where nothing is lost. */
  readonly loss: string | null
}

/** What the provider's word for one of our statuses is, and what the translation loses. */
export interface StatusWord {
  readonly word: string
  readonly loss: string | null
}

/** How a provider delivers its webhooks: facts to rely on, each from its documents. */
export interface DeliveryFacts {
  /** Whether deliveries keep the order of the events. */
  readonly ordered: boolean
  /** Whether one event may be delivered more than once. */
  readonly repeats: boolean
  /** Waiting times in milliseconds between tries of one delivery; null where they are not published. */
  readonly retryDelaysMs: readonly number[] | null
  /** The field that identifies an event; null where there is none. */
  readonly eventIdField: string | null
  /** The field that numbers a call's events; null where there is none. */
  readonly sequenceField: string | null
  /** The field with the provider's time of an event; null where there is none. */
  readonly eventTimeField: string | null
  /** How deliveries are signed; null where they are not. */
  readonly signature: { readonly header: string; readonly scheme: string } | null
  /** The addresses from which deliveries come; empty where none are published. */
  readonly sourceAddresses: readonly string[]
  /** Addresses of the documents that say so. */
  readonly sources: readonly string[]
}

/** Header names in lower case with their values. */
export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>

/** What a signature is checked over. */
export interface SignedDelivery {
  readonly rawBody: string | Uint8Array
  readonly headers: Headers
  readonly secret: string
}

/** Everything callstate knows of one provider: data and pure functions. Made by `defineProvider`. */
export interface Provider {
  /** Lower case; names the provider in data and on the command line. */
  readonly name: string
  /** The name as the provider writes it. */
  readonly title: string
  /** The provider's status words and what they mean. Words beyond these are unrecognized, never guessed. */
  readonly statuses: Readonly<Record<string, StatusMeaning>>
  /** The provider's word for each of our statuses. */
  readonly words: Readonly<Record<CallStatus, StatusWord>>
  readonly delivery: DeliveryFacts
  /** Habits of this provider that are no conflict. */
  readonly rules?: ObserveRules
  /** Whether a message looks like one of this provider's, by its shape alone. Pure; never throws. */
  recognizes(body: unknown): boolean
  /** Reads a message (parsed JSON) into an event. Pure; never throws. */
  parse(body: unknown): ParseResult<ProviderEvent>
  /** What makes two deliveries the same event. Equal keys mean that nothing new was said. Pure. */
  dedupeKey(event: ProviderEvent): string
  /** Checks a delivery's signature in constant time; absent where the provider signs nothing. */
  verify?(delivery: SignedDelivery): Promise<boolean>
}

/**
 * Declares a provider and checks the declaration: the name, and that every mapping leads into the
 * table. Throws a `CallstateError` with code `invalid-provider` where it does not.
 *
 * @example
 * export const acme = defineProvider({ name: 'acme', title: 'Acme', statuses: {…}, … })
 */
export function defineProvider<P extends Provider>(provider: P): P {
  if (!/^[a-z][a-z0-9-]*$/.test(provider.name)) {
    throw invalid(provider, 'its name must be lower-case letters, digits and hyphens')
  }
  for (const [word, { status }] of Object.entries(provider.statuses)) {
    if (!isCallStatus(status)) {
      throw invalid(provider, `"${word}" leads to "${status}", which is not one of the 16 statuses`)
    }
  }
  for (const status of CALL_STATUSES) {
    if (provider.words[status] === undefined)
      throw invalid(provider, `it has no word for ${status}`)
  }
  return provider
}

function invalid(provider: Provider, why: string): CallstateError {
  const message = `Provider "${provider.name}" cannot be defined: ${why}.`
  return new CallstateError('invalid-provider', message, { provider: provider.name })
}
