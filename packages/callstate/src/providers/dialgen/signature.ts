import type { DeliveryHeaders } from '../message.ts'
import { headerOf, type OriginScheme, PASSED, refused } from '../origin/scheme.ts'

/** The header that carries a delivery's signature. */
export const DIALGEN_SIGNATURE_HEADER = 'x-dialgen-signature'

/**
 * Dialgen's signature: lower-case hex of an HMAC-SHA256. The comparison is WebCrypto's, in constant time.
 *
 * The documents sign `JSON.stringify(body)`, and verify over the body that a parser has read and
 * written again; whether that differs from the bytes on the wire is not stated. So a signature over
 * either is accepted. The second proves no less: it covers what `JSON.parse` makes of these bytes, and
 * that form is what it proves.
 *
 * Source: https://docs.dialgen.ai/guides/batch-calling/webhooks
 */
export const dialgenSignature: OriginScheme = {
  name: 'signature',
  title: 'hex HMAC-SHA256 of JSON.stringify(body)',
  key: 'the secret with which Dialgen signs',
  header: DIALGEN_SIGNATURE_HEADER,
  checkHead: ({ headers }) => {
    if (headers[DIALGEN_SIGNATURE_HEADER] === undefined) return refused('missing')
    return signatureIn(headers) === null ? refused('wrong') : PASSED
  },
  async checkBody({ headers, rawBody }, { keys }) {
    const signature = signatureIn(headers)
    if (signature === null) return refused('wrong')
    const imported = await Promise.all(keys.map((key) => importKey(key, 'verify')))
    const isOver = async (bytes: Uint8Array) => {
      const checks = imported.map(
        (key) =>
          key !== null && crypto.subtle.verify('HMAC', key, signature, new Uint8Array(bytes)),
      )
      return (await Promise.all(checks)).includes(true)
    }
    if (await isOver(rawBody)) return PASSED
    const written = rewritten(rawBody)
    if (written === null) return refused('wrong')
    const proven = new TextEncoder().encode(written)
    return (await isOver(proven)) ? { ok: true, proven } : refused('wrong')
  },
  async sign({ rawBody }, { key }) {
    const imported = await importKey(key, 'sign')
    if (imported === null) return {}
    const signature = await crypto.subtle.sign('HMAC', imported, new Uint8Array(rawBody))
    const hex = [...new Uint8Array(signature)].map((byte) => byte.toString(16).padStart(2, '0'))
    return { [DIALGEN_SIGNATURE_HEADER]: hex.join('') }
  },
}

function signatureIn(headers: DeliveryHeaders): Uint8Array<ArrayBuffer> | null {
  return bytesOfHex(headerOf(headers, DIALGEN_SIGNATURE_HEADER))
}

/** WebCrypto refuses an empty secret: null for it. */
async function importKey(key: string, use: 'sign' | 'verify') {
  if (key === '') return null
  const algorithm = { name: 'HMAC', hash: 'SHA-256' }
  return crypto.subtle.importKey('raw', new TextEncoder().encode(key), algorithm, false, [use])
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
