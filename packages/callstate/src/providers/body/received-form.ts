import type { DeliveryHead } from '../message.ts'
import type { Receives } from '../provider.ts'
import { soleHeader } from '../sole-header.ts'
import type { BodyForm } from './body-form.ts'
import { isJsonType, type MediaType, mediaTypeOf } from './media-type.ts'

/** Why a delivery's body is not worth reading. */
export type HeadRefusal = 'method' | 'content-type' | 'content-encoding'

/** The form in which a delivery's body comes, or why it is none that is received. */
export type ReceivedForm =
  | { readonly ok: true; readonly form: BodyForm }
  | { readonly ok: false; readonly reason: HeadRefusal }

/**
 * In which form a delivery comes, by its method and headers alone. A missing content type is JSON where
 * JSON is received; of a GET, and of a request without a type that may only be a query, the query is
 * read: whether such a request has no body, as it must, its head does not say for certain. JSON and forms in another charset than UTF-8, and compressed bodies, are not received. Pure;
 * never throws.
 */
export function formOf({ methods, bodies }: Receives, head: DeliveryHead): ReceivedForm {
  if (!methods.includes(head.method)) return { ok: false, reason: 'method' }
  const encoding = soleHeader(head.headers, 'content-encoding')
  const isPlain = encoding.ok
    ? encoding.value.trim().toLowerCase() === 'identity'
    : encoding.reason === 'missing'
  if (!isPlain) return { ok: false, reason: 'content-encoding' }

  const type = mediaTypeOf(head)
  const form =
    head.method === 'GET' && bodies.includes('query')
      ? 'query'
      : type === 'missing'
        ? bodies.find((one) => one === 'json' || one === 'query')
        : type === 'wrong'
          ? undefined
          : bodies.find((one) => isIn(one, type))
  return form === undefined ? { ok: false, reason: 'content-type' } : { ok: true, form }
}

/**
 * Why a delivery is refused before its body is read: 405 for `method`, 415 for the others; null where
 * nothing speaks against it. Pure; never throws.
 *
 * @example
 * refusalOfHead(bolna.receives, { ...head, method: 'GET' }) // 'method'
 */
export function refusalOfHead(receives: Receives, head: DeliveryHead): HeadRefusal | null {
  const received = formOf(receives, head)
  return received.ok ? null : received.reason
}

/** Whether a delivery's body is JSON, so that its text can be kept as it came. Pure; never throws. */
export function isJsonDelivery(receives: Receives, head: DeliveryHead): boolean {
  const received = formOf(receives, head)
  return received.ok && received.form === 'json'
}

function isIn(form: BodyForm, media: MediaType): boolean {
  switch (form) {
    case 'json':
      return isJsonType(media) && media.isUtf8
    case 'form':
      return media.type === 'application/x-www-form-urlencoded' && media.isUtf8
    case 'multipart':
      return media.type === 'multipart/form-data'
    case 'query':
      return false
    default:
      return form.types.includes(media.type)
  }
}
