import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { bolna } from 'callstate/providers/bolna'
import { Hono } from 'hono'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { createTracker } from '../create-tracker.ts'
import { createMemoryStore } from '../memory/index.ts'
import { createWebhookHandler, type WebhookHandler } from './index.ts'
import { bolnaBody, createTarget, forOne, PUBLISHED_ADDRESS, post, said } from './target.fixture.ts'

const servers: Server[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.close()
    await once(server, 'close')
  }
})

const setUp = () => {
  const target = createTarget()
  return { target, handler: createWebhookHandler(target, forOne({ isOpen: true })) }
}

const reasonsOf = (logged: readonly string[]) => logged.map((line) => JSON.parse(line).reason)

/** What a body parser does before it hands the request on. */
async function parsed(request: IncomingMessage): Promise<void> {
  for await (const _ of request);
}

async function sendTo(
  listener: (request: IncomingMessage, response: ServerResponse) => unknown,
  body: string,
): Promise<Response> {
  const server = createServer((request, response) => void listener(request, response))
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const headers = { 'content-type': 'application/json', connection: 'close' }
  return fetch(`http://127.0.0.1:${port}/`, { method: 'POST', headers, body })
}

describe('wrong wiring is our failure, and is said', () => {
  test('a body parser in front: 503, so that the provider repeats, and what to do about it', async () => {
    const { target, handler } = setUp()
    const listener = getRequestListener((request) => handler(request), {
      overrideGlobalObjects: false,
    })
    const response = await sendTo(async (request, response) => {
      await parsed(request)
      return listener(request, response)
    }, bolnaBody('busy'))
    expect(response.status).toBe(503)
    expect(response.headers.get('retry-after')).toBe('5')
    expect(await said(response)).toMatchObject({ error: expect.stringContaining('body was read') })
    expect(reasonsOf(target.logged)).toEqual(['body-already-read'])
    expect(target.logged[0]).toContain('Put the route before the parser')
  })

  test('no parser in front: the same server stores it', async () => {
    const { target, handler } = setUp()
    const listener = getRequestListener((request) => handler(request), {
      overrideGlobalObjects: false,
    })
    expect((await sendTo(listener, bolnaBody('busy'))).status).toBe(200)
    expect(reasonsOf(target.logged)).toEqual(['stored'])
  })

  test('a body that is empty because nothing was sent is no event', async () => {
    const { target, handler } = setUp()
    expect((await handler(post('', { 'content-length': '0' }))).status).toBe(400)
    expect(reasonsOf(target.logged)).toEqual(['not-an-event'])
  })

  test("a framework's context instead of a Request", async () => {
    const { target, handler } = setUp()
    const wrong = handler as unknown as (context: object) => Promise<Response>
    const app = new Hono().post('/webhooks/bolna', (context) => wrong(context))
    const body = bolnaBody('busy')
    const response = await app.request('/webhooks/bolna', { method: 'POST', body })
    expect(response.status).toBe(503)
    expect(reasonsOf(target.logged)).toEqual(['not-a-request'])
    expect(target.logged[0]).toContain('c.req.raw')
  })

  test("Node's request instead of a Request", async () => {
    const { target, handler } = setUp()
    const wrong = handler as unknown as (...args: object[]) => Promise<Response>
    await sendTo(async (request, response) => {
      response.writeHead((await wrong(request, response)).status).end()
    }, bolnaBody('busy'))
    expect(reasonsOf(target.logged)).toEqual(['not-a-request'])
  })

  test('no address handed in where one is asked for', async () => {
    const target = createTarget()
    const handler = createWebhookHandler(target, forOne())
    expect((await handler(post(bolnaBody('busy')))).status).toBe(403)
    expect((await handler(post(bolnaBody('busy')), { remoteAddress: 'unknown' })).status).toBe(403)
    expect(
      (await handler(post(bolnaBody('busy')), { remoteAddress: PUBLISHED_ADDRESS })).status,
    ).toBe(200)
    expect(reasonsOf(target.logged)).toEqual(['missing-address', 'unknown-address', 'stored'])
    expect(target.logged[0]).toContain('Hand { remoteAddress } in')
  })

  test('goes to the console where nobody logs, once for each mistake, and nothing else does', async () => {
    const shown: unknown[] = []
    vi.spyOn(console, 'error').mockImplementation((...words) => void shown.push(words))
    const tracker = createTracker({ store: createMemoryStore(), providers: [bolna] })
    const handler: WebhookHandler = createWebhookHandler(tracker, forOne({ isOpen: true }))
    for (let count = 0; count < 3; count++) {
      const read = post(bolnaBody('busy'))
      await read.text()
      await handler(read)
      await handler({} as Request)
      await handler(post('no JSON'))
      await handler(post(bolnaBody('busy')))
    }
    expect(shown).toEqual([
      [expect.stringMatching(/^@callstate\/tracker: A body parser/)],
      [expect.stringMatching(/^@callstate\/tracker: The webhook handler was called/)],
    ])
  })
})

describe('origins', () => {
  const making = (origins: unknown, provider?: string) => () =>
    createWebhookHandler(createTarget(), {
      origins: origins as Record<string, false>,
      ...(provider !== undefined && { provider }),
    })

  test('names every provider of the tracker, or it is no handler', () => {
    const invalid = expect.objectContaining({ code: 'invalid-option' })
    for (const origins of [undefined, null, {}, { bolna: false }, { dialgen: { keys: 's' } }]) {
      expect(making(origins)).toThrow(invalid)
    }
    expect(making({ bolna: false })).toThrow(/Dialgen.*"dialgen: false"/)
    making({ bolna: false, dialgen: false })()
    making({ bolna: {}, dialgen: { keys: 's' } })()
  })

  test('needs the one that is served alone', () => {
    making({ bolna: false }, 'bolna')()
    making({ bolna: {}, dialgen: { keys: 's' } }, 'bolna')()
    expect(making({ dialgen: false }, 'bolna')).toThrow(/Bolna/)
  })

  test('names nobody else', () => {
    const unknown = expect.objectContaining({ code: 'unknown-provider' })
    expect(making({ bolna: false, dialgen: false, acme: false })).toThrow(unknown)
  })
})
