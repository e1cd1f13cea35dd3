import { describe, expect, test } from 'vitest'
import type { Delivery } from '../message.ts'
import { basicAuth } from './basic-auth.ts'
import { bodyHmac } from './body-hmac.ts'
import { deliveryOf, NOW } from './delivery.fixture.ts'
import { checkOriginBody, checkOriginHead, problemsOfKeys, signDelivery } from './origin.ts'
import { type OriginScheme, type OriginVerdict, PASSED, refused } from './scheme.ts'
import { labelled } from './signature-form.ts'
import { timestampedHmac } from './timestamped-hmac.ts'

const basic = basicAuth()
const signature = timestampedHmac({
  header: 'x-signature',
  form: labelled({ timestamp: 't', signature: 'v1' }),
  unit: 's',
  signed: '{timestamp}.{body}',
  toleranceMs: 1_000,
})
const both = { origin: [basic, signature] }
const KEYS = { basic: 'user:password', signature: ['an old key', 'a new key'] }
const DELIVERY = deliveryOf('{}')

/** A scheme that answers this, whatever comes. */
const answering = (name: string, verdict: unknown): OriginScheme => ({
  name,
  title: name,
  key: name,
  header: null,
  checkHead: () => verdict as OriginVerdict,
})

describe('a provider with several schemes', () => {
  test('has what all of them found, where all pass', async () => {
    const signed = await signDelivery(both, DELIVERY, KEYS, NOW)
    expect(await checkOriginHead(both, signed, KEYS, NOW)).toEqual({ ok: true, scheme: null })
    expect(await checkOriginBody(both, signed, KEYS, NOW)).toEqual({
      ok: true,
      scheme: null,
      signedAt: NOW,
    })
    const proven = Uint8Array.of(1)
    const proving = { origin: [signature, answering('other', { ok: true, proven })] }
    const keys = { signature: 'an old key', other: 'x' }
    expect(await checkOriginBody(proving, signed, keys, NOW)).toEqual({
      ok: true,
      scheme: null,
      signedAt: NOW,
      proven,
    })
  })

  test('names the first one that refuses', async () => {
    const signed = await signDelivery(both, DELIVERY, KEYS, NOW)
    const without = (name: string): Delivery => ({
      ...signed,
      headers: { ...signed.headers, [name]: undefined },
    })
    for (const [delivery, keys, now, scheme, reason] of [
      [without('authorization'), KEYS, NOW, 'basic', 'missing'],
      [without('x-signature'), KEYS, NOW, 'signature', 'missing'],
      [DELIVERY, KEYS, NOW, 'basic', 'missing'],
      [signed, { ...KEYS, basic: 'user:other' }, NOW, 'basic', 'wrong'],
    ] as const) {
      const expected = { ok: false, scheme, reason }
      expect(await checkOriginHead(both, delivery, keys, now)).toEqual(expected)
      expect(await checkOriginBody(both, delivery, keys, now)).toEqual(expected)
    }
    const emptied: Delivery = { ...signed, rawBody: new Uint8Array() }
    for (const [delivery, keys, now, scheme, reason] of [
      [signed, { ...KEYS, signature: 'a new key' }, NOW, 'signature', 'wrong'],
      [signed, KEYS, NOW + 1_001, 'signature', 'stale'],
      [emptied, KEYS, NOW, 'signature', 'wrong'],
    ] as const) {
      expect((await checkOriginHead(both, delivery, keys, now)).ok).toBe(true)
      const expected = { ok: false, scheme, reason }
      expect(await checkOriginBody(both, delivery, keys, now)).toEqual(expected)
    }
  })

  test('needs a key for each, by its name', async () => {
    const signed = await signDelivery(both, DELIVERY, KEYS, NOW)
    const inherited: Record<string, string> = Object.create({ basic: 'user:password' })
    for (const keys of [
      {},
      { basic: 'user:password' },
      { signature: 'an old key' },
      { ...KEYS, basic: '' },
      { ...KEYS, basic: [] },
      'user:password',
      ['user:password', 'an old key'],
      Object.assign(inherited, { signature: 'an old key' }),
    ]) {
      expect((await checkOriginBody(both, signed, keys, NOW)).ok).toBe(false)
    }
  })

  test('is signed by those that have a key', async () => {
    const half = await signDelivery(both, DELIVERY, { basic: ['', 'user:password'] }, NOW)
    expect(Object.keys(half.headers)).toEqual(['content-type', 'authorization'])
    expect(DELIVERY.headers).toEqual({ 'content-type': 'application/json' })
    const cannot = { origin: [answering('other', PASSED)] }
    expect(await signDelivery(cannot, DELIVERY, 'x', NOW)).toEqual(DELIVERY)
  })
})

test('where a provider has one scheme, its key alone will do', async () => {
  const one = { origin: [signature] }
  for (const keys of ['a key', ['a key', 'another'], { signature: 'a key' }]) {
    const signed = await signDelivery(one, DELIVERY, keys, NOW)
    expect((await checkOriginBody(one, signed, keys, NOW)).ok).toBe(true)
    expect((await checkOriginBody(one, signed, 'other', NOW)).ok).toBe(false)
  }
})

test('a provider without a scheme proves nothing, and passes everything', async () => {
  const none = { origin: [] }
  expect(await checkOriginHead(none, DELIVERY, {}, NOW)).toEqual({ ok: true, scheme: null })
  expect(await checkOriginBody(none, DELIVERY, 'x', NOW)).toEqual({ ok: true, scheme: null })
  expect(await signDelivery(none, DELIVERY, 'x', NOW)).toEqual(DELIVERY)
})

describe('a scheme of somebody else', () => {
  test('that answers no verdict, throws or rejects refuses', async () => {
    const failing = (check: () => never | Promise<never>): OriginScheme => ({
      ...answering('own', null),
      checkHead: check,
    })
    const throws = () => {
      throw new Error('no')
    }
    for (const scheme of [
      ...[true, false, undefined, null, 'ok', {}, { ok: 'true' }, { ok: 1 }, { ok: false }].map(
        (verdict) => answering('own', verdict),
      ),
      answering('own', { ok: false, reason: 'other' }),
      answering('own', Promise.reject(new Error('no'))),
      failing(throws),
      failing(() => Promise.reject(new Error('no'))),
    ]) {
      const expected = { ok: false, scheme: 'own', reason: 'wrong' }
      const provider = { origin: [scheme] }
      expect(await checkOriginBody(provider, DELIVERY, 'x', NOW)).toEqual(expected)
    }
    const body = { ...answering('own', PASSED), checkBody: throws }
    expect((await checkOriginBody({ origin: [body] }, DELIVERY, 'x', NOW)).ok).toBe(false)
  })

  test('may answer at once', async () => {
    for (const reason of ['missing', 'wrong', 'stale'] as const) {
      const provider = { origin: [answering('own', refused(reason))] }
      expect(await checkOriginHead(provider, DELIVERY, 'x', NOW)).toEqual({
        ok: false,
        scheme: 'own',
        reason,
      })
    }
  })

  test('that refuses the head is not asked for the body', async () => {
    let asked = 0
    const scheme: OriginScheme = {
      ...answering('own', refused('missing')),
      checkBody: () => {
        asked++
        return PASSED
      },
    }
    expect((await checkOriginBody({ origin: [scheme] }, DELIVERY, 'x', NOW)).ok).toBe(false)
    expect(asked).toBe(0)
  })
})

describe('what is wrong with keys', () => {
  const hmac = { origin: [bodyHmac({ header: 'x', hash: 'SHA-256', encoding: 'hex' })] }

  test.each([
    [both, KEYS, []],
    [hmac, 'a secret', []],
    [hmac, ['a secret', 'another'], []],
    [{ origin: [] }, {}, []],
    [
      hmac,
      '',
      [
        'Expected as "signature" the secret with which the provider signs; got none, or empty text.',
      ],
    ],
    [
      hmac,
      [],
      [
        'Expected as "signature" the secret with which the provider signs; got none, or empty text.',
      ],
    ],
    [
      hmac,
      ['a secret', ''],
      [
        'Expected as "signature" the secret with which the provider signs; got none, or empty text.',
      ],
    ],
    [
      both,
      'a secret',
      ['Expected keys by the name of their scheme (basic, signature); got keys alone.'],
    ],
    [{ origin: [] }, 'a secret', ['Expected no keys, since no scheme checks them; got some.']],
    [{ origin: [] }, { basic: 'x' }, ['"basic" is no scheme of this provider; it has none.']],
    [
      both,
      { signatur: 'a secret', basic: 'x:y' },
      [
        'Expected as "signature" the secret with which the provider signs; got none, or empty text.',
        '"signatur" is no scheme of this provider; it has basic, signature.',
      ],
    ],
  ] as const)('%# is said, and no key', (provider, keys, expected) => {
    expect(problemsOfKeys(provider, keys)).toEqual(expected)
  })
})
