import { isMessageKind, MESSAGE_KINDS } from '../providers/message.ts'
import { parseTimestamp } from '../providers/timestamp.ts'
import { bytesOfBase64 } from './base64.ts'
import {
  ENVELOPE_KEYS,
  type Envelope,
  type EnvelopeContent,
  type EnvelopeHead,
  type EnvelopeHeaders,
  type EnvelopeKey,
  LATEST_MS,
} from './envelope.ts'

/** What a value of a log turned out to be. */
export type EnvelopeReading =
  /** A body as the provider sent it. */
  | { readonly type: 'raw'; readonly body: unknown }
  | { readonly type: 'envelope'; readonly envelope: Envelope }
  /** An envelope with something wrong in it; `fault` says what in a sentence without any value of it. */
  | { readonly type: 'fault'; readonly fault: string }

/**
 * Tells an envelope from a raw body, and reads it. An envelope is an object with `body` (or `bodyBase64`,
 * or with `method: "GET"` and `url`) and without any other key than those of `ENVELOPE_KEYS`; null is as
 * good as left out. Everything else is a raw body. Pure; never throws.
 *
 * @example
 * const reading = readEnvelope(JSON.parse(line))
 * if (reading.type === 'envelope') reading.envelope.delivery.rawBody
 */
export function readEnvelope(value: unknown): EnvelopeReading {
  if (!isEnvelope(value)) return { type: 'raw', body: value }
  const content = contentOf(value)
  const fault = faultOfHead(value) ?? (typeof content === 'string' ? content : null)
  if (fault !== null || typeof content === 'string') {
    return { type: 'fault', fault: `The envelope: ${fault}.` }
  }
  return {
    type: 'envelope',
    envelope: {
      provider: said(value, 'provider', isName) ?? null,
      kind: said(value, 'kind', isMessageKind) ?? 'webhook',
      delivery: { ...headOf(value), ...content },
    },
  }
}

/** An object with no other keys than those of an envelope; their values are not read yet. */
type Unread = Readonly<Partial<Record<EnvelopeKey, unknown>>>

function isEnvelope(value: unknown): value is Unread {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const known: readonly string[] = ENVELOPE_KEYS
  if (!Object.keys(value).every((key) => known.includes(key))) return false
  const { body, bodyBase64, url }: Unread = value
  return (body ?? bodyBase64 ?? null) !== null || (url != null && methodOf(value) === 'GET')
}

const HEAD: readonly (readonly [EnvelopeKey, (value: unknown) => boolean, string])[] = [
  ['provider', isName, 'the name of a provider'],
  ['kind', isMessageKind, `one of ${MESSAGE_KINDS.join(', ')}`],
  ['method', isMethod, 'the name of a method'],
  ['url', isText, 'text'],
  ['headers', isHeaders, 'an object whose values are text or lists of text'],
  ['remoteAddress', isText, 'text'],
  ['receivedAt', isTime, 'an ISO 8601 time or milliseconds since 1970'],
]

/** What is wrong with all but the body, as half a sentence; null where nothing is. */
function faultOfHead(value: Unread): string | null {
  for (const [key, isExpected, expected] of HEAD) {
    const given = value[key] ?? null
    if (given !== null && !isExpected(given)) return expectation(key, expected, given)
  }
  return null
}

function headOf(value: Unread): EnvelopeHead {
  return {
    method: methodOf(value) ?? 'POST',
    url: said(value, 'url', isText) ?? '',
    headers: inLowerCase(said(value, 'headers', isHeaders) ?? {}),
    remoteAddress: said(value, 'remoteAddress', isText) ?? null,
    receivedAt: timeOf(value.receivedAt),
  }
}

/** What an envelope holds, or what is wrong with it as half a sentence. */
function contentOf({ body, bodyBase64 }: Unread): EnvelopeContent | string {
  const isBase64 = (bodyBase64 ?? null) !== null
  if (isBase64 && (body ?? null) !== null) return 'expected body or bodyBase64, got both'
  if (isBase64) {
    const rawBody = isText(bodyBase64) ? bytesOfBase64(bodyBase64) : null
    return rawBody === null
      ? expectation('bodyBase64', 'base64', bodyBase64)
      : { rawBody, decoded: null }
  }
  if (typeof body === 'object' && body !== null) return { rawBody: null, decoded: body }
  const text = body ?? ''
  if (!isText(text)) return expectation('body', 'text, an object or a list', body)
  return { rawBody: new TextEncoder().encode(text), decoded: null }
}

/** Names in lower case; a list where two differ by case alone. Every name is a plain key. */
function inLowerCase(given: EnvelopeHeaders): EnvelopeHeaders {
  const headers = new Map<string, string | readonly string[]>()
  for (const [name, value] of Object.entries(given)) {
    const known = headers.get(name.toLowerCase())
    headers.set(name.toLowerCase(), known === undefined ? value : [known, value].flat())
  }
  return Object.fromEntries(headers)
}

function said<Value>(
  value: Unread,
  key: EnvelopeKey,
  isExpected: (given: unknown) => given is Value,
): Value | undefined {
  const given = value[key]
  return isExpected(given) ? given : undefined
}

function methodOf(value: Unread): string | undefined {
  return said(value, 'method', isMethod)?.toUpperCase()
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

function isName(value: unknown): value is string {
  return isText(value) && value !== ''
}

function isMethod(value: unknown): value is string {
  return isText(value) && /^[a-z]+$/i.test(value)
}

function isHeaders(value: unknown): value is EnvelopeHeaders {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  return Object.values(value).every(
    (one) => isText(one) || (Array.isArray(one) && one.every(isText)),
  )
}

function isTime(value: unknown): boolean {
  return timeOf(value) !== null
}

function timeOf(value: unknown): number | null {
  if (typeof value !== 'number') return parseTimestamp(value)
  return value >= 0 && value <= LATEST_MS ? value : null
}

/** Names what came by its kind alone. */
function expectation(key: EnvelopeKey, expected: string, given: unknown): string {
  const came = isText(given) ? 'other text' : Array.isArray(given) ? 'a list' : typeof given
  return `expected ${key} to be ${expected}, got ${came === 'object' ? 'an object' : came}`
}
