import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Delivery } from '../message.ts'
import type { Receives } from '../provider.ts'
import { decodeDelivery } from './decode-delivery.ts'
import { isJsonDelivery, refusalOfHead } from './received-form.ts'

const ALL: Receives = {
  methods: ['POST', 'GET'],
  bodies: [
    'json',
    'form',
    'multipart',
    'query',
    { types: ['text/plain'], decode: ({ rawBody }) => ({ ok: true, value: rawBody[0] }) },
  ],
}

const type = fc.oneof(
  fc.constantFrom(
    'application/json',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'multipart/form-data; boundary="',
    'text/plain',
    'application/json; charset=\u0000',
    '',
  ),
  fc.string({ unit: 'binary' }),
)
const piece = fc.constantFrom(
  ...['--x', '\r\n', 'Content-Disposition: form-data; name="a"', '; filename="b"', '\r\n\r\n'],
  ...['--x--', '{', '"__proto__"', ':', '}', '[', '&', '=', '%', '%ff', '\ud800', '"', 'a'],
)
const body = fc.oneof(
  fc.uint8Array(),
  fc.array(piece, { maxLength: 30 }).map((pieces) => new TextEncoder().encode(pieces.join(''))),
)

test('whatever comes is an answer, and nothing is polluted', async () => {
  const reached = new Set<string>()
  const hostile = fc.record({
    method: fc.constantFrom('POST', 'GET', 'PUT'),
    url: fc.oneof(fc.string({ unit: 'binary' }), fc.constant('/?__proto__=1&%=%ff')),
    headers: fc.dictionary(
      fc.constantFrom('content-type', 'content-encoding', '__proto__'),
      fc.oneof({ weight: 4, arbitrary: type }, fc.array(type)),
    ),
    rawBody: body,
    remoteAddress: fc.constant(null),
    receivedAt: fc.integer(),
  })
  await fc.assert(
    fc.asyncProperty(hostile, async (delivery: Delivery) => {
      const decoding = await decodeDelivery(ALL, delivery)
      reached.add(decoding.ok ? 'ok' : decoding.reason)
      const refusal = refusalOfHead(ALL, delivery)
      expect(refusal === null || (!decoding.ok && decoding.reason === refusal)).toBe(true)
      const isText = decoding.ok && decoding.text !== null
      expect(isText && !isJsonDelivery(ALL, delivery)).toBe(false)
      expect(Object.keys(Object.prototype)).toEqual([])
      if (!decoding.ok) expect(decoding.issues.length).toBeGreaterThan(0)
    }),
    { numRuns: 2_000 },
  )
  const all = ['ok', 'method', 'content-type', 'content-encoding', 'not-decodable']
  expect([...reached].sort()).toEqual(all.sort())
})

test('what no types allow is an answer too', async () => {
  await fc.assert(
    fc.asyncProperty(fc.anything(), fc.anything(), async (delivery, receives) => {
      expect((await decodeDelivery(receives as Receives, delivery as Delivery)).ok).toBe(false)
      expect((await decodeDelivery(ALL, delivery as Delivery)).ok).toBe(false)
    }),
  )
})
