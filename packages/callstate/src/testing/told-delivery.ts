import type { Delivery, DeliveryHeaders, Parameters } from '../providers/message.ts'
import type { ToldMessage } from '../providers/tell.ts'

/** Where deliveries go, unless something else is said. */
export const RECEIVER_URL = 'https://receiver.example/webhooks'

/**
 * The delivery in which a told message comes, without any proof of origin: see `signDelivery`. Its
 * parameters are added to those of the address. Pure.
 *
 * @example
 * const [message] = acme.tell?.(moment, 'webhook') ?? []
 * if (message) toldDelivery(message, { url: 'https://me.example/webhooks/acme', receivedAt: Date.now() })
 */
export function toldDelivery(
  { method = 'POST', contentType, headers = {}, body, query = {} }: ToldMessage,
  {
    url = RECEIVER_URL,
    receivedAt = 0,
  }: { readonly url?: string; readonly receivedAt?: number } = {},
): Delivery {
  const type: DeliveryHeaders = contentType === undefined ? {} : { 'content-type': contentType }
  return {
    method,
    url: withQuery(url, query),
    headers: { ...type, ...headers },
    remoteAddress: null,
    receivedAt,
    rawBody: new TextEncoder().encode(body),
  }
}

function withQuery(url: string, query: Parameters): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    [value].flat().map((one): [string, string] => [name, one]),
  )
  if (pairs.length === 0) return url
  const added = new URLSearchParams(pairs).toString()
  return `${url}${url.includes('?') ? '&' : '?'}${added}`
}
