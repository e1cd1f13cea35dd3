import type { DeliveryHeaders } from '../message.ts'
import { soleHeader } from '../sole-header.ts'
import { decoded, encoded, joined } from './bytes.ts'
import { guarded } from './guarded.ts'
import { type OriginRefusal, type OriginScheme, PASSED, refused } from './scheme.ts'
import { assertSignedText, type SignedText, signedBytes } from './signed-text.ts'
import { type TimeUnit, timeOf, timeText, verdictOfAge } from './signed-time.ts'

/** How a body and its time are signed. */
export interface Ed25519Options {
  /** Holds the signature in base64. */
  readonly signatureHeader: string
  readonly timestampHeader: string
  /** How far from now a signature may lie in either direction, in milliseconds; null for no limit. */
  readonly toleranceMs: number | null
  /** `s` by default. */
  readonly unit?: TimeUnit
  /** `'{timestamp}|{body}'` by default. */
  readonly signed?: SignedText
  /** `signature` by default. */
  readonly name?: string
  /** What a key is, in words. */
  readonly key?: string
}

const SIGNATURE_BYTES = 64
/** What stands before the 32 bytes of a private key in PKCS #8 (RFC 8410). */
const PKCS8_BEGIN = decoded('302e020100300506032b657004220420', 'hex') ?? new Uint8Array()

interface Claim {
  readonly timestamp: string
  readonly signedAt: number
  readonly signature: Uint8Array<ArrayBuffer>
}

/**
 * An Ed25519 signature over a time and the body. Who checks needs the public key alone: base64 of its 32
 * bytes. Who signs, as the emulator does, needs the private one: base64 of its 32 bytes. Throws a
 * `CallstateError` with the code `invalid-provider` where what is signed leaves out the time or the body.
 *
 * @example
 * ed25519({
 *   signatureHeader: 'acme-signature',
 *   timestampHeader: 'acme-timestamp',
 *   toleranceMs: 300_000,
 * })
 */
export function ed25519({
  toleranceMs,
  unit = 's',
  signed = '{timestamp}|{body}',
  name = 'signature',
  key = 'the public key of the provider, in base64',
  ...options
}: Ed25519Options): OriginScheme {
  assertSignedText(signed)
  const header = options.signatureHeader.toLowerCase()
  const timestampHeader = options.timestampHeader.toLowerCase()

  const claimIn = (headers: DeliveryHeaders): Claim | OriginRefusal => {
    const given = soleHeader(headers, header)
    const time = soleHeader(headers, timestampHeader)
    if (!given.ok) return given.reason
    if (!time.ok) return time.reason
    const signature = decoded(given.value, 'base64')
    const signedAt = timeOf(time.value, unit)
    return signature?.length === SIGNATURE_BYTES && signedAt !== null
      ? { timestamp: time.value, signedAt, signature }
      : 'wrong'
  }

  return guarded({
    name,
    title: `base64 Ed25519 of ${signed}`,
    key,
    header,
    checkHead({ headers }) {
      const claim = claimIn(headers)
      return typeof claim === 'string' ? refused(claim) : PASSED
    },
    async checkBody({ headers, rawBody }, { keys, now }) {
      const claim = claimIn(headers)
      if (typeof claim === 'string') return refused(claim)
      const message = signedBytes(signed, claim.timestamp, rawBody)
      for (const one of keys) {
        if (await isSigned(message, claim.signature, one)) {
          return verdictOfAge(claim.signedAt, now, toleranceMs)
        }
      }
      return refused('wrong')
    },
    async sign({ rawBody }, { key: secret, now }) {
      const timestamp = timeText(now, unit)
      const signature = await signatureOf(signedBytes(signed, timestamp, rawBody), secret)
      return { [header]: signature, [timestampHeader]: timestamp }
    },
  })
}

/** False too for a key that is none. */
async function isSigned(
  message: Uint8Array<ArrayBuffer>,
  signature: Uint8Array<ArrayBuffer>,
  key: string,
): Promise<boolean> {
  const bytes = decoded(key, 'base64')
  if (bytes === null) return false
  try {
    const imported = await crypto.subtle.importKey('raw', bytes, 'Ed25519', false, ['verify'])
    return await crypto.subtle.verify('Ed25519', imported, signature, message)
  } catch {
    // Another number of bytes than a key has, or no point of the curve.
    return false
  }
}

async function signatureOf(message: Uint8Array<ArrayBuffer>, key: string): Promise<string> {
  const pkcs8 = joined(PKCS8_BEGIN, decoded(key, 'base64') ?? new Uint8Array())
  const imported = await crypto.subtle.importKey('pkcs8', pkcs8, 'Ed25519', false, ['sign'])
  return encoded(new Uint8Array(await crypto.subtle.sign('Ed25519', imported, message)), 'base64')
}
