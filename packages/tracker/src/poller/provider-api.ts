import type { AskAuth, AskRequest } from 'callstate/providers'
import { DEFAULTS } from '../defaults.ts'
import { TrackerError } from '../error.ts'
import type { FetchAnswer } from './fetcher.ts'
import { askFailed, codeOf, readJson } from './json-answer.ts'
import { parseRetryAfter } from './retry-after.ts'

/** How to reach a provider's API. */
export interface ProviderApiOptions {
  /**
   * The secret that the provider gave you; `user:password` where its API wants basic auth. It is sent to
   * `baseUrl` and nowhere else. Left out only where the API asks for none.
   */
  readonly key?: string
  /** Where the API is; the provider's own address by default. */
  readonly baseUrl?: string
  /** How to make requests; the platform's `fetch` by default. */
  readonly fetch?: typeof fetch
  /** The longest answer that is read, in bytes; `DEFAULTS.fetcher.maxAnswerBytes` where left out. */
  readonly maxAnswerBytes?: number
}

/** Where a provider's API is and how it wants to be asked. */
export interface ApiDescription {
  readonly baseUrl: string
  readonly auth: AskAuth
}

/** A provider's API. */
export interface ProviderApi {
  /** The part of a `basic` key before the colon; null for every other. */
  readonly account: string | null
  /**
   * Sends one request: 2xx is a message, 404 an unknown call, 429 a limit; everything else throws a
   * `TrackerError` with code `ask-failed`. No error holds the key, the address or anything of an answer
   * but its status. Redirects are not followed. `now` is for a `Retry-After` that is a date.
   */
  send(
    request: AskRequest,
    waiting: { readonly now: number; readonly signal: AbortSignal },
  ): Promise<FetchAnswer>
}

/** Makes an API of its description. Throws `invalid-option` for a key or a base that cannot be sent. */
export function createProviderApi(
  { auth, baseUrl: ownUrl }: ApiDescription,
  options: ProviderApiOptions,
): ProviderApi {
  const { key = '', fetch = globalThis.fetch } = options
  const { maxAnswerBytes = DEFAULTS.fetcher.maxAnswerBytes } = options
  assertKey(key, auth)
  const base = baseOf(options.baseUrl ?? ownUrl)

  return {
    account: auth === 'basic' ? key.slice(0, key.indexOf(':')) : null,
    async send(request, { now, signal }) {
      const url = urlOf(base, request.path)
      const headers = {
        accept: 'application/json',
        ...(await authHeaders(auth, request, key, now)),
      }
      let response: Response
      try {
        response = await fetch(url, { ...bodyOf(request, headers), signal, redirect: 'manual' })
      } catch (error) {
        if (signal.aborted) throw signal.reason
        throw askFailed(`The provider could not be reached${codeOf(error)}.`)
      }
      const { status } = response
      if (response.ok) return { kind: 'message', body: await readJson(response, maxAnswerBytes) }
      await letGo(response)
      if (status === 404) return { kind: 'unknown-call' }
      if (status === 429) {
        const retryAfterMs = parseRetryAfter(response.headers.get('retry-after'), now)
        return { kind: 'limited', retryAfterMs }
      }
      throw askFailed(`The provider answered with HTTP status ${status}.`)
    },
  }
}

function bodyOf(request: AskRequest, headers: Readonly<Record<string, string>>) {
  const { method = 'GET', body } = request
  if (body === undefined) return { method, headers }
  const json = { ...headers, 'content-type': 'application/json' }
  return { method, headers: json, body: JSON.stringify(body) }
}

/**
 * The address of a request. What an identifier may hold must not lead to another address: not out of the
 * path that was meant, and not to another host.
 */
function urlOf(base: string, path: string): string {
  const text = base + path
  const url = path.startsWith('/') && URL.canParse(text) ? new URL(text) : null
  const meant = new URL(base).pathname.replace(/\/$/, '') + path.split(/[?#]/, 1)[0]
  if (url === null || url.pathname !== meant || !text.startsWith(url.origin) || url.hash !== '') {
    throw askFailed("The call's identifier cannot be put into an address.")
  }
  return text
}

async function authHeaders(
  auth: AskAuth,
  request: AskRequest,
  key: string,
  now: number,
): Promise<Readonly<Record<string, string>>> {
  if (auth === 'none') return {}
  if (auth === 'bearer') return { authorization: `Bearer ${key}` }
  if (auth === 'basic') {
    return { authorization: `Basic ${Buffer.from(key, 'utf8').toString('base64')}` }
  }
  if (typeof auth === 'object') return { [auth.header]: key }
  try {
    const made = Object.entries(await auth(request, key, now))
    return Object.fromEntries(
      made.flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
    )
  } catch {
    // What it throws may hold the key.
    throw askFailed('The provider\'s "auth" could not make its headers.')
  }
}

const ANY_KEY = { expected: 'text', pattern: /./s }
const BASIC_KEY = { expected: 'user:password', pattern: /^[^:\p{Cc}]+:[^\p{Cc}]*$/u }
const HEADER_KEY = {
  expected: 'text of visible ASCII characters without spaces',
  pattern: /^[\x21-\x7e]+$/,
}

function assertKey(key: unknown, auth: AskAuth): void {
  if (auth === 'none') return
  const { expected, pattern } =
    typeof auth === 'function' ? ANY_KEY : auth === 'basic' ? BASIC_KEY : HEADER_KEY
  if (typeof key === 'string' && pattern.test(key)) return
  throw new TrackerError(
    'invalid-option',
    `Expected key to be ${expected}; got something else, which is not shown.`,
  )
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

/** The connection is free for the next request only when the answer was read or let go. */
async function letGo(response: Response): Promise<void> {
  await response.body?.cancel().catch(() => {})
}
