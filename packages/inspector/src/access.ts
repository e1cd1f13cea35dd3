import { createHash, timingSafeEqual } from 'node:crypto'

/** What a request shows of itself. A `Request` is one, as `{ url, header: (name) => headers.get(name) }`. */
export interface AccessRequest {
  readonly url: string
  header(name: string): string | null | undefined
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
 * Whether a request was made to loopback itself: a page in a browser that had its own name lead here (DNS
 * rebinding) and the public name of a tunnel give themselves away by the Host header, most proxies by the
 * headers that they add. Pure.
 */
export function isLoopbackRequest(request: AccessRequest): boolean {
  const isForwarded = FORWARDING_HEADERS.some((name) => request.header(name) != null)
  // A request line may name a host of its own, which then counts.
  const hosts = [request.header('host') ?? '', new URL(request.url).host]
  return !isForwarded && hosts.every(isLoopbackHost)
}

/** Whether a host, as it stands in a Host header or after `--host`, is this machine. Pure. */
export function isLoopbackHost(host: string): boolean {
  return host === '::1' || /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i.test(host)
}

/** Whether the request shows the token as `Authorization: Bearer`. Pure. */
export function showsBearer(request: AccessRequest, token: string): boolean {
  const [, given = ''] = /^Bearer +(\S+)$/i.exec(request.header('authorization') ?? '') ?? []
  return isSameSecret(given, token)
}

/** Compares in constant time, whatever the lengths. */
export function isSameSecret(given: string, wanted: string): boolean {
  return timingSafeEqual(digestOf(given), digestOf(wanted))
}

/** The cookie that a browser gets for the token in an address. */
export const TOKEN_COOKIE = 'callstate_inspector'

/** The parameter of an address that holds the token. */
export const TOKEN_PARAMETER = 'token'

/** The value of the cookie: not the token, which may open other doors too. Pure. */
export function cookieValueOf(token: string): string {
  return digestOf(`${TOKEN_COOKIE} ${token}`).toString('hex')
}

/** Whether the address shows the token. Pure. */
export function showsParameter(request: AccessRequest, token: string): boolean {
  return isSameSecret(new URL(request.url).searchParams.get(TOKEN_PARAMETER) ?? '', token)
}

/**
 * Whether the inspector answers a request. With a token, the request must show it: as `Bearer`, as
 * `?token=`, or as the cookie that this leads to. Without one, it must be made to loopback itself. What
 * another site's page in a browser asks for is refused in any case, unless it shows the token itself.
 * Null lets the request pass. Pure.
 */
export function refusalOf(request: AccessRequest, token: string | null): Refusal | null {
  if (token === null) {
    if (!isLoopbackRequest(request)) return NOT_LOOPBACK
    return isFromElsewhere(request) ? FOREIGN : null
  }
  if (showsBearer(request, token) || showsParameter(request, token)) return null
  if (!showsCookie(request, token)) return NO_TOKEN
  return isFromElsewhere(request) ? FOREIGN : null
}

/**
 * The same for attaching XState actors. It only takes in, so that pages on other ports of this machine,
 * such as the one that you are developing, may attach their actors. Pure.
 */
export function attachRefusalOf(request: AccessRequest, token: string | null): Refusal | null {
  const refusal = refusalOf(request, token)
  if (refusal !== FOREIGN) return refusal
  const origin = request.header('origin') ?? ''
  return URL.canParse(origin) && isLoopbackHost(new URL(origin).host) ? null : refusal
}

const NOT_LOOPBACK: Refusal = {
  status: 403,
  message:
    'The inspector answers only requests made to localhost itself. Start it with a token to open it from elsewhere.',
}
const FOREIGN: Refusal = {
  status: 403,
  message: 'The inspector does not answer pages of other sites.',
}
const NO_TOKEN: Refusal = {
  status: 401,
  message:
    'Expected the token: open the page with "?token=" and the token, or send it as "Authorization: Bearer".',
}

function showsCookie(request: AccessRequest, token: string): boolean {
  const cookies = (request.header('cookie') ?? '').split(/; */)
  const own = cookies.find((cookie) => cookie.startsWith(`${TOKEN_COOKIE}=`)) ?? ''
  return isSameSecret(own.slice(TOKEN_COOKIE.length + 1), cookieValueOf(token))
}

/** Whether a browser says that another site's page asks, but for one that leads its user here. */
function isFromElsewhere(request: AccessRequest): boolean {
  const origin = request.header('origin')
  if (origin != null) {
    return !URL.canParse(origin) || new URL(origin).host !== new URL(request.url).host
  }
  const site = request.header('sec-fetch-site') ?? 'none'
  const isVisit = request.header('sec-fetch-mode') === 'navigate'
  return site !== 'none' && site !== 'same-origin' && !isVisit
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
