// Load from a thread of its own: requests over connections that stay open, written and read as bytes,
// so that the server and not the client is what is measured.

import { connect } from 'node:net'
import { parentPort } from 'node:worker_threads'

/** What is to be posted. */
export interface Load {
  readonly port: number
  readonly path: string
  readonly connections: number
  readonly bodies: readonly string[]
}

parentPort?.on('message', async ({ port, path, connections, bodies }: Load) => {
  const requests = bodies.map((body) => {
    const head = `POST ${path} HTTP/1.1\r\nHost: a.test\r\nAuthorization: Bearer any\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n`
    return Buffer.from(head + body)
  })
  const start = performance.now()
  await Promise.all(Array.from({ length: connections }, () => sendOver(port, requests)))
  parentPort?.postMessage(performance.now() - start)
})

/** Sends one request after the other, taken from those that are left, each when the last is answered. */
function sendOver(port: number, requests: Buffer[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    let answer = ''
    const next = () => {
      const request = requests.pop()
      if (request !== undefined) socket.write(request)
      else socket.end(resolve)
    }
    socket.setEncoding('latin1')
    socket.on('connect', next)
    socket.on('error', reject)
    socket.on('data', (text) => {
      answer += text
      if (!isWhole(answer)) return
      if (!answer.startsWith('HTTP/1.1 200')) reject(new Error(`Answered: ${answer}`))
      answer = ''
      next()
    })
  })
}

function isWhole(answer: string): boolean {
  const head = answer.indexOf('\r\n\r\n')
  if (head < 0) return false
  const length = /content-length: (\d+)/i.exec(answer)?.[1]
  if (length === undefined) return answer.endsWith('\r\n0\r\n\r\n')
  return answer.length >= head + 4 + Number(length)
}
