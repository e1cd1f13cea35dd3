import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import {
  type AccessRequest,
  cookieValueOf,
  refusalOf,
  showsParameter,
  TOKEN_COOKIE,
  TOKEN_PARAMETER,
} from '../access.ts'
import { createBoard } from '../board.ts'
import { DEFAULTS } from '../defaults.ts'
import { InspectorError } from '../error.ts'
import type { InspectorLimits } from '../limits.ts'
import type { CallSource } from '../source.ts'
import type { Hello } from '../wire.ts'
import { answerCalls, fail } from './api.ts'
import { ATTACH_PATH, createAttachments } from './attachments.ts'
import { SECURITY_HEADERS } from './headers.ts'
import { pageFilesIn } from './page-files.ts'
import { createEventStream, type EventStream } from './stream.ts'

/** What an inspector's routes are made of. */
export interface InspectorHandlerOptions {
  /** Where the calls come from. */
  readonly source: CallSource
  /** What a request must show. Without one, only requests made to loopback itself are answered. */
  readonly token?: string | null
  /** Where the routes are mounted, such as `/inspector`; at the root by default. */
  readonly prefix?: string
  /** The folder of the built page; the one in this package by default. */
  readonly page?: string
  readonly limits?: Partial<InspectorLimits>
  /** Makes the name of this run, which no other run has. */
  readonly newId?: () => string
}

/** The inspector's routes, for a server that is there already. */
export interface InspectorHandler {
  /** Resolves when the source's calls are there; rejects with what the source throws. */
  readonly ready: Promise<void>
  /** Answers a request for the page, its files and its API. Never rejects. */
  fetch(request: Request): Promise<Response>
  /** Takes in an `upgrade` of the HTTP server: XState actors that attach themselves, or a refusal. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** Ends all streams and connections, and closes the source. */
  close(): Promise<void>
}

/**
 * Makes the inspector's routes: the page, its stream, one call, one message, and the WebSocket for XState
 * actors under `inspect`. They only read. Throws an `InspectorError` with code `invalid-option` for a
 * prefix that is none.
 *
 * @example
 * const inspector = createInspectorHandler({ source, prefix: '/inspector' })
 * app.get('/inspector/*', (context) => inspector.fetch(context.req.raw))
 * server.on('upgrade', inspector.upgrade)
 */
export function createInspectorHandler(options: InspectorHandlerOptions): InspectorHandler {
  const { source, token = null, prefix = '', page, newId = () => crypto.randomUUID() } = options
  if (!/^(?:\/[\w.-]+)*$/.test(prefix)) {
    throw new InspectorError(
      'invalid-option',
      'Expected "prefix" to be a path such as /inspector, without a slash at its end; got something else.',
    )
  }
  if (token === '') {
    throw new InspectorError('invalid-option', 'Expected "token" to have characters; got none.')
  }
  const limits = { ...DEFAULTS.limits, ...options.limits }
  const board = createBoard({ now: () => performance.now(), calls: limits.calls })
  const files = pageFilesIn(page)
  const streams = new Set<EventStream>()
  const attachments = createAttachments({ source, token, path: `${prefix}/${ATTACH_PATH}`, limits })
  const run = newId()
  let isClosed = false
  let hasFailed = false
  const ready = source.open(board)
  // Whoever waits for it is told; nobody has to wait.
  ready.catch(() => {
    hasFailed = true
  })

  const hello = (): Hello => ({
    version: 1,
    source: { kind: source.kind, name: source.name },
    run,
    now: source.now(),
    speed: source.speed,
    providers: source.providers,
  })

  function stream(): Response {
    if (isClosed) return fail(503, 'The inspector is being stopped.')
    if (hasFailed) return fail(503, 'The calls could not be read from where they are kept.')
    if (streams.size >= limits.streamClients) {
      return fail(503, `${limits.streamClients} pages are watching already. Close one.`)
    }
    const opened = createEventStream({
      board,
      hello,
      now: source.now,
      ready,
      limits,
      onEnd: () => streams.delete(opened),
    })
    streams.add(opened)
    return new Response(opened.body, { headers: { 'content-type': 'text/event-stream' } })
  }

  async function answerApi(path: string, isHead: boolean): Promise<Response> {
    if (path !== 'stream') return answerCalls(source, path, limits.eventsPerCall)
    // Nobody would read it.
    if (isHead) return new Response(null, { headers: { 'content-type': 'text/event-stream' } })
    return stream()
  }

  async function answerPage(name: string): Promise<Response> {
    const found = await files.read()
    if (found === null) return new Response(NOT_BUILT, { status: 503, headers: PLAIN })
    const file = found.get(name === '' ? 'index.html' : name)
    if (file === undefined) return fail(404, 'There is nothing here.')
    const caching = file.isLasting ? 'private, max-age=31536000, immutable' : 'no-cache'
    return new Response(file.bytes, {
      headers: { 'content-type': file.type, 'cache-control': caching },
    })
  }

  async function answer(request: Request): Promise<Response> {
    const url = new URL(request.url)
    const refusal = refusalOf(accessOf(request), token)
    if (refusal !== null) {
      const asks = refusal.status === 401 ? { 'www-authenticate': 'Bearer' } : {}
      return fail(refusal.status, refusal.message, asks)
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return fail(405, 'The inspector only reads: use GET.', { allow: 'GET, HEAD' })
    }
    if (url.pathname === prefix && prefix !== '') return redirect(`${prefix}/${url.search}`)
    if (!url.pathname.startsWith(`${prefix}/`)) return fail(404, 'There is nothing here.')
    const path = url.pathname.slice(prefix.length + 1)
    if (path.startsWith('api/')) return answerApi(path.slice(4), request.method === 'HEAD')
    if (path === ATTACH_PATH) return fail(400, 'Expected a WebSocket of an XState inspector.')
    if (token !== null && path === '' && showsParameter(accessOf(request), token)) {
      return withCookie(url, token, prefix)
    }
    return answerPage(path)
  }

  return {
    ready,
    async fetch(request) {
      const answered = await answer(request).catch(() =>
        fail(500, 'Something went wrong here. The calls could not be read.'),
      )
      const { status } = answered
      const headers = new Headers({ 'cache-control': 'no-store', ...SECURITY_HEADERS })
      for (const [name, value] of answered.headers) headers.set(name, value)
      return new Response(request.method === 'HEAD' ? null : answered.body, { status, headers })
    },
    upgrade: attachments.upgrade,
    async close() {
      // A request that is on its way would open a stream that nobody ends.
      isClosed = true
      for (const one of streams) one.end()
      attachments.close()
      await source.close()
    },
  }
}

const PLAIN = { 'content-type': 'text/plain; charset=utf-8' }

const NOT_BUILT =
  'The page of the inspector is not built. In a clone of the repository run its build, then load this again.'

function accessOf({ url, headers }: Request): AccessRequest {
  return { url, header: (name) => headers.get(name) }
}

/** The token leaves the address bar, and with it the browser's history, as soon as it has come. */
function withCookie(url: URL, token: string, prefix: string): Response {
  const rest = new URLSearchParams(url.search)
  rest.delete(TOKEN_PARAMETER)
  const query = rest.size > 0 ? `?${rest}` : ''
  const response = redirect(`${prefix}/${query}`)
  const isSecure = url.protocol === 'https:' ? '; Secure' : ''
  response.headers.set(
    'set-cookie',
    `${TOKEN_COOKIE}=${cookieValueOf(token)}; Path=${prefix}/; HttpOnly; SameSite=Strict${isSecure}`,
  )
  return response
}

function redirect(location: string): Response {
  return new Response(null, { status: 302, headers: { location } })
}
