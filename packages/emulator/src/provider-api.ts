import type { Direction, RetryPolicy } from 'callstate'
import type { Amount, DeliveryHeaders, Provider } from 'callstate/providers'
import type { Hono } from 'hono'
import type { EmulatedCall } from './call.ts'
import type { Fate } from './fate.ts'
import type { Random } from './random.ts'

// The contract between the engine and one provider side (`src/<provider>/`).
//
// A side knows its provider's API, records and messages, and nothing of time, weather, signatures,
// retries of deliveries or the truth. The engine knows those, moves calls through the machine, and knows
// nothing of any provider. A side of a provider's own is a function `(engine, shared, own) =>
// ProviderSide` that is listed in `sides.ts`; every other provider has the side that is made of its
// declaration (`generic/`).
//
// The life of a call: a route reads a request, calls `engine.place`, and answers with the call's `id`.
// The engine draws a fate and moves the call; at every status, in order, it asks
// `messagesOf(call)` for the webhooks to send, and sends them through the weather. Routes read calls back
// from `engine.calls()` and `engine.call(id)`: what a record shows is derived from the call at that
// moment, so that a webhook and a poll agree.

/** What a provider side gives to the engine. */
export interface ProviderSide {
  /** Lower case, as in `callstate/providers`; also the path under which the API is mounted. */
  readonly name: string
  /** The API at the paths of the real one, authorization and errors included. */
  readonly routes: Hono
  /** First segments of the API's paths, which also work at the root of the server; no two sides share one. */
  readonly paths: readonly string[]
  /** What may become of this provider's calls; other fates are never drawn for them. */
  readonly fates: readonly Fate[]
  /** The webhooks that say the call's latest step; none is fine. Called once for each step, at its time. */
  messagesOf(call: EmulatedCall): readonly Message[]
  /**
   * What the record of an attempt says at its end, for the truth: asked once, at the end of every attempt,
   * after its messages. Left out where records say none of it.
   */
  dataOf?(call: EmulatedCall): RecordedEnd
  /**
   * Asked at an end whose cost the weather is to correct: answers how that is done when its time has come.
   * Then another attempt may go on. Left out where no cost is told.
   */
  correctionOf?(call: EmulatedCall): (random: Random) => ToldCorrection
  /** Places a call as the API would that is told nothing but this. Throws `invalid-option`. */
  place(outbound: OutboundCall): EmulatedCall
  /** Takes a call in that a person places; left out where the provider has none. */
  receive?(inbound: InboundCall): EmulatedCall
}

/** What the record of an attempt says at its end. */
export interface RecordedEnd {
  readonly amount: Amount | null
  /** Whether what was extracted from the conversation is there; where it comes later, the side notes it. */
  readonly hasExtraction: boolean
}

/** Another cost in the place of the one that was said, and the webhooks that say it. */
export interface ToldCorrection {
  readonly amount: Amount
  readonly messages: readonly Message[]
}

/** What every side is told beside its own options. */
export interface SharedOptions {
  readonly provider: Provider
  /** Where webhooks go that name no address; null for nowhere. */
  readonly webhookUrl: string | null
  /** The keys that the API takes; null for any that is not empty. */
  readonly apiKeys: readonly string[] | null
  /** Whether too many requests are answered with 429. */
  readonly hasRateLimits: boolean
}

/** A call to a person; everything is optional. */
export interface OutboundCall {
  /** The person's number; one that is reserved for examples by default. */
  readonly to?: string
  /** For the rules of the scenario; `{ emulated_fate: 'busy' }` says what becomes of the call. */
  readonly metadata?: Readonly<Record<string, unknown>>
  /**
   * When another attempt follows; by default what the provider does by itself. Where a request of the
   * provider's API says it, it can be said there alone.
   */
  readonly retryPolicy?: RetryPolicy | null
}

/** A call that a person places to an agent. */
export interface InboundCall {
  /** The person's number. */
  readonly from: string
  /** The agent's identifier; left out for any. */
  readonly agentId?: string
  /** For the rules of the scenario. */
  readonly metadata?: Readonly<Record<string, unknown>>
}

/** One webhook, before the weather. */
export interface Message {
  /** Where it goes; no valid http address means that nothing is sent. */
  readonly url: string
  /** `POST` where it is left out. A `GET` has an empty body. */
  readonly method?: 'POST' | 'GET'
  /** The very text that is sent in every try. */
  readonly body: string
  /** In lower case. A `POST` is `application/json` where they do not say another content type. */
  readonly headers?: DeliveryHeaders
  /** Whether it is the last word on its call: what the knob `finalLost` loses. */
  readonly isFinal: boolean
}

/** What a provider side gets from the engine. One engine object per side: identifiers never mix. */
export interface Engine {
  /** The emulator's time in milliseconds since 1970. */
  now(): number
  /** Runs an action at a time of the emulator's clock, or soon if that has passed; answers how to cancel it. */
  at(time: number, action: () => void): () => void
  /** A stream of random numbers of its own for these words: same seed and words, same stream. */
  random(...words: readonly (string | number)[]): Random
  /** Makes a call and starts its life. */
  place(request: PlaceRequest): EmulatedCall
  call(id: string): EmulatedCall | undefined
  /** Every call of this side, the first one first. */
  calls(): readonly EmulatedCall[]
  /** Hands a `prepared` call to the dial queue. Does nothing at any other status. */
  queue(call: EmulatedCall): void
  /**
   * Ends a waiting call (`prepared`, `scheduled`, `queued`, `rescheduled`) with this status. False,
   * and nothing done, where the call waits no more. Which statuses the API allows is the side's matter.
   */
  end(call: EmulatedCall, status: 'stopped' | 'canceled'): boolean
  /** Sends a further message that says the call's latest change once more, with what is known by now. */
  tell(call: EmulatedCall, message: Message): void
  /** Notes for the truth that the extraction of the call's latest attempt is ready now. */
  noteExtraction(call: EmulatedCall): void
  /** Sends a message that is about no single call, such as one of a batch, through the weather. */
  send(about: string, message: Message): void
}

/** What a side asks of the engine who wants a call. */
export interface PlaceRequest {
  /** Makes the provider's identifier of the call. */
  readonly id: (random: Random) => string
  readonly direction: Direction
  /** The number of the other person: dialed, or calling in. Scenario rules look at it. */
  readonly destination: string
  /** What the user sent along. Scenario rules look at it. */
  readonly metadata: Readonly<Record<string, unknown>>
  /** When another attempt follows; null for never. */
  readonly policy: RetryPolicy | null
  /** Waiting status at the start. `prepared` waits for `engine.queue`. Ignored for inbound calls. */
  readonly start: 'queued' | 'scheduled' | 'prepared'
  /** When a `scheduled` call goes to the queue, in milliseconds since 1970. */
  readonly scheduledFor?: number
  /**
   * The first time, not before the given one, at which the call may be dialed, or null for never. Where
   * it is later the call is `rescheduled`. Left out where there are no guardrails.
   */
  readonly allowedAt?: (time: number) => number | null
  /** Asked when the call would be dialed: false ends it with `balance-low`. */
  readonly isFunded?: () => boolean
  /** Told of the call, once, before its first change and so before its first message. */
  readonly onPlaced?: (call: EmulatedCall) => void
}
