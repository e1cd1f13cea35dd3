import type { AttemptTruth, Truth } from '@callstate/emulator'
import { attemptName, type Charges } from './billing.ts'

/** How many attempts, and how much. */
export interface Sum {
  readonly attempts: number
  readonly amount: number
}

/** The emulator's costs beside what was charged. Only Bolna tells costs, in cents. */
export interface Money {
  /** What the attempts that ended truly cost. */
  readonly truth: Sum
  /** What is charged. */
  readonly charged: Sum
  /** What those truly cost that are listed, since nobody told their cost. */
  readonly missing: Sum
  /** Corrections that nobody was told, of attempts that are charged. */
  readonly untold: Sum
  /** Attempts that cost something and are neither charged nor listed, or both. */
  readonly wrong: number
}

/** Sums closer than this are the same: cents have binary fractions. */
const NEAR = 1e-6

/** Holds the charges and the list of what is missing against the truth. Pure. */
export function moneyOf(truth: Truth, charges: Charges, missing: ReadonlySet<string>): Money {
  const attempts = truth.calls.flatMap(({ provider, id, attempts: own }) =>
    own.map((one) => ({ name: attemptName(provider, id, one.attempt), cost: lastCostOf(one) })),
  )
  const costly = attempts.filter(({ cost }) => cost > 0)
  const charged = attempts.flatMap(({ name }) => charges.get(name) ?? []).filter((cost) => cost > 0)
  const listed = attempts.filter(({ name }) => missing.has(name))
  const untold = attempts.flatMap(({ name, cost }) => {
    const difference = cost - (charges.get(name) ?? cost)
    return Math.abs(difference) > NEAR ? [difference] : []
  })
  const wrong = costly.filter(({ name }) => charges.has(name) === missing.has(name)).length
  return {
    truth: sumOf(costly.map(({ cost }) => cost)),
    charged: sumOf(charged),
    missing: sumOf(listed.map(({ cost }) => cost)),
    untold: sumOf(untold),
    wrong,
  }
}

/** Whether every cost is accounted for. Pure. */
export function addsUp({ truth, charged, missing, untold, wrong }: Money): boolean {
  const found = charged.amount + missing.amount + untold.amount
  return wrong === 0 && Math.abs(found - truth.amount) <= NEAR
}

/** What the provider said last that an attempt cost. */
function lastCostOf({ amount, corrections }: AttemptTruth): number {
  return (corrections.at(-1)?.amount ?? amount)?.amount ?? 0
}

function sumOf(amounts: readonly number[]): Sum {
  return {
    attempts: amounts.length,
    amount: amounts.reduce((sum, amount) => sum + amount, 0),
  }
}
