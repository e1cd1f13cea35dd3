import { bodyHmac } from '../origin/body-hmac.ts'

/**
 * The longest body that is written anew to try a signature over that form: whoever sends a wrong
 * signature makes us do that work. The messages of Dialgen's documents have a few kilobytes, an hour of
 * transcript some sixty.
 */
export const MAX_REWRITTEN_BYTES = 256 * 1024

/**
 * Dialgen's signature: lower-case hex of an HMAC-SHA256.
 *
 * The documents sign `JSON.stringify(body)`, and verify over the body that a parser has read and
 * written again; whether that differs from the bytes on the wire is not stated. So a signature over
 * either is accepted. The second proves no less: it covers what `JSON.parse` makes of these bytes, and
 * that form is what it proves.
 *
 * Source: https://docs.dialgen.ai/guides/batch-calling/webhooks
 */
export const dialgenSignature = bodyHmac({
  header: 'x-dialgen-signature',
  hash: 'SHA-256',
  encoding: 'hex',
  alsoOver: rewritten,
  key: 'the secret with which Dialgen signs',
})

/**
 * The body as `JSON.stringify` writes it; null where it is no JSON, is longer than `MAX_REWRITTEN_BYTES`,
 * or is not written as it was read.
 */
function rewritten(rawBody: Uint8Array): Uint8Array | null {
  if (rawBody.length > MAX_REWRITTEN_BYTES) return null
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(rawBody))
    // A number beyond all bounds is written as null, so that the signature of another body would fit.
    return isBounded(value) ? new TextEncoder().encode(JSON.stringify(value)) : null
  } catch {
    return null
  }
}

/** Whether every number in it is finite. A reviver could tell too, at many times the cost. */
function isBounded(value: unknown): boolean {
  const open = [value]
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    if (typeof one === 'number' && !Number.isFinite(one)) return false
    if (typeof one !== 'object' || one === null) continue
    for (const inner of Array.isArray(one) ? one : Object.values(one)) {
      if (typeof inner === 'number' || typeof inner === 'object') open.push(inner)
    }
  }
  return true
}
