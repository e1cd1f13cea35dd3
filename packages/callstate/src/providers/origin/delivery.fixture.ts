import { createHmac } from 'node:crypto'
import type { Delivery } from '../message.ts'
import { checkOriginBody, type OriginKeys } from './origin.ts'
import type { OriginScheme, OriginVerdict } from './scheme.ts'

/** A whole second, so that a provider that writes seconds loses nothing of it. */
export const NOW = 1_764_547_200_000

export type Answer = 'ok' | (OriginVerdict & { ok: false })['reason']

export function deliveryOf(
  body: string | Uint8Array,
  more: Partial<Delivery> = {},
  contentType = 'application/json',
): Delivery {
  return {
    method: 'POST',
    url: 'https://example.com/hooks/one?tenant=a%20b&x=1',
    headers: { 'content-type': contentType },
    remoteAddress: null,
    receivedAt: NOW,
    rawBody: typeof body === 'string' ? new TextEncoder().encode(body) : body,
    ...more,
  }
}

/** `ok`, or why a scheme refuses a delivery. */
export async function answerOf(
  scheme: OriginScheme,
  delivery: Delivery,
  keys: OriginKeys,
  now = NOW,
): Promise<Answer> {
  const verdict = await checkOriginBody({ origin: [scheme] }, delivery, keys, now)
  return verdict.ok ? 'ok' : verdict.reason
}

export const textOf = ({ rawBody }: Delivery) => Buffer.from(rawBody).toString('utf8')

/** A JWT as `node:crypto` makes it. */
export function tokenOf(key: string, payload: object, header: object = { alg: 'HS256' }): string {
  const written = [header, payload].map((part) =>
    Buffer.from(JSON.stringify(part)).toString('base64url'),
  )
  const signature = createHmac('sha256', key).update(written.join('.')).digest('base64url')
  return [...written, signature].join('.')
}
