import { JWTClaimValidationFailed, JWTExpired } from 'jose/errors'
import { SignJWT } from 'jose/jwt/sign'
import { jwtVerify } from 'jose/jwt/verify'
import type { Delivery, DeliveryHead } from '../message.ts'
import { soleHeader } from '../sole-header.ts'
import { bearerToken } from './bearer.ts'
import { type ByteEncoding, decoded, encoded, isSame, sha256, utf8 } from './bytes.ts'
import { guarded } from './guarded.ts'
import { type OriginCheck, type OriginRefusal, type OriginScheme, refused } from './scheme.ts'
import { verdictOfAge } from './signed-time.ts'

export type { ByteEncoding } from './bytes.ts'
export type { OriginScheme } from './scheme.ts'

/** How a token proves a body. */
export interface JwtOptions {
  /** `authorization` by default. */
  readonly header?: string
  /** The word before the token, read in any letter case; null where the token stands alone. */
  readonly authScheme: 'Bearer' | null
  /** The algorithm, whatever a token says; `HS256` by default. */
  readonly algorithm?: 'HS256' | 'HS384' | 'HS512'
  /** The claim that holds the SHA-256 of the body, and how it is written. */
  readonly bodyHash: { readonly claim: string; readonly encoding: ByteEncoding }
  /** The bytes that are hashed; null for a delivery that has none. The raw body by default. */
  readonly hashed?: (delivery: Delivery) => Uint8Array | null
  /** What the claim `iss` must say, where it is always the same. */
  readonly issuer?: string
  /**
   * How far from now the claim `iat` may lie in either direction, in milliseconds; null where tokens name
   * their end instead, in `exp`.
   */
  readonly maxAgeMs: number | null
  /** How far the clocks may differ when `nbf` and `exp` are read, in milliseconds; 0 by default. */
  readonly toleranceMs?: number
  /** How long a token is good for that `sign` makes, where it names its end. */
  readonly lifetimeMs?: number
  /** `token` by default. */
  readonly name?: string
  /** What a key is, in words. */
  readonly key?: string
}

/** What a token says, once it is proven. */
interface Claims {
  readonly hash: Uint8Array
  readonly signedAt: number
}

/**
 * A JWT with a hash of the body. The token is checked in full before the body is read, the body after it.
 * A token that says another algorithm than this one is wrong, and so is one without a hash or without a
 * time. Needs `jose`.
 *
 * @example
 * jwt({
 *   authScheme: 'Bearer',
 *   bodyHash: { claim: 'payload_hash', encoding: 'hex' },
 *   maxAgeMs: 300_000,
 * })
 */
export function jwt(options: JwtOptions): OriginScheme {
  const {
    authScheme,
    bodyHash,
    algorithm = 'HS256',
    hashed = ({ rawBody }: Delivery) => rawBody,
    issuer,
    lifetimeMs,
    name = 'token',
    key = 'the secret with which the provider signs its tokens',
  } = options
  const header = (options.header ?? 'authorization').toLowerCase()

  const tokenIn = (head: DeliveryHead): { readonly token: string } | OriginRefusal => {
    const given = soleHeader(head.headers, header)
    if (!given.ok) return given.reason
    const token = authScheme === null ? given.value : bearerToken(given.value)
    return token === null ? 'wrong' : { token }
  }

  const claimsIn = async (
    head: DeliveryHead,
    { keys, now }: OriginCheck,
  ): Promise<Claims | OriginRefusal> => {
    const found = tokenIn(head)
    if (typeof found === 'string') return found
    for (const secret of keys) {
      const claims = await provenClaims(found.token, secret, now, { ...options, algorithm })
      if (claims !== 'wrong') return claims
    }
    return 'wrong'
  }

  return guarded({
    name,
    title: `JWT (${algorithm}) with the SHA-256 of the body in ${bodyHash.claim}`,
    key,
    header,
    async checkHead(head, check) {
      const claims = await claimsIn(head, check)
      return typeof claims === 'string' ? refused(claims) : { ok: true, signedAt: claims.signedAt }
    },
    async checkBody(delivery, check) {
      const claims = await claimsIn(delivery, check)
      if (typeof claims === 'string') return refused(claims)
      const bytes = hashed(delivery)
      return bytes !== null && isSame(await sha256(bytes), claims.hash)
        ? { ok: true, signedAt: claims.signedAt }
        : refused('wrong')
    },
    async sign(delivery, { key: secret, now }) {
      const bytes = hashed(delivery)
      if (bytes === null) return {}
      const seconds = Math.floor(now / 1_000)
      const token = new SignJWT({
        [bodyHash.claim]: encoded(await sha256(bytes), bodyHash.encoding),
        ...(issuer !== undefined && { iss: issuer }),
        iat: seconds,
        ...(lifetimeMs !== undefined && { nbf: seconds, exp: seconds + lifetimeMs / 1_000 }),
      }).setProtectedHeader({ alg: algorithm, typ: 'JWT' })
      const text = await token.sign(utf8(secret))
      return { [header]: authScheme === null ? text : `${authScheme} ${text}` }
    },
  })
}

/** What a token says with one key, or why it says nothing. */
async function provenClaims(
  token: string,
  secret: string,
  now: number,
  { algorithm, bodyHash, issuer, maxAgeMs, toleranceMs = 0 }: JwtOptions & { algorithm: string },
): Promise<Claims | OriginRefusal> {
  try {
    const { payload } = await jwtVerify(token, utf8(secret), {
      algorithms: [algorithm],
      currentDate: new Date(now),
      clockTolerance: toleranceMs / 1_000,
      requiredClaims: [bodyHash.claim, maxAgeMs === null ? 'exp' : 'iat'],
      ...(issuer !== undefined && { issuer }),
    })
    const written = payload[bodyHash.claim]
    const hash = typeof written === 'string' ? decoded(written, bodyHash.encoding) : null
    const signedAt = (payload.iat ?? payload.nbf ?? payload.exp ?? Number.NaN) * 1_000
    if (hash === null) return 'wrong'
    const verdict = verdictOfAge(signedAt, now, maxAgeMs)
    return verdict.ok ? { hash, signedAt } : verdict.reason
  } catch (error) {
    return isOutOfTime(error) ? 'stale' : 'wrong'
  }
}

/** Whether only the time speaks against a token: jose looks at its signature first. */
function isOutOfTime(error: unknown): boolean {
  if (error instanceof JWTExpired) return true
  return (
    error instanceof JWTClaimValidationFailed &&
    error.claim === 'nbf' &&
    error.reason === 'check_failed'
  )
}
