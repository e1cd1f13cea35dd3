import { createHash } from 'node:crypto'
import type { ParseIssue, Provider, ProviderEvent } from 'callstate/providers'
import { TrackerError } from './error.ts'
import type { IngestInput } from './ingest.ts'
import type { Redact } from './redact.ts'

/** An event that was read from a message, and what is kept of the message. */
export interface Message {
  readonly event: ProviderEvent
  /** JSON text, redacted; null where there was no message. */
  readonly payload: string | null
}

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
  const provider = providers.get(name)
  if (provider === undefined) {
    throw new TrackerError(
      'unknown-provider',
      `The tracker knows the providers ${[...providers.keys()].join(', ')}; got another one. Hand it to createTracker.`,
    )
  }
  const text = 'rawBody' in input ? decode(input.rawBody) : null
  if (text !== null && !text.ok) return text
  const body = text === null ? ('rawBody' in input ? undefined : input.body) : text.value
  const parsed = 'event' in input ? { ok: true as const, value: input.event } : provider.parse(body)
  if (!parsed.ok) return parsed
  if (!isStorable(parsed.value.callId)) {
    const expected = 'well-formed text without NUL characters'
    return refuse('the identifier of the call', expected, 'other text')
  }
  const kept = redact === undefined ? body : redact(body, parsed.value)
  const payload =
    redact === undefined && text !== null ? { ok: true as const, value: text.text } : written(kept)
  if (!payload.ok) return payload
  return { ok: true, message: { event: parsed.value, payload: payload.value } }
}

/** What makes two deliveries the same event: a digest of what was said, and of what is kept of it. Pure. */
export function messageKey({ event, payload }: Message, provider: Provider): string {
  const digest = createHash('sha256').update(provider.dedupeKey(event))
  if (payload !== null) digest.update('\n').update(payload)
  return digest.digest('base64url')
}

type Reading<Value> =
  | ({ readonly ok: true } & Value)
  | { readonly ok: false; readonly issues: readonly ParseIssue[] }

function decode(raw: string | Uint8Array): Reading<{ value: unknown; text: string }> {
  let text: string
  try {
    text = typeof raw === 'string' ? raw : new TextDecoder('utf-8', { fatal: true }).decode(raw)
  } catch {
    return refuse('the message', 'text in UTF-8', 'other bytes')
  }
  try {
    return { ok: true, value: JSON.parse(text), text }
  } catch {
    // The engine's own message quotes the text.
    return refuse('the message', 'JSON', 'text that is none')
  }
}

function written(value: unknown): Reading<{ value: string | null }> {
  if (value === undefined) return { ok: true, value: null }
  try {
    return { ok: true, value: JSON.stringify(value) ?? null }
  } catch {
    return refuse('the message', 'plain data of moderate depth', 'a value that JSON cannot hold')
  }
}

function refuse(what: string, expected: string, received: string): Reading<never> & { ok: false } {
  const message = `For ${what}, expected ${expected}; got ${received}. Pass the message as the provider sent it.`
  return { ok: false, issues: [{ path: '', expected, received, message }] }
}

/** PostgreSQL keeps no NUL in a text, and no engine a half of a surrogate pair. */
function isStorable(text: string): boolean {
  return !/[\0\p{Cs}]/u.test(text)
}
