import { type ServerType, serve } from '@hono/node-server'
import { Hono } from 'hono'
import type { ProviderSide } from './provider-api.ts'

/** Everything over HTTP: each side under its name and, by the first segment of the path, at the root. */
export function createApp(sides: readonly ProviderSide[], emulatorApi: Hono): Hono {
  const app = new Hono()
  app.route('/emulator', emulatorApi)
  for (const side of sides) app.route(`/${side.name}`, side.routes)
  app.all('*', (c) => {
    const [, segment = ''] = c.req.path.split('/')
    const side = sides.find(({ paths }) => paths.includes(segment))
    if (side === undefined) {
      return c.json({ message: 'No such path; GET /emulator names what there is.' }, 404)
    }
    return side.routes.fetch(c.req.raw)
  })
  return app
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
