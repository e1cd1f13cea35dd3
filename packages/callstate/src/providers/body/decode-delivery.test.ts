import { describe, expect, test } from 'vitest'
import type { Receives } from '../provider.ts'
import type { BodyDecoder } from './body-form.ts'
import { type Decoding, decodeDelivery } from './decode-delivery.ts'
import { ALL, deliveryOf, FORM_TYPE, outcome, typed } from './delivery.fixture.ts'
import { isJsonDelivery } from './received-form.ts'

const JSON_ONLY: Receives = { methods: ['POST'], bodies: ['json'] }

const issueOf = (decoding: Decoding) => (decoding.ok ? '' : decoding.issues[0]?.message)

describe('the method', () => {
  test('must be one that the provider uses, in capitals', async () => {
    for (const method of ['PUT', 'HEAD', 'post', '', '__proto__']) {
      expect(await outcome(ALL, deliveryOf('{}', {}, { method }))).toBe('method')
    }
    expect(await outcome(JSON_ONLY, deliveryOf('{}', {}, { method: 'GET' }))).toBe('method')
    expect(await outcome(JSON_ONLY, deliveryOf('{}'))).toEqual({})
  })
})

describe('the content type', () => {
  test.each([
    'application/json',
    'Application/JSON',
    'application/json; charset=utf-8',
    'application/json;charset="UTF-8"',
    'application/json; charset=utf8; version=1',
    'application/webhook+json',
    'application/vnd.acme.v2+json ; charset=utf-8',
  ])('%s is JSON', async (type) => {
    const delivery = deliveryOf('{"a":1}', typed(type))
    expect(await outcome(ALL, delivery)).toEqual({ a: 1 })
    expect(isJsonDelivery(ALL, delivery)).toBe(true)
  })

  test.each([
    'text/plain',
    'text/json',
    'application/jsonp',
    'application/+json',
    'application/json+xml',
    'application/json, application/json',
    'application/json; charset=utf-16',
    'application/json; charset=utf-8; charset=latin1',
    'application/json; charset = latin1',
    'json',
    ' ',
    ';',
    `${FORM_TYPE}; charset=iso-8859-1`,
    'multipart/mixed; boundary=x',
  ])('%s is refused', async (type) => {
    const delivery = deliveryOf('{}', typed(type))
    expect(await outcome(ALL, delivery)).toBe('content-type')
    expect(isJsonDelivery(ALL, delivery)).toBe(false)
  })

  test('where it is missing is JSON, where JSON is received', async () => {
    for (const headers of [{}, typed(''), { 'content-type': undefined }, { 'content-type': [] }]) {
      expect(await outcome(ALL, deliveryOf('[]', headers))).toEqual([])
      const others: Receives = { ...ALL, bodies: ['form', 'multipart'] }
      expect(await outcome(others, deliveryOf('a=1', headers))).toBe('content-type')
    }
  })

  test('where it is missing beside a body is no query', async () => {
    const callback: Receives = { methods: ['POST', 'GET'], bodies: ['form', 'query'] }
    const url = 'https://example.com/hooks?from=address'
    for (const headers of [{}, typed(''), { 'content-type': [] }]) {
      const decoding = await decodeDelivery(callback, deliveryOf('a=1', headers, { url }))
      expect(decoding).toMatchObject({ ok: false, reason: 'content-type' })
      expect(issueOf(decoding)).toMatch(/expected a content type [^;]+, got none\./)
      expect(await outcome(callback, deliveryOf('', headers, { url }))).toEqual({ from: 'address' })
      const get = deliveryOf('a=1', headers, { url, method: 'GET' })
      expect(await outcome(callback, get)).toEqual({ from: 'address' })
    }
    const form: Receives = { methods: ['POST'], bodies: ['form'] }
    expect(issueOf(await decodeDelivery(form, deliveryOf('a=1')))).toContain('got none')
    const other = await decodeDelivery(form, deliveryOf('a=1', typed('text/plain')))
    expect(issueOf(other)).toContain('got another')
  })

  test('that comes twice is refused', async () => {
    const types = ['application/json', 'application/json']
    expect(await outcome(ALL, deliveryOf('{}', { 'content-type': types }))).toBe('content-type')
    expect(await outcome(ALL, deliveryOf('{}', { 'content-type': types.slice(1) }))).toEqual({})
  })

  test('must be of a form that the provider uses', async () => {
    expect(await outcome(JSON_ONLY, deliveryOf('a=1', typed(FORM_TYPE)))).toBe('content-type')
    const form: Receives = { methods: ['POST'], bodies: ['form'] }
    expect(await outcome(form, deliveryOf('{}', typed('application/json')))).toBe('content-type')
    expect(await outcome(form, deliveryOf('a=1', typed(FORM_TYPE)))).toEqual({ a: '1' })
    const query: Receives = { methods: ['POST'], bodies: ['query'] }
    expect(await outcome(query, deliveryOf('{}', typed('application/json')))).toBe('content-type')
  })
})

test('an encoded body is refused, of whatever form', async () => {
  for (const encoding of ['gzip', 'br', 'identity, gzip', ['identity', 'identity'], ['gzip']]) {
    const delivery = deliveryOf('{}', { 'content-encoding': encoding })
    expect(await outcome(ALL, delivery)).toBe('content-encoding')
  }
  for (const encoding of ['', 'identity', 'Identity', undefined]) {
    expect(await outcome(ALL, deliveryOf('{}', { 'content-encoding': encoding }))).toEqual({})
  }
})

describe('JSON', () => {
  test('is given with its text as it came', async () => {
    const text = '{ "a" : 22.0, "b" : "\\u00e9\\/", "a" : 1e1 }\n'
    expect(await decodeDelivery(ALL, deliveryOf(text))).toEqual({
      ok: true,
      body: { a: 10, b: '\u00e9/' },
      query: {},
      text,
    })
  })

  test('may be anything', async () => {
    for (const [text, body] of [
      ['null', null],
      ['0', 0],
      ['""', ''],
      ['[]', []],
      ['\ufeff{}', {}],
      [' {} ', {}],
    ] as const) {
      expect(await outcome(ALL, deliveryOf(text))).toEqual(body)
    }
  })

  test.each([
    ['', 'empty text'],
    ['{"a":', 'text that is not JSON'],
    ['+12025550124', 'text that is not JSON'],
    ["{'a':1}", 'text that is not JSON'],
    [Uint8Array.of(0x22, 0xff, 0x22), 'bytes that are not UTF-8'],
    [Uint8Array.of(0x22, 0xed, 0xa0, 0x80, 0x22), 'bytes that are not UTF-8'],
  ])('%o is none, and is not repeated', async (body, received) => {
    const decoding = await decodeDelivery(ALL, deliveryOf(body))
    expect(decoding).toMatchObject({
      ok: false,
      reason: 'not-decodable',
      issues: [{ path: [], received }],
    })
    expect(JSON.stringify(decoding)).not.toContain('12025550124')
  })

  test('has no key that changes an object', async () => {
    const body = await outcome(ALL, deliveryOf('{"__proto__":{"polluted":1},"a":1}'))
    expect(Object.getPrototypeOf(body)).toBe(Object.prototype)
    expect(Reflect.get(Object(body), 'polluted')).toBe(undefined)
  })
})

describe('the query', () => {
  test('is decoded for every delivery', async () => {
    for (const [url, query] of [
      ['https://example.com/hooks', {}],
      ['https://example.com/hooks?', {}],
      ['https://example.com/hooks?a=1&b=2#c?d=3', { a: '1', b: '2' }],
      ['https://example.com/hooks#c?d=3', {}],
      ['/hooks?a=1&a=2&b=%2B+', { a: ['1', '2'], b: '+ ' }],
      ['?a=b?c', { a: 'b?c' }],
      ['', {}],
    ] as const) {
      const json = await decodeDelivery(ALL, deliveryOf('{"x":1}', {}, { url }))
      expect(json).toMatchObject({ ok: true, body: { x: 1 }, query })
      expect(json.ok && json.query).toEqual(query)
    }
  })

  test('is the body of a GET, whatever its type', async () => {
    const url = 'https://example.com/hooks?CallStatus=busy&__proto__=1'
    for (const headers of [{}, typed('application/json'), typed(FORM_TYPE), typed('text/plain')]) {
      const get = deliveryOf('', headers, { method: 'GET', url })
      const decoding = await decodeDelivery(ALL, get)
      expect(decoding).toEqual({
        ok: true,
        body: Object.fromEntries([
          ['CallStatus', 'busy'],
          ['__proto__', '1'],
        ]),
        query: Object.fromEntries([
          ['CallStatus', 'busy'],
          ['__proto__', '1'],
        ]),
        text: null,
      })
    }
    const post: Receives = { methods: ['POST'], bodies: ['query'] }
    expect(await outcome(post, deliveryOf('', {}, { url: '/?a=1' }))).toEqual({ a: '1' })
  })

  test('is not the body of a GET where the provider does not say so', async () => {
    const receives: Receives = { methods: ['GET'], bodies: ['json'] }
    const get = deliveryOf('', {}, { method: 'GET', url: '/?a=1' })
    expect(await outcome(receives, get)).toBe('not-decodable')
  })
})

describe("the provider's own decoder", () => {
  const receiving = (decoder: BodyDecoder): Receives => ({
    methods: ['POST'],
    bodies: [decoder, 'json'],
  })
  const lines: BodyDecoder = {
    types: ['text/plain', 'application/vnd.acme+json'],
    decode: ({ rawBody }) => ({
      ok: true,
      value: new TextDecoder().decode(rawBody).split('\n'),
    }),
  }

  test('decodes its types, before ours', async () => {
    for (const type of ['text/plain', 'Text/Plain; charset=latin1', 'application/vnd.acme+json']) {
      const delivery = deliveryOf('a\nb', typed(type))
      expect(await outcome(receiving(lines), delivery)).toEqual(['a', 'b'])
      expect(await decodeDelivery(receiving(lines), delivery)).toMatchObject({ text: null })
    }
    expect(await outcome(receiving(lines), deliveryOf('[]'))).toEqual([])
    expect(await outcome(receiving(lines), deliveryOf('', typed('text/html')))).toBe('content-type')
  })

  test('may take its time, and may refuse with issues of its own', async () => {
    const issues = [{ path: ['a'], expected: 'x', received: 'y', message: 'a: expected x, got y.' }]
    const slow: BodyDecoder = { ...lines, decode: async () => ({ ok: false, issues }) }
    const decoding = await decodeDelivery(receiving(slow), deliveryOf('', typed('text/plain')))
    expect(decoding).toEqual({ ok: false, reason: 'not-decodable', issues })
  })

  test('that throws, rejects or answers nonsense has decoded nothing', async () => {
    const failure = new Error('+12025550124')
    const answers: readonly (() => unknown)[] = [
      () => {
        throw failure
      },
      () => Promise.reject(failure),
      () => undefined,
      () => null,
      () => 'text',
      () => ({ ok: 'yes', value: 1 }),
      () => ({ ok: false }),
      () => ({ ok: false, issues: 5 }),
    ]
    for (const decode of answers) {
      const decoder = { ...lines, decode } as BodyDecoder
      const decoding = await decodeDelivery(receiving(decoder), deliveryOf('', typed('text/plain')))
      expect(decoding).toMatchObject({ ok: false, reason: 'not-decodable' })
      expect(JSON.stringify(decoding)).not.toContain('12025550124')
    }
  })
})
