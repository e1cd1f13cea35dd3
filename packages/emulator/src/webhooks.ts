import {
  type Delivery,
  type DeliveryHeaders,
  type OriginKeys,
  type Provider,
  signDelivery,
} from 'callstate/providers'
import { DEFAULTS } from './defaults.ts'
import { EmulatorError } from './error.ts'
import type { Message } from './provider-api.ts'

/**
 * The header that says which of the provider's addresses a delivery stands for: no test can send from the
 * true ones. Believe it in tests only.
 *
 * @example
 * handle(request, { remoteAddress: request.headers.get(SOURCE_ADDRESS_HEADER) ?? undefined })
 */
export const SOURCE_ADDRESS_HEADER = 'x-emulated-source-address'

/** How an emulated provider sends its webhooks; everything is optional. */
export interface SendingOptions {
  /** Where webhooks go, unless the request, the agent or the batch names an address; nowhere by default. */
  readonly url?: string
  /**
   * What deliveries are signed with: a key for each scheme of the provider's `origin`, or the one key of
   * its one scheme. Left out, they are not signed.
   */
  readonly keys?: OriginKeys
  /**
   * The clock by which deliveries are signed, in milliseconds since 1970; the emulator's by default. A
   * receiver that refuses old signatures and lives in real time needs `Date.now`.
   */
  readonly signingNow?: () => number
  /** Headers of your own on every delivery, such as the secret that your service waits for. */
  readonly headers?: Readonly<Record<string, string>>
  /** Whether the address that a delivery stands for is in `x-forwarded-for` too, as behind a proxy; false by default. */
  readonly forwardedFor?: boolean
}

/** How the webhooks of one provider are sent. */
export interface Sender {
  readonly provider: string
  /** Where webhooks go whose message names no address; null for nowhere. */
  readonly url: string | null
  /** Waiting times before try 2, 3, … of a delivery, in milliseconds; none after the last. */
  readonly retryDelaysMs: readonly number[]
  /** The addresses that deliveries are said to come from; may be empty. */
  readonly sourceAddresses: readonly string[]
  /** The request that is made of a message at this time, signed: every try is signed anew. */
  deliveryOf(message: Message, at: number, sourceAddress: string | null): Promise<Delivery>
}

/** The sender of a provider. */
export function createSender(provider: Provider, options: SendingOptions): Sender {
  const { delivery, name } = provider
  const { url = null, keys, signingNow, headers = {}, forwardedFor = false } = options
  return {
    provider: name,
    url,
    retryDelaysMs: delivery.retryDelaysMs ?? DEFAULTS.retryDelaysMs,
    sourceAddresses: delivery.sourceAddresses,
    deliveryOf(message, at, sourceAddress) {
      const { method = 'POST', body } = message
      const unsigned: Delivery = {
        method,
        url: new URL(message.url).href,
        headers: {
          ...(method === 'GET' ? {} : { 'content-type': 'application/json' }),
          ...message.headers,
          ...headers,
          ...addressHeaders(sourceAddress, forwardedFor),
        },
        remoteAddress: sourceAddress,
        receivedAt: at,
        rawBody: new TextEncoder().encode(body),
      }
      return keys === undefined
        ? Promise.resolve(unsigned)
        : signDelivery(provider, unsigned, keys, signingNow?.() ?? at)
    },
  }
}

/** Throws `invalid-option` where the keys that are given for a provider sign nothing. */
export async function checkKeys(
  providers: readonly Provider[],
  webhooks: Readonly<Record<string, SendingOptions>>,
): Promise<void> {
  for (const provider of providers) {
    const { keys } = webhooks[provider.name] ?? {}
    if (keys === undefined || (await signsAnything(provider, keys))) continue
    const names = provider.origin.map(({ name }) => name).join(', ') || 'no scheme'
    const message = `webhooks.${provider.name}.keys: expected keys that fit ${names}`
    throw new EmulatorError('invalid-option', message)
  }
}

async function signsAnything(provider: Provider, keys: OriginKeys): Promise<boolean> {
  try {
    const { headers } = await signDelivery(provider, SAMPLE, keys, SAMPLE.receivedAt)
    return Object.keys(headers).length > Object.keys(SAMPLE.headers).length
  } catch {
    return false
  }
}

const SAMPLE: Delivery = {
  method: 'POST',
  url: 'http://127.0.0.1/',
  headers: { 'content-type': 'application/json' },
  remoteAddress: null,
  receivedAt: DEFAULTS.stepStartAt,
  rawBody: new TextEncoder().encode('{}'),
}

function addressHeaders(address: string | null, isForwarded: boolean): DeliveryHeaders {
  if (address === null) return {}
  return {
    [SOURCE_ADDRESS_HEADER]: address,
    ...(isForwarded ? { 'x-forwarded-for': address } : {}),
  }
}
