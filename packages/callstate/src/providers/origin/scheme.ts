import type { Delivery, DeliveryHead, DeliveryHeaders } from '../message.ts'

/**
 * Why a proof of origin is refused: there is none, it does not fit, or it fits and is too old (or too
 * far ahead) to be a delivery of now.
 */
export type OriginRefusal = 'missing' | 'wrong' | 'stale'

/** What a scheme found. */
export type OriginVerdict =
  | {
      readonly ok: true
      /** When it was signed by the provider's clock, in milliseconds since 1970, where that is said. */
      readonly signedAt?: number
      /** What was proven, where that is not the body as it came but another form of it. */
      readonly proven?: Uint8Array
    }
  | { readonly ok: false; readonly reason: OriginRefusal }

/** What a delivery is checked with. */
export interface OriginCheck {
  /** Secrets or public keys; one of them must fit: an old one beside its successor, or a vendor's alternatives. */
  readonly keys: readonly string[]
  /** Our clock, in milliseconds since 1970. */
  readonly now: number
}

type MayWait<Value> = Value | Promise<Value>

/**
 * One way in which a provider proves that a delivery is its own: data and functions without a clock of
 * their own. Where a provider has several schemes, all must pass; what a vendor offers as alternatives is
 * one scheme with several keys.
 */
export interface OriginScheme {
  /** Names it among the schemes of its provider: `signature`, `token`. */
  readonly name: string
  /** What it is, in words: `hex HMAC-SHA256 of the body`. */
  readonly title: string
  /** What a key of it is, in words: `the secret with which Acme signs`. */
  readonly key: string
  /** The header that brings the proof, in lower case; null where it comes in another way. */
  readonly header: string | null
  /**
   * Looks at all but the body, before the body is read: what is missing or malformed is refused here,
   * and a scheme that does not depend on the body answers in full. Never throws.
   */
  checkHead(head: DeliveryHead, check: OriginCheck): MayWait<OriginVerdict>
  /** Looks at the body too, after `checkHead` passed; left out where the body does not matter. Never throws. */
  checkBody?(delivery: Delivery, check: OriginCheck): MayWait<OriginVerdict>
  /** The headers that prove this delivery: how tests and the emulator send one. */
  sign?(
    delivery: Delivery,
    signing: { readonly key: string; readonly now: number },
  ): MayWait<DeliveryHeaders>
}

/** The answer of a scheme that refuses. */
export function refused(reason: OriginRefusal): OriginVerdict & { readonly ok: false } {
  return { ok: false, reason }
}

/** The answer of a scheme that has nothing against a delivery. */
export const PASSED: OriginVerdict = { ok: true }
