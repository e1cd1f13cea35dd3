import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A request that came. */
export interface Received {
  readonly body: Record<string, unknown>
  readonly headers: IncomingHttpHeaders
}

/** Answers with this status; null never answers. */
export type Answer = (received: Received, index: number) => number | null

/** A receiver of webhooks over real HTTP. */
export async function startReceiver(answer: Answer = () => 200) {
  const received: Received[] = []
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const body: unknown = JSON.parse(Buffer.concat(parts).toString('utf8'))
      const one = { body: body as Record<string, unknown>, headers: request.headers }
      const status = answer(one, received.push(one) - 1)
      if (status === null) return
      response.writeHead(status, status === 302 ? { location: '/elsewhere' } : {}).end('{}')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/hook`,
    received,
    statuses: () => received.map(({ body }) => body['status']),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
