import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type RawData, WebSocketServer } from 'ws'
import { attachRefusalOf } from '../access.ts'
import { DEFAULTS } from '../defaults.ts'
import type { InspectorLimits } from '../limits.ts'
import type { CallSource } from '../source.ts'

/** Where XState actors attach themselves, under the inspector's address. */
export const ATTACH_PATH = 'inspect'

/** The WebSockets of programs that tell of their actors. */
export interface Attachments {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  close(): void
}

/** Takes in the messages of `@statelyai/inspect`; says nothing itself. */
export function createAttachments({
  source,
  token,
  path,
  limits,
}: {
  readonly source: CallSource
  readonly token: string | null
  readonly path: string
  readonly limits: Pick<InspectorLimits, 'attached' | 'messageBytes'>
}): Attachments {
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: limits.messageBytes,
    perMessageDeflate: false,
    clientTracking: true,
  })
  const answering = new WeakSet<object>()

  const pings = setInterval(() => {
    for (const socket of server.clients) {
      if (!answering.delete(socket)) socket.terminate()
      else socket.ping()
    }
  }, DEFAULTS.attached.pingEveryMs)
  pings.unref()

  return {
    upgrade(request, socket, head) {
      // A connection that breaks before it is taken over must not end the program.
      const onError = () => socket.destroy()
      socket.on('error', onError)
      const refusal = refusalOf(request)
      if (refusal !== null) {
        socket.end(`HTTP/1.1 ${refusal}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`)
        return
      }
      server.handleUpgrade(request, socket, head, (opened) => {
        socket.off('error', onError)
        const connection = source.attach?.()
        answering.add(opened)
        opened.on('pong', () => answering.add(opened))
        // What is too long or no text by the protocol's rules ends the connection.
        opened.on('error', () => opened.terminate())
        opened.on('message', (data, isBinary) => {
          answering.add(opened)
          if (!isBinary) connection?.receive(textOf(data))
        })
      })
    },
    close() {
      clearInterval(pings)
      for (const socket of server.clients) socket.terminate()
      server.close()
    },
  }

  function refusalOf(request: IncomingMessage): string | null {
    const url = addressOf(request)
    if (url === null || url.pathname !== path || source.attach === undefined) return '404 Not Found'
    const header = (name: string) => {
      const value = request.headers[name]
      return Array.isArray(value) ? value.join(', ') : value
    }
    const refusal = attachRefusalOf({ url: url.href, header }, token)
    if (refusal !== null) return refusal.status === 401 ? '401 Unauthorized' : '403 Forbidden'
    return server.clients.size >= limits.attached ? '503 Service Unavailable' : null
  }
}

function addressOf({ url = '', headers }: IncomingMessage): URL | null {
  const base = `http://${headers.host ?? ''}`
  return URL.canParse(url, base) ? new URL(url, base) : null
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString()
  return data instanceof ArrayBuffer ? Buffer.from(data).toString() : data.toString()
}
