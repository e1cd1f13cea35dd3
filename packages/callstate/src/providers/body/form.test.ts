import { describe, expect, test } from 'vitest'
import { decodeDelivery } from './decode-delivery.ts'
import { ALL, deliveryOf, FORM_TYPE, outcome, typed } from './delivery.fixture.ts'
import { isJsonDelivery } from './received-form.ts'

describe('a form', () => {
  test.each([
    ['a=1&b=2', { a: '1', b: '2' }],
    ['', {}],
    ['a', { a: '' }],
    ['=1&&a=', { '': '1', a: '' }],
    ['a=1&b=0&a=2&a=1', { a: ['1', '2', '1'], b: '0' }],
    ['To=%2B12025550124&name=caf%C3%A9+%26', { To: '+12025550124', name: 'caf\u00e9 &' }],
    ['a%5B0%5D=1&a.b=2', { 'a[0]': '1', 'a.b': '2' }],
    // A name in another charset must not lose the call's status.
    ['CallStatus=busy&name=caf%E9', { CallStatus: 'busy', name: 'caf\ufffd' }],
    ['a=%&b=%zz', { a: '%', b: '%zz' }],
  ])('%s', async (text, fields) => {
    const delivery = deliveryOf(text, typed(`${FORM_TYPE}; charset=UTF-8`))
    expect(await outcome(ALL, delivery)).toEqual(fields)
    expect(await decodeDelivery(ALL, delivery)).toMatchObject({ ok: true, text: null })
    expect(isJsonDelivery(ALL, delivery)).toBe(false)
  })

  test('has plain keys, whatever their names', async () => {
    const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty']
    const text = names.map((name) => `${name}=1&${name}=2`).join('&')
    const body = await outcome(ALL, deliveryOf(text, typed(FORM_TYPE)))
    expect(Object.entries(Object(body))).toEqual(names.map((name) => [name, ['1', '2']]))
    expect(Object.keys(Object.prototype)).toEqual([])
    expect(Reflect.get({}, '1')).toBe(undefined)
  })
})

describe('the number of fields', () => {
  const fields = (count: number) => Array.from({ length: count }, (_, at) => `a${at}=1`).join('&')

  test.each([
    [999, true],
    [1_000, true],
    [1_001, false],
  ])('%i of a form or a query', async (count, isOk) => {
    for (const delivery of [
      deliveryOf(fields(count), typed(FORM_TYPE)),
      deliveryOf(fields(count).replaceAll(/a\d+/g, 'a'), typed(FORM_TYPE)),
      deliveryOf('{}', {}, { url: `/x?${fields(count)}` }),
      deliveryOf('', {}, { method: 'GET', url: `/x?${fields(count)}` }),
      deliveryOf(multipart(...fields(count).split('&').map(part)), typed(MULTIPART)),
    ]) {
      const decoding = await decodeDelivery(ALL, delivery)
      expect(decoding.ok).toBe(isOk)
      if (!decoding.ok) {
        expect(decoding.issues).toMatchObject([{ expected: 'at most 1000 fields', path: [] }])
      }
    }
  })

  test('may be set', async () => {
    for (const [maxFields, isOk] of [
      [2, false],
      [3, true],
      [4, true],
    ] as const) {
      const delivery = deliveryOf(fields(3), typed(FORM_TYPE))
      expect((await decodeDelivery(ALL, delivery, { maxFields })).ok).toBe(isOk)
    }
  })
})

const MULTIPART = 'multipart/form-data; boundary=---x'
const multipart = (...parts: readonly string[]) =>
  `${parts.map((one) => `-----x\r\n${one}\r\n`).join('')}-----x--\r\n`
function part(field: string): string {
  const [name, value] = field.split('=')
  return `Content-Disposition: form-data; name="${name}"\r\n\r\n${value}`
}

describe('a multipart form', () => {
  test('has fields, and files without what they hold', async () => {
    const file =
      'Content-Disposition: form-data; name="recording"; filename="call.mp3"\r\nContent-Type: audio/mpeg\r\n\r\n123456'
    const body = multipart(
      part('Status=completed'),
      part('a=1'),
      file,
      part('a='),
      part('__proto__=1'),
    )
    const delivery = deliveryOf(body, typed(MULTIPART))
    const fields = await outcome(ALL, delivery)
    expect(Object.entries(Object(fields))).toEqual([
      ['Status', 'completed'],
      ['a', ['1', '']],
      ['recording', { name: 'call.mp3', type: 'audio/mpeg', size: 6 }],
      ['__proto__', '1'],
    ])
  })

  test('that is none is said to be none', async () => {
    for (const [body, type] of [
      ['', MULTIPART],
      ['a=1', MULTIPART],
      [multipart(part('a=1')), 'multipart/form-data'],
      [multipart(part('a=1')), 'multipart/form-data; boundary='],
      [multipart(part('a=1')), 'multipart/form-data; boundary=other'],
      [multipart(part('a=1')).slice(0, 30), MULTIPART],
      [multipart('a: b\r\n\r\nc'), MULTIPART],
    ] as const) {
      expect(await outcome(ALL, deliveryOf(body, typed(type)))).toBe('not-decodable')
    }
  })

  test('comes with the type in a list of one too', async () => {
    const delivery = deliveryOf(multipart(part('a=1')), { 'content-type': [MULTIPART] })
    expect(await outcome(ALL, delivery)).toEqual({ a: '1' })
  })
})
