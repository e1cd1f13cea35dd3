import { TrackerError } from '../error.ts'
import type { Answer } from './asker.ts'

/** The longest answer that is read, in bytes. A record with its transcript has some ten thousand. */
export const MAX_ANSWER_BYTES = 4 * 1024 * 1024

/** How to reach a provider's API. */
export interface HttpAskerOptions {
  /** The secret that the provider gave you. It is sent to `baseUrl` and nowhere else. */
  readonly apiKey: string
  /** Where the API is; the provider's own address by default. */
  readonly baseUrl?: string
  /** How to make requests; the platform's `fetch` by default. */
  readonly fetch?: typeof fetch
  /** Questions a minute that the poller may ask. */
  readonly perMinute?: number
  /** The longest answer that is read, in bytes; 4 MiB by default. */
  readonly maxAnswerBytes?: number
}

/** Asks one address below `baseUrl`; `now` is for a `Retry-After` that is a date. */
export type HttpAsk = (
  path: string,
  question: { readonly now: number; readonly signal: AbortSignal },
) => Promise<Answer>

/**
 * Makes what asks a JSON API with a bearer token: 2xx is a message, 404 an unknown call, 429 a limit;
 * everything else throws a `TrackerError` with code `ask-failed`. No error holds the key, the address
 * or anything of an answer but its status. Redirects are not followed.
 *
 * Throws a `TrackerError` with code `invalid-option` for a key or a base that cannot be sent.
 */
export function httpAsk(options: HttpAskerOptions & { readonly baseUrl: string }): HttpAsk {
  const { apiKey, fetch = globalThis.fetch, maxAnswerBytes = MAX_ANSWER_BYTES } = options
  if (typeof apiKey !== 'string' || !/^[\x21-\x7e]+$/.test(apiKey)) {
    const expected = 'Expected apiKey to be text of visible ASCII characters without spaces'
    throw new TrackerError('invalid-option', `${expected}; got something else, which is not shown.`)
  }
  const base = baseOf(options.baseUrl)
  const headers = { accept: 'application/json', authorization: `Bearer ${apiKey}` }

  return async (path, { now, signal }) => {
    let response: Response
    try {
      response = await fetch(base + path, { headers, signal, redirect: 'manual' })
    } catch (error) {
      if (signal.aborted) throw signal.reason
      throw failed(`The provider could not be reached${codeOf(error)}.`)
    }
    const { status } = response
    if (response.ok) return { kind: 'message', body: await readJson(response, maxAnswerBytes) }
    await letGo(response)
    if (status === 404) return { kind: 'unknown-call' }
    if (status === 429) {
      const retryAfterMs = parseRetryAfter(response.headers.get('retry-after'), now)
      return { kind: 'limited', retryAfterMs }
    }
    throw failed(`The provider answered with HTTP status ${status}.`)
  }
}

/**
 * A call's identifier as one part of an address. Throws a `TrackerError` with code `ask-failed` for what
 * would lead to another address: nothing, `.` and `..`, and broken Unicode. Pure.
 */
export function addressPart(callId: string): string {
  if (callId !== '' && callId !== '.' && callId !== '..') {
    try {
      return encodeURIComponent(callId)
    } catch {
      // Told below.
    }
  }
  throw failed("The call's identifier cannot be put into an address.")
}

/** The waiting time that a `Retry-After` header asks for: seconds or a date; null where it is neither. Pure. */
export function parseRetryAfter(header: string | null, now: number): number | null {
  const text = header?.trim() ?? ''
  if (/^\d{1,10}(?:\.\d{1,9})?$/.test(text)) return Number(text) * 1_000
  // A date of HTTP begins with the name of a day; `Date.parse` alone takes much for a date.
  const at = /^[A-Z][a-z]{2}/.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(at) ? null : Math.max(0, at - now)
}

function baseOf(baseUrl: string): string {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : null
  const isPlain = url !== null && url.username + url.password + url.search + url.hash === ''
  if (!isPlain || !/^https?:$/.test(url.protocol)) {
    const expected = 'Expected baseUrl to be an http or https address'
    const message = `${expected} without user, query and fragment, such as https://api.example.com.`
    throw new TrackerError('invalid-option', message)
  }
  return url.href.replace(/\/+$/, '')
}

async function readJson(response: Response, maxBytes: number): Promise<unknown> {
  const bytes = await readBytes(response, maxBytes)
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    // The parser's own error quotes the answer, which may hold personal data.
    throw failed(`The provider answered with HTTP status ${response.status} and no JSON.`)
  }
}

async function readBytes(response: Response, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  const reader = response.body?.getReader()
  while (reader !== undefined) {
    const { done, value } = await reader.read().catch((error: unknown) => {
      throw failed(`The provider's answer broke off${codeOf(error)}.`)
    })
    if (done) break
    length += value.byteLength
    if (length > maxBytes) {
      await reader.cancel().catch(() => {})
      throw failed(`The provider's answer has more than ${maxBytes} bytes.`)
    }
    chunks.push(value)
  }
  const bytes = new Uint8Array(length)
  let place = 0
  for (const chunk of chunks) {
    bytes.set(chunk, place)
    place += chunk.byteLength
  }
  return bytes
}

/** The connection is free for the next request only when the answer was read or let go. */
async function letGo(response: Response): Promise<void> {
  await response.body?.cancel().catch(() => {})
}

/** The platform's code of a network failure, such as ECONNREFUSED; its message may hold more than that. */
function codeOf(error: unknown): string {
  const cause: unknown = error instanceof Error ? error.cause : undefined
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  return typeof code === 'string' && /^[A-Z_]{1,40}$/.test(code) ? ` (${code})` : ''
}

function failed(message: string): TrackerError {
  return new TrackerError('ask-failed', message)
}
