import { mkdir, writeFile } from 'node:fs/promises'
import { createServer, request as httpRequest } from 'node:http'
import { join } from 'node:path'
import { createTracker } from '@callstate/tracker'
import { createMemoryStore } from '@callstate/tracker/memory'
import { getRequestListener } from '@hono/node-server'
import { bolna } from 'callstate/providers/bolna'
import { expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { createInspectorHandler, trackerSource } from '../index.ts'
import type { CallDetail, Failure, PayloadDetail } from '../wire.ts'
import { actorsSource } from '../xstate.ts'
import {
  ask,
  countsIn,
  log,
  openPage,
  PHONE,
  pageFolder,
  rowsIn,
  start,
} from './inspector.fixture.ts'

const TOKEN = 'example-token'

/** A request with headers that `fetch` does not let through. */
function rawRequest(url: string, headers: Record<string, string>, method = 'GET') {
  return new Promise<number | undefined>((resolve, reject) => {
    const sent = httpRequest(url, { headers, method }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
    sent.on('error', reject).end()
  })
}

test('the page and its files are served with headers that let nothing else in', async () => {
  await using inspector = await start()
  const page = await fetch(inspector.url)
  expect(await page.text()).toContain('<title>calls</title>')
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
  expect(page.headers.get('cache-control')).toBe('no-cache')
  const script = await fetch(new URL('assets/app-1a2b.js', inspector.url))
  expect(await script.text()).toBe('start()')
  expect(script.headers.get('cache-control')).toContain('immutable')
  const api = await fetch(new URL('api/calls/nobody', inspector.url))
  expect(api.headers.get('cache-control')).toBe('no-store')
  for (const { headers } of [page, script, api]) {
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'",
    )
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('referrer-policy')).toBe('no-referrer')
  }
  for (const path of ['nothing', 'assets', 'assets/', 'assets/..%2findex.html']) {
    expect((await fetch(inspector.url + path)).status, path).toBe(404)
  }
})

test('a page that was not built is said to be missing, and is there once it is built', async () => {
  const page = join(await pageFolder(), 'later')
  await using inspector = await start({ page })
  const missing = await fetch(inspector.url)
  expect([missing.status, await missing.text()]).toEqual([
    503,
    expect.stringContaining('not built'),
  ])
  await mkdir(page)
  await writeFile(join(page, 'index.html'), 'built')
  expect(await (await fetch(inspector.url)).text()).toBe('built')
})

test('one call and one message are told, redacted; what is not there is a failure with its status', async () => {
  await using inspector = await start()
  const path = `api/calls/${encodeURIComponent('bolna c/0')}`
  const detail = await ask<CallDetail>(inspector.url, path)
  expect(detail.events.map(({ event, hasPayload }) => [event?.status, hasPayload])).toEqual([
    ['queued', true],
    ['initiated', false],
  ])
  expect(await ask<PayloadDetail>(inspector.url, `${path}/events/1`)).toEqual({
    sequence: 1,
    payload: { status: 'queued', to_number: '[redacted]' },
    redacted: ['to_number'],
  })
  for (const missing of [
    `${path}/events/2`,
    `${path}/events/0`,
    `${path}/events/9999999999`,
    `${path}/events/x`,
    'api/calls/bolna%20nobody',
    'api/calls/%E0%A4%A',
    'api/calls/',
    'api/nothing',
  ]) {
    const response = await fetch(inspector.url + missing)
    const { error } = (await response.json()) as Failure
    expect([response.status, error.status], missing).toEqual([404, 404])
  }
})

test('nothing but reading is answered', async () => {
  await using inspector = await start()
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
    const response = await fetch(inspector.url, { method })
    expect([response.status, response.headers.get('allow')], method).toEqual([405, 'GET, HEAD'])
  }
  const head = await fetch(new URL('api/stream', inspector.url), { method: 'HEAD' })
  expect([head.status, head.headers.get('content-type')]).toEqual([200, 'text/event-stream'])
})

test('a HEAD takes the place of no page, a cookie over https stays there, and the end is the end', async () => {
  const page = await pageFolder()
  const limits = { streamClients: 1 }
  const handler = createInspectorHandler({ source: log(), token: TOKEN, page, limits })
  const ask = (path: string, method = 'GET') => {
    const headers = { authorization: `Bearer ${TOKEN}` }
    return handler.fetch(new Request(`https://calls.example/${path}`, { method, headers }))
  }
  for (const path of ['', 'api/stream', 'api/stream']) {
    const { status, body } = await ask(path, 'HEAD')
    expect([status, body]).toEqual([200, null])
  }
  const stream = await ask('api/stream')
  expect(stream.status).toBe(200)
  expect((await ask('api/stream')).status).toBe(503)
  expect((await ask(`?token=${TOKEN}`)).headers.get('set-cookie')).toMatch(/; Secure$/)
  await handler.close()
  await stream.text()
  expect((await ask('api/stream')).status).toBe(503)
})

test('another host name, a proxy and pages of other sites get nothing', async () => {
  await using inspector = await start()
  const stream = `${inspector.url}api/stream`
  expect(await rawRequest(stream, { host: 'rebound.example' })).toBe(403)
  expect(await rawRequest(stream, { 'x-forwarded-for': '203.0.113.9' })).toBe(403)
  expect(await rawRequest(stream, { origin: 'https://evil.example' })).toBe(403)
  expect(await rawRequest(inspector.url, { 'sec-fetch-site': 'cross-site' })).toBe(403)
})

test('beyond loopback a token is needed, which becomes a cookie and leaves the address', async () => {
  await expect(start({ host: '0.0.0.0' })).rejects.toMatchObject({ code: 'invalid-option' })
  await expect(start({ token: '' })).rejects.toMatchObject({ code: 'invalid-option' })
  await using inspector = await start({ host: '0.0.0.0', token: TOKEN })
  expect((await fetch(inspector.url)).status).toBe(401)
  const first = await fetch(`${inspector.url}?token=${TOKEN}&call=1`, { redirect: 'manual' })
  expect([first.status, first.headers.get('location')]).toEqual([302, '/?call=1'])
  const cookie = first.headers.get('set-cookie') ?? ''
  expect(cookie).toMatch(/; Path=\/; HttpOnly; SameSite=Strict$/)
  expect(cookie).not.toContain(TOKEN)
  const headers = { cookie: cookie.split(';')[0] ?? '' }
  expect((await fetch(inspector.url, { headers })).status).toBe(200)
  await using page = await openPage(inspector.url, { headers })
  await page.until((heard) => countsIn(heard) !== undefined)
  const bearer = { authorization: `Bearer ${TOKEN}` }
  expect((await fetch(inspector.url, { headers: bearer })).status).toBe(200)
})

test('XState actors may attach only where the source takes them, and not from pages of other sites', async () => {
  const answerTo = (url: string, options: object = {}) =>
    new Promise<string>((resolve) => {
      const socket = new WebSocket(url, options)
      socket.on('open', () => resolve('open')).on('error', ({ message }) => resolve(message))
      socket.on('open', () => socket.terminate())
    })
  await using closed = await start()
  expect(await answerTo(closed.attachUrl)).toContain('404')
  await using inspector = await start({ source: actorsSource() })
  expect(await answerTo(inspector.attachUrl)).toBe('open')
  expect(await answerTo(inspector.attachUrl, { origin: 'http://localhost:5173' })).toBe('open')
  expect(await answerTo(inspector.attachUrl, { origin: 'https://evil.example' })).toContain('403')
  expect(await answerTo(inspector.attachUrl, { headers: { host: 'a.example' } })).toContain('403')
  expect(await answerTo(`${inspector.attachUrl}/more`)).toContain('404')
  await using guarded = await start({ source: actorsSource(), token: TOKEN })
  expect(await answerTo(guarded.attachUrl)).toContain('401')
  expect(await answerTo(`${guarded.attachUrl}?token=${TOKEN}`)).toBe('open')
})

test('a message that is too long ends its connection and nothing else', async () => {
  const limits = { messageBytes: 200 }
  await using inspector = await start({ source: actorsSource(), limits })
  await using page = await openPage(inspector.url)
  const socket = new WebSocket(inspector.attachUrl)
  const closed = new Promise<number>((resolve) => socket.on('close', resolve))
  const message = '{"type":"@xstate.actor","sessionId":"x:1","name":"m"}'
  socket.on('open', () => {
    socket.send(message.padEnd(199))
    socket.send(message.replace('x:1', 'x:2').padEnd(200))
    socket.send(message.replace('x:1', 'x:3').padEnd(201))
  })
  socket.on('error', () => {})
  // 1009: the message is too big.
  expect(await closed).toBe(1009)
  await page.until((heard) => countsIn(heard)?.calls === 2)
})

test('no more programs may attach than there is room for', async () => {
  await using inspector = await start({ source: actorsSource(), limits: { attached: 1 } })
  const first = new WebSocket(inspector.attachUrl)
  await new Promise((resolve) => first.on('open', resolve))
  const second = new WebSocket(inspector.attachUrl)
  const { message } = await new Promise<Error>((resolve) => second.on('error', resolve))
  expect(message).toContain('503')
  first.terminate()
})

test('the routes work under a prefix of a server that is there already', async () => {
  const handler = createInspectorHandler({
    source: actorsSource(),
    prefix: '/inspector',
    page: await pageFolder(),
  })
  const server = createServer(getRequestListener(handler.fetch, { overrideGlobalObjects: false }))
  server.on('upgrade', handler.upgrade)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  const url = `http://127.0.0.1:${port}/inspector`
  const moved = await fetch(url, { redirect: 'manual' })
  expect([moved.status, moved.headers.get('location')]).toEqual([302, '/inspector/'])
  expect(await (await fetch(`${url}/`)).text()).toContain('calls')
  expect((await fetch(`http://127.0.0.1:${port}/inspectorate`)).status).toBe(404)
  await using page = await openPage(`${url}/`)
  const socket = new WebSocket(`${url.replace('http', 'ws')}/inspect`)
  socket.on('open', () => {
    socket.send('{"type":"@xstate.actor","sessionId":"x:1","name":"m","snapshot":{"value":"a"}}')
  })
  await page.until((heard) => countsIn(heard)?.calls === 1)
  await handler.close()
  await page.end()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  expect(() => createInspectorHandler({ source: log(), prefix: 'inspector/' })).toThrow(
    expect.objectContaining({ code: 'invalid-option' }),
  )
})

test('a port that is taken is told', async () => {
  await using inspector = await start()
  const port = Number(new URL(inspector.url).port)
  await expect(start({ port })).rejects.toMatchObject({ code: 'address-unavailable' })
})

test('webhooks of a tracker arrive at the page; stopping ends the page and a new run has a new name', async () => {
  await using tracker = createTracker({ store: createMemoryStore(), providers: [bolna] })
  const source = () => trackerSource(tracker, { name: 'calls.db', providers: [bolna] })
  const inspector = await start({ source: source() })
  await using page = await openPage(inspector.url)
  await page.until((heard) => countsIn(heard) !== undefined)
  for (const status of ['queued', 'initiated', 'ringing']) {
    await tracker.ingest({ provider: 'bolna', body: { id: 'c-1', status, user_number: PHONE } })
  }
  await page.until((heard) => rowsIn(heard).get('bolna c-1')?.status === 'ringing')
  expect(JSON.stringify(page.heard)).not.toContain('2025550')
  await inspector.stop()
  await page.end()
  await using again = await start({ source: source(), port: Number(new URL(inspector.url).port) })
  await using other = await openPage(again.url)
  await other.until((heard) => countsIn(heard)?.calls === 1)
  const runs = [page, other].map(({ heard }) => heard[0]?.name === 'hello' && heard[0].data.run)
  expect(new Set(runs).size).toBe(2)
})
