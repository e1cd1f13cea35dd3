import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** How the server of a test answers one request. */
export type Reply = (response: ServerResponse, request: IncomingMessage) => void

/** A real HTTP server on this machine that answers as a test says. */
export interface ApiServer extends AsyncDisposable {
  readonly url: string
  /** What was asked: path with query, and the `authorization` header. */
  readonly requests: readonly {
    readonly path: string
    readonly authorization: string | undefined
  }[]
  /** How it answers from now on. */
  reply: Reply
  /** Resolves when this many requests have come. */
  asked(times: number): Promise<void>
}

export async function startApiServer(reply: Reply): Promise<ApiServer> {
  const requests: { path: string; authorization: string | undefined }[] = []
  const server = createServer((request, response) => {
    requests.push({ path: request.url ?? '', authorization: request.headers.authorization })
    api.reply(response, request)
    server.emit('asked')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const api: ApiServer = {
    url: `http://127.0.0.1:${port}`,
    requests,
    reply,
    async asked(times) {
      while (requests.length < times) await once(server, 'asked')
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
  return api
}

export const json =
  (body: unknown): Reply =>
  (response) =>
    response.setHeader('content-type', 'application/json').end(JSON.stringify(body))

export const text =
  (body: string | Uint8Array): Reply =>
  (response) =>
    response.end(body)

export const status =
  (code: number, headers: Readonly<Record<string, string>> = {}): Reply =>
  (response) =>
    response.writeHead(code, headers).end('{"message":"no"}')

/** Never answers. */
export const hang: Reply = () => {}

/** Closes the connection without an answer. */
export const hangUp: Reply = (_, request) => request.socket.destroy()

/** Closes the connection in the middle of an answer. */
export const breakOff: Reply = (response, request) => {
  response.writeHead(200, { 'content-length': '1000' })
  response.write('{"id":', () => request.socket.destroy())
}
