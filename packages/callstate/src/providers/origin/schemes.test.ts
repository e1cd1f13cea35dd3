import { describe, expect, test } from 'vitest'
import type { Delivery, DeliveryHead, DeliveryHeaders } from '../message.ts'
import { answerOf, deliveryOf, NOW, textOf } from './delivery.fixture.ts'
import { checkOriginHead, signDelivery } from './origin.ts'
import { SCHEME_CASES, type SchemeCase } from './scheme-cases.fixture.ts'

/** `ok`, or why the delivery is refused before its body is there. */
async function answerOfHead(
  { scheme }: SchemeCase,
  { rawBody: _, ...head }: Delivery,
  keys: readonly string[],
  now = NOW,
): Promise<string> {
  const only: DeliveryHead = head
  const verdict = await checkOriginHead({ origin: [scheme] }, only, keys, now)
  return verdict.ok ? 'ok' : verdict.reason
}

const withHeaders = (delivery: Delivery, headers: DeliveryHeaders): Delivery => ({
  ...delivery,
  headers: { ...delivery.headers, ...headers },
})

describe.each(SCHEME_CASES)('$title', (one) => {
  const [key, otherKey, anotherKey] = one.keys
  const [right, other, another] = one.keys.map(one.checkKey) as [string, string, string]
  const proof = one.prove(one.delivery, key, NOW)
  const proven = withHeaders(one.delivery, proof)
  const whereDependent = one.covers.body || one.covers.url

  test('passes what node:crypto proves, in a header or in a list of one', async () => {
    expect(await answerOfHead(one, proven, [right])).toBe('ok')
    expect(await answerOf(one.scheme, proven, [right])).toBe('ok')
    const listed = Object.fromEntries(Object.entries(proof).map(([name, value]) => [name, [value]]))
    expect(await answerOf(one.scheme, withHeaders(one.delivery, listed), [right])).toBe('ok')
  })

  test('passes what it signs itself, which node:crypto would sign the same', async () => {
    for (const signingKey of one.keys) {
      const signed = await signDelivery({ origin: [one.scheme] }, one.delivery, signingKey, NOW)
      expect(await answerOf(one.scheme, signed, [one.checkKey(signingKey)])).toBe('ok')
      const expected = one.prove(one.delivery, signingKey, NOW)
      for (const [name, value] of Object.entries(expected)) {
        const written = String(signed.headers[name])
        // Claims have no order of their own.
        if (one.title.startsWith('JWT')) expect(claimsIn(written)).toEqual(claimsIn(value))
        else expect(written).toBe(value)
      }
    }
  })

  test('depends on the body and the address as it says', async () => {
    for (const text of [`${textOf(one.delivery)}x`, textOf(one.delivery).replace('s', 'S'), '']) {
      const changed = { ...proven, rawBody: new TextEncoder().encode(text) }
      expect(await answerOf(one.scheme, changed, [right])).toBe(one.covers.body ? 'wrong' : 'ok')
    }
    for (const url of [
      one.delivery.url.replace('one', 'two'),
      one.delivery.url.replace('x=1', 'x=2'),
      one.delivery.url.replace('https', 'http'),
      one.delivery.url.replace('example.com', 'example.org'),
      `${one.delivery.url}&y=`,
      'https://example.com',
      '',
    ]) {
      expect(await answerOf(one.scheme, { ...proven, url }, [right])).toBe(
        one.covers.url ? 'wrong' : 'ok',
      )
    }
    expect(one.scheme.checkBody !== undefined).toBe(whereDependent)
  })

  test('says before the body is read that a header is missing', async () => {
    for (const name of Object.keys(proof)) {
      for (const nothing of [undefined, '', []]) {
        const without = withHeaders(proven, { [name]: nothing })
        expect(await answerOfHead(one, without, [right])).toBe('missing')
        expect(await answerOf(one.scheme, without, [right])).toBe('missing')
      }
    }
    expect(await answerOfHead(one, deliveryOf('', { headers: {} }), [right])).toBe('missing')
  })

  test('says before the body is read that a header is malformed, or came twice', async () => {
    for (const [name, value] of Object.entries(proof)) {
      for (const malformed of [
        [value, value],
        [value, 'x'],
        ['x', value],
        '!',
        '\u0000',
        `${value}!`,
        `!${value}`,
        '\u{1f4de}',
      ]) {
        // A nonce is any text.
        if (name.endsWith('nonce') && typeof malformed === 'string') continue
        const changed = withHeaders(proven, { [name]: malformed })
        expect(await answerOfHead(one, changed, [right]), `${name}: ${malformed}`).toBe('wrong')
        expect(await answerOf(one.scheme, changed, [right])).toBe('wrong')
      }
    }
  })

  test('refuses a header that is cut off, longer, or in other letters', async () => {
    for (const [name, value] of Object.entries(proof)) {
      const swapped = value.replaceAll(/\p{L}/gu, (letter) =>
        letter === letter.toUpperCase() ? letter.toLowerCase() : letter.toUpperCase(),
      )
      const changes = [value.slice(1), value.slice(0, -1), value.slice(0, value.length / 2)]
      for (const changed of [...changes, `${value}0`, `0${value}`, swapped]) {
        if (changed === value) continue
        const delivery = withHeaders(proven, { [name]: changed })
        expect(await answerOf(one.scheme, delivery, [right]), `${name}: ${changed}`).toBe('wrong')
      }
    }
  })

  test('takes several signatures in one header only where that is usual', async () => {
    const [[name = '', value = ''] = []] = Object.entries(proof)
    const foreign = one.prove(one.delivery, otherKey, NOW)[name]
    for (const both of [`${value}, ${value}`, `${foreign},${value}`, `${value},${foreign}`]) {
      const delivery = withHeaders(proven, { [name]: both })
      expect(await answerOf(one.scheme, delivery, [right])).toBe(one.isSeveral ? 'ok' : 'wrong')
    }
    const wrong = withHeaders(proven, { [name]: `${foreign}, ${foreign}` })
    expect(await answerOf(one.scheme, wrong, [right])).toBe('wrong')
  })

  test('needs one of the keys, wherever it stands, and takes no empty one', async () => {
    for (const keys of [[right], [other, right], [right, other], ['', other, another, right]]) {
      expect(await answerOf(one.scheme, proven, keys)).toBe('ok')
    }
    for (const keys of [[other], [other, another], [], [''], ['', '']]) {
      expect(await answerOf(one.scheme, proven, keys)).toBe('wrong')
      // The schemes themselves know it too, without the door.
      const check = { keys, now: NOW }
      const verdict = await (one.scheme.checkBody ?? one.scheme.checkHead)(proven, check)
      expect(verdict).toEqual({ ok: false, reason: 'wrong' })
    }
    // A key that can be none of this scheme does not stand in the way of one that is.
    const keys = ['', '!', right]
    const verdict = await (one.scheme.checkBody ?? one.scheme.checkHead)(proven, { keys, now: NOW })
    expect(verdict.ok).toBe(true)
    const foreign = withHeaders(one.delivery, one.prove(one.delivery, anotherKey, NOW))
    expect(await answerOf(one.scheme, foreign, [right, other])).toBe('wrong')
  })

  test('looks at the age of a right signature, and of none other', async () => {
    for (const [afterMs, expected] of one.ages) {
      expect(await answerOf(one.scheme, proven, [right], NOW + afterMs), `${afterMs} ms`).toBe(
        expected,
      )
      expect(await answerOf(one.scheme, proven, [other], NOW + afterMs)).toBe('wrong')
    }
    const untimely = one.ages.some(([, expected]) => expected === 'stale')
    expect(await answerOf(one.scheme, proven, [right], Number.NaN)).not.toBe(
      untimely ? 'ok' : 'wrong',
    )
  })
})

/** Header and claims of a JWT, after a word or without it. */
function claimsIn(value: string): unknown {
  const [header, claims] = value.replace('Bearer ', '').split('.')
  return [header, claims].map((part) => JSON.parse(Buffer.from(part ?? '', 'base64url').toString()))
}
