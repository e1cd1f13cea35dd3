/** How bytes are written as text: lower-case hex, or base64 in the standard alphabet with its padding. */
export type ByteEncoding = 'hex' | 'base64'

/** Bytes as text. Pure. */
export function encoded(bytes: Uint8Array, encoding: ByteEncoding): string {
  return encoding === 'hex'
    ? Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
    : btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
}

/**
 * The bytes that text stands for; null for what `encoded` would not have written, so that one signature
 * has one form. Pure; never throws.
 */
export function decoded(text: string, encoding: ByteEncoding): Uint8Array<ArrayBuffer> | null {
  if (encoding === 'hex') {
    if (!/^(?:[0-9a-f]{2})*$/.test(text)) return null
    return Uint8Array.from({ length: text.length / 2 }, (_, at) =>
      Number.parseInt(text.slice(at * 2, at * 2 + 2), 16),
    )
  }
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return null
  const bytes = Uint8Array.from(atob(text), (char) => char.charCodeAt(0))
  return encoded(bytes, 'base64') === text ? bytes : null
}

/** Text in UTF-8. Pure. */
export function utf8(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text)
}

/** Bytes and texts after one another, texts in UTF-8. Pure. */
export function joined(...parts: readonly (Uint8Array | string)[]): Uint8Array<ArrayBuffer> {
  const all = parts.map((part) => (typeof part === 'string' ? utf8(part) : part))
  const whole = new Uint8Array(all.reduce((length, bytes) => length + bytes.length, 0))
  let at = 0
  for (const bytes of all) {
    whole.set(bytes, at)
    at += bytes.length
  }
  return whole
}

/** The SHA-256 of bytes. */
export async function sha256(bytes: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new Uint8Array(bytes)))
}

/**
 * Whether both hold the same bytes. Compares all of them, so that the time it takes tells their length
 * alone. Pure.
 */
export function isSame(one: Uint8Array, other: Uint8Array): boolean {
  let difference = one.length ^ other.length
  for (const [at, byte] of one.entries()) difference |= byte ^ (other[at] ?? 0)
  return difference === 0
}
