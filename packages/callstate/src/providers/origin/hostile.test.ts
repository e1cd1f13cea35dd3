import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Delivery } from '../message.ts'
import { NOW } from './delivery.fixture.ts'
import type { OriginCheck } from './scheme.ts'
import { SCHEME_CASES } from './scheme-cases.fixture.ts'

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string(),
  fc.constantFrom(
    '',
    ',',
    '=',
    't=,v0=',
    `t=${'9'.repeat(400)},v0=${'0'.repeat(64)}`,
    'Basic ====',
    'Bearer a.b.c',
    'a..c',
    'e30.e30.e30',
    ','.repeat(10_000),
    'A'.repeat(10_000),
    '__proto__',
  ),
)
const header = fc.oneof(text, fc.array(text), fc.constant(undefined), fc.anything())

test.each(SCHEME_CASES)('$title answers whatever comes, and passes none of it', async (one) => {
  const [key] = one.keys
  const proof = one.prove(one.delivery, key, NOW)
  const names = Object.keys(proof)
  const hostile = fc.record({
    method: fc.constantFrom('POST', 'GET', ''),
    url: fc.oneof(text, fc.webUrl({ withQueryParameters: true, withFragments: true })),
    headers: fc.dictionary(fc.constantFrom(...names, 'content-type', '__proto__'), header),
    rawBody: fc.uint8Array({ maxLength: 50 }),
  })
  await fc.assert(
    fc.asyncProperty(
      hostile,
      fc.array(text),
      fc.double(),
      fc.subarray(names),
      async (given, keys, now, kept) => {
        // Some of the right headers among the wrong ones, so that the checks come far.
        const right = Object.fromEntries(kept.map((name) => [name, proof[name]]))
        const delivery = { ...one.delivery, ...given, headers: { ...given.headers, ...right } }
        // Nobody could guess them.
        const check: OriginCheck = { keys: keys.map((other) => `a key of ours ${other}`), now }
        const verdicts = [
          await one.scheme.checkHead(delivery as Delivery, check),
          await (one.scheme.checkBody ?? one.scheme.checkHead)(delivery as Delivery, check),
        ]
        for (const verdict of verdicts) {
          expect(verdict.ok || ['missing', 'wrong', 'stale'].includes(verdict.reason)).toBe(true)
        }
        expect(verdicts[1]?.ok).toBe(false)
      },
    ),
  )
})

test.each(SCHEME_CASES)('$title answers what no types allow', async (one) => {
  await fc.assert(
    fc.asyncProperty(fc.anything(), fc.anything(), async (delivery, check) => {
      for (const checkOne of [one.scheme.checkHead, one.scheme.checkBody]) {
        const verdict = await checkOne?.(delivery as Delivery, check as OriginCheck)
        expect(verdict?.ok ?? false).toBe(false)
      }
    }),
  )
  for (const headers of [null, undefined, 5, 'x']) {
    const delivery = { ...one.delivery, headers } as unknown as Delivery
    const verdict = await one.scheme.checkHead(delivery, { keys: [one.keys[0]], now: NOW })
    expect(verdict.ok).toBe(false)
  }
})
