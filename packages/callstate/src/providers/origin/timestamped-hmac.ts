import type { DeliveryHeaders } from '../message.ts'
import { soleHeader } from '../sole-header.ts'
import { type ByteEncoding, encoded } from './bytes.ts'
import { guarded } from './guarded.ts'
import { type HmacHash, hmac, isSigned, type KeyForm, keyBytes, signatureBytes } from './hmac.ts'
import { type OriginRefusal, type OriginScheme, PASSED, refused } from './scheme.ts'
import type { SignatureForm } from './signature-form.ts'
import { assertSignedText, type SignedText, signedBytes } from './signed-text.ts'
import { type TimeUnit, timeOf, timeText, verdictOfAge } from './signed-time.ts'

/** How a body and its time are signed. */
export interface TimestampedHmacOptions {
  readonly header: string
  /** How that header holds its signatures: `labelled(…)`, `single(…)` or `SEPARATED`. */
  readonly form: SignatureForm
  /** The header with the time, where the form holds none. */
  readonly timestampHeader?: string
  readonly unit: TimeUnit
  /** `'{timestamp}.{body}'`, the time as it came. */
  readonly signed: SignedText
  /** How far from now a signature may lie in either direction, in milliseconds; null for no limit. */
  readonly toleranceMs: number | null
  /** `SHA-256` by default. */
  readonly hash?: HmacHash
  /** `hex` by default. */
  readonly encoding?: ByteEncoding
  /** The text of a key by default. */
  readonly keyForm?: KeyForm
  /** `signature` by default. */
  readonly name?: string
  /** What a key is, in words. */
  readonly key?: string
}

/** What the headers say, as far as it can be one. */
interface Claim {
  readonly timestamp: string
  readonly signedAt: number
  readonly signatures: readonly Uint8Array[]
}

/**
 * An HMAC over a time and the body. It proves the body and when it was signed, so that a delivery that
 * somebody has seen is `stale` after a while. Where several signatures come, one must fit. Throws a
 * `CallstateError` with the code `invalid-provider` where what is signed leaves out the time or the body.
 *
 * @example
 * timestampedHmac({
 *   header: 'x-acme-signature',
 *   form: labelled({ timestamp: 't', signature: 'v1' }),
 *   unit: 's',
 *   signed: '{timestamp}.{body}',
 *   toleranceMs: 300_000,
 * })
 */
export function timestampedHmac({
  form,
  unit,
  signed,
  toleranceMs,
  hash = 'SHA-256',
  encoding = 'hex',
  keyForm,
  name = 'signature',
  key = 'the secret with which the provider signs',
  ...options
}: TimestampedHmacOptions): OriginScheme {
  assertSignedText(signed)
  const header = options.header.toLowerCase()
  const timestampHeader = options.timestampHeader?.toLowerCase()

  const claimIn = (headers: DeliveryHeaders): Claim | OriginRefusal => {
    const given = soleHeader(headers, header)
    if (!given.ok) return given.reason
    const time = timestampHeader === undefined ? null : soleHeader(headers, timestampHeader)
    if (time?.ok === false) return time.reason
    const written = form.read(given.value)
    const timestamp = time?.value ?? written?.timestamp ?? null
    if (written === null || timestamp === null) return 'wrong'
    const signedAt = timeOf(timestamp, unit)
    const signatures = written.signatures
      .map((text) => signatureBytes(text, hash, encoding))
      .filter((bytes) => bytes !== null)
    return signedAt === null || signatures.length === 0
      ? 'wrong'
      : { timestamp, signedAt, signatures }
  }

  return guarded({
    name,
    title: `${encoding} HMAC-${hash} of ${signed}`,
    key,
    header,
    checkHead({ headers }) {
      const claim = claimIn(headers)
      return typeof claim === 'string' ? refused(claim) : PASSED
    },
    async checkBody({ headers, rawBody }, { keys, now }) {
      const claim = claimIn(headers)
      if (typeof claim === 'string') return refused(claim)
      const { timestamp, signedAt, signatures } = claim
      const message = signedBytes(signed, timestamp, rawBody)
      return (await isSigned(message, { keys, keyForm, hash, signatures }))
        ? verdictOfAge(signedAt, now, toleranceMs)
        : refused('wrong')
    },
    async sign({ rawBody }, { key: secret, now }) {
      const bytes = keyBytes(secret, keyForm)
      if (bytes === null) return {}
      const timestamp = timeText(now, unit)
      const signature = await hmac(bytes, hash, signedBytes(signed, timestamp, rawBody))
      return {
        [header]: form.write(encoded(signature, encoding), timestamp),
        ...(timestampHeader !== undefined && { [timestampHeader]: timestamp }),
      }
    },
  })
}
