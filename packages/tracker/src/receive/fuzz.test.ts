import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createWebhookHandler } from './index.ts'
import { bolnaBody, createTarget, forOne, PUBLISHED_ADDRESS, post } from './target.fixture.ts'

const DOCUMENTED = [200, 400, 401, 403, 405, 413, 415, 503]

const text = fc.string({ unit: fc.nat(255).map((code) => String.fromCharCode(code)) })
const headerValue = text.map((value) => value.replace(/[\0\r\n]/g, ''))
const header = fc.tuple(
  fc.oneof(
    fc.constantFrom(
      'content-type',
      'content-length',
      'content-encoding',
      'x-key',
      'x-forwarded-for',
      '__proto__',
    ),
    fc.stringMatching(/^[a-z-]{1,20}$/),
  ),
  fc.oneof(headerValue, fc.constantFrom('application/json', 'hush', PUBLISHED_ADDRESS, '12')),
)
const body = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc.json().map((json) => new TextEncoder().encode(json)),
  fc
    .record({
      id: fc.oneof(fc.string(), fc.jsonValue()),
      status: fc.oneof(fc.string(), fc.jsonValue()),
    })
    .map((message) => new TextEncoder().encode(JSON.stringify(message))),
  fc
    .tuple(fc.constant(new TextEncoder().encode(bolnaBody('busy'))), fc.nat(200), fc.nat(255))
    .map(([bytes, at, byte]) => bytes.with(at % bytes.length, byte)),
)

test('whatever comes, the answer is one of those that are documented', async () => {
  const target = createTarget()
  const secret = { header: 'x-key', value: 'hush' }
  const guarded = createWebhookHandler(target, forOne({ secret, trustedProxies: ['10.0.0.1'] }))
  const open = createWebhookHandler(target, forOne({ isOpen: true, maxBodyBytes: 200 }))
  const heard = new Map<number, number>()
  const method = fc.oneof(
    { weight: 9, arbitrary: fc.constant('POST') },
    { weight: 1, arbitrary: fc.constantFrom('GET', 'PUT', 'X') },
  )
  const remoteAddress = fc.oneof(
    fc.constantFrom('10.0.0.1', PUBLISHED_ADDRESS),
    fc.string(),
    fc.anything(),
  )
  await fc.assert(
    fc.asyncProperty(
      fc.boolean(),
      method,
      fc.array(header, { maxLength: 5 }),
      fc.boolean(),
      body,
      remoteAddress,
      async (isOpen, verb, headers, isJson, bytes, address) => {
        const init = { method: verb, ...(verb !== 'GET' && { body: new Uint8Array(bytes) }) }
        const request = new Request('https://receiver.test/', init)
        for (const [name, value] of headers) request.headers.append(name, value)
        if (isJson) {
          request.headers.set('content-type', 'application/json')
          request.headers.delete('content-encoding')
        }
        const connection = { remoteAddress: address as string }
        const before = await target.stored()
        const response = await (isOpen ? open : guarded)(request, connection)
        heard.set(response.status, (heard.get(response.status) ?? 0) + 1)
        expect(DOCUMENTED).toContain(response.status)
        expect(await response.json()).toMatchObject({ ok: response.status === 200 })
        if (response.status !== 200) expect(await target.stored()).toBe(before)
        // A body that is announced and not there was read by somebody else.
        const isMissing = verb === 'GET' || bytes.length === 0
        if (response.status === 503 && !(isMissing && request.headers.has('content-length'))) {
          throw new Error('A message that breaks the target.')
        }
      },
    ),
    { numRuns: 3_000 },
  )
  expect([...heard.keys()]).toEqual(expect.arrayContaining([200, 400, 403, 405, 413, 415]))
})

test('what is no request at all is answered too', async () => {
  const handler = createWebhookHandler(createTarget(), forOne())
  for (const request of [{}, { method: 'POST' }, { method: 'POST', headers: 5 }, null, undefined]) {
    const response = await handler(request as unknown as Request)
    expect([405, 503]).toContain(response.status)
  }
  const guarded = handler(
    post('{}'),
    new Proxy(
      {},
      {
        get: () => {
          throw new Error()
        },
      },
    ),
  )
  expect((await guarded).status).toBe(503)
})
