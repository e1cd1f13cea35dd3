import type { Delivery } from '../../providers/message.ts'
import {
  checkOriginBody,
  checkOriginHead,
  type OriginAnswer,
  signDelivery,
} from '../../providers/origin/origin.ts'
import type { OriginScheme } from '../../providers/origin/scheme.ts'
import type { Provider } from '../../providers/provider.ts'
import { deliveryOf } from './opened-samples.ts'
import {
  type ConformanceCheck,
  type Covered,
  fail,
  type ProviderSamples,
  type SignedSample,
} from './samples.ts'

/** How the provider proves that a delivery is its own; none where it proves nothing. */
export function originChecks(
  provider: Provider,
  samples: ProviderSamples,
): readonly ConformanceCheck[] {
  if (provider.origin.length === 0) return []
  const forEach = async (check: (signed: Signed) => Promise<void>) => {
    for (const signed of signedSamples(provider, samples)) await check(signed)
  }
  return [
    {
      name: 'every scheme of origin accepts its signed sample, beside another key too',
      proves: 'that true deliveries get in, also while a key is exchanged for another',
      run: () => forEach(acceptsTheSample),
    },
    {
      name: 'every scheme of origin refuses what is altered, and another key',
      proves: "that nobody else's get in",
      run: () => forEach(refusesWhatIsAltered),
    },
    {
      name: 'every scheme of origin refuses a missing or malformed proof before the body is read',
      proves: 'that who has no proof cannot make a server read a long body',
      run: () => forEach(refusesWithoutBody),
    },
    {
      name: 'every scheme of origin tells what is too old, or too far ahead, as stale',
      proves: 'that a delivery which somebody saw cannot be sent again much later',
      run: () => forEach(tellsWhatIsStale),
    },
    {
      name: 'every scheme of origin accepts what it signs itself',
      proves: 'that what tests and the emulator send is what the provider would',
      run: () => forEach(acceptsWhatItSigns),
    },
  ]
}

/** A signed sample with all that its checks need. */
interface Signed {
  readonly provider: Provider
  readonly scheme: OriginScheme
  readonly sample: SignedSample
  readonly delivery: Delivery
  check(
    delivery: Delivery,
    with_?: Partial<Pick<SignedSample, 'now'> & Keys>,
  ): Promise<OriginAnswer>
  checkHead(delivery: Delivery): Promise<OriginAnswer>
}

interface Keys {
  readonly keys: readonly string[]
}

function signedSamples(provider: Provider, samples: ProviderSamples): readonly Signed[] {
  return provider.origin.flatMap((scheme) => {
    const own = (samples.signed ?? []).filter(
      (sample) => (sample.scheme ?? provider.origin[0]?.name) === scheme.name,
    )
    if (own.length === 0) {
      fail(provider, `it proves its origin by its ${scheme.name}; add a signed sample of it`)
    }
    return own.map((sample) => signedSample(provider, scheme, sample))
  })
}

function signedSample(provider: Provider, scheme: OriginScheme, sample: SignedSample): Signed {
  const alone = { origin: [scheme] }
  const { key, now: cameAt } = sample
  return {
    provider,
    scheme,
    sample,
    delivery: deliveryOf(sample.delivery),
    check: (delivery, { now = cameAt, keys = [key] } = {}) =>
      checkOriginBody(alone, delivery, keys, now),
    checkHead: (delivery) => checkOriginHead(alone, delivery, [key], cameAt),
  }
}

async function acceptsTheSample({ provider, scheme, sample, ...signed }: Signed): Promise<void> {
  const { delivery, check } = signed
  const accepted = async (what: string, verdict: Promise<OriginAnswer>) => {
    const answer = await verdict
    if (!answer.ok) fail(provider, `${what} is refused by its ${scheme.name} (${answer.reason})`)
  }
  await accepted('the signed sample', check(delivery))
  await accepted('the head of the signed sample', signed.checkHead(delivery))
  const other = `${sample.key}-other`
  await accepted(
    'the signed sample with an old key first',
    check(delivery, { keys: [other, sample.key] }),
  )
  await accepted(
    'the signed sample with a new key last',
    check(delivery, { keys: [sample.key, other] }),
  )
}

async function refusesWhatIsAltered(signed: Signed): Promise<void> {
  const { sample, check } = signed
  const { covers = ['body'] } = sample
  for (const covered of covers) {
    for (const [what, delivery] of alterations(signed.delivery)[covered]) {
      await mustBe('wrong', signed, what, check(delivery))
    }
  }
  for (const [what, delivery] of alteredProofs(signed)) {
    await mustBe('wrong', signed, what, check(delivery))
  }
  const { key } = sample
  await mustBe('wrong', signed, 'another key', check(signed.delivery, { keys: [`${key}x`] }))
  await mustBe('wrong', signed, 'no key', check(signed.delivery, { keys: [] }))
}

async function refusesWithoutBody(signed: Signed): Promise<void> {
  const { scheme, delivery, checkHead } = signed
  if (scheme.header === null) return
  const proof = delivery.headers[scheme.header]
  await mustBe('missing', signed, 'no proof', checkHead(withProof(signed, undefined)))
  const empty = await checkHead(withProof(signed, ''))
  if (empty.ok) {
    fail(signed.provider, `a delivery with an empty proof is not refused by its ${scheme.name}`)
  }
  const malformed: readonly (readonly [string, Delivery['headers'][string]])[] = [
    ['a proof that is none', '!'],
    ['a proof that comes twice', [String(proof), String(proof)]],
  ]
  for (const [what, value] of malformed) {
    await mustBe('wrong', signed, what, checkHead(withProof(signed, value)))
  }
}

/** Longer than any proof is good for. */
const YEARS_MS = 10 * 365 * 86_400_000
/** Times in proofs are whole seconds, mostly. */
const SECOND_MS = 1000

async function tellsWhatIsStale(signed: Signed): Promise<void> {
  const { provider, scheme, sample, delivery, check } = signed
  const { now, goodForMs } = sample
  if (goodForMs === undefined) {
    const answer = await check(delivery, { now: now + YEARS_MS })
    if (!answer.ok) fail(provider, `the proof of its ${scheme.name} gets old; say goodForMs`)
    return
  }
  const good = await check(delivery, { now: now + goodForMs - SECOND_MS })
  if (!good.ok) {
    fail(provider, `the signed sample is ${good.reason} to its ${scheme.name} before goodForMs`)
  }
  const later = check(delivery, { now: now + goodForMs + SECOND_MS })
  await mustBe('stale', signed, 'a proof that is too old', later)
  const ahead = check(delivery, { now: now - YEARS_MS })
  await mustBe('stale', signed, 'a proof that is too far ahead', ahead)
}

async function acceptsWhatItSigns(signed: Signed): Promise<void> {
  const { provider, scheme, sample, check } = signed
  if (scheme.sign === undefined) {
    // What stands in the address is no header that could be added.
    if (scheme.header === null) return
    fail(provider, `its ${scheme.name} has no sign`)
  }
  const key = sample.signingKey ?? sample.key
  for (const delivery of deliveriesLike(signed.delivery)) {
    const unsigned = withProof({ scheme, delivery }, undefined)
    const own = await signDelivery({ origin: [scheme] }, unsigned, [key], sample.now)
    const answer = await check(own)
    if (answer.ok) continue
    fail(provider, `its ${scheme.name} refuses what it signed itself (${answer.reason})`)
  }
}

/** The sample's, and one with nothing in it. */
function deliveriesLike(delivery: Delivery): readonly Delivery[] {
  return [delivery, { ...delivery, rawBody: new Uint8Array() }]
}

async function mustBe(
  reason: 'missing' | 'wrong' | 'stale',
  { provider, scheme }: Signed,
  what: string,
  verdict: Promise<OriginAnswer>,
): Promise<void> {
  const answer = await verdict
  if (answer.ok) fail(provider, `a delivery with ${what} is not refused by its ${scheme.name}`)
  if (answer.reason === reason) return
  fail(provider, `a delivery with ${what} is ${answer.reason} to its ${scheme.name}, not ${reason}`)
}

type Altered = readonly (readonly [what: string, delivery: Delivery])[]

function alterations(delivery: Delivery): Readonly<Record<Covered, Altered>> {
  const { method, url, rawBody } = delivery
  const text = new TextDecoder().decode(rawBody)
  const withBody = (body: string) => ({ ...delivery, rawBody: new TextEncoder().encode(body) })
  return {
    method: [['another method', { ...delivery, method: method === 'PUT' ? 'POST' : 'PUT' }]],
    url: [
      ['another path', { ...delivery, url: url.replace(/(\?|$)/, '/other$1') }],
      ['another host', { ...delivery, url: url.replace('://', '://other.') }],
      ['another parameter', { ...delivery, url: `${url}${url.includes('?') ? '&' : '?'}other=1` }],
    ],
    body: [
      ['an altered body', withBody(alteredText(text))],
      ['a longer body', withBody(`${text}}&other=1`)],
      ...(text === '' ? [] : ([['an empty body', withBody('')]] as const)),
    ],
  }
}

/** Another message, not another spelling of it: some schemes sign the message as serialized anew. */
function alteredText(text: string): string {
  try {
    return JSON.stringify({ altered: true, ...JSON.parse(text) })
  } catch {
    const middle = Math.floor(text.length / 2)
    return `${text.slice(0, middle)}x${text.slice(middle)}`
  }
}

/** Proofs of the right form that prove something else. */
function alteredProofs(signed: Signed): Altered {
  const { header } = signed.scheme
  const proof = header === null ? undefined : signed.delivery.headers[header]
  if (typeof proof !== 'string') return []
  const middle = Math.floor(proof.length / 2)
  const at = [...proof].findIndex((letter, place) => place >= middle && /[a-z0-9]/i.test(letter))
  const other = proof[at] === '0' ? '1' : '0'
  return [
    ['a proof with another letter', `${proof.slice(0, at)}${other}${proof.slice(at + 1)}`],
    ['half a proof', proof.slice(0, middle)],
  ].map(([what = '', value]) => [what, withProof(signed, value)])
}

function withProof(
  { scheme, delivery }: Pick<Signed, 'scheme' | 'delivery'>,
  value: Delivery['headers'][string],
): Delivery {
  if (scheme.header === null) return delivery
  return { ...delivery, headers: { ...delivery.headers, [scheme.header]: value } }
}
