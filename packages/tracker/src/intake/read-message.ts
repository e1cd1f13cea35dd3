import { isCallStatus, parseStatus } from 'callstate'
import {
  eventKeyOf,
  finalFieldsIn,
  isMessageKind,
  readChecked,
  textInFixedOrder,
} from 'callstate/internal'
import type {
  DataMessage,
  MessageKind,
  ParseIssue,
  Provider,
  ProviderEvent,
  Message as ProviderMessage,
  Reading,
  SaidFields,
} from 'callstate/providers'
import { called } from '../called.ts'
import { mayBeFinal } from '../calls/fold-entry.ts'
import { parseText } from '../calls/payload-data-fields.ts'
import { DEFAULTS } from '../defaults.ts'
import { TrackerError } from '../error.ts'
import { type Decoded, refuse, written } from './decode-input.ts'
import type { IngestInput } from './ingest.ts'
import type { Message } from './message.ts'
import { digestOf } from './message-key.ts'
import type { Redact } from './redact.ts'

/** What a message says, ready to be stored. */
export type ReadMessage =
  | { readonly ok: true; readonly type: 'skip'; readonly word: string }
  | {
      readonly ok: true
      readonly type: 'events' | 'data'
      /** At least one; one alone where it brings data. */
      readonly messages: readonly Message[]
      readonly needsAnswer: boolean
    }
  | { readonly ok: false; readonly issues: readonly ParseIssue[] }

/** A reading, and whether it was made of the body alone. */
export interface BodyReading {
  readonly reading: Reading
  /** Whether the provider looked at nothing but the body: then the body says it all. */
  readonly isOfBody: boolean
}

/** A provider by its name. Throws a `TrackerError` with code `unknown-provider` where there is none. */
export function providerOf(providers: ReadonlyMap<string, Provider>, name: string): Provider {
  const provider = providers.get(name)
  if (provider !== undefined) return provider
  throw new TrackerError(
    'unknown-provider',
    `The tracker knows the providers ${[...providers.keys()].join(', ')}; got another one. Hand it to createTracker.`,
  )
}

/** Has a provider read what was handed in. Throws `callback-failed` where the provider throws. */
export function readInput(input: IngestInput, decoded: Decoded, provider: Provider): BodyReading {
  if (!('event' in input)) {
    const kind = 'delivery' in input ? 'webhook' : (input.kind ?? null)
    if (kind !== null && !isMessageKind(kind)) {
      throw new TrackerError('invalid-option', 'Expected a kind of message; got another word.')
    }
    return readBody(provider, decoded, kind)
  }
  const event = inTable(input.event)
  return {
    reading: { ok: true, type: 'events', events: [event] },
    isOfBody: decoded.text !== null && says(provider, decoded, event),
  }
}

/** Has a provider read a decoded message. Throws `callback-failed` where the provider throws. */
export function readBody(
  provider: Provider,
  { body, headers, query }: Decoded,
  kind: MessageKind | null,
): BodyReading {
  const message: ProviderMessage = { body, kind }
  if (headers === undefined && query === undefined) {
    return { reading: checked(provider, message), isOfBody: true }
  }
  let isOfBody = true
  // What the provider looks at decides whether the body alone identifies the message.
  const lookedAt = <Value>(value: Value) => ({
    enumerable: true,
    get() {
      isOfBody = false
      return value
    },
  })
  if (headers !== undefined) Object.defineProperty(message, 'headers', lookedAt(headers))
  if (query !== undefined && Object.keys(query).length > 0) {
    Object.defineProperty(message, 'query', lookedAt(query))
  }
  const reading = checked(provider, message)
  return { reading, isOfBody }
}

function checked(provider: Provider, message: ProviderMessage): Reading {
  const reading = readChecked(provider, message)
  if (!('broken' in reading)) return reading
  const [issue] = reading.issues
  throw new TrackerError('callback-failed', issue?.message ?? 'The provider cannot read.', {
    cause: reading.cause,
  })
}

/** Makes of a reading what is to be stored. Throws `callback-failed` where a function from outside throws. */
export function messagesOf(
  provider: Provider,
  decoded: Decoded,
  { reading, isOfBody }: BodyReading,
  redact: Redact | undefined,
): ReadMessage {
  if (!reading.ok || reading.type === 'skip') return reading
  const type = reading.type
  const events = reading.type === 'data' ? [eventOfData(reading.data)] : reading.events
  const { maxEvents } = DEFAULTS.message
  if (events.length === 0 || events.length > maxEvents) {
    const received = events.length === 0 ? 'none' : 'more'
    return refuse('the message', `1 to ${maxEvents} events`, received)
  }
  if (!events.every(({ callId }) => isStorable(callId))) {
    const expected = 'well-formed text without NUL characters'
    return refuse('the identifier of the call', expected, 'other text')
  }
  const parts = partsOf(reading, decoded)
  if (!parts.ok) return parts
  const same = called(() => provider.sameMessage?.(decoded.body) ?? null)
  const sameAs = same === null ? null : textInFixedOrder(same)
  const isWhole = redact === undefined && isOfBody && events.length === 1
  const messages: Message[] = []
  for (const [place, one] of events.entries()) {
    const part = parts.decoded[place] ?? decoded
    const event = one.provider === provider.name ? one : { ...one, provider: provider.name }
    const kind = type === 'data' ? 'data' : 'event'
    const final = mayBeFinal(kind, event) ? finalFieldsIn(provider, event, part.body) : NOTHING
    const own = { type: kind, event, final, isWhole, sameAs } as const
    const redacted = redact && written(called(() => redact(part.body, event)))
    if (redacted?.ok === false) return redacted
    const kept = redacted?.decoded ?? part
    // What waits for the store holds no more than it has to.
    const value = final === NOTHING ? noValue : keptValue(kept)
    messages.push({ ...own, payload: kept.text, kept: value, digest: digestOfSaid(kept) })
  }
  const needsAnswer = reading.type === 'events' && reading.needsAnswer === true
  return { ok: true, type, messages, needsAnswer }
}

const NOTHING: SaidFields = {}

const noValue = () => undefined

/** What each event is kept with: its part of the message, or the whole of it. */
function partsOf(
  reading: Reading & { readonly ok: true },
  decoded: Decoded,
):
  | { readonly ok: true; readonly decoded: readonly Decoded[] }
  | { readonly ok: false; readonly issues: readonly ParseIssue[] } {
  if (reading.type !== 'events' || reading.parts === undefined) return { ok: true, decoded: [] }
  if (reading.parts.length !== reading.events.length) {
    throw new TrackerError(
      'callback-failed',
      'Expected as many parts as events from the "read" of a provider; got another number. Mend it.',
    )
  }
  const parts: Decoded[] = []
  for (const part of reading.parts) {
    const text = written(part)
    if (!text.ok) return text
    parts.push({ ...decoded, ...text.decoded })
  }
  return { ok: true, decoded: parts }
}

/** An event as callers without types may hand it in, with its status as the table has it. */
function inTable(event: ProviderEvent): ProviderEvent {
  const given: unknown = event.status
  const word = event.word ?? (typeof given === 'string' ? given : '')
  if (given === null || isCallStatus(given)) {
    return event.word === undefined ? { ...event, word } : event
  }
  const { status } = parseStatus(given)
  return { ...event, status, word }
}

/** Whether the event is what the provider reads out of the message. */
function says(provider: Provider, decoded: Decoded, event: ProviderEvent): boolean {
  const { reading } = readBody(provider, decoded, event.kind ?? null)
  if (!reading.ok || reading.type !== 'events') return false
  const [only, ...others] = reading.events
  return only !== undefined && others.length === 0 && eventKeyOf(only) === eventKeyOf(event)
}

/** A message that tells no status, as an event without one. */
function eventOfData({ word, ...data }: DataMessage): ProviderEvent {
  return { ...data, status: null, word }
}

/** A digest of the value as JavaScript writes it, however it was written. */
function digestOfSaid({ text, body, asItCame }: Decoded): string | null {
  return text === null ? null : digestOf(asItCame ? JSON.stringify(body) : text)
}

/** What was parsed needs no parsing; what a caller handed in may be more than JSON holds. */
function keptValue({ text, body, asItCame }: Decoded): () => unknown {
  return () => (asItCame ? body : parseText(text))
}

/** PostgreSQL keeps no NUL in a text, and no engine a half of a surrogate pair. */
function isStorable(text: string): boolean {
  return !/[\0\p{Cs}]/u.test(text)
}
