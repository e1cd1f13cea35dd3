import type { Amount } from 'callstate/providers'
import { type CallTruth, lastAmountOf, type Truth } from './truth.ts'

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

/** An attempt about whose cost a receiver does not believe what is true. */
export interface AmountDisagreement {
  readonly provider: string
  readonly id: string
  readonly attempt: number
  /** What the provider said last that it cost. */
  readonly truth: Amount
  /** The number that the receiver believes; null where it knows of none. */
  readonly belief: number | null
}

/** Where two amounts are this near, they are one: sums of binary fractions have a tail. */
const NEAR = 1e-6

/**
 * The attempts whose true cost is not the one that a receiver believes, in the order of the truth. An
 * attempt that cost nothing may be one that the receiver knows no cost of. Where a webhook was lost that
 * told of a correction, or of an attempt before the latest, nobody could know it. Pure where `beliefOf` is.
 *
 * @example
 * amountDisagreements(emulator.truth(), ({ id }, attempt) => billed.get(`${id}/${attempt}`))
 */
export function amountDisagreements(
  { calls }: Pick<Truth, 'calls'>,
  beliefOf: (call: CallTruth, attempt: number) => number | null | undefined,
): readonly AmountDisagreement[] {
  return calls.flatMap((call) =>
    call.attempts.flatMap((one) => {
      const truth = lastAmountOf(one)
      const belief = beliefOf(call, one.attempt) ?? null
      if (truth === null || Math.abs((belief ?? 0) - truth.amount) <= NEAR) return []
      return [{ provider: call.provider, id: call.id, attempt: one.attempt, truth, belief }]
    }),
  )
}
