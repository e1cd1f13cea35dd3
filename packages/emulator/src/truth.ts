import type { CallStatus, TerminalStatus } from 'callstate'
import type { Amount } from 'callstate/providers'
import type { CallStep } from './call.ts'
import type { Fate } from './fate.ts'
import type { Mishap, Weather } from './weather.ts'

// Every time is in milliseconds since 1970, by the emulator's clock.

/** What the emulator truly did, as plain JSON: what a receiver's belief can be compared with. */
export interface Truth {
  readonly seed: string
  readonly now: number
  readonly weather: Weather
  readonly totals: Totals
  /** By provider, and then in the order in which they were placed. */
  readonly calls: readonly CallTruth[]
  /** Webhooks that are about no single call, such as those of batches. */
  readonly deliveries: readonly DeliveryTruth[]
}

/** What became of one call. */
export interface CallTruth {
  readonly provider: string
  readonly id: string
  /** The latest status, and the final one where `isSettled`. */
  readonly status: CallStatus
  readonly attempt: number
  readonly isSettled: boolean
  /** What was planned for the latest attempt. */
  readonly fate: Fate
  readonly direction: 'inbound' | 'outbound'
  /** Every status that it took on, the first one first. */
  readonly history: readonly CallStep[]
  /** The first one first; never empty. */
  readonly attempts: readonly AttemptTruth[]
  readonly deliveries: readonly DeliveryTruth[]
}

/** What one attempt brought: its own data, whatever a later attempt's record says. */
export interface AttemptTruth {
  readonly attempt: number
  /** Null while it goes on. */
  readonly end: TerminalStatus | null
  /** What its record said at its end that it cost; null before, and where the provider tells no cost. */
  readonly amount: Amount | null
  /** When its record held what was extracted from the conversation; null where it never did. */
  readonly extraction: { readonly at: number } | null
  /** What the provider said later that it cost instead, the first one first; the last one holds. */
  readonly corrections: readonly CorrectionTruth[]
}

/** A cost that took the place of the one before. */
export interface CorrectionTruth {
  readonly at: number
  readonly amount: Amount
}

/** One webhook and what happened on its way. */
export interface DeliveryTruth {
  /** The step that it says; or what it is about, where that is no call. */
  readonly event: CallStep | string
  /** When the sender made it. */
  readonly at: number
  readonly isFinal: boolean
  readonly mishaps: readonly Mishap[]
  /**
   * `lost`: the weather took it. `delivered`: at least one try reached the receiver and was answered
   * with 2xx. `failed`: the sender gave up. `pending`: tries go on or are to come.
   */
  readonly outcome: 'lost' | 'delivered' | 'failed' | 'pending'
  readonly tries: readonly TryTruth[]
}

/** One request to the receiver. */
export interface TryTruth {
  /** 1, or 2 for the second of a duplicate. */
  readonly copy: number
  /** 1 for the first try of the copy. */
  readonly try: number
  readonly at: number
  /** The address that it was said to come from; null where the provider has none. */
  readonly sourceAddress: string | null
  /**
   * The HTTP status of the answer as the receiver gave it; null where none came. With the mishap
   * `slow` the sender did not see it.
   */
  readonly answer: number | null
  /** How the sender took it. */
  readonly outcome: 'delivered' | 'refused' | 'timed-out' | 'unreachable' | 'aborted'
}

/** Sums over the truth. */
export interface Totals {
  readonly calls: number
  readonly settled: number
  /** Calls by their latest status. */
  readonly statuses: Readonly<Partial<Record<CallStatus, number>>>
  /** What all attempts cost, with their corrections: a sum for each provider and its currency or unit. */
  readonly amounts: readonly AmountSum[]
  /** Costs that were corrected. */
  readonly corrections: number
  readonly deliveries: number
  readonly outcomes: Readonly<Record<DeliveryTruth['outcome'], number>>
  readonly mishaps: Readonly<Partial<Record<Mishap, number>>>
  /** Requests to receivers in all. */
  readonly tries: number
  /** Requests that repeat what the receiver had already answered. */
  readonly repeats: number
}

/** What a provider's calls cost in one currency or unit. */
export interface AmountSum extends Amount {
  readonly provider: string
}

/** What an attempt cost as its provider said it last; null where nothing was said. Pure. */
export function lastAmountOf({ amount, corrections }: AttemptTruth): Amount | null {
  return corrections.at(-1)?.amount ?? amount
}

/** Adds everything up. Pure. */
export function totalsOf(calls: readonly CallTruth[], others: readonly DeliveryTruth[]): Totals {
  const deliveries = [...calls.flatMap((call) => call.deliveries), ...others]
  const outcomes = { lost: 0, delivered: 0, failed: 0, pending: 0 }
  for (const { outcome } of deliveries) outcomes[outcome]++
  const arrivals = (delivery: DeliveryTruth) =>
    delivery.tries.filter(({ answer }) => answer !== null).length
  return {
    calls: calls.length,
    settled: calls.filter(({ isSettled }) => isSettled).length,
    statuses: countOf(calls.map(({ status }) => status)),
    amounts: sumsOf(calls),
    corrections: calls.reduce(
      (sum, { attempts }) => sum + attempts.reduce((own, one) => own + one.corrections.length, 0),
      0,
    ),
    deliveries: deliveries.length,
    outcomes,
    mishaps: countOf(deliveries.flatMap(({ mishaps }) => mishaps)),
    tries: deliveries.reduce((sum, { tries }) => sum + tries.length, 0),
    repeats: deliveries.reduce((sum, one) => sum + Math.max(0, arrivals(one) - 1), 0),
  }
}

/** A delivery as it is now, as plain data. Pure. */
export function copyOfDelivery(delivery: DeliveryTruth): DeliveryTruth {
  const { event, at, isFinal, mishaps, outcome, tries } = delivery
  return {
    event: typeof event === 'string' ? event : { ...event },
    at,
    isFinal,
    mishaps: [...mishaps],
    outcome,
    tries: tries.map((one) => ({ ...one })),
  }
}

/** A call as it is now, as plain data. Pure. */
export function copyOfCall(call: CallTruth): CallTruth {
  return {
    ...call,
    history: call.history.map((step) => ({ ...step })),
    attempts: call.attempts.map(copyOfAttempt),
    deliveries: call.deliveries.map(copyOfDelivery),
  }
}

function copyOfAttempt({
  attempt,
  end,
  amount,
  extraction,
  corrections,
}: AttemptTruth): AttemptTruth {
  return {
    attempt,
    end,
    amount: amount && { ...amount },
    extraction: extraction && { ...extraction },
    corrections: corrections.map(({ at, amount: corrected }) => ({ at, amount: { ...corrected } })),
  }
}

/** Binary fractions add up to sums with a tail, which no provider bills. */
const BILLED_PARTS = 1_000_000

function sumsOf(calls: readonly CallTruth[]): readonly AmountSum[] {
  const sums = new Map<string, AmountSum>()
  for (const { provider, attempts } of calls) {
    for (const attempt of attempts) {
      const last = lastAmountOf(attempt)
      if (last === null) continue
      const name = JSON.stringify([provider, last.currency, last.unit])
      const amount = (sums.get(name)?.amount ?? 0) + last.amount
      sums.set(name, { provider, ...last, amount })
    }
  }
  return [...sums.values()].map((sum) => {
    return { ...sum, amount: Math.round(sum.amount * BILLED_PARTS) / BILLED_PARTS }
  })
}

function countOf<Word extends string>(words: readonly Word[]): Partial<Record<Word, number>> {
  const counts: Partial<Record<Word, number>> = {}
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1
  return counts
}
