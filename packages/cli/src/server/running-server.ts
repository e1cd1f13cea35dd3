import { createServer, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { UsageError } from '../command/usage-error.ts'

/** How long a request may take to arrive whole. */
export const REQUEST_TIMEOUT_MS = 30_000

/** How long running requests get to end when the server stops. */
export const STOP_TIMEOUT_MS = 10_000

const SWEEP_MS = 50

/** A server that listens. */
export interface RunningServer {
  /** Where it listens, such as `http://127.0.0.1:8787`. */
  readonly address: string
  /** Listens no more, lets running requests end, and cuts them off after `STOP_TIMEOUT_MS`. */
  stop(): Promise<void>
}

type Fetch = Parameters<typeof getRequestListener>[0]

/** Listens. Throws a `UsageError` where the port or the address cannot be had. */
export async function startServer(
  fetch: Fetch,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<RunningServer> {
  const server = createServer(
    { requestTimeout: REQUEST_TIMEOUT_MS, headersTimeout: REQUEST_TIMEOUT_MS },
    getRequestListener(fetch, { overrideGlobalObjects: false }),
  )
  const silent = silentConnections(server)
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(refusalOfListening(error, host, port)),
    )
    server.listen(port, host, resolve)
  })
  const { port: taken } = server.address() as AddressInfo
  const name = host.includes(':') ? `[${host}]` : host
  return { address: `http://${name}:${taken}`, stop: () => stop(server, silent) }
}

/** Connections that have not asked for anything: browsers open some to have them, and Node takes none for idle. */
function silentConnections(server: Server): ReadonlySet<Socket> {
  const silent = new Set<Socket>()
  server.on('connection', (socket) => {
    silent.add(socket)
    socket.once('close', () => silent.delete(socket))
  })
  server.on('request', ({ socket }) => silent.delete(socket))
  return silent
}

async function stop(server: Server, silent: ReadonlySet<Socket>): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  for (const socket of silent) socket.destroy()
  // A connection that is kept alive becomes idle when its last answer has gone out.
  const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS)
  const cut = setTimeout(() => server.closeAllConnections(), STOP_TIMEOUT_MS)
  await closed
  clearInterval(sweep)
  clearTimeout(cut)
}

/** Why a server cannot listen: a `UsageError` where the port or the address is at fault. */
export function refusalOfListening(
  error: NodeJS.ErrnoException,
  host: string,
  port: number,
): Error {
  switch (error.code) {
    case 'EADDRINUSE':
      return new UsageError(
        `port ${port} of ${host} is in use. Stop what listens there, or choose another one with --port.`,
      )
    case 'EACCES':
      return new UsageError(`port ${port} is not allowed to this user. Choose one from 1024 on.`)
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EINVAL':
      return new UsageError(
        `expected --host to be an address of this machine, got "${host}". Try 127.0.0.1.`,
      )
    default:
      return error
  }
}
