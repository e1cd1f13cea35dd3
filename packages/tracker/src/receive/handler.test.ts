import { describe, expect, test } from 'vitest'
import { TrackerError } from '../error.ts'
import { createWebhookHandler, type StartTimer } from './index.ts'
import {
  type Body,
  bolnaBody,
  createTarget,
  forOne,
  gate,
  NOW,
  type OneProvider,
  PUBLISHED_ADDRESS,
  post,
  said,
} from './target.fixture.ts'

const FROM_BOLNA = { remoteAddress: PUBLISHED_ADDRESS }
const setUp = (overrides?: Parameters<typeof createTarget>[0], options?: OneProvider) => {
  const target = createTarget(overrides)
  return { target, handler: createWebhookHandler(target, forOne(options)) }
}

/** A timer that fires when a test says so. */
function manualTimer() {
  const pending: { callback: () => void; ms: number }[] = []
  const startTimer: StartTimer = (callback, ms) => {
    const one = { callback, ms }
    pending.push(one)
    return () => void pending.splice(pending.indexOf(one), 1)
  }
  return { startTimer, pending }
}

describe('a delivery', () => {
  test('is answered with 200 and what it did, and with nothing else of the call', async () => {
    const { target, handler } = setUp()
    const response = await handler(post(bolnaBody('ringing')), FROM_BOLNA)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(await response.json()).toEqual({ ok: true, decision: 'advanced', repeated: false })
    expect(await target.decisions('c-1')).toEqual(['advanced'])
  })

  test('is handed on with its very bytes and the time at which it came', async () => {
    const bytes = new TextEncoder().encode(` ${bolnaBody('busy')}\n`)
    const inputs: unknown[] = []
    const { ingest } = createTarget()
    const { handler } = setUp({
      ingest: (input) => {
        inputs.push(input)
        return ingest(input)
      },
    })
    await handler(post(bytes), FROM_BOLNA)
    expect(inputs).toEqual([
      {
        provider: 'bolna',
        delivery: expect.objectContaining({ rawBody: bytes, receivedAt: NOW }),
        receivedAt: NOW,
      },
    ])
  })

  test('that comes again is answered with 200 and adds nothing', async () => {
    const { target, handler } = setUp()
    await handler(post(bolnaBody('completed')), FROM_BOLNA)
    const again = await handler(post(bolnaBody('completed')), FROM_BOLNA)
    expect(again.status).toBe(200)
    expect(await again.json()).toMatchObject({ ok: true, repeated: true })
    expect(await target.stored()).toBe(1)
  })

  test('that comes many times at one instant ends as one', async () => {
    const { target, handler } = setUp()
    const responses = await Promise.all(
      Array.from({ length: 20 }, () => handler(post(bolnaBody('completed')), FROM_BOLNA)),
    )
    const bodies = await Promise.all(responses.map(said))
    expect(responses.map(({ status }) => status)).toEqual(Array(20).fill(200))
    expect(bodies.filter(({ repeated }) => !repeated)).toHaveLength(1)
    expect(await target.stored()).toBe(1)
  })
})

describe('a request of another kind is refused', () => {
  test.each(['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])('%s with 405', async (method) => {
    const { target, handler } = setUp()
    const response = await handler(new Request('https://receiver.test/', { method }), FROM_BOLNA)
    expect(response.status).toBe(405)
    expect(response.headers.get('allow')).toBe('POST')
    expect(target.counted).toEqual([405])
  })

  test.each([
    ['text/plain', 415],
    ['application/x-www-form-urlencoded', 415],
    ['application/jsonp', 415],
    ['application/json-seq', 415],
    ['json', 415],
    ['application/json, text/plain', 415],
    ['application/json; charset=latin1', 415],
    ['application/json; charset=utf-16', 415],
    ['application/json', 200],
    ['Application/JSON;Charset="UTF-8"', 200],
    ['application/json; boundary=x; charset=utf-8', 200],
    ['application/cloudevents+json', 200],
    ['', 200],
  ])('content type "%s": %i', async (type, status) => {
    const { target, handler } = setUp()
    const response = await handler(post(bolnaBody('busy'), { 'content-type': type }), FROM_BOLNA)
    expect(response.status).toBe(status)
    expect(await target.stored()).toBe(status === 200 ? 1 : 0)
  })

  test('a missing content type is taken as JSON', async () => {
    const { handler } = setUp()
    const request = post(bolnaBody('busy'))
    request.headers.delete('content-type')
    expect((await handler(request, FROM_BOLNA)).status).toBe(200)
  })

  test('a compressed body with 415', async () => {
    const { handler } = setUp()
    const gzip = post(bolnaBody('busy'), { 'content-encoding': 'gzip' })
    expect((await handler(gzip, FROM_BOLNA)).status).toBe(415)
    const plain = post(bolnaBody('busy'), { 'content-encoding': 'identity' })
    expect((await handler(plain, FROM_BOLNA)).status).toBe(200)
  })
})

describe('a body that is no event of a call', () => {
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
  test.each<[string, Body]>([
    ['no JSON', 'id=c-1&status=busy'],
    ['nothing', ''],
    ['half a message', bolnaBody('busy').slice(0, -4)],
    ['text that is not UTF-8', Uint8Array.of(0x22, 0xff, 0x22)],
    ['JSON of another kind', '5'],
    ['null', 'null'],
    ['a message without an identifier', '{"status":"busy"}'],
    ['a message with an identifier of another kind', '{"id":{},"status":"busy"}'],
    ['an identifier that no store keeps', '{"id":"a\\u0000b","status":"busy"}'],
    ['very deep nesting', deep],
    ['nesting without an end', '['.repeat(100_000)],
  ])('is answered with 400: %s', async (_, body) => {
    const { target, handler } = setUp()
    const response = await handler(post(body), FROM_BOLNA)
    expect(response.status).toBe(400)
    expect(await target.stored()).toBe(0)
    const { issues } = await said(response)
    expect(issues?.[0]?.message).toMatch(/expected/)
  })

  test('gets no value of it back', async () => {
    const { handler } = setUp()
    const body = JSON.stringify({ id: ['+12025550123'], status: 'a private word' })
    const text = await (await handler(post(body), FROM_BOLNA)).text()
    expect(text).toContain('id')
    expect(text).not.toMatch(/12025550123|private/)
  })

  test('gets no more than 20 issues back', async () => {
    const issue = {
      path: ['id'],
      expected: 'text',
      received: 'number',
      message: 'id: expected text.',
    }
    for (const [found, told] of [
      [19, 19],
      [20, 20],
      [21, 20],
    ] as const) {
      const result = { ok: false, issues: Array(found).fill(issue) } as const
      const { handler } = setUp({ ingest: () => Promise.resolve(result) })
      expect((await said(await handler(post('{}'), FROM_BOLNA))).issues).toHaveLength(told)
    }
  })

  test('harms nothing with the keys of prototypes', async () => {
    const { target, handler } = setUp()
    const poison = '{"status":"admin","polluted":true}'
    const body = `{"__proto__":${poison},"constructor":{"prototype":${poison}},"id":"__proto__","status":"busy"}`
    expect((await handler(post(body), FROM_BOLNA)).status).toBe(200)
    expect(await target.decisions('__proto__')).toEqual(['advanced'])
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })

  test('may nest, but not so deep that reading it would break', async () => {
    const { target, handler } = setUp()
    for (const [depth, status] of [
      [100, 200],
      [50_000, 400],
    ] as const) {
      const deep = `${'['.repeat(depth)}${']'.repeat(depth)}`
      const body = `{"id":"c-1","status":"busy","deep":${deep},"list":[${deep}]}`
      expect((await handler(post(body), FROM_BOLNA)).status).toBe(status)
    }
    expect(await target.decisions('c-1')).toEqual(['advanced'])
  })
})

describe('a store that does not do its part is answered with 503, so that the provider repeats', () => {
  test('where it fails, and no word of its error goes anywhere', async () => {
    for (const [error, code] of [
      [
        new TrackerError('store-failed', 'secret word', { cause: new Error('secret word') }),
        'store-failed',
      ],
      [new TrackerError('closed', 'secret word'), 'closed'],
      [new Error('secret word'), undefined],
      [undefined, undefined],
    ] as const) {
      const { target, handler } = setUp({ ingest: () => Promise.reject(error) })
      const response = await handler(post(bolnaBody('busy')), FROM_BOLNA)
      expect(response.status).toBe(503)
      expect(response.headers.get('retry-after')).toBe('5')
      expect(await response.text()).not.toContain('secret word')
      expect(target.logged).toHaveLength(1)
      expect(JSON.parse(target.logged[0] ?? '')).toEqual({
        provider: 'bolna',
        status: 503,
        reason: 'failed',
        ...(code && { code }),
        message: 'A webhook could not be stored.',
      })
    }
  })

  test('where it is too slow; what it stores later is known when the provider repeats', async () => {
    const stored = gate()
    const entered = gate()
    const { pending, startTimer } = manualTimer()
    const real = createTarget()
    const { handler } = setUp(
      {
        async ingest(input) {
          entered.open()
          await stored.opened
          return real.ingest(input)
        },
      },
      { startTimer },
    )
    const answering = handler(post(bolnaBody('busy')), FROM_BOLNA)
    await entered.opened
    expect(pending.map(({ ms }) => ms)).toEqual([8_000])
    pending[0]?.callback()
    const response = await answering
    expect(response.status).toBe(503)
    expect(response.headers.get('retry-after')).toBe('5')

    stored.open()
    const again = await handler(post(bolnaBody('busy')), FROM_BOLNA)
    expect(await again.json()).toMatchObject({ ok: true, repeated: true })
    expect(await real.stored()).toBe(1)
    expect(pending).toEqual([])
  })

  test('where it is too slow and then fails: nobody is left with a rejection', async () => {
    const stored = gate()
    const entered = gate()
    const { pending, startTimer } = manualTimer()
    const { target, handler } = setUp(
      {
        async ingest() {
          entered.open()
          await stored.opened
          throw new Error('too late')
        },
      },
      { startTimer, answerTimeoutMs: 1 },
    )
    const answering = handler(post(bolnaBody('busy')), FROM_BOLNA)
    await entered.opened
    pending[0]?.callback()
    expect((await answering).status).toBe(503)
    // An unhandled rejection fails the run.
    stored.open()
    await stored.opened
    expect(target.counted).toEqual([503])
  })

  test('where another part of the service has read the body already', async () => {
    const { handler } = setUp()
    const read = post(bolnaBody('busy'))
    await read.text()
    expect((await handler(read, FROM_BOLNA)).status).toBe(503)
    const locked = post(bolnaBody('busy'))
    locked.body?.getReader()
    expect((await handler(locked, FROM_BOLNA)).status).toBe(503)
  })

  test('and a logger or a metric that throws changes no answer', async () => {
    const fail = () => {
      throw new Error('the disk is full')
    }
    const logger = { debug: fail, info: fail, warn: fail, error: fail }
    for (const broken of [{ logger }, { metrics: { webhook: fail } }]) {
      const { handler } = setUp(broken)
      expect((await handler(post(bolnaBody('busy')), FROM_BOLNA)).status).toBe(200)
    }
  })
})

test('every answer is counted and logged with its status and a reason, and with no data', async () => {
  const { target, handler } = setUp({}, { secret: { header: 'x-key', value: 'hush-hush' } })
  const key = { 'x-key': 'hush-hush' }
  await handler(post(bolnaBody('busy'), key), FROM_BOLNA)
  await handler(post(bolnaBody('busy'), key), FROM_BOLNA)
  await handler(post('a private word', key), FROM_BOLNA)
  await handler(post(bolnaBody('busy'), { 'x-key': 'hush' }), FROM_BOLNA)
  await handler(post(bolnaBody('busy'), key), { remoteAddress: '198.51.100.7' })
  await handler(post(bolnaBody('busy'), { 'x-forwarded-for': '198.51.100.7' }), FROM_BOLNA)
  expect(target.counted).toEqual([200, 200, 400, 401, 403, 401])
  expect(target.logged.map((line) => JSON.parse(line).reason)).toEqual([
    'stored',
    'repeated',
    'not-an-event',
    'wrong-secret',
    'other-address',
    'missing-secret',
  ])
  expect(target.logged.join()).not.toMatch(/hush|private|198\.51|13\.203|c-1/)
})
