import type { Delivery, Parameters, ParseIssue } from '../message.ts'
import type { Receives } from '../provider.ts'
import { mediaTypeOf } from './media-type.ts'
import { MAX_FIELDS, pairsOf, queryTextOf } from './parameters.ts'
import { fieldsOf, readBody, refusedWhole } from './read-body.ts'
import { formOf, type HeadRefusal } from './received-form.ts'

/** Why a delivery could not be decoded: 405 for `method`, 400 for `not-decodable`, else 415. */
export type DecodingRefusal = HeadRefusal | 'not-decodable'

/** What a delivery says, or why it could not be decoded. */
export type Decoding =
  | {
      readonly ok: true
      /** Parsed JSON, the fields of a form or of a query, or what the provider's own decoder made. */
      readonly body: unknown
      /** That of the delivery's address. */
      readonly query: Parameters
      /** JSON as it came; null for every other form. */
      readonly text: string | null
    }
  | {
      readonly ok: false
      readonly reason: DecodingRefusal
      readonly issues: readonly ParseIssue[]
    }

/** How much is decoded. */
export interface DecodingLimits {
  /** How many fields of a form, and how many parameters of a query; see `MAX_FIELDS`. */
  readonly maxFields?: number
}

/**
 * Decodes a delivery: by its method and content type as JSON, a form, a multipart form, the query of its
 * address, or by the provider's own decoder. A field that came several times is a list; a file is its
 * name, type and size. A body without a content type is JSON where JSON is received, and refused elsewhere.
 * Never rejects: whatever came is an answer, and so is a decoder that throws. Issues
 * never repeat what came.
 *
 * @example
 * const decoding = await decodeDelivery(dialgen.receives, delivery)
 * if (decoding.ok) dialgen.read({ ...decoding, headers: delivery.headers, kind: 'webhook' })
 */
export async function decodeDelivery(
  receives: Receives,
  delivery: Delivery,
  { maxFields = MAX_FIELDS }: DecodingLimits = {},
): Promise<Decoding> {
  try {
    const received = formOf(receives, delivery)
    if (!received.ok) return headRefusal(received.reason, delivery)
    // A body without a type must not vanish behind the parameters of the address.
    const isQueryByPost = received.form === 'query' && delivery.method !== 'GET'
    if (isQueryByPost && delivery.rawBody.length > 0) return headRefusal('content-type', delivery)
    const query = fieldsOf(pairsOf(queryTextOf(delivery.url)), maxFields)
    if (!query.ok) return refusal('not-decodable', query.issues)
    const read = await readBody(received.form, delivery, query.value.body, maxFields)
    return read.ok
      ? { ok: true, ...read.value, query: query.value.body }
      : refusal('not-decodable', read.issues)
  } catch {
    return refusal('not-decodable', refusedWhole('a delivery', 'something else').issues)
  }
}

/** What was expected and what came, where the head of a delivery is refused. */
const SAID = {
  method: ['a method that the provider uses', 'another'],
  'content-type': ['a content type that the provider uses, in UTF-8', 'another'],
  'content-encoding': ['a body as it is', 'an encoded one'],
} as const satisfies Record<HeadRefusal, readonly [string, string]>

function headRefusal(reason: HeadRefusal, delivery: Delivery): Decoding & { readonly ok: false } {
  const [expected, came] = SAID[reason]
  const isUntyped = reason === 'content-type' && mediaTypeOf(delivery) === 'missing'
  return refusal(reason, refusedWhole(expected, isUntyped ? 'none' : came).issues)
}

function refusal(
  reason: DecodingRefusal,
  issues: readonly ParseIssue[],
): Decoding & { readonly ok: false } {
  return { ok: false, reason, issues }
}
