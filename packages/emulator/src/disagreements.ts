import type { CallTruth, Truth } from './truth.ts'

/** A call about which a receiver does not believe what is true. */
export interface Disagreement {
  readonly provider: string
  readonly id: string
  /** The status that the call truly has. */
  readonly truth: string
  /** The status that the receiver believes; null where it never heard of the call. */
  readonly belief: string | null
}

/**
 * The calls whose true status is not the one that a receiver believes, in the order of the truth: none
 * when the integration has got everything right. `beliefOf` answers the status that the receiver has of
 * a call, and null or undefined where it has none. Pure where `beliefOf` is.
 *
 * @example
 * disagreements(emulator.truth(), ({ id }) => rows.get(id)?.status)
 */
export function disagreements(
  { calls }: Pick<Truth, 'calls'>,
  beliefOf: (call: CallTruth) => string | null | undefined,
): readonly Disagreement[] {
  return calls.flatMap((call) => {
    const belief = beliefOf(call) ?? null
    if (belief === call.status) return []
    return [{ provider: call.provider, id: call.id, truth: call.status, belief }]
  })
}
