import { utf8 } from './bytes.ts'

/**
 * A body as `JSON.stringify` writes what `JSON.parse` reads of it: what a sender signs who signs
 * `JSON.stringify(body)` and lets something else write the body. Null where it is no JSON in UTF-8, or is
 * not written as it was read: a number beyond all bounds would be written as null, so that the signature
 * of another body would fit. Pure; never throws.
 *
 * @example
 * bodyHmac({ header: 'x-acme-signature', hash: 'SHA-256', encoding: 'hex', alsoOver: rewrittenJson })
 */
export function rewrittenJson(rawBody: Uint8Array): Uint8Array | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(rawBody)
    const body: unknown = JSON.parse(text, (_, value) => {
      if (typeof value === 'number' && !Number.isFinite(value)) throw new RangeError()
      return value
    })
    return utf8(JSON.stringify(body))
  } catch {
    return null
  }
}
