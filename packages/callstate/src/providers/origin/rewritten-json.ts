import { utf8 } from './bytes.ts'

/**
 * The longest body that is written anew to try a signature over that form, in bytes: whoever sends a
 * wrong signature makes us do that work. The documented messages have a few kilobytes, an hour of
 * transcript some sixty.
 */
export const MAX_REWRITTEN_BYTES = 256 * 1024

/**
 * A body as `JSON.stringify` writes what `JSON.parse` reads of it: what a sender signs who signs
 * `JSON.stringify(body)` and lets something else write the body. Null where it is no JSON in UTF-8, is
 * longer than `maxBytes`, or is not written as it was read: a number beyond all bounds would be written
 * as null, so that the signature of another body would fit. Pure; never throws.
 *
 * @example
 * bodyHmac({
 *   header: 'x-acme-signature',
 *   hash: 'SHA-256',
 *   encoding: 'hex',
 *   alsoOver: (rawBody) => rewrittenJson(rawBody),
 * })
 */
export function rewrittenJson(
  rawBody: Uint8Array,
  maxBytes = MAX_REWRITTEN_BYTES,
): Uint8Array | null {
  if (rawBody.length > maxBytes) return null
  try {
    const body: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(rawBody))
    return isBounded(body) ? utf8(JSON.stringify(body)) : null
  } catch {
    return null
  }
}

/** Whether every number in it is finite. A reviver could tell too, at many times the cost. */
function isBounded(body: unknown): boolean {
  const open = [body]
  while (open.length > 0) {
    const one = open.pop()
    if (typeof one === 'number' && !Number.isFinite(one)) return false
    if (typeof one !== 'object' || one === null) continue
    for (const inner of Object.values(one)) open.push(inner)
  }
  return true
}
