import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Delivery } from '../message.ts'
import { MAX_REWRITTEN_BYTES } from '../origin/rewritten-json.ts'
import { dialgen } from './index.ts'
import { DATA_WEBHOOK, MESSAGES } from './messages.fixture.ts'

const SECRET = 'a test secret'
const HEADER = 'x-dialgen-signature'
const hmac = (body: string | Uint8Array, secret = SECRET) =>
  createHmac('sha256', secret).update(body).digest('hex')

const delivered = (rawBody: unknown, headers: unknown) => {
  const bytes = typeof rawBody === 'string' ? new TextEncoder().encode(rawBody) : rawBody
  const rest = { method: 'POST', url: 'https://calls.example/dialgen', remoteAddress: null }
  // Also what no types would let pass.
  return { ...rest, receivedAt: 0, headers, rawBody: bytes } as Delivery
}

/** Both looks at a delivery, as the handler takes them: of its head, and of all of it. */
async function isGenuine(delivery: Delivery, ...keys: readonly unknown[]): Promise<boolean> {
  const [scheme] = dialgen.origin
  if (scheme?.checkBody === undefined) throw new Error('The scheme does not look at the body.')
  const check = { keys: keys as string[], now: 0 }
  const head = await scheme.checkHead(delivery, check)
  const body = await scheme.checkBody(delivery, check)
  if (!head.ok) expect(body.ok).toBe(false)
  return body.ok
}

const verify = (rawBody: string | Uint8Array, signature: unknown, secret = SECRET) =>
  isGenuine(delivered(rawBody, { [HEADER]: signature }), secret)

const COMPACT = JSON.stringify(DATA_WEBHOOK)
const SPACED = JSON.stringify(DATA_WEBHOOK, null, 2)
const SIGNATURE = hmac(COMPACT)

describe('a signature', () => {
  test('is that of HMAC-SHA256 with a known answer', async () => {
    // RFC 4231, test case 2.
    const known = '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843'
    expect(await verify('what do ya want for nothing?', known, 'Jefe')).toBe(true)
  })

  test('is accepted over the body as JSON.stringify writes it, however the body came', async () => {
    for (const body of [COMPACT, SPACED, ` ${COMPACT}\n`]) {
      expect(await verify(body, SIGNATURE)).toBe(true)
      expect(await verify(new TextEncoder().encode(body), SIGNATURE)).toBe(true)
    }
  })

  test('is accepted over the raw bytes, JSON or not', async () => {
    expect(await verify(SPACED, hmac(SPACED))).toBe(true)
    expect(await verify('no JSON', hmac('no JSON'))).toBe(true)
    const bytes = Uint8Array.of(0xff, 0xfe, 0)
    expect(await verify(bytes, hmac(bytes))).toBe(true)
    expect(await verify('', hmac(''))).toBe(true)
    expect(await verify('no JSON', hmac(''))).toBe(false)
  })

  test('is accepted in a header list of one, and refused in one of two', async () => {
    expect(await verify(COMPACT, [SIGNATURE])).toBe(true)
    expect(await verify(COMPACT, [])).toBe(false)
    expect(await verify(COMPACT, [SIGNATURE, SIGNATURE])).toBe(false)
    expect(await verify(COMPACT, `${SIGNATURE}, ${SIGNATURE}`)).toBe(false)
  })

  test('is refused with any one bit flipped', async () => {
    const flips = Array.from({ length: SIGNATURE.length * 8 }, (_, bit) => {
      const at = bit >> 3
      const char = String.fromCharCode(SIGNATURE.charCodeAt(at) ^ (1 << (bit & 7)))
      return SIGNATURE.slice(0, at) + char + SIGNATURE.slice(at + 1)
    })
    expect(flips).toHaveLength(512)
    const answers = await Promise.all(flips.map((flipped) => verify(COMPACT, flipped)))
    expect(new Set(answers)).toEqual(new Set([false]))
  })

  test('is refused in another form, with another secret or without one', async () => {
    const base64 = createHmac('sha256', SECRET).update(COMPACT).digest('base64')
    const forms = [
      SIGNATURE.toUpperCase(),
      base64,
      `sha256=${SIGNATURE}`,
      ` ${SIGNATURE}`,
      SIGNATURE.slice(1),
    ]
    for (const form of [...forms, `${SIGNATURE}0`, '', undefined, null, 5, {}]) {
      expect(await verify(COMPACT, form)).toBe(false)
    }
    expect(await verify(COMPACT, hmac(COMPACT, 'another secret'))).toBe(false)
    expect(await verify(COMPACT, hmac(COMPACT, ''), '')).toBe(false)
    expect(await isGenuine(delivered(COMPACT, {}), SECRET)).toBe(false)
  })

  test('is refused over a body that was changed in meaning', async () => {
    const value = fc.oneof(fc.jsonValue(), fc.constantFrom(...MESSAGES))
    await fc.assert(
      fc.asyncProperty(value, value, async (signed, sent) => {
        const [one, other] = [JSON.stringify(signed), JSON.stringify(sent)]
        expect(await verify(one, hmac(one))).toBe(true)
        expect(await verify(other, hmac(one))).toBe(one === other)
        expect(await verify(JSON.stringify(sent, null, 1), hmac(one))).toBe(one === other)
      }),
    )
  })

  test('is refused with any one bit of the body flipped, unless it means the same', async () => {
    const bytes = new TextEncoder().encode('{"callId":"a","duration":18}')
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const changed = bytes.with(bit >> 3, (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7)))
      expect(await verify(changed, hmac(bytes))).toBe(false)
    }
  })

  test('of null does not fit a number beyond all bounds', async () => {
    const signature = hmac('{"duration":null}')
    expect(await verify('{ "duration": null }', signature)).toBe(true)
    expect(await verify('{"duration":1e999}', signature)).toBe(false)
    expect(await verify('{"duration":-1e999}', signature)).toBe(false)
    expect(await verify('{"duration": 1e3}', hmac('{"duration":1000}'))).toBe(true)
  })

  test('over a long body is that of its very bytes', async () => {
    const ofBytes = (count: number) => `{"a": "${'x'.repeat(count - 9)}"}`
    const compact = (body: string) => JSON.stringify(JSON.parse(body))
    for (const [count, isTried] of [
      [MAX_REWRITTEN_BYTES - 1, true],
      [MAX_REWRITTEN_BYTES, true],
      [MAX_REWRITTEN_BYTES + 1, false],
    ] as const) {
      const body = ofBytes(count)
      expect(new TextEncoder().encode(body)).toHaveLength(count)
      expect(await verify(body, hmac(body))).toBe(true)
      expect(await verify(body, hmac(compact(body)))).toBe(isTried)
    }
  })

  test('over the form that JSON.stringify writes proves that form', async () => {
    const [scheme] = dialgen.origin
    const check = { keys: [SECRET], now: 0 }
    const verdict = await scheme?.checkBody?.(delivered(SPACED, { [HEADER]: SIGNATURE }), check)
    expect(verdict).toEqual({ ok: true, proven: new TextEncoder().encode(COMPACT) })
    const whole = await scheme?.checkBody?.(delivered(COMPACT, { [HEADER]: SIGNATURE }), check)
    expect(whole).toEqual({ ok: true })
  })

  test('of an old key or of its successor is accepted, and made by the one that signs', async () => {
    const [scheme] = dialgen.origin
    const delivery = delivered(COMPACT, {})
    const headers = await scheme?.sign?.(delivery, { key: SECRET, now: 0 })
    expect(headers).toEqual({ [HEADER]: SIGNATURE })
    expect(await isGenuine(delivered(COMPACT, headers), 'the new one', SECRET)).toBe(true)
    expect(await isGenuine(delivered(COMPACT, headers), SECRET, 'the new one')).toBe(true)
    expect(await isGenuine(delivered(COMPACT, headers), 'the new one')).toBe(false)
    expect(await isGenuine(delivered(COMPACT, headers))).toBe(false)
    expect(await scheme?.sign?.(delivery, { key: '', now: 0 })).toEqual({})
  })

  test('that is missing or malformed is refused before the body is read', async () => {
    const [scheme] = dialgen.origin
    const reasonOf = async (headers: unknown) => {
      const verdict = await scheme?.checkHead(delivered('', headers), { keys: [SECRET], now: 0 })
      return verdict?.ok === false ? verdict.reason : null
    }
    expect(await reasonOf({})).toBe('missing')
    expect(await reasonOf({ [HEADER]: 'no hex' })).toBe('wrong')
    expect(await reasonOf({ [HEADER]: [SIGNATURE, SIGNATURE] })).toBe('wrong')
    expect(await reasonOf({ [HEADER]: SIGNATURE })).toBeNull()
  })

  test('of text with a replaced character does not fit broken bytes', async () => {
    const broken = Uint8Array.of(0x20, 0x22, 0xff, 0x22)
    expect(await verify(broken, hmac('"\ufffd"'))).toBe(false)
  })

  test('is never thrown about', async () => {
    const deep = '['.repeat(100_000)
    expect(await verify(deep, SIGNATURE)).toBe(false)
    expect(await verify(`${deep}${']'.repeat(100_000)}`, SIGNATURE)).toBe(false)
    await fc.assert(
      fc.asyncProperty(fc.anything(), fc.anything(), async (rawBody, secret) => {
        const delivery = delivered(rawBody, { [HEADER]: SIGNATURE })
        expect(await isGenuine(delivery, secret)).toBe(false)
      }),
    )
    for (const headers of [null, undefined, 5]) {
      expect(await isGenuine(delivered(COMPACT, headers), SECRET)).toBe(false)
    }
  })
})
