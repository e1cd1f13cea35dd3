import { type ServerType, serve } from '@hono/node-server'
import { type ErrorHandler, Hono, type NotFoundHandler } from 'hono'
import { type EmulatorErrorCode, isEmulatorError } from './error.ts'
import type { ProviderSide } from './provider-api.ts'

/** Everything over HTTP: each side under its name and, by the first segment of the path, at the root. */
export function createApp(sides: readonly ProviderSide[], emulatorApi: Hono): Hono {
  const app = new Hono().onError(onError)
  app.route('/emulator', emulatorApi)
  for (const { name, routes } of sides) {
    app.route(`/${name}`, routes)
    // For what reaches them at the root.
    routes.onError(onError).notFound(notFound)
  }
  app.all('*', (c) => {
    const [, segment = ''] = c.req.path.split('/')
    const side = sides.find(({ paths }) => paths.includes(segment))
    return side === undefined ? notFound(c) : side.routes.fetch(c.req.raw)
  })
  return app
}

const notFound: NotFoundHandler = (c) =>
  c.json({ message: 'No such path; GET /emulator names what there is.' }, 404)

/** What the emulator refuses is an answer; all else is a bug of it, and loud. */
const onError: ErrorHandler = (error, c) => {
  const status = isEmulatorError(error) ? STATUSES[error.code] : undefined
  if (status !== undefined) return c.json({ message: error.message }, status)
  console.error(error)
  return c.json({ message: 'The emulator failed; its output says why.' }, 500)
}

const STATUSES: Readonly<Partial<Record<EmulatorErrorCode, 400 | 409>>> = {
  'invalid-option': 400,
  'clock-runs': 409,
  stopped: 409,
}

/** A server that listens. */
export interface Listening {
  readonly url: string
  close(): Promise<void>
}

/** Listens on this address; rejects where it cannot. */
export async function listen(app: Hono, hostname: string, port: number): Promise<Listening> {
  const server = await new Promise<ServerType>((resolve, reject) => {
    const starting = serve({ fetch: app.fetch, hostname, port }, () => resolve(starting))
    starting.once('error', reject)
  })
  const address = server.address()
  const taken = typeof address === 'object' && address !== null ? address.port : port
  const host = hostname.includes(':') ? `[${hostname}]` : hostname
  return {
    url: `http://${host}:${taken}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        if ('closeAllConnections' in server) server.closeAllConnections()
      }),
  }
}
