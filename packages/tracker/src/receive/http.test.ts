import { once } from 'node:events'
import { connect } from 'node:net'
import { type ServerType, serve } from '@hono/node-server'
import { getConnInfo } from '@hono/node-server/conninfo'
import { Hono } from 'hono'
import { afterEach, expect, test } from 'vitest'
import { createWebhookHandler } from './index.ts'
import { bolnaBody, createTarget, forOne, gate, type OneProvider, said } from './target.fixture.ts'

const running: ServerType[] = []
afterEach(async () => {
  for (const server of running.splice(0)) {
    server.close()
    if ('closeAllConnections' in server) server.closeAllConnections()
    await once(server, 'close')
  }
})

async function listen(options: OneProvider = {}) {
  const target = createTarget()
  const handler = createWebhookHandler(
    target,
    forOne({
      addresses: ['127.0.0.1'],
      secret: { header: 'x-key', value: 'hush' },
      ...options,
    }),
  )
  const app = new Hono()
  app.all('/webhooks/bolna', (c) =>
    handler(c.req.raw, { remoteAddress: getConnInfo(c).remote.address }),
  )
  const listening = gate<number>()
  // Replacing the global Request and Response would reach into other tests.
  const settings = {
    fetch: app.fetch,
    port: 0,
    hostname: '127.0.0.1',
    overrideGlobalObjects: false,
  }
  running.push(serve(settings, ({ port }) => listening.open(port)))
  const port = await listening.opened
  const send = (init: RequestInit) => fetch(`http://127.0.0.1:${port}/webhooks/bolna`, init)
  const headers = { 'content-type': 'application/json', 'x-key': 'hush' }
  return { target, port, send, headers }
}

test('over HTTP, deliveries are stored once however often they come', async () => {
  const { target, send, headers } = await listen()
  const body = bolnaBody('completed')
  const answers = await Promise.all(
    Array.from({ length: 10 }, async () => said(await send({ method: 'POST', headers, body }))),
  )
  expect(answers.filter(({ repeated }) => !repeated)).toHaveLength(1)
  expect(await target.stored()).toBe(1)
})

test('over HTTP, what is refused is told why', async () => {
  const { target, send, headers } = await listen()
  const body = bolnaBody('busy')
  const wrong = { ...headers, 'x-key': 'wrong' }
  expect((await send({ method: 'GET', headers })).status).toBe(405)
  expect((await send({ method: 'POST', body })).status).toBe(415)
  expect((await send({ method: 'POST', headers: wrong, body })).status).toBe(401)
  expect((await send({ method: 'POST', headers, body: 'no JSON' })).status).toBe(400)
  expect((await send({ method: 'POST', headers, body: ' '.repeat(1024 * 1024 + 1) })).status).toBe(
    413,
  )
  expect(await target.stored()).toBe(0)
})

test('over HTTP, a forged address opens nothing', async () => {
  const { target, send, headers } = await listen({ addresses: ['192.0.2.7'] })
  const forged = { ...headers, 'x-forwarded-for': '192.0.2.7', 'x-real-ip': '192.0.2.7' }
  expect((await send({ method: 'POST', headers: forged, body: bolnaBody('busy') })).status).toBe(
    403,
  )
  expect(await target.stored()).toBe(0)
})

test.each([
  ['grows without an end', 413, { maxBodyBytes: 10_000 }, 1_000],
  ['stalls', 503, { bodyTimeoutMs: 30 }, 0],
])('over HTTP, a body that %s is answered with %i and cut off', async (_, status, limits, size) => {
  const { target, port } = await listen(limits)
  const socket = connect(port, '127.0.0.1')
  const closed = gate()
  let answer = ''
  socket.on('data', (data) => {
    answer += data
  })
  // The server may cut the line while we still write.
  socket.on('error', () => {})
  socket.on('close', () => closed.open())
  const head = 'POST /webhooks/bolna HTTP/1.1\r\nHost: a.test\r\nX-Key: hush\r\n'
  socket.write(
    `${head}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n`,
  )
  const chunk = `${size.toString(16)}\r\n${' '.repeat(size)}\r\n`
  // Writes whenever the server has room, for as long as it listens.
  const pour = () => {
    while (size > 0 && socket.writable && socket.write(chunk));
  }
  socket.on('drain', pour)
  pour()
  await closed.opened
  expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
  expect(await target.stored()).toBe(0)
})
