import type { Provider, ProviderEvent } from 'callstate/providers'
import { wholeNumber } from '../assert-number.ts'
import { DEFAULTS } from '../defaults.ts'
import { TrackerError } from '../error.ts'
import { assertKnownOptions } from '../known-options.ts'
import type { BodyLimits } from './body.ts'
import { MAX_TIMER_MS, type StartTimer, startPlatformTimer } from './deadline.ts'
import { type Entrance, entranceOf, type Origins, rangesOf } from './origins.ts'
import type { AddressRange } from './source-address.ts'

/**
 * What the provider waits for where a delivery's answer steers the call, such as TwiML. It is asked for
 * every such delivery, repeated ones too, after the event was stored. `request` is a copy with the body.
 */
export type AnswerDelivery = (
  event: ProviderEvent,
  request: Request,
) => Response | Promise<Response>

/** What a webhook handler takes in, and from whom. */
export interface WebhookOptions {
  /**
   * By provider: what proves its deliveries. Every provider that is served must be named; `false` takes
   * the deliveries of one from everybody, for tests on your own machine.
   */
  readonly origins: Origins
  /**
   * The one provider that is served, on whatever path. Left out, all of the tracker's are: the path then
   * ends in `/webhooks/` and the provider's name, under any prefix.
   */
  readonly provider?: string
  /**
   * Where providers reach this service, such as `https://calls.example.com`, with the part of the path
   * that a proxy takes away: for signatures that are made over the address. By default what trusted
   * proxies say, else the request's own address.
   */
  readonly publicUrl?: string
  /**
   * Addresses and ranges of your own proxies. `X-Forwarded-For`, `-Proto` and `-Host` are read only where
   * the connection comes from one of them, and only as far as they reach. None by default: then the
   * headers mean nothing.
   */
  readonly trustedProxies?: readonly string[]
  /** Answers the deliveries whose answer steers the call. Without it they are stored and answered with 501. */
  readonly answer?: AnswerDelivery
  /** The longest body that is read, in bytes; `DEFAULTS.webhook.maxBodyBytes` where left out. */
  readonly maxBodyBytes?: number
  /** How long a body may take to come, in milliseconds; `DEFAULTS.webhook.bodyTimeoutMs` where left out. */
  readonly bodyTimeoutMs?: number
  /** How long storing may take, in milliseconds; `DEFAULTS.webhook.answerTimeoutMs` where left out. */
  readonly answerTimeoutMs?: number
  /** Waits for the two timeouts; the platform's `setTimeout` by default. */
  readonly startTimer?: StartTimer
}

const WEBHOOK_OPTIONS = {
  origins: true,
  provider: true,
  publicUrl: true,
  trustedProxies: true,
  answer: true,
  maxBodyBytes: true,
  bodyTimeoutMs: true,
  answerTimeoutMs: true,
  startTimer: true,
} as const satisfies Record<keyof WebhookOptions, true>

/** The options, checked and with their defaults. */
export interface WebhookSettings extends BodyLimits {
  /** By the provider's name. */
  readonly entrances: ReadonlyMap<string, Entrance>
  /** The one that is served on every path; null where the path tells it. */
  readonly only: Entrance | null
  /** Without a slash at its end; null where it is told by the request. */
  readonly publicUrl: string | null
  readonly trustedProxies: readonly AddressRange[]
  readonly answer: AnswerDelivery | null
  readonly answerTimeoutMs: number
}

/** Checks the options. Throws a `TrackerError`, `unknown-provider` or `invalid-option`. */
export function settingsOf(
  options: WebhookOptions,
  providers: readonly Provider[],
): WebhookSettings {
  assertKnownOptions('the options of createWebhookHandler', options ?? null, WEBHOOK_OPTIONS)
  const { origins } = options
  if (typeof origins !== 'object' || origins === null) {
    throw invalid('Expected "origins", by provider what proves its deliveries; got none.')
  }
  const known = new Set(providers.map(({ name }) => name))
  const named = [
    ...Object.keys(origins),
    ...(options.provider === undefined ? [] : [options.provider]),
  ]
  const strange = named.find((name) => !known.has(name))
  if (strange !== undefined) {
    const message = `The tracker was not given the provider "${strange}". Hand it to createTracker.`
    throw new TrackerError('unknown-provider', message)
  }
  const served = providers.filter(({ name }) => [undefined, name].includes(options.provider))
  const entrances = new Map(
    served.map((provider) => {
      const { name } = provider
      const own = Object.hasOwn(origins, name) ? origins[name] : undefined
      return [name, entranceOf(provider, own)]
    }),
  )
  const { bodyTimeoutMs, answerTimeoutMs, maxBodyBytes } = DEFAULTS.webhook
  return {
    entrances,
    only: entrances.get(options.provider ?? '') ?? null,
    publicUrl: options.publicUrl === undefined ? null : publicUrlOf(options.publicUrl),
    trustedProxies: rangesOf('trustedProxies', options.trustedProxies ?? []),
    answer: options.answer ?? null,
    maxBodyBytes: wholeNumber('maxBodyBytes', options.maxBodyBytes ?? maxBodyBytes),
    bodyTimeoutMs: wholeNumber('bodyTimeoutMs', options.bodyTimeoutMs ?? bodyTimeoutMs, {
      max: MAX_TIMER_MS,
    }),
    answerTimeoutMs: wholeNumber('answerTimeoutMs', options.answerTimeoutMs ?? answerTimeoutMs, {
      max: MAX_TIMER_MS,
    }),
    startTimer: options.startTimer ?? startPlatformTimer,
  }
}

function publicUrlOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null
  const isPlain = url !== null && url.username + url.password + url.search + url.hash === ''
  if (isPlain && /^https?:$/.test(url.protocol)) return text.replace(/\/+$/, '')
  throw invalid(
    'Expected "publicUrl" to be an http or https address without user, query and fragment, such as https://calls.example.com; got something else.',
  )
}

function invalid(message: string): TrackerError {
  return new TrackerError('invalid-option', message)
}
