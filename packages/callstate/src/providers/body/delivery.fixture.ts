import { expect } from 'vitest'
import type { Delivery } from '../message.ts'
import type { Receives } from '../provider.ts'
import { decodeDelivery } from './decode-delivery.ts'
import { refusalOfHead } from './received-form.ts'

export const ALL: Receives = {
  methods: ['POST', 'GET'],
  bodies: ['json', 'form', 'multipart', 'query'],
}
export const FORM_TYPE = 'application/x-www-form-urlencoded'

export function deliveryOf(
  body: string | Uint8Array,
  headers: Delivery['headers'] = {},
  more: Partial<Delivery> = {},
): Delivery {
  return {
    method: 'POST',
    url: 'https://example.com/hooks',
    headers,
    remoteAddress: null,
    receivedAt: 0,
    rawBody: typeof body === 'string' ? new TextEncoder().encode(body) : body,
    ...more,
  }
}

export const typed = (contentType: string) => ({ 'content-type': contentType })

/** The body, or the reason for which there is none. */
export async function outcome(receives: Receives, delivery: Delivery): Promise<unknown> {
  const decoding = await decodeDelivery(receives, delivery)
  const refusal = refusalOfHead(receives, delivery)
  // What is refused by its head is refused before and after the body is read.
  if (refusal !== null) expect(decoding).toMatchObject({ ok: false, reason: refusal })
  return decoding.ok ? decoding.body : decoding.reason
}
