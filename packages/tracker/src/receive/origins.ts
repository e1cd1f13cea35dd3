import type { KeysByScheme, OriginKeys, Provider } from 'callstate/providers'
import { TrackerError } from '../error.ts'
import { assertKnownOptions } from '../known-options.ts'
import { createSecretCheck, type SecretCheck, type SecretHeader } from './secret.ts'
import { type AddressRange, parseRange } from './source-address.ts'

/** What proves that a delivery is the provider's. Every proof that is configured must be there. */
export interface OriginOptions {
  /**
   * A secret that the provider sends in a header of your choice; several values while you replace one.
   * Bolna sends static headers of your own since May 2026 (https://www.bolna.ai/docs/changelog/may-2026).
   */
  readonly secret?: SecretHeader
  /**
   * The keys with which the provider's own proofs are checked: the secret with which it signs, its public
   * key. Several while you replace one; by the name of the proof where the provider has several. Required
   * where the provider proves its deliveries; `false` says that they are not checked.
   */
  readonly keys?: string | readonly string[] | KeysByScheme | false
  /**
   * From where deliveries are taken: addresses and ranges such as `192.0.2.0/24`, `published` for those
   * that the provider publishes, `any` for no check. By default `published` where there are some, else
   * `any`.
   */
  readonly addresses?: 'published' | 'any' | readonly string[]
}

const ORIGIN_OPTIONS = {
  secret: true,
  keys: true,
  addresses: true,
} as const satisfies Record<keyof OriginOptions, true>

/** By provider: what proves its deliveries; `false` takes them from everybody, for tests on your own machine. */
export type Origins = Readonly<Record<string, OriginOptions | false>>

/** What one provider's deliveries have to prove. */
export interface Entrance {
  readonly provider: Provider
  readonly secret: { readonly header: string; readonly check: SecretCheck } | null
  /** Null where the provider's own proofs are not checked, or it has none. */
  readonly keys: OriginKeys | null
  /** Null where every address will do. */
  readonly addresses: readonly AddressRange[] | null
}

/** Whether something must be proven at all. Pure. */
export function isGuarded({ secret, keys, addresses }: Entrance): boolean {
  return secret !== null || keys !== null || addresses !== null
}

/**
 * The headers in which a delivery brings a secret itself, in lower case, and not only a proof that whoever
 * sent it knows one: what a proof does not need the body for could be sent again with another. Pure.
 */
export function secretHeadersOf({ provider, secret }: Entrance): readonly string[] {
  const shown = provider.origin.flatMap(({ header, checkBody }) =>
    header !== null && checkBody === undefined ? [header] : [],
  )
  return secret === null ? shown : [...shown, secret.header.toLowerCase()]
}

/** Checks the options of one provider. Throws a `TrackerError` with code `invalid-option`. */
export function entranceOf(
  provider: Provider,
  options: OriginOptions | false | undefined,
): Entrance {
  const { name, title } = provider
  if (options === undefined) {
    throw invalid(
      `Expected in "origins" how ${title} proves its deliveries; got nothing for "${name}". Name its "secret", "keys" or "addresses", or say "${name}: false" to take them from everybody.`,
    )
  }
  if (options === false) return { provider, secret: null, keys: null, addresses: null }
  assertKnownOptions(`origins.${name}`, options, ORIGIN_OPTIONS)
  const entrance: Entrance = {
    provider,
    secret: options.secret === undefined ? null : secretOf(options.secret),
    keys: keysOf(options.keys, provider),
    addresses: addressesOf(options.addresses, provider),
  }
  if (isGuarded(entrance)) return entrance
  throw invalid(
    `Expected a proof of origin for "${name}"; got none, so that everybody could write calls. Set "secret", "keys" or "addresses", or say "${name}: false".`,
  )
}

/** Reads addresses and ranges. Throws a `TrackerError` with code `invalid-option`. */
export function rangesOf(option: string, texts: readonly string[]): readonly AddressRange[] {
  return texts.map((text, place) => {
    const range = parseRange(text)
    if (range === null) {
      throw invalid(
        `Expected addresses such as 192.0.2.7, or ranges such as 192.0.2.0/24 that do not hold every address, as "${option}"; got something else at place ${place}.`,
      )
    }
    return range
  })
}

function secretOf({ header, value }: SecretHeader): Entrance['secret'] {
  if (!/^[a-z0-9!#$%&'*+.^_`|~-]+$/i.test(header)) {
    throw invalid('Expected the name of a header as "secret.header"; got other text.')
  }
  const secrets = typeof value === 'string' ? [value] : value
  assertSendable('secret.value', secrets)
  return { header, check: createSecretCheck(secrets) }
}

function keysOf(keys: OriginOptions['keys'], provider: Provider): OriginKeys | null {
  const { title, origin } = provider
  if (keys === false || (keys === undefined && origin.length === 0)) return null
  if (keys === undefined) {
    const wanted = origin.map(({ key }) => key).join(' and ')
    throw invalid(
      `${title} signs its deliveries. Expected as "keys" ${wanted}; got none. Say "keys: false" to check no signature.`,
    )
  }
  if (origin.length === 0) {
    throw invalid(
      `${title} does not sign its deliveries. Expected no "keys"; got some. Set "secret" or "addresses" instead.`,
    )
  }
  const byScheme = keysByScheme(keys, provider)
  for (const list of Object.values(byScheme)) {
    assertSendable('keys', typeof list === 'string' ? [list] : list)
  }
  return byScheme
}

/** The keys by the name of the proof that they are for: one for each, and none beside. */
function keysByScheme(keys: OriginKeys, { title, origin }: Provider): KeysByScheme {
  const names = origin.map(({ name }) => name)
  const [only = '', ...others] = names
  if (isPlain(keys)) {
    if (others.length === 0) return { [only]: keys }
    throw invalid(
      `${title} proves its deliveries in several ways. Expected "keys" by their names, ${names.join(', ')}; got keys alone.`,
    )
  }
  const given = Object.keys(keys)
  const strange = given.find((name) => !names.includes(name))
  const missing = names.find((name) => !given.includes(name))
  if (strange === undefined && missing === undefined) return keys
  throw invalid(
    `Expected "keys" of ${title} for ${names.join(', ')}; got ${strange === undefined ? `none for ${missing}` : 'one of another name'}.`,
  )
}

function isPlain(keys: OriginKeys): keys is string | readonly string[] {
  return typeof keys === 'string' || Array.isArray(keys)
}

/** A key in PEM has lines; nothing else than one line of ASCII survives the way through a header. */
const SENDABLE = /^(?:[!-~](?:[ -~]*[!-~])?|-----BEGIN [\n\r -~]+-----\s*)$/

function assertSendable(option: string, secrets: readonly string[]): void {
  if (secrets.length > 0 && secrets.every((secret) => SENDABLE.test(secret))) return
  throw invalid(
    `Expected ASCII text without space at its ends as "${option}"; got other text, or none. Is the environment variable set?`,
  )
}

function addressesOf(
  addresses: OriginOptions['addresses'],
  { title, delivery }: Provider,
): readonly AddressRange[] | null {
  const published = delivery.sourceAddresses
  if (addresses === 'any' || (addresses === undefined && published.length === 0)) return null
  const named = addresses === undefined || addresses === 'published' ? published : addresses
  if (named.length === 0) {
    throw invalid(
      addresses === 'published'
        ? `${title} publishes no addresses. Name them as "addresses", or set another proof of origin.`
        : 'Expected at least one address as "addresses"; got none. Say "any" to take deliveries from everywhere.',
    )
  }
  return rangesOf('addresses', named)
}

function invalid(message: string): TrackerError {
  return new TrackerError('invalid-option', message)
}
