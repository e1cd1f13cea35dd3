import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { isLoopbackHost } from '../access.ts'
import { DEFAULTS } from '../defaults.ts'
import { InspectorError } from '../error.ts'
import { ATTACH_PATH } from './attachments.ts'
import { createInspectorHandler, type InspectorHandlerOptions } from './handler.ts'

/** What an inspector is started with. */
export interface StartInspectorOptions extends Omit<InspectorHandlerOptions, 'prefix'> {
  /** The address to listen on; `127.0.0.1` by default. Beyond loopback a token is needed. */
  readonly host?: string
  /** The port; a free one by default. */
  readonly port?: number
}

/** An inspector that listens. */
export interface Inspector extends AsyncDisposable {
  /** Where the page is, such as `http://127.0.0.1:4000/`. */
  readonly url: string
  /** Where XState actors attach themselves, such as `ws://127.0.0.1:4000/inspect`. */
  readonly attachUrl: string
  /** Listens no more, ends every connection and closes the source. */
  stop(): Promise<void>
}

/**
 * Serves the page over a source of calls, on loopback unless told otherwise. Resolves when it listens and
 * the source's calls are there. Throws an `InspectorError`: `invalid-option` for a host beyond loopback
 * without a token, `address-unavailable` where it cannot listen. Rejects with the source's error where
 * that fails.
 *
 * @example
 * const { url } = await startInspector({ source: trackerSource(tracker, { name: 'calls.db' }) })
 */
export async function startInspector(options: StartInspectorOptions): Promise<Inspector> {
  const { host = '127.0.0.1', port = 0, ...routes } = options
  if (!isLoopbackHost(host) && (routes.token ?? null) === null) {
    throw new InspectorError(
      'invalid-option',
      'Expected a "token", since "host" lies beyond loopback; got none. Set one, or leave "host" out.',
    )
  }
  const handler = createInspectorHandler(routes)
  const { requestTimeoutMs } = DEFAULTS.server
  const server = createServer(
    { requestTimeout: requestTimeoutMs, headersTimeout: requestTimeoutMs },
    getRequestListener(handler.fetch, { overrideGlobalObjects: false }),
  )
  server.on('upgrade', handler.upgrade)
  try {
    await listen(server, host, port)
    await handler.ready
  } catch (error) {
    await stop()
    throw error
  }

  const name = host.includes(':') ? `[${host}]` : host
  const address = `${name}:${(server.address() as AddressInfo).port}`
  return {
    url: `http://${address}/`,
    attachUrl: `ws://${address}/${ATTACH_PATH}`,
    stop,
    [Symbol.asyncDispose]: stop,
  }

  async function stop(): Promise<void> {
    await handler.close()
    if (!server.listening) return
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    server.closeAllConnections()
    await closed
  }
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, host, resolve)
    })
  } catch (cause) {
    throw new InspectorError(
      'address-unavailable',
      `Cannot listen on port ${port} of ${host}: ${reasonOf(cause)}. Choose another one.`,
      { cause },
    )
  }
}

function reasonOf(error: unknown): string {
  const code: unknown = Reflect.get(Object(error), 'code')
  switch (code) {
    case 'EADDRINUSE':
      return 'something listens there'
    case 'EACCES':
      return 'it is not allowed to this user'
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return 'this machine has no such address'
    default:
      return 'the system refused'
  }
}
