import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bodyHmac } from './body-hmac.ts'
import { answerOf, deliveryOf, textOf } from './delivery.fixture.ts'
import { checkOriginBody } from './origin.ts'
import { rewrittenJson } from './rewritten-json.ts'

const HEADER = 'x-dialgen-signature'
const SECRET = 'a test secret'
const scheme = bodyHmac({
  header: HEADER,
  hash: 'SHA-256',
  encoding: 'hex',
  alsoOver: rewrittenJson,
})
const hmac = (body: string | Uint8Array, secret = SECRET) =>
  createHmac('sha256', secret).update(body).digest('hex')
const verify = async (body: string | Uint8Array, signature: string, secret = SECRET) =>
  (await answerOf(scheme, deliveryOf(body, { headers: { [HEADER]: signature } }), secret)) === 'ok'

describe('a signature over a body that something else may have written anew', () => {
  test('is that of HMAC-SHA256 with a known answer', async () => {
    // RFC 4231, test case 2.
    const known = '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843'
    expect(await verify('what do ya want for nothing?', known, 'Jefe')).toBe(true)
  })

  test('is accepted over the raw bytes, JSON or not', async () => {
    for (const body of ['{ "a" : 22.0 }', 'no JSON', Uint8Array.of(0xff, 0xfe, 0), '']) {
      expect(await verify(body, hmac(body))).toBe(true)
    }
    expect(await verify('no JSON', hmac(''))).toBe(false)
  })

  test('says what it proves, where that is not the body as it came', async () => {
    const compact = '{"a":22,"b":"\u00e9/"}'
    for (const [body, proven] of [
      [compact, undefined],
      ['{ "a": 22.0, "b": "\\u00e9\\/" }\n', compact],
      ['\ufeff{"a":1e1}', '{"a":10}'],
    ] as const) {
      const headers = { [HEADER]: hmac(proven ?? body) }
      const check = deliveryOf(body, { headers })
      const verdict = await checkOriginBody({ origin: [scheme] }, check, SECRET, 0)
      expect(verdict.ok).toBe(true)
      const bytes = verdict.ok ? verdict.proven : undefined
      expect(bytes && Buffer.from(bytes).toString()).toBe(proven)
    }
  })

  test('is refused over a body that was changed in meaning', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), fc.jsonValue(), async (signed, sent) => {
        const [one, other] = [JSON.stringify(signed), JSON.stringify(sent)]
        expect(await verify(one, hmac(one))).toBe(true)
        expect(await verify(other, hmac(one))).toBe(one === other)
        expect(await verify(JSON.stringify(sent, null, 1), hmac(one))).toBe(one === other)
      }),
    )
  })

  test('is refused with any one bit of the body or of itself flipped', async () => {
    const bytes = new TextEncoder().encode('{"callId":"a","duration":18}')
    const signature = hmac(bytes)
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const changed = bytes.with(bit >> 3, (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7)))
      expect(await verify(changed, signature)).toBe(false)
    }
    for (let bit = 0; bit < signature.length * 8; bit++) {
      const at = bit >> 3
      const char = String.fromCharCode(signature.charCodeAt(at) ^ (1 << (bit & 7)))
      expect(await verify(bytes, signature.slice(0, at) + char + signature.slice(at + 1))).toBe(
        false,
      )
    }
  })

  test('of null does not fit a number beyond all bounds', async () => {
    const signature = hmac('{"duration":null}')
    expect(await verify('{ "duration": null }', signature)).toBe(true)
    expect(await verify('{"duration":1e999}', signature)).toBe(false)
    expect(await verify('{"duration":-1e999}', signature)).toBe(false)
    expect(await verify('{"a":[{"duration":1e999}]}', hmac('{"a":[{"duration":null}]}'))).toBe(
      false,
    )
    expect(await verify('{"duration": 1e3}', hmac('{"duration":1000}'))).toBe(true)
  })

  test('of text with a replaced character does not fit broken bytes', async () => {
    expect(await verify(Uint8Array.of(0x20, 0x22, 0xff, 0x22), hmac('"\ufffd"'))).toBe(false)
  })

  test('is looked at before the body is written anew', async () => {
    let calls = 0
    const counting = bodyHmac({
      header: HEADER,
      hash: 'SHA-256',
      encoding: 'hex',
      alsoOver: (rawBody) => {
        calls++
        return rewrittenJson(rawBody)
      },
    })
    const withSignature = (signature: string) =>
      deliveryOf('{ "a": 1 }', { headers: { [HEADER]: signature } })
    for (const malformed of ['', 'x', `${hmac('{}')}0`, hmac('{}').toUpperCase()]) {
      expect(await answerOf(counting, withSignature(malformed), SECRET)).not.toBe('ok')
    }
    expect(await answerOf(counting, withSignature(hmac('{ "a": 1 }')), SECRET)).toBe('ok')
    expect(calls).toBe(0)
    expect(await answerOf(counting, withSignature(hmac('{"a":1}')), SECRET)).toBe('ok')
    expect(calls).toBe(1)
  })

  test('is never thrown about', async () => {
    const deep = '['.repeat(100_000)
    expect(await verify(deep, hmac('{}'))).toBe(false)
    expect(await verify(`${deep}${']'.repeat(100_000)}`, hmac('{}'))).toBe(false)
  })
})

test('a body is written anew up to a length', () => {
  const bodyOf = (length: number) => new TextEncoder().encode(' {}'.padEnd(length))
  for (const [length, isOk] of [
    [256 * 1024 - 1, true],
    [256 * 1024, true],
    [256 * 1024 + 1, false],
  ] as const) {
    expect(rewrittenJson(bodyOf(length)) !== null).toBe(isOk)
  }
  expect([9, 10, 11].map((length) => rewrittenJson(bodyOf(length), 10) !== null)).toEqual([
    true,
    true,
    false,
  ])
})

test('a prefix must be there, as it is written', async () => {
  const prefixed = bodyHmac({ header: 'x', hash: 'SHA-1', encoding: 'hex', prefix: 'sha1=' })
  const digest = createHmac('sha1', SECRET).update('{}').digest('hex')
  for (const [value, expected] of [
    [`sha1=${digest}`, 'ok'],
    [digest, 'wrong'],
    [`SHA1=${digest}`, 'wrong'],
    [`sha2=${digest}`, 'wrong'],
    [`sha1=sha1=${digest}`, 'wrong'],
  ] as const) {
    expect(await answerOf(prefixed, deliveryOf('{}', { headers: { x: value } }), SECRET)).toBe(
      expected,
    )
  }
})

describe('Bland', () => {
  const bland = bodyHmac({
    header: 'x-webhook-signature',
    hash: 'SHA-256',
    encoding: 'hex',
    alsoOver: rewrittenJson,
  })

  test('a body and its signature', async () => {
    // Made with node:crypto and Python by the vendor's documents.
    const signature = '94d890ae2eccc74b968cafb693480fcce52ed3e49de66600fc2c8f7edbc38117'
    const delivery = deliveryOf(
      '{"call_id":"0190a000-0000-7000-8000-000000000001","status":"no-answer","completed":false,"answered_by":null,"error_message":null}',
      { headers: { 'x-webhook-signature': signature } },
    )
    const key = 'bland_test_key_0123456789abcdef'
    expect(await answerOf(bland, delivery, key)).toBe('ok')
    const rawBody = Buffer.from(textOf(delivery).replace('no-answer', 'completed'))
    expect(await answerOf(bland, { ...delivery, rawBody }, key)).toBe('wrong')
  })
})
