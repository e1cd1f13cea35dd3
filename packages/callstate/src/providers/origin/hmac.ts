import { type ByteEncoding, decoded, isSame, utf8 } from './bytes.ts'

/** The hash of an HMAC, as WebCrypto calls it. */
export type HmacHash = 'SHA-1' | 'SHA-256' | 'SHA-384' | 'SHA-512'

/** How a key is written: its text in UTF-8 is the key, or base64 of the key. */
export type KeyForm = 'text' | 'base64'

const LENGTH_BYTES = {
  'SHA-1': 20,
  'SHA-256': 32,
  'SHA-384': 48,
  'SHA-512': 64,
} as const satisfies Record<HmacHash, number>

/** An HMAC; rejects for an empty key. */
export async function hmac(
  key: Uint8Array<ArrayBuffer>,
  hash: HmacHash,
  message: Uint8Array,
): Promise<Uint8Array<ArrayBuffer>> {
  const algorithm = { name: 'HMAC', hash }
  const imported = await crypto.subtle.importKey('raw', key, algorithm, false, ['sign'])
  return new Uint8Array(await crypto.subtle.sign('HMAC', imported, new Uint8Array(message)))
}

/** The bytes of a signature as it was written; null for what can be none of this hash. Pure. */
export function signatureBytes(
  text: string,
  hash: HmacHash,
  encoding: ByteEncoding,
): Uint8Array<ArrayBuffer> | null {
  const bytes = decoded(text, encoding)
  return bytes?.length === LENGTH_BYTES[hash] ? bytes : null
}

/** The bytes of a key as it was written; null for none. Pure. */
export function keyBytes(key: string, form: KeyForm = 'text'): Uint8Array<ArrayBuffer> | null {
  const bytes = form === 'text' ? utf8(key) : decoded(key, 'base64')
  return bytes === null || bytes.length === 0 ? null : bytes
}

/** What is compared: signatures that came, against one for every key. */
export interface HmacCheck {
  readonly keys: readonly string[]
  readonly keyForm?: KeyForm | undefined
  readonly hash: HmacHash
  readonly signatures: readonly Uint8Array[]
}

/**
 * Whether one of the signatures is that of the message with one of the keys. Each key signs once, however
 * many signatures came, and all are compared to their end. Never rejects for a key that is none.
 */
export async function isSigned(
  message: Uint8Array,
  { keys, keyForm, hash, signatures }: HmacCheck,
): Promise<boolean> {
  let isFound = false
  for (const key of keys) {
    const bytes = keyBytes(key, keyForm)
    if (bytes === null) continue
    const expected = await hmac(bytes, hash, message)
    for (const signature of signatures) isFound = isSame(expected, signature) || isFound
  }
  return isFound
}
