import type { Provider } from 'callstate/providers'
import { TrackerError } from '../error.ts'
import { BODY_TIMEOUT_MS, MAX_BODY_BYTES } from './body.ts'
import { MAX_TIMER_MS, type StartTimer, startPlatformTimer } from './deadline.ts'
import { createSecretCheck, type SecretCheck, type SecretHeader } from './secret.ts'
import { type AddressRange, parseRange } from './source-address.ts'

/**
 * How long checking a signature and storing may take before the provider is asked to repeat, in
 * milliseconds. Our reading: Bolna hints at about 10 seconds for receivers and publishes no number.
 */
export const ANSWER_TIMEOUT_MS = 8_000

/**
 * What a webhook handler takes in, and from whom. Every proof of origin that is configured must be
 * there in every delivery: the address, the secret, the signature.
 */
export interface WebhookOptions {
  /** The provider's name; one handler serves one provider. */
  readonly provider: string
  /**
   * A secret that the provider sends in a header of your choice; several values while you replace one.
   * Bolna sends static headers of your own since May 2026 (https://www.bolna.ai/docs/changelog/may-2026).
   */
  readonly secret?: SecretHeader
  /**
   * The secret with which the provider signs; several while you replace one. Required where the
   * provider signs its deliveries; `false` says that signatures are not checked.
   */
  readonly signingSecret?: string | readonly string[] | false
  /**
   * From where deliveries are taken: addresses and ranges such as `192.0.2.0/24`, `published` for those
   * that the provider publishes, `any` for no check. By default `published` where there are some, else
   * `any`.
   */
  readonly addresses?: 'published' | 'any' | readonly string[]
  /**
   * Addresses and ranges of your own proxies. `X-Forwarded-For` is read only where the connection comes
   * from one of them, and only as far as they reach. None by default: then the header means nothing.
   */
  readonly trustedProxies?: readonly string[]
  /** Says that deliveries may come without any proof of origin: for tests on your own machine. */
  readonly allowUnauthenticated?: boolean
  /** The longest body that is read, in bytes; see `MAX_BODY_BYTES`. */
  readonly maxBodyBytes?: number
  /** How long a body may take to come, in milliseconds; see `BODY_TIMEOUT_MS`. */
  readonly bodyTimeoutMs?: number
  /** How long storing may take, in milliseconds; see `ANSWER_TIMEOUT_MS`. */
  readonly answerTimeoutMs?: number
  /** Waits for the two timeouts; the platform's `setTimeout` by default. */
  readonly startTimer?: StartTimer
}

/** The options, checked and with their defaults. */
export interface WebhookSettings {
  readonly provider: Provider
  readonly secret: { readonly header: string; readonly check: SecretCheck } | null
  /** Null where signatures are not checked. */
  readonly signingSecrets: readonly string[] | null
  /** Null where every address will do. */
  readonly addresses: readonly AddressRange[] | null
  readonly trustedProxies: readonly AddressRange[]
  readonly maxBodyBytes: number
  readonly bodyTimeoutMs: number
  readonly answerTimeoutMs: number
  readonly startTimer: StartTimer
}

/** Checks the options. Throws a `TrackerError`, `unknown-provider` or `invalid-option`. */
export function settingsOf(
  options: WebhookOptions,
  providerOf: (name: string) => Provider | undefined,
): WebhookSettings {
  const provider = providerOf(options.provider)
  if (provider === undefined) {
    const message = `The tracker was not given the provider "${options.provider}". Hand it to createTracker.`
    throw new TrackerError('unknown-provider', message)
  }
  const settings: WebhookSettings = {
    provider,
    secret: options.secret === undefined ? null : secretOf(options.secret),
    signingSecrets: signingSecretsOf(options.signingSecret, provider),
    addresses: addressesOf(options.addresses, provider),
    trustedProxies: rangesOf('trustedProxies', options.trustedProxies ?? []),
    maxBodyBytes: whole('maxBodyBytes', options.maxBodyBytes ?? MAX_BODY_BYTES),
    bodyTimeoutMs: whole('bodyTimeoutMs', options.bodyTimeoutMs ?? BODY_TIMEOUT_MS, MAX_TIMER_MS),
    answerTimeoutMs: whole(
      'answerTimeoutMs',
      options.answerTimeoutMs ?? ANSWER_TIMEOUT_MS,
      MAX_TIMER_MS,
    ),
    startTimer: options.startTimer ?? startPlatformTimer,
  }
  const { secret, signingSecrets, addresses } = settings
  const isProven = secret !== null || signingSecrets !== null || addresses !== null
  if (!isProven && options.allowUnauthenticated !== true) {
    throw invalid(
      'Expected a proof of origin; got none, so that everybody could write calls. Set "secret", "signingSecret" or "addresses", or say "allowUnauthenticated: true".',
    )
  }
  return settings
}

function secretOf({ header, value }: SecretHeader): WebhookSettings['secret'] {
  if (!/^[a-z0-9!#$%&'*+.^_`|~-]+$/i.test(header)) {
    throw invalid('Expected the name of a header as "secret.header"; got other text.')
  }
  return { header, check: createSecretCheck(secretsOf('secret.value', value)) }
}

function signingSecretsOf(
  secret: WebhookOptions['signingSecret'],
  { title, verify }: Provider,
): readonly string[] | null {
  if (secret === false) return null
  if (secret === undefined && verify === undefined) return null
  if (secret === undefined) {
    throw invalid(
      `${title} signs its deliveries. Expected its secret as "signingSecret"; got none. Say "signingSecret: false" to check no signature.`,
    )
  }
  if (verify === undefined) {
    throw invalid(
      `${title} does not sign its deliveries. Expected no "signingSecret"; got one. Set "secret" or "addresses" instead.`,
    )
  }
  return secretsOf('signingSecret', secret)
}

function secretsOf(option: string, value: string | readonly string[]): readonly string[] {
  const secrets = typeof value === 'string' ? [value] : value
  // Nothing else survives the way through a header.
  const isUsable = (secret: string) => /^[!-~](?:[ -~]*[!-~])?$/.test(secret)
  if (secrets.length === 0 || !secrets.every(isUsable)) {
    throw invalid(
      `Expected ASCII text without space at its ends as "${option}"; got other text, or none. Is the environment variable set?`,
    )
  }
  return secrets
}

function addressesOf(
  addresses: WebhookOptions['addresses'],
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

function rangesOf(option: string, texts: readonly string[]): readonly AddressRange[] {
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

function whole(option: string, value: number, max = Number.MAX_SAFE_INTEGER): number {
  if (Number.isSafeInteger(value) && value >= 1 && value <= max) return value
  throw invalid(`Expected a whole number from 1 to ${max} as "${option}"; got ${String(value)}.`)
}

function invalid(message: string): TrackerError {
  return new TrackerError('invalid-option', message)
}
