import type { OriginScheme, Provider } from '../../../providers/index.ts'
import type { SignedSample } from '../../index.ts'
import type { Fault } from '../fault.fixture.ts'
import { acme, CAME_AT, samples, sign } from '../honest.fixture.ts'

const ACCEPTS = 'every scheme of origin accepts its signed sample, beside another key too'
const REFUSES = 'every scheme of origin refuses what is altered, and another key'
const HEAD = 'every scheme of origin refuses a missing or malformed proof before the body is read'
const STALE = 'every scheme of origin tells what is too old, or too far ahead, as stale'
const OWN = 'every scheme of origin accepts what it signs itself'

const HEADER = 'x-acme-signature'
const PASSED = { ok: true } as const
const WRONG = { ok: false, reason: 'wrong' } as const

const [honest] = acme.origin
const [signed] = samples.signed ?? []

function scheme(change: Partial<OriginScheme>): Partial<Provider> {
  return { origin: honest === undefined ? [] : [{ ...honest, ...change }] }
}

function sample(change: Partial<SignedSample>) {
  return { signed: signed === undefined ? [] : [{ ...signed, ...change }] }
}

type Check = NonNullable<OriginScheme['checkBody']>

/** Compares a proof with the right one of each key, in a way of its own. */
function comparing(isRight: (proof: string, right: string, body: Uint8Array) => boolean): Check {
  return ({ headers, rawBody }, { keys }) => {
    const proof = String(headers[HEADER] ?? '')
    return keys.some((key) => isRight(proof, sign(rawBody, key), rawBody)) ? PASSED : WRONG
  }
}

const exactly = comparing((proof, right) => proof === right)

export const ORIGIN_FAULTS: readonly Fault[] = [
  { check: ACCEPTS, samples: { signed: [] }, says: /by its signature; add a signed sample of it/ },
  {
    check: ACCEPTS,
    provider: scheme({ checkBody: () => WRONG }),
    says: /the signed sample is refused by its signature \(wrong\)/,
  },
  {
    check: ACCEPTS,
    provider: scheme({ checkBody: () => ({ ok: false, reason: 'stale' }) }),
    says: /the signed sample is refused by its signature \(stale\)/,
  },
  {
    check: ACCEPTS,
    provider: scheme({
      checkBody: (delivery, check) => exactly(delivery, { ...check, keys: check.keys.slice(0, 1) }),
    }),
    says: /the signed sample with an old key first is refused/,
  },
  {
    check: ACCEPTS,
    provider: scheme({
      checkBody: (delivery, check) => exactly(delivery, { ...check, keys: check.keys.slice(-1) }),
    }),
    says: /the signed sample with a new key last is refused/,
  },
  ...(
    [
      [() => PASSED, /an altered body is not refused by its signature/],
      [
        comparing((proof, _, body) => proof === sign(body, 'fictional')),
        /another key is not refused/,
      ],
      [
        comparing((proof, right, body) =>
          body.length > 0 && proof === right ? true : body.length === 0,
        ),
        /an empty body is not refused/,
      ],
      [comparing((proof, right) => right.startsWith(proof)), /half a proof is not refused/],
      [
        comparing((proof, right) => proof.startsWith(right.slice(0, 20))),
        /a proof with another letter is not refused/,
      ],
      [
        (delivery, check) => (check.keys.length === 0 ? PASSED : exactly(delivery, check)),
        /no key is not refused/,
      ],
      [
        (delivery, check) =>
          exactly(delivery, check) === PASSED ? PASSED : { ok: false, reason: 'missing' },
        /an altered body is missing to its signature, not wrong/,
      ],
    ] satisfies readonly (readonly [Check, RegExp])[]
  ).map(([checkBody, says]) => ({
    check: REFUSES,
    // What a proof looks like is left to the full check here.
    provider: scheme({ checkHead: () => PASSED, checkBody }),
    says,
  })),
  ...(['method', 'url'] as const).map((covered) => ({
    check: REFUSES,
    samples: sample({ covers: [covered] }),
    says: covered === 'url' ? /another path is not refused/ : /another method is not refused/,
  })),
  {
    check: HEAD,
    provider: scheme({ checkHead: () => PASSED }),
    says: /no proof is not refused by its signature/,
  },
  {
    check: HEAD,
    provider: scheme({ checkHead: ({ headers }) => (headers[HEADER] ? PASSED : WRONG) }),
    says: /no proof is wrong to its signature, not missing/,
  },
  {
    check: HEAD,
    provider: scheme({
      checkHead: ({ headers }) =>
        headers[HEADER] === undefined ? { ok: false, reason: 'missing' } : PASSED,
    }),
    says: /an empty proof is not refused/,
  },
  {
    check: HEAD,
    provider: scheme({
      checkHead: ({ headers }) => (headers[HEADER] ? PASSED : { ok: false, reason: 'missing' }),
    }),
    says: /a proof that is none is not refused/,
  },
  {
    check: HEAD,
    provider: scheme({
      checkHead: ({ headers }) => {
        const proof = headers[HEADER]
        if (!proof) return { ok: false, reason: 'missing' }
        return String(proof).includes('.') ? PASSED : WRONG
      },
    }),
    says: /a proof that comes twice is not refused/,
  },
  {
    check: STALE,
    samples: sample({ goodForMs: 1_000_000 }),
    says: /the signed sample is stale to its signature before goodForMs/,
  },
  {
    check: STALE,
    provider: scheme({ checkBody: exactly }),
    says: /a proof that is too old is not refused/,
  },
  {
    check: STALE,
    provider: scheme({
      checkBody: (delivery, check) =>
        check.now > CAME_AT + 300_000 ? { ok: false, reason: 'stale' } : exactly(delivery, check),
    }),
    says: /a proof that is too far ahead is not refused/,
  },
  {
    check: STALE,
    samples: {
      signed: (samples.signed ?? []).map(({ goodForMs: _goodForMs, ...others }) => others),
    },
    says: /the proof of its signature gets old; say goodForMs/,
  },
  {
    check: OWN,
    provider: scheme({ sign: () => ({ [HEADER]: 'none' }) }),
    says: /refuses what it signed itself \(wrong\)/,
  },
  {
    check: OWN,
    provider: scheme({ sign: ({ rawBody }, { key }) => ({ [HEADER]: sign(rawBody, key, 5) }) }),
    says: /refuses what it signed itself \(stale\)/,
  },
  {
    check: OWN,
    provider: {
      origin: acme.origin.map(({ sign: _sign, ...others }) => others),
    },
    says: /its signature has no sign/,
  },
]
