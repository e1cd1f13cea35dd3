import { createHash } from 'node:crypto'
import type { ParseIssue, Provider, ProviderEvent } from 'callstate/providers'
import { TrackerError } from '../error.ts'
import type { IngestInput } from './ingest.ts'
import type { Redact } from './redact.ts'

/** An event that was read from a message, and what is kept of the message. */
export interface Message {
  readonly event: ProviderEvent
  /** JSON text, redacted; null where there was no message. */
  readonly payload: string | null
  /** What was said, for telling messages apart: the payload without differences of white space. */
  readonly said: string | null
  /** Whether `said` is the whole message, so that the event follows from it. */
  readonly isWhole: boolean
}

/** Lists and objects inside one another that a message may have; real ones have about five. */
export const MAX_MESSAGE_DEPTH = 128

/** The answer of `readMessage`. */
export type MessageReading =
  | { readonly ok: true; readonly message: Message }
  | { readonly ok: false; readonly issues: readonly ParseIssue[] }

/**
 * Reads what was handed to `ingest` into an event. Bad input is an answer. Throws a `TrackerError` with
 * code `unknown-provider` for a provider that the tracker was not given: a mistake of the caller's.
 */
export function readMessage(
  input: IngestInput,
  providers: ReadonlyMap<string, Provider>,
  redact: Redact | undefined,
): MessageReading {
  const name = 'event' in input ? input.event.provider : input.provider
  const provider = providerOf(providers, name)
  const came = 'rawBody' in input ? decode(input.rawBody) : written(input.body)
  if (!came.ok) return came
  const { body, text } = came
  if (text !== null && mayBeDeep(text) && isDeeperThan(body, MAX_MESSAGE_DEPTH)) {
    return refuse('the message', `at most ${MAX_MESSAGE_DEPTH} levels`, 'deeper nesting')
  }
  const parsed = 'event' in input ? { ok: true as const, value: input.event } : provider.parse(body)
  if (!parsed.ok) return parsed
  if (!isStorable(parsed.value.callId)) {
    const expected = 'well-formed text without NUL characters'
    return refuse('the identifier of the call', expected, 'other text')
  }
  if (redact === undefined) {
    const said = text !== null && 'rawBody' in input ? compact(text, body) : text
    const isWhole = !('event' in input) || says(provider, body, input.event)
    return { ok: true, message: { event: parsed.value, payload: text, said, isWhole } }
  }
  const kept = written(called(() => redact(body, parsed.value)))
  if (!kept.ok) return kept
  const payload = kept.text
  return { ok: true, message: { event: parsed.value, payload, said: payload, isWhole: false } }
}

/** Whether the event is what the provider reads out of the message. */
function says(provider: Provider, body: unknown, event: ProviderEvent): boolean {
  return called(() => {
    const parsed = provider.parse(body)
    return parsed.ok && provider.dedupeKey(parsed.value) === provider.dedupeKey(event)
  })
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

/**
 * What makes two deliveries the same event: a digest of what was said, and of what is kept of it. White
 * space makes no difference, the order of fields does. Pure.
 */
export function messageKey(
  { event, said, isWhole }: Pick<Message, 'event' | 'said' | 'isWhole'>,
  provider: Provider,
): string {
  if (said !== null && isWhole) return digestOf(said)
  const key = called(() => provider.dedupeKey(event))
  return digestOf(said === null ? key : `${key}\n${said}`)
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}

/** The text without white space between its parts. */
function compact(text: string, body: unknown): string {
  // Who writes no white space at the beginning writes none; at worst the same message is stored twice.
  return COMPACT.test(text) ? text : JSON.stringify(body)
}

const COMPACT = /^\{"[^"\\]*":(?:"[^"\\]*"|[^\s",{[]+),"/

/** What a function from outside gives; throws a `TrackerError` with code `callback-failed` where it throws. */
function called<Value>(ask: () => Value): Value {
  try {
    return ask()
  } catch (cause) {
    throw new TrackerError(
      'callback-failed',
      'A function that the tracker was given ("redact", or one of a provider) threw. Mend it and deliver the event again.',
      { cause },
    )
  }
}

type Reading =
  | { readonly ok: true; readonly body: unknown; readonly text: string | null }
  | { readonly ok: false; readonly issues: readonly ParseIssue[] }

function decode(raw: string | Uint8Array): Reading {
  let text: string
  try {
    text = typeof raw === 'string' ? raw : new TextDecoder('utf-8', { fatal: true }).decode(raw)
  } catch {
    return refuse('the message', 'text in UTF-8', 'other bytes')
  }
  try {
    return { ok: true, body: JSON.parse(text), text }
  } catch {
    // The engine's own message quotes the text.
    return refuse('the message', 'JSON', 'text that is none')
  }
}

/** Whether the text has more brackets than levels are allowed; most have not, and need no walk. */
function mayBeDeep(text: string): boolean {
  let brackets = 0
  for (const bracket of ['{', '[']) {
    for (let at = text.indexOf(bracket); at >= 0; at = text.indexOf(bracket, at + 1)) {
      if (++brackets > MAX_MESSAGE_DEPTH) return true
    }
  }
  return false
}

function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  return levels === 0 || Object.values(value).some((inner) => isDeeperThan(inner, levels - 1))
}

function written(body: unknown): Reading {
  if (body === undefined) return { ok: true, body, text: null }
  try {
    return { ok: true, body, text: JSON.stringify(body) ?? null }
  } catch {
    return refuse('the message', 'plain data of moderate depth', 'a value that JSON cannot hold')
  }
}

function refuse(what: string, expected: string, received: string): Reading & { ok: false } {
  const message = `For ${what}, expected ${expected}; got ${received}. Pass the message as the provider sent it.`
  return { ok: false, issues: [{ path: '', expected, received, message }] }
}

/** PostgreSQL keeps no NUL in a text, and no engine a half of a surrogate pair. */
function isStorable(text: string): boolean {
  return !/[\0\p{Cs}]/u.test(text)
}
