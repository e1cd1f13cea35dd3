import type { DeliveryHead } from 'callstate/providers'
import type { WebhookSettings } from './options.ts'
import { dialledUrl } from './public-url.ts'
import type { Connection } from './serving.ts'
import { type Source, sourceOf } from './source-address.ts'

/** All of a delivery but its body, and where it comes from. */
export interface Arrival {
  readonly head: DeliveryHead
  /** Null where nobody said what the address of the connection is. */
  readonly source: Source | null
}

/** Whether a value is a `Request` of whatever platform: it has what is asked of it. Never throws. */
export function isRequest(request: unknown): request is Request {
  try {
    const { method, url, headers } = Object(request) as Partial<Request>
    return (
      typeof method === 'string' && typeof url === 'string' && typeof headers?.get === 'function'
    )
  } catch {
    return false
  }
}

/** What a request says before its body is read. */
export function arrivalOf(
  { method, url, headers }: Request,
  connection: Connection | undefined,
  { publicUrl, trustedProxies }: Pick<WebhookSettings, 'publicUrl' | 'trustedProxies'>,
  receivedAt: number,
): Arrival {
  // Some frameworks hand a context of their own in as second argument.
  const connected: unknown = connection?.remoteAddress
  const source =
    typeof connected === 'string'
      ? sourceOf(connected, headers.get('x-forwarded-for'), trustedProxies)
      : null
  const head: DeliveryHead = {
    method,
    url: dialledUrl({ url, headers, publicUrl, hops: source?.hops ?? 0 }),
    headers: Object.fromEntries(headers),
    remoteAddress: source?.address?.toString() ?? null,
    receivedAt,
  }
  return { head, source }
}
