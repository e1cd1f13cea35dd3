import { createHash, timingSafeEqual } from 'node:crypto'

/** What a request for the read API shows of itself. */
export interface ReadRequest {
  readonly url: string
  header(name: string): string | undefined
}

/** Why a request is refused. */
export interface Refusal {
  readonly status: 401 | 403
  readonly message: string
}

/** Set by proxies and tunnels: a request that has one of them does not come from this machine's user. */
const FORWARDING_HEADERS = [
  'forwarded',
  'via',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-real-ip',
  'cf-connecting-ip',
]

/**
 * Whether the read API answers a request. With a token, the token decides. Without one the server
 * listens on loopback, and only what was meant for loopback is answered: a page in a browser that had
 * its own name lead here (DNS rebinding) and the public name of a tunnel give themselves away by the
 * Host header, most proxies by the headers that they add. Null lets the request pass. Pure.
 */
export function refusalOf(request: ReadRequest, token: string | null): Refusal | null {
  if (token !== null) {
    const [, given = ''] = /^Bearer +(\S+)$/i.exec(request.header('authorization') ?? '') ?? []
    if (isSame(given, token)) return null
    return {
      status: 401,
      message: 'Expected "Authorization: Bearer" with the token of CALLSTATE_API_TOKEN.',
    }
  }
  const isForwarded = FORWARDING_HEADERS.some((name) => request.header(name) !== undefined)
  // A request line may name a host of its own, which then counts.
  const hosts = [request.header('host') ?? '', new URL(request.url).host]
  if (!isForwarded && hosts.every(isLoopbackHost)) return null
  return {
    status: 403,
    message:
      'The read API answers only requests made to localhost itself. Set CALLSTATE_API_TOKEN and restart to read it from elsewhere.',
  }
}

/** Whether a host, as it stands in a Host header or after `--host`, is this machine. Pure. */
export function isLoopbackHost(host: string): boolean {
  return host === '::1' || /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i.test(host)
}

/** Compares in constant time, whatever the lengths. */
function isSame(given: string, wanted: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(wanted))
}
