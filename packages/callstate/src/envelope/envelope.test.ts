import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Delivery } from '../providers/index.ts'
import { MESSAGE_KINDS } from '../providers/message.ts'
import { type EnvelopeReading, readEnvelope, writeEnvelope } from './index.ts'

/** Read as a log is read: a line of text, by another hand than the writer's. */
const readLine = (line: string): EnvelopeReading => readEnvelope(JSON.parse(line))

function envelopeIn(reading: EnvelopeReading) {
  if (reading.type !== 'envelope') throw new Error(`read as ${JSON.stringify(reading)}`)
  return reading.envelope
}

const textOf = (bytes: Uint8Array | null) => bytes && Buffer.from(bytes).toString('utf8')

describe('what is an envelope and what is a body', () => {
  test.each([
    ['{"body":"{}"}'],
    ['{"body":{"id":"c-1"}}'],
    ['{"body":[{"id":"c-1"}],"provider":"acme"}'],
    ['{"bodyBase64":"/w=="}'],
    ['{"method":"GET","url":"/hooks?CallId=c-1"}'],
    ['{"method":"get","url":"/hooks?CallId=c-1","provider":null}'],
  ])('envelope: %s', (line) => {
    expect(readLine(line).type).toBe('envelope')
  })

  test.each([
    ['{}'],
    ['null'],
    ['"text"'],
    ['[{"body":"{}"}]'],
    ['{"provider":"acme","kind":"record"}'],
    ['{"body":null}'],
    ['{"method":"POST","url":"/hooks"}'],
    ['{"method":"GET"}'],
    ['{"body":"{}","id":"c-1"}'],
    ['{"body":"{}","Provider":"acme"}'],
    ['{"body":"{}","__proto__":{"provider":"acme"}}'],
    ['{"id":"4b3c0d1e","status":"completed","body":{"note":"invented"}}'],
  ])('raw body: %s', (line) => {
    expect(readLine(line)).toEqual({ type: 'raw', body: JSON.parse(line) })
  })

  test('any further key makes a body of it', () => {
    const keys = ['provider', 'kind', 'method', 'url', 'headers', 'remoteAddress', 'receivedAt']
    fc.assert(
      fc.property(
        fc.string().filter((key) => ![...keys, 'body', 'bodyBase64'].includes(key)),
        (key) => {
          const value: unknown = JSON.parse(`{"body":"{}",${JSON.stringify(key)}:1}`)
          expect(readEnvelope(value)).toEqual({ type: 'raw', body: value })
        },
      ),
    )
  })
})

describe('what an envelope says', () => {
  test('its body as text is what came', () => {
    const { provider, kind, delivery } = envelopeIn(readLine('{"body":"{\\"id\\": 1.0}\\n"}'))
    expect({ provider, kind }).toEqual({ provider: null, kind: 'webhook' })
    expect(delivery).toMatchObject({
      method: 'POST',
      url: '',
      headers: {},
      remoteAddress: null,
      receivedAt: null,
      decoded: null,
    })
    expect(textOf(delivery.rawBody)).toBe('{"id": 1.0}\n')
  })

  test('its body as an object or a list is decoded already', () => {
    const object = envelopeIn(readLine('{"kind":"record","body":{"id":"c-1"}}'))
    expect(object).toMatchObject({
      kind: 'record',
      delivery: { decoded: { id: 'c-1' }, rawBody: null },
    })
    expect(envelopeIn(readLine('{"body":[]}')).delivery.decoded).toEqual([])
  })

  test('a GET has an empty body', () => {
    const { delivery } = envelopeIn(readLine('{"method":"get","url":"/hooks?a=b"}'))
    expect(delivery).toMatchObject({ method: 'GET', url: '/hooks?a=b' })
    expect(delivery.rawBody).toEqual(new Uint8Array())
  })

  test('times are ISO text or milliseconds', () => {
    const at = (time: string) => envelopeIn(readLine(`{"body":"","receivedAt":${time}}`)).delivery
    expect(at('1769421600142').receivedAt).toBe(1_769_421_600_142)
    expect(at('"2026-01-26T10:00:00.142Z"').receivedAt).toBe(1_769_421_600_142)
    expect(at('"2026-01-26T15:30:00.142+05:30"').receivedAt).toBe(1_769_421_600_142)
    expect(at('0').receivedAt).toBe(0)
    expect(at('8640000000000000').receivedAt).toBe(8.64e15)
  })

  test('headers are found in lower case, those that differ by case alone together', () => {
    const headers = '{"Content-Type":"text/plain","X-A":"1","x-a":["2","3"],"__proto__":"own"}'
    const { delivery } = envelopeIn(readLine(`{"body":"","headers":${headers}}`))
    expect(Object.entries(delivery.headers)).toEqual([
      ['content-type', 'text/plain'],
      ['x-a', ['1', '2', '3']],
      ['__proto__', 'own'],
    ])
  })
})

describe('a fault is said without what came', () => {
  const secret = 'secret-5f0c61d2'
  test.each([
    ['provider', '7', 'the name of a provider, got number'],
    ['provider', '""', 'the name of a provider, got other text'],
    ['kind', `"${secret}"`, 'one of webhook, record, list-item, call-reply, stop-reply'],
    ['kind', '"toString"', 'one of webhook'],
    ['method', `"${secret}"`, 'the name of a method, got other text'],
    ['url', '{}', 'text, got an object'],
    ['headers', '[]', 'an object whose values are text or lists of text, got a list'],
    ['headers', `{"a":{"b":"${secret}"}}`, 'an object whose values are text or lists of text'],
    ['headers', '{"a":["1",2]}', 'an object whose values are text or lists of text'],
    ['remoteAddress', 'false', 'text, got boolean'],
    ['receivedAt', `"${secret}"`, 'an ISO 8601 time or milliseconds since 1970'],
    ['receivedAt', '-1', 'an ISO 8601 time or milliseconds since 1970, got number'],
    ['receivedAt', '8640000000000001', 'an ISO 8601 time or milliseconds since 1970'],
    ['receivedAt', '"2026-02-30T10:00:00Z"', 'an ISO 8601 time or milliseconds since 1970'],
  ])('%s: %s', (key, given, expected) => {
    const reading = readLine(`{"body":"${secret}","${key}":${given}}`)
    expect(reading).toMatchObject({
      type: 'fault',
      fault: expect.stringContaining(`The envelope: expected ${key} to be ${expected}`),
    })
    expect(JSON.stringify(reading)).not.toContain(secret)
  })

  test.each([
    ['{"body":7}', 'expected body to be text, an object or a list, got number'],
    ['{"bodyBase64":"a*"}', 'expected bodyBase64 to be base64, got other text'],
    ['{"bodyBase64":{}}', 'expected bodyBase64 to be base64, got an object'],
    ['{"body":"","bodyBase64":""}', 'expected body or bodyBase64, got both'],
  ])('%s', (line, fault) => {
    expect(readLine(line)).toEqual({ type: 'fault', fault: `The envelope: ${fault}.` })
  })
})

const letter = fc.oneof(
  fc.string({ minLength: 1, maxLength: 1 }),
  fc.constantFrom('é', '👋', '\u2028', '\0', '\ufeff'),
)
const headerName = fc.oneof(
  fc.constantFrom('content-type', 'x-signature', '__proto__', 'constructor'),
  fc.stringMatching(/^[a-z][a-z0-9-]{0,9}$/),
)
const delivery = (): fc.Arbitrary<Delivery> =>
  fc.record({
    method: fc.constantFrom('POST', 'GET', 'PUT'),
    url: fc.oneof(
      fc.constant(''),
      fc.string().map((text) => `https://acme.example/${text}`),
    ),
    headers: fc
      .array(fc.tuple(headerName, fc.oneof(fc.string(), fc.array(fc.string(), { minLength: 1 }))))
      .map((pairs): Delivery['headers'] => Object.fromEntries(pairs)),
    remoteAddress: fc.option(fc.ipV4()),
    receivedAt: fc.oneof(fc.nat({ max: 4_102_444_800_000 }), fc.constantFrom(0, 8.64e15)),
    rawBody: fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.string({ unit: letter }).map((text) => new Uint8Array(Buffer.from(text))),
      fc.constant(new Uint8Array([0xef, 0xbb, 0xbf, 0x7b, 0x7d])),
    ),
  })

describe('writing', () => {
  test('what is written and read again is the same delivery', () => {
    const kinds = fc.option(fc.constantFrom(...MESSAGE_KINDS), { nil: undefined })
    fc.assert(
      fc.property(delivery(), kinds, fc.option(fc.constant('acme')), (given, kind, provider) => {
        const line = JSON.stringify(
          writeEnvelope(given, { provider, ...(kind === undefined ? {} : { kind }) }),
        )
        expect(line).not.toContain('\n')
        const read = envelopeIn(readLine(line))
        expect(read).toEqual({
          provider,
          kind: kind ?? 'webhook',
          delivery: { ...given, decoded: null },
        })
      }),
    )
  })

  test('text stays readable, other bytes are base64', () => {
    const head = { method: 'POST', url: '', headers: {}, remoteAddress: null, receivedAt: 0 }
    const bodyOf = (...bytes: readonly number[]) =>
      writeEnvelope({ ...head, rawBody: new Uint8Array(bytes) }, { provider: null })
    expect(bodyOf(0x7b, 0x7d)).toEqual({
      method: 'POST',
      receivedAt: '1970-01-01T00:00:00.000Z',
      body: '{}',
    })
    expect(bodyOf(0xff, 0x00)).toMatchObject({ bodyBase64: '/wA=' })
    expect(bodyOf()).toMatchObject({ body: '' })
  })

  test('many bytes come back too', () => {
    const rawBody = new Uint8Array(100_000).fill(0xff)
    const head = { method: 'POST', url: '', headers: {}, remoteAddress: null, receivedAt: 0 }
    const line = JSON.stringify(writeEnvelope({ ...head, rawBody }, { provider: null }))
    expect(
      Buffer.from(rawBody).equals(envelopeIn(readLine(line)).delivery.rawBody ?? rawBody.fill(0)),
    ).toBe(true)
  })

  test('a decoded message is written as it is', () => {
    const read = envelopeIn(readLine('{"kind":"list-item","provider":"acme","body":{"id":"c-1"}}'))
    const { delivery: trimmed, ...options } = read
    const written = writeEnvelope(trimmed, options)
    expect(written).toEqual({
      provider: 'acme',
      kind: 'list-item',
      method: 'POST',
      body: { id: 'c-1' },
    })
  })

  test('headers that hold a secret are not written', () => {
    const headers = {
      authorization: 'Bearer secret-5f0c61d2',
      cookie: ['secret-5f0c61d2'],
      'x-acme-secret': 'secret-5f0c61d2',
      'x-none': undefined,
      'x-acme-signature': 'kept',
    }
    const written = writeEnvelope(
      {
        method: 'POST',
        url: '',
        headers,
        remoteAddress: null,
        receivedAt: 0,
        rawBody: new Uint8Array(),
      },
      { provider: 'acme', redactHeaders: ['x-acme-secret'] },
    )
    expect(written.headers).toEqual({
      authorization: '[redacted]',
      cookie: '[redacted]',
      'x-acme-secret': '[redacted]',
      'x-acme-signature': 'kept',
    })
  })
})

test('whatever a line holds, reading it does not throw', () => {
  const nested = '['.repeat(5_000) + ']'.repeat(5_000)
  for (const value of [nested, `{"body":${nested}}`, `{"body":"","headers":${nested}}`]) {
    expect(() => readLine(value)).not.toThrow()
  }
  const key = fc.constantFrom(
    'body',
    'bodyBase64',
    'method',
    'url',
    'headers',
    'receivedAt',
    'kind',
  )
  const value = fc.oneof(fc.anything(), fc.constantFrom('GET', 'x'.repeat(100_000), { a: null }))
  fc.assert(
    fc.property(fc.oneof(fc.dictionary(key, value), fc.anything()), (anything) => {
      const { type } = readEnvelope(anything)
      expect(['raw', 'envelope', 'fault']).toContain(type)
    }),
    { numRuns: 2_000 },
  )
})
