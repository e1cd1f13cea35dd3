import { mediaTypeOf } from '../body/media-type.ts'
import { type Pair, pairsOf, queryTextOf } from '../body/parameters.ts'
import type { Delivery, DeliveryHeaders } from '../message.ts'
import { soleHeader } from '../sole-header.ts'
import { type ByteEncoding, decoded, encoded, isSame, sha256, utf8 } from './bytes.ts'
import { guarded } from './guarded.ts'
import { type HmacHash, hmac, isSigned, keyBytes, signatureBytes } from './hmac.ts'
import { type OriginRefusal, type OriginScheme, PASSED, refused } from './scheme.ts'
import type { RequestText } from './signed-request.ts'

/** How address and fields are signed. */
export interface UrlFormHmacOptions {
  readonly header: string
  /** Another header that may prove the same with another of the keys; one of the two must fit. */
  readonly alsoHeader?: string
  /** The header with a nonce, where one is signed too. */
  readonly nonceHeader?: string
  /** Whether a header may hold several signatures, separated by commas; not by default. */
  readonly isSeveral?: boolean
  readonly hash: HmacHash
  readonly encoding: ByteEncoding
  /** What is signed: `wholeAddress` or `sortedAddress`. */
  readonly text: RequestText
  /**
   * The parameter of the address that holds the SHA-256 of a body in hex, where a body that is no form is
   * signed so. Without it such a body is refused, since nothing would prove it.
   */
  readonly bodyHashParameter?: string
  /** `signature` by default. */
  readonly name?: string
  /** What a key is, in words. */
  readonly key?: string
}

/** What the headers say, as far as it can be one. */
interface Claim {
  readonly signatures: readonly Uint8Array[]
  readonly nonce: string | null
}

/**
 * An HMAC over the address and the fields of a form. The delivery's `url` must be the one that the
 * provider dialled. It proves address and body, and nothing of their age.
 *
 * @example
 * urlFormHmac({
 *   header: 'x-acme-signature',
 *   hash: 'SHA-1',
 *   encoding: 'base64',
 *   text: wholeAddress,
 * })
 */
export function urlFormHmac({
  isSeveral = false,
  hash,
  encoding,
  text,
  bodyHashParameter,
  name = 'signature',
  key = 'the secret with which the provider signs',
  ...options
}: UrlFormHmacOptions): OriginScheme {
  const header = options.header.toLowerCase()
  const nonceHeader = options.nonceHeader?.toLowerCase()
  const names = [
    header,
    ...(options.alsoHeader === undefined ? [] : [options.alsoHeader.toLowerCase()]),
  ]

  const claimIn = (headers: DeliveryHeaders): Claim | OriginRefusal => {
    const given = names.map((one) => soleHeader(headers, one))
    if (given.some((one) => !one.ok && one.reason === 'wrong')) return 'wrong'
    const values = given.flatMap((one) => (one.ok ? [one.value] : []))
    if (values.length === 0) return 'missing'
    const nonce = nonceHeader === undefined ? null : soleHeader(headers, nonceHeader)
    if (nonce?.ok === false) return nonce.reason
    const signatures = values
      .flatMap((value) => (isSeveral ? value.split(',').map((part) => part.trim()) : [value]))
      .map((part) => signatureBytes(part, hash, encoding))
      .filter((bytes) => bytes !== null)
    return signatures.length === 0 ? 'wrong' : { signatures, nonce: nonce?.value ?? null }
  }

  const textsOf = async (delivery: Delivery, nonce: string | null): Promise<readonly string[]> => {
    const fields = await provenFields(delivery, bodyHashParameter)
    if (fields === null) return []
    const [url = ''] = delivery.url.split('#', 1)
    return text({ method: delivery.method, url, fields, nonce })
  }

  return guarded({
    name,
    title: `${encoding} HMAC-${hash} of address and fields`,
    key,
    header,
    checkHead({ headers }) {
      const claim = claimIn(headers)
      return typeof claim === 'string' ? refused(claim) : PASSED
    },
    async checkBody(delivery, { keys }) {
      const claim = claimIn(delivery.headers)
      if (typeof claim === 'string') return refused(claim)
      const { signatures, nonce } = claim
      for (const one of await textsOf(delivery, nonce)) {
        if (await isSigned(utf8(one), { keys, hash, signatures })) return PASSED
      }
      return refused('wrong')
    },
    async sign(delivery, { key: secret, now }) {
      const nonce = nonceHeader === undefined ? null : String(now)
      const [first] = await textsOf(delivery, nonce)
      const bytes = keyBytes(secret)
      if (first === undefined || bytes === null) return {}
      return {
        [header]: encoded(await hmac(bytes, hash, utf8(first)), encoding),
        ...(nonceHeader !== undefined && { [nonceHeader]: String(now) }),
      }
    },
  })
}

/** The fields that are signed; null where a signature over address and fields would not prove the body. */
async function provenFields(
  delivery: Delivery,
  bodyHashParameter: string | undefined,
): Promise<readonly Pair[] | null> {
  const { rawBody, url } = delivery
  const hashes = pairsOf(queryTextOf(url)).filter(([name]) => name === bodyHashParameter)
  const [first, ...more] = hashes
  if (first !== undefined) {
    const [, written] = first
    const hash = decoded(written, 'hex')
    const isRight = hash !== null && isSame(await sha256(rawBody), hash)
    return isRight && more.length === 0 ? [] : null
  }
  if (rawBody.length === 0) return []
  const media = mediaTypeOf(delivery)
  const isForm =
    typeof media !== 'string' && media.type === 'application/x-www-form-urlencoded' && media.isUtf8
  return isForm && delivery.method !== 'GET' ? pairsOf(new TextDecoder().decode(rawBody)) : null
}
