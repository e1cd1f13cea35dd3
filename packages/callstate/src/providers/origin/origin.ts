import type { Delivery, DeliveryHead } from '../message.ts'
import type { Provider } from '../provider.ts'
import { type OriginScheme, type OriginVerdict, PASSED, refused } from './scheme.ts'

/** By name of the scheme: its key, or several of which one must fit. */
export type KeysByScheme = Readonly<Record<string, string | readonly string[]>>

/** The keys of a provider's schemes; where it has one scheme, its key or keys alone will do. */
export type OriginKeys = string | readonly string[] | KeysByScheme

/** What is needed of a provider to check where a delivery comes from. */
export type WithOrigin = Pick<Provider, 'origin'>

/** What the schemes of a provider found together. */
export type OriginAnswer = OriginVerdict & {
  /** The scheme that refused; null where all passed. */
  readonly scheme: string | null
}

/**
 * Checks all of a delivery's origin that can be checked before its body is read: a delivery without a
 * proof, with a malformed one or, where the body does not matter, with a wrong one is refused here. To
 * pass is no proof yet: see `checkOriginBody`. Never rejects; a scheme that throws refuses, as `wrong`.
 * `now` is our clock, in milliseconds since 1970.
 *
 * @example
 * const head = await checkOriginHead(dialgen, delivery, { signature: 'a secret' }, Date.now())
 * if (!head.ok) return respond(401, `${head.scheme}: ${head.reason}`)
 */
export function checkOriginHead(
  provider: WithOrigin,
  head: DeliveryHead,
  keys: OriginKeys,
  now: number,
): Promise<OriginAnswer> {
  return checkAll(provider, keys, (scheme, keysOfScheme) =>
    scheme.checkHead(head, { keys: keysOfScheme, now }),
  )
}

/**
 * Checks a delivery's origin in full, what `checkOriginHead` checks included: to pass is to be proven,
 * by every scheme of the provider. A provider without a scheme proves nothing, and passes everything.
 * Never rejects; a scheme that throws refuses, as `wrong`.
 *
 * @example
 * const origin = await checkOriginBody(dialgen, delivery, 'a secret', Date.now())
 * if (!origin.ok) return respond(401, `${origin.scheme}: ${origin.reason}`)
 */
export function checkOriginBody(
  provider: WithOrigin,
  delivery: Delivery,
  keys: OriginKeys,
  now: number,
): Promise<OriginAnswer> {
  return checkAll(provider, keys, async (scheme, keysOfScheme) => {
    const check = { keys: keysOfScheme, now }
    const head = await scheme.checkHead(delivery, check)
    return head.ok === true && scheme.checkBody !== undefined
      ? scheme.checkBody(delivery, check)
      : head
  })
}

/**
 * The delivery with the headers with which every scheme of the provider proves it: how tests and the
 * emulator send one. Each scheme signs with the first of its keys; one without a key adds nothing. Pure.
 *
 * @example
 * const signed = await signDelivery(dialgen, delivery, 'a secret', Date.now())
 * await checkOriginBody(dialgen, signed, 'a secret', Date.now()) // { ok: true, … }
 */
export async function signDelivery(
  provider: WithOrigin,
  delivery: Delivery,
  keys: OriginKeys,
  now: number,
): Promise<Delivery> {
  let headers = delivery.headers
  for (const scheme of provider.origin) {
    const [key] = keysFor(provider, scheme, keys)
    if (key === undefined || scheme.sign === undefined) continue
    headers = { ...headers, ...(await scheme.sign(delivery, { key, now })) }
  }
  return { ...delivery, headers }
}

/**
 * What is wrong with the keys for a provider, in words that name no key: schemes without one, keys for
 * no scheme. Empty where nothing is. Pure.
 */
export function problemsOfKeys(provider: WithOrigin, keys: OriginKeys): readonly string[] {
  const names = provider.origin.map(({ name }) => name)
  const isPlain = isPlainKeys(keys)
  if (isPlain && names.length === 0) {
    return ['Expected no keys, since no scheme checks them; got some.']
  }
  if (isPlain && names.length > 1) {
    return [`Expected keys by the name of their scheme (${names.join(', ')}); got keys alone.`]
  }
  const without = provider.origin.filter((scheme) => {
    const given = givenFor(provider, scheme, keys)
    return given.length === 0 || given.includes('')
  })
  const strange = isPlain ? [] : Object.keys(keys).filter((name) => !names.includes(name))
  return [
    ...without.map(({ name, key }) => `Expected as "${name}" ${key}; got none, or empty text.`),
    ...strange.map(
      (name) => `"${name}" is no scheme of this provider; it has ${names.join(', ') || 'none'}.`,
    ),
  ]
}

/** All must pass. What they found beside that is kept: the latest word counts. */
async function checkAll(
  provider: WithOrigin,
  keys: OriginKeys,
  checkOne: (
    scheme: OriginScheme,
    keysOfScheme: readonly string[],
  ) => OriginVerdict | Promise<OriginVerdict>,
): Promise<OriginAnswer> {
  let found = PASSED
  for (const scheme of provider.origin) {
    const verdict = await verdictOf(() => checkOne(scheme, keysFor(provider, scheme, keys)))
    if (!verdict.ok) return { ...verdict, scheme: scheme.name }
    found = { ...found, ...verdict }
  }
  return { ...found, scheme: null }
}

/** A scheme may be anybody's: what throws, or answers anything else, does not pass. */
async function verdictOf(
  check: () => OriginVerdict | Promise<OriginVerdict>,
): Promise<OriginVerdict> {
  try {
    const verdict = await check()
    if (verdict.ok === true) return verdict
    const { reason } = verdict
    return refused(reason === 'missing' || reason === 'stale' ? reason : 'wrong')
  } catch {
    return refused('wrong')
  }
}

/** Empty text is no key. */
function keysFor(provider: WithOrigin, scheme: OriginScheme, keys: OriginKeys): readonly string[] {
  return givenFor(provider, scheme, keys).filter((key) => key !== '')
}

function givenFor(provider: WithOrigin, scheme: OriginScheme, keys: OriginKeys): readonly string[] {
  const given = isPlainKeys(keys)
    ? provider.origin.length === 1
      ? keys
      : []
    : Object.hasOwn(keys ?? {}, scheme.name)
      ? (keys[scheme.name] ?? [])
      : []
  return (isList(given) ? given : [given]).filter((key) => typeof key === 'string')
}

function isPlainKeys(keys: OriginKeys): keys is string | readonly string[] {
  return typeof keys === 'string' || Array.isArray(keys)
}

function isList(keys: string | readonly string[]): keys is readonly string[] {
  return Array.isArray(keys)
}
