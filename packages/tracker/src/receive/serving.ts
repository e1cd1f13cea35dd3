import type { Delivery } from 'callstate/providers'
import type { Logger } from '../logger.ts'
import type { Entrance } from './origins.ts'

/**
 * What a `Request` does not say of its connection. Where to find the other side's address:
 *
 * - Hono: `{ remoteAddress: getConnInfo(c).remote.address }`
 * - Node and Express: `{ remoteAddress: req.socket.remoteAddress }`
 * - Workers: `{ remoteAddress: request.headers.get('cf-connecting-ip') ?? undefined }`, behind
 *   Cloudflare only: elsewhere anybody can send that header.
 *
 * Hand in the address of the connection itself, not one that a framework has read from a header:
 * `trustedProxies` says which headers to believe.
 */
export interface Connection {
  readonly remoteAddress?: string | undefined
}

/** Answers one webhook delivery. Never rejects. */
export type WebhookHandler = (request: Request, connection?: Connection) => Promise<Response>

/** A delivery whose origin is proven and of which is known what became of it. */
export interface ProvenDelivery {
  readonly delivery: Delivery
  readonly entrance: Entrance
}

/** Hears of deliveries before they are answered; must not reject. */
export type OnProven = (proven: ProvenDelivery) => Promise<void>

/** What is behind a handler. */
export interface Serving {
  readonly logger: Logger
  serve(request: Request, connection: Connection | undefined, onProven: OnProven): Promise<Response>
}

const SERVINGS = new WeakMap<WebhookHandler, Serving>()

/** Makes the handler of a serving. */
export function handlerOf(serving: Serving): WebhookHandler {
  const handler: WebhookHandler = (request, connection) =>
    serving.serve(request, connection, async () => {})
  SERVINGS.set(handler, serving)
  return handler
}

/** What is behind a handler that `handlerOf` made; undefined for every other function. */
export function servingOf(handler: WebhookHandler): Serving | undefined {
  return SERVINGS.get(handler)
}
