import { soleHeader } from '../sole-header.ts'
import { type ByteEncoding, encoded } from './bytes.ts'
import { guarded } from './guarded.ts'
import { type HmacHash, hmac, isSigned, type KeyForm, keyBytes, signatureBytes } from './hmac.ts'
import { type OriginScheme, PASSED, refused } from './scheme.ts'

/** How a body is signed. */
export interface BodyHmacOptions {
  readonly header: string
  readonly hash: HmacHash
  readonly encoding: ByteEncoding
  /** What stands before the signature: `sha256=`. Nothing by default. */
  readonly prefix?: string
  /**
   * Another form of the body that may have been signed instead, such as `rewrittenJson`; null where this
   * body has none. What it gives must mean what the body means: the verdict names it as `proven`.
   */
  readonly alsoOver?: (rawBody: Uint8Array) => Uint8Array | null
  /** The text of a key by default. */
  readonly keyForm?: KeyForm
  /** `signature` by default. */
  readonly name?: string
  /** What a key is, in words. */
  readonly key?: string
}

/**
 * An HMAC of the body in a header. It proves the body, and nothing of its age: a delivery that somebody
 * has seen can be sent again.
 *
 * @example
 * bodyHmac({ header: 'x-acme-signature', hash: 'SHA-256', encoding: 'hex', prefix: 'sha256=' })
 */
export function bodyHmac({
  hash,
  encoding,
  prefix = '',
  alsoOver,
  keyForm,
  name = 'signature',
  key = 'the secret with which the provider signs',
  ...options
}: BodyHmacOptions): OriginScheme {
  const header = options.header.toLowerCase()
  const signatureIn = (value: string) =>
    value.startsWith(prefix) ? signatureBytes(value.slice(prefix.length), hash, encoding) : null
  return guarded({
    name,
    title: `${encoding} HMAC-${hash} of the body`,
    key,
    header,
    checkHead({ headers }) {
      const given = soleHeader(headers, header)
      if (!given.ok) return refused(given.reason)
      return signatureIn(given.value) === null ? refused('wrong') : PASSED
    },
    async checkBody({ headers, rawBody }, { keys }) {
      const given = soleHeader(headers, header)
      const signature = given.ok ? signatureIn(given.value) : null
      if (signature === null) return refused('wrong')
      const check = { keys, keyForm, hash, signatures: [signature] }
      if (await isSigned(rawBody, check)) return PASSED
      const proven = alsoOver?.(rawBody) ?? null
      return proven !== null && (await isSigned(proven, check))
        ? { ok: true, proven }
        : refused('wrong')
    },
    async sign({ rawBody }, signing) {
      const bytes = keyBytes(signing.key, keyForm)
      if (bytes === null) return {}
      return { [header]: prefix + encoded(await hmac(bytes, hash, rawBody), encoding) }
    },
  })
}
