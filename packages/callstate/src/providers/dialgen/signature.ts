import type { SignedDelivery } from '../provider.ts'

/** The header that carries a delivery's signature. */
export const DIALGEN_SIGNATURE_HEADER = 'x-dialgen-signature'

/**
 * Whether the delivery was signed with `secret`: lower-case hex of an HMAC-SHA256. The comparison is
 * WebCrypto's, in constant time. Never throws: whatever is not a signature over this body is false, an
 * empty secret included. Two headers of that name are no signature.
 *
 * The documents sign `JSON.stringify(body)`, and verify over the body that a parser has read and
 * written again; whether that differs from the bytes on the wire is not stated. So a signature over
 * either is accepted. The second proves no less: it covers what `JSON.parse` makes of these bytes.
 *
 * Source: https://docs.dialgen.ai/guides/batch-calling/webhooks
 *
 * @example
 * await verifyDialgenSignature({ rawBody, headers, secret }) // true
 */
export async function verifyDialgenSignature(delivery: SignedDelivery): Promise<boolean> {
  try {
    const header = delivery.headers[DIALGEN_SIGNATURE_HEADER]
    const signature = bytesOfHex(Array.isArray(header) && header.length === 1 ? header[0] : header)
    if (signature === null) return false
    // WebCrypto refuses an empty secret.
    const secret = new TextEncoder().encode(delivery.secret)
    const algorithm = { name: 'HMAC', hash: 'SHA-256' }
    const key = await crypto.subtle.importKey('raw', secret, algorithm, false, ['verify'])
    const isOver = (bytes: Uint8Array) =>
      crypto.subtle.verify('HMAC', key, signature, new Uint8Array(bytes))

    const raw = bytesOf(delivery.rawBody)
    if (await isOver(raw)) return true
    const written = rewritten(raw)
    return written !== null && (await isOver(bytesOf(written)))
  } catch {
    // An empty secret, or input outside the declared types.
    return false
  }
}

function bytesOf(body: string | Uint8Array): Uint8Array {
  return typeof body === 'string' ? new TextEncoder().encode(body) : body
}

function bytesOfHex(text: unknown): Uint8Array<ArrayBuffer> | null {
  if (typeof text !== 'string' || !/^[0-9a-f]{64}$/.test(text)) return null
  return Uint8Array.from({ length: 32 }, (_, at) =>
    Number.parseInt(text.slice(at * 2, at * 2 + 2), 16),
  )
}

/** The body as `JSON.stringify` writes it; null where it is no JSON, or is not written as it was read. */
function rewritten(raw: Uint8Array): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(raw)
    // A number beyond all bounds is written as null, so that the signature of another body would fit.
    return JSON.stringify(
      JSON.parse(text, (_, value) => {
        if (typeof value === 'number' && !Number.isFinite(value)) throw new RangeError()
        return value
      }),
    )
  } catch {
    return null
  }
}
