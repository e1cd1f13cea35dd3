import { defineProvider, type WebhookAnswer } from 'callstate/providers'
import { bolna } from 'callstate/providers/bolna'
import { describe, expect, test } from 'vitest'
import {
  ACME_AT,
  ACME_TOKEN,
  acme,
  acmeSignature,
  formOf,
  recordingForm,
  statusFields,
  statusForm,
} from '../acme.fixture.ts'
import { createTracker } from '../create-tracker.ts'
import { createMemoryStore } from '../memory/index.ts'
import type { Tracker } from '../tracker.ts'
import { createWebhookHandler, type WebhookOptions } from './index.ts'
import { createTarget, type Heard } from './target.fixture.ts'

const HOST = 'https://receiver.test'
const FORM = { 'content-type': 'application/x-www-form-urlencoded' }
const ringing = statusForm(statusFields('call-a', 'RINGING', 1))

/** A target that knows Acme and Bolna, at the time of Acme's tests. */
function setUp(options: Partial<WebhookOptions> = {}) {
  const tracker: Tracker = createTracker({
    store: createMemoryStore(),
    providers: [acme, bolna],
    now: () => ACME_AT,
  })
  const target: Heard = { ...createTarget(), ...tracker, ...logOf() }
  const handler = createWebhookHandler(target, {
    origins: { acme: { keys: ACME_TOKEN, addresses: 'any' }, bolna: false },
    ...options,
  })
  return { target, tracker, handler }
}

function logOf() {
  const logged: string[] = []
  const counted: number[] = []
  const log = (fields: object, message: string) =>
    void logged.push(JSON.stringify({ ...fields, message }))
  return {
    ...{ logged, counted },
    logger: { debug: log, info: log, warn: log, error: log },
    metrics: { webhook: (_: string, status: number) => void counted.push(status) },
  }
}

interface Sent {
  readonly url?: string
  readonly method?: string
  readonly body?: string
  /** The address that is signed, where that is not the request's own. */
  readonly signedUrl?: string
  readonly signedAt?: number
  readonly token?: string
  readonly headers?: Readonly<Record<string, string>>
}

function request(sent: Sent): Request {
  const { url = `${HOST}/webhooks/acme`, method = 'POST', body = '', headers = {} } = sent
  const { signedUrl = url, signedAt, token } = sent
  const signature = acmeSignature(method, signedUrl, body, signedAt, token)
  const all = { 'x-acme-signature': signature, ...(method === 'POST' && FORM), ...headers }
  return new Request(url, { method, headers: all, ...(method === 'POST' && { body }) })
}

const saidOf = (logged: readonly string[]) => logged.map((line) => JSON.parse(line))

describe('whose delivery it is', () => {
  test.each([
    ['/webhooks/acme', 204],
    ['/webhooks/acme/', 204],
    ['/api/v2/webhooks/acme?tenant=7', 204],
    ['/webhooks/acme/extra', 404],
    ['/webhook/acme', 404],
    ['/acme', 404],
    ['/', 404],
    ['/webhooks/', 404],
    ['/webhooks/nobody', 404],
    ['/webhooks/toString', 404],
    ['/webhooks/ACME', 404],
  ])('%s: %i', async (path, status) => {
    const { handler, target, tracker } = setUp()
    const response = await handler(request({ url: HOST + path, body: ringing }))
    expect(response.status).toBe(status)
    expect(target.counted).toEqual([status])
    expect((await tracker.list()).items).toHaveLength(status === 204 ? 1 : 0)
    if (status === 404) expect(await response.json()).toMatchObject({ ok: false })
  })

  test('is told by the path, one handler for all', async () => {
    const { handler, tracker } = setUp()
    await handler(request({ body: ringing }))
    const headers = { 'content-type': 'application/json' }
    const body = '{"id":"b-1","status":"busy"}'
    await handler(new Request(`${HOST}/webhooks/bolna`, { method: 'POST', headers, body }))
    const names = (await tracker.list()).items.map(({ provider }) => provider)
    expect(names.toSorted()).toEqual(['acme', 'bolna'])
  })

  test('is that of the one provider that is served, on any path', async () => {
    const { handler } = setUp({ provider: 'acme', origins: { acme: { keys: ACME_TOKEN } } })
    // Its published addresses are asked for.
    const from = { remoteAddress: '192.0.2.10' }
    expect((await handler(request({ url: `${HOST}/`, body: ringing }), from)).status).toBe(204)
    const bolnas = request({ url: `${HOST}/webhooks/bolna`, body: ringing })
    expect((await handler(bolnas, from)).status).toBe(204)
  })
})

describe('in which form it comes', () => {
  test('a GET is read by its query, and its signature covers the address', async () => {
    const { handler, tracker } = setUp()
    const query = formOf([['Kind', 'status'], ...statusFields('call-a', 'RINGING', 1)])
    const url = `${HOST}/webhooks/acme?${query}`
    expect((await handler(request({ method: 'GET', url }))).status).toBe(204)
    expect(await tracker.get({ provider: 'acme', callId: 'call-a' })).toMatchObject({
      status: 'ringing',
    })
    const forged = request({ method: 'GET', url: `${url}&Extra=1`, signedUrl: url })
    expect((await handler(forged)).status).toBe(401)
  })

  test('another method is refused with those that the provider uses', async () => {
    const { handler } = setUp()
    const response = await handler(
      new Request(`${HOST}/webhooks/acme`, { method: 'PUT', body: '' }),
    )
    expect(response.status).toBe(405)
    expect(response.headers.get('allow')).toBe('POST, GET')
  })

  test('another content type is refused', async () => {
    const { handler } = setUp()
    const json = request({ body: ringing, headers: { 'content-type': 'application/json' } })
    expect((await handler(json)).status).toBe(415)
  })
})

describe("the provider's proof", () => {
  const wordOf = async (sent: Sent) => {
    const { handler, target, tracker } = setUp()
    const touched = request({ body: ringing, ...sent })
    const { status } = await handler(touched)
    const [line] = saidOf(target.logged)
    expect(await tracker.list()).toMatchObject({ items: { length: status === 204 ? 1 : 0 } })
    return { status, reason: line.reason, scheme: line.scheme, read: touched.bodyUsed }
  }

  test('is refused in words: missing, wrong, stale', async () => {
    const refused = { status: 401, scheme: 'signature' }
    expect(await wordOf({ headers: { 'x-acme-signature': '' } })).toEqual({
      ...{ ...refused, reason: 'missing-signature', read: false },
    })
    expect(await wordOf({ headers: { 'x-acme-signature': 'nonsense' } })).toEqual({
      ...{ ...refused, reason: 'wrong-signature', read: false },
    })
    expect(await wordOf({ token: 'another token' })).toEqual({
      ...{ ...refused, reason: 'wrong-signature', read: true },
    })
    expect(await wordOf({ signedAt: ACME_AT - 301_000 })).toEqual({
      ...{ ...refused, reason: 'stale-signature', read: true },
    })
    expect(await wordOf({ signedAt: ACME_AT - 299_000 })).toMatchObject({ status: 204 })
  })

  test('is made over the address that the provider dialled', async () => {
    const dialled = 'https://calls.example.com/hooks/webhooks/acme?tenant=7'
    const own = 'http://10.0.0.5:8080/webhooks/acme?tenant=7'
    const sent = { url: own, signedUrl: dialled, body: ringing }
    const publicUrl = 'https://calls.example.com/hooks'
    for (const url of [publicUrl, `${publicUrl}/`]) {
      expect((await setUp({ publicUrl: url }).handler(request(sent))).status).toBe(204)
    }
    expect((await setUp().handler(request(sent))).status).toBe(401)
  })

  const behindProxy = (headers: Readonly<Record<string, string>>, remoteAddress = '10.0.0.1') => {
    const { handler } = setUp({ trustedProxies: ['10.0.0.0/8'] })
    const url = 'http://10.0.0.5:8080/webhooks/acme'
    const signedUrl = 'https://calls.example.com/webhooks/acme'
    return handler(request({ url, signedUrl, body: ringing, headers }), { remoteAddress })
  }

  test.each([
    [{ 'x-forwarded-proto': 'https', 'x-forwarded-host': 'calls.example.com' }, 204],
    [{ 'x-forwarded-proto': 'HTTPS', 'x-forwarded-host': 'calls.example.com' }, 204],
    // A proxy that adds to what the sender claims: the sender's claim stands left.
    [
      { 'x-forwarded-proto': 'ftp, https', 'x-forwarded-host': 'evil.example, calls.example.com' },
      204,
    ],
    [{ 'x-forwarded-proto': 'https', 'x-forwarded-host': 'calls.example.com, evil.example' }, 401],
    [{ 'x-forwarded-host': 'calls.example.com' }, 401],
    [{ 'x-forwarded-proto': 'https' }, 401],
    [{ 'x-forwarded-proto': 'https', 'x-forwarded-host': 'a/b@calls.example.com' }, 401],
    [{}, 401],
  ])('behind a trusted proxy that says %o: %i', async (headers, status) => {
    expect((await behindProxy(headers)).status).toBe(status)
    // From anybody else the same headers say nothing.
    expect((await behindProxy(headers, '203.0.113.9')).status).toBe(401)
  })

  test('behind two trusted proxies, the outer one says the address', async () => {
    const through = {
      'x-forwarded-for': '203.0.113.9, 10.0.0.2',
      'x-forwarded-proto': 'https, http',
      'x-forwarded-host': 'calls.example.com, 10.0.0.5:8080',
    }
    expect((await behindProxy(through)).status).toBe(204)
  })
})

describe('what goes back', () => {
  test('is what the provider wants', async () => {
    const { handler } = setUp()
    const response = await handler(request({ body: ringing }))
    expect(response.status).toBe(204)
    expect(await response.text()).toBe('')
  })

  test('for data and for what is not kept too, which are counted as taken in', async () => {
    const { handler, target } = setUp()
    const transcript = formOf([
      ['Kind', 'transcript'],
      ['CallId', 'call-a'],
      ['Text', 'Hello'],
    ])
    const bodies = [
      recordingForm('call-a', 'r1'),
      ringing,
      ringing,
      recordingForm('call-a', 'r1'),
      transcript,
    ]
    for (const body of bodies) expect((await handler(request({ body }))).status).toBe(204)
    expect(saidOf(target.logged).map(({ reason }) => reason)).toEqual([
      'not-kept',
      'stored',
      'repeated',
      'stored',
      'skipped',
    ])
  })

  test('in JSON where the provider wants nothing of its own', async () => {
    const plain = defineProvider({ ...acme, answer: null })
    const target = createTracker({
      store: createMemoryStore(),
      providers: [plain],
      now: () => ACME_AT,
    })
    const handler = createWebhookHandler(target, {
      origins: { acme: { keys: ACME_TOKEN, addresses: 'any' } },
    })
    const send = async (body: string) => (await handler(request({ body }))).json()
    expect(await send(ringing)).toEqual({ ok: true, decision: 'advanced', repeated: false })
    const two = statusForm(statusFields('b', 'RINGING', 1), statusFields('c', 'BUSY', 1))
    const several = { ok: true, decision: 'advanced', repeated: false, events: 2 }
    expect(await send(two)).toEqual(several)
    expect(await send(recordingForm('b', 'r'))).toEqual({
      ok: true,
      decision: null,
      repeated: false,
    })
    const transcript = formOf([
      ['Kind', 'transcript'],
      ['CallId', 'b'],
    ])
    expect(await send(transcript)).toEqual({ ok: true, skipped: true })
  })

  test('is refused at the start, or 503, where that is no answer at all', async () => {
    const trackerWith = (answer: WebhookAnswer) =>
      createTracker({
        store: createMemoryStore(),
        providers: [{ ...acme, answer }],
        now: () => ACME_AT,
      })
    expect(() => trackerWith({ status: 99 })).toThrow(
      expect.objectContaining({ code: 'invalid-provider' }),
    )
    const { logged, ...log } = logOf()
    const tracker = trackerWith({ status: 200, headers: { 'no name': 'x' } })
    const origins = { acme: { keys: ACME_TOKEN, addresses: 'any' } } as const
    const handler = createWebhookHandler({ ...tracker, ...log }, { origins })
    expect((await handler(request({ body: ringing }))).status).toBe(503)
    expect(saidOf(logged).map(({ reason }) => reason)).toEqual(['failed'])
  })

  test('to a handshake is what the provider asks for, after its origin is proven', async () => {
    const shaking = defineProvider({
      ...acme,
      handshake: ({ url }) => {
        const challenge = new URL(url).searchParams.get('challenge')
        if (challenge === null) return null
        return { status: 200, headers: { 'content-type': 'text/plain' }, body: challenge }
      },
    })
    const { logged, ...log } = logOf()
    const tracker = createTracker({
      store: createMemoryStore(),
      providers: [shaking],
      now: () => ACME_AT,
    })
    const handler = createWebhookHandler(
      { ...tracker, ...log },
      {
        origins: { acme: { keys: ACME_TOKEN, addresses: 'any' } },
      },
    )
    const url = `${HOST}/webhooks/acme?challenge=4711`
    const response = await handler(request({ method: 'GET', url }))
    expect([response.status, await response.text()]).toEqual([200, '4711'])
    expect(response.headers.get('content-type')).toBe('text/plain')
    expect((await handler(request({ method: 'GET', url, token: 'wrong' }))).status).toBe(401)
    expect(saidOf(logged).map(({ reason }) => reason)).toEqual(['handshake', 'wrong-signature'])
    expect((await tracker.list()).items).toEqual([])
  })
})

describe('a delivery whose answer steers the call', () => {
  const answered = formOf([['Kind', 'answer'], ...statusFields('call-a', 'TALKING', 1)])

  test('gets what the user answers, after it was stored; each time that it comes', async () => {
    const asked: unknown[] = []
    const { handler, tracker } = setUp({
      answer: async (event, request) => {
        const call = await tracker.get({ provider: 'acme', callId: event.callId })
        asked.push([event.callId, event.status, call?.status, request.url, await request.text()])
        return new Response('<Say>Hello</Say>', { status: 200, headers: { 'x-acme': 'yes' } })
      },
    })
    const post = () => handler(request({ body: answered }))
    const response = await post()
    expect([response.status, await response.text()]).toEqual([200, '<Say>Hello</Say>'])
    expect(response.headers.get('x-acme')).toBe('yes')
    const url = `${HOST}/webhooks/acme`
    expect(asked).toEqual([['call-a', 'in-progress', 'in-progress', url, answered]])
    expect(await (await post()).text()).toBe('<Say>Hello</Say>')
    expect(asked).toHaveLength(2)
    // Other deliveries do not ask.
    await handler(request({ body: ringing }))
    expect(asked).toHaveLength(2)
  })

  test('by GET too', async () => {
    const { handler } = setUp({ answer: (_, { method }) => new Response(method) })
    const url = `${HOST}/webhooks/acme?${answered}`
    expect(await (await handler(request({ method: 'GET', url }))).text()).toBe('GET')
  })

  test('is stored and answered with 501 where nobody answers, and that is said', async () => {
    const { handler, target, tracker } = setUp()
    expect((await handler(request({ body: answered }))).status).toBe(501)
    expect(await tracker.get({ provider: 'acme', callId: 'call-a' })).toMatchObject({
      status: 'in-progress',
    })
    expect(saidOf(target.logged)).toMatchObject([
      { reason: 'answer-needed', status: 501, message: expect.stringContaining('option "answer"') },
    ])
  })

  test.each([
    ['throws', () => raise(new Error('secret word'))],
    ['rejects', () => Promise.reject(new Error('secret word'))],
    ['gives nothing', () => JSON.parse('null')],
  ])('is stored and answered with 503 where the answer %s', async (_, answer) => {
    const { handler, target, tracker } = setUp({ answer })
    const response = await handler(request({ body: answered }))
    expect(response.status).toBe(503)
    expect(await response.text()).not.toContain('secret')
    expect(target.logged.join()).not.toContain('secret')
    expect(saidOf(target.logged)).toMatchObject([{ reason: 'answer-failed' }])
    expect((await tracker.list()).items).toHaveLength(1)
  })
})

function raise(error: Error): never {
  throw error
}
