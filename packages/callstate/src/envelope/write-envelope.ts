import type { Delivery, DeliveryHeaders, MessageKind } from '../providers/message.ts'
import { base64Of } from './base64.ts'
import {
  type EnvelopeDelivery,
  type EnvelopeHeaders,
  type EnvelopeObject,
  LATEST_MS,
} from './envelope.ts'

/** Stands for the value of a header that holds a secret. */
export const REDACTED = '[redacted]'

/** Headers that hold a secret whoever sends them. */
const SECRET_HEADERS: readonly string[] = ['authorization', 'proxy-authorization', 'cookie']

/** How an envelope is written. */
export interface WriteEnvelopeOptions {
  readonly provider: string | null
  /** `webhook` by default. */
  readonly kind?: MessageKind
  /** In lower case: headers that hold a secret, besides `authorization` and `cookie`. */
  readonly redactHeaders?: readonly string[]
}

/**
 * A delivery as an envelope: plain data, one line of a log by `JSON.stringify`. What `readEnvelope` reads
 * of it is the delivery, to the millisecond, but for the headers that hold a secret. What is not known is
 * left out; a body that is no text in UTF-8 is written as base64. Pure.
 *
 * @example
 * JSON.stringify(writeEnvelope(delivery, { provider: 'acme', redactHeaders: ['x-acme-secret'] }))
 */
export function writeEnvelope(
  delivery: Delivery | EnvelopeDelivery,
  { provider, kind = 'webhook', redactHeaders = [] }: WriteEnvelopeOptions,
): EnvelopeObject {
  const { method, url, remoteAddress, receivedAt } = delivery
  const headers = withoutSecrets(delivery.headers, [...SECRET_HEADERS, ...redactHeaders])
  return {
    ...(provider === null ? {} : { provider }),
    ...(kind === 'webhook' ? {} : { kind }),
    method,
    ...(url === '' ? {} : { url }),
    ...(Object.keys(headers).length === 0 ? {} : { headers }),
    ...(remoteAddress === null ? {} : { remoteAddress }),
    ...(receivedAt === null ? {} : { receivedAt: timeText(receivedAt) }),
    ...contentOf(delivery),
  }
}

/** Four digits of a year are all that ISO 8601 has without an agreement. */
const LATEST_TEXT_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999)

function timeText(ms: number): string | number {
  if (ms > LATEST_TEXT_MS) return Math.min(ms, LATEST_MS)
  return new Date(Math.max(ms, 0)).toISOString()
}

function withoutSecrets(given: DeliveryHeaders, secret: readonly string[]): EnvelopeHeaders {
  const headers = Object.entries(given).flatMap(([name, value]) => {
    if (value === undefined) return []
    return [[name, secret.includes(name.toLowerCase()) ? REDACTED : value] as const]
  })
  return Object.fromEntries(headers)
}

function contentOf(delivery: Delivery | EnvelopeDelivery): EnvelopeObject {
  const { rawBody } = delivery
  if (rawBody === null) return { body: delivery.decoded }
  try {
    // A byte order mark is part of what came.
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
    return { body: decoder.decode(rawBody) }
  } catch {
    return { bodyBase64: base64Of(rawBody) }
  }
}
