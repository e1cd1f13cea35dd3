import {
  type Consumer,
  type ConsumerOptions,
  corrected,
  gained,
  ready,
  type Tracker,
} from '@callstate/tracker'
import type { ProviderDataOf } from 'callstate/providers'
import type { bolna } from 'callstate/providers/bolna'
import type { LedgerLine } from './money-ledger.ts'

/** The consumers of the recipe. */
export interface Billing {
  readonly ready: Promise<unknown>
  /** Resolves when nothing is due for any of them. */
  idle(): Promise<void>
  stop(): Promise<void>
}

/** How the consumers work. */
export interface BillingOptions extends Pick<ConsumerOptions, 'leaseMs' | 'everyMs'> {
  /** Makes other consumers of them. */
  readonly suffix?: string
}

/**
 * What the guides say: one consumer sets the amount of (call, attempt) by `ready` and `corrected`, another
 * one takes each extraction. Both write down what they were handed.
 */
export function startBilling(
  tracker: Tracker<typeof bolna>,
  write: (line: LedgerLine) => void | Promise<void>,
  { suffix = '', ...options }: BillingOptions = {},
): Billing {
  const billing = tracker.consume(
    `billing${suffix}`,
    ({ key, callId, attempt, finalData, corrected: change, data }) => {
      const of = { key, callId, attempt, dataOf: attemptIn(data) }
      const cents = finalData?.cost?.amount ?? null
      if (change === null) return write({ fact: 'ready', ...of, cents })
      const before = centsOf(change.before)
      return write({ fact: 'corrected', ...of, cents, before })
    },
    { when: [ready('cost'), corrected('cost')], from: 'start', ...options },
  )
  const crm = tracker.consume(
    `crm${suffix}`,
    ({ key, callId, attempt, data }) =>
      write({ fact: 'extraction', key, callId, attempt, dataOf: attemptIn(data), cents: null }),
    { when: gained('extraction'), from: 'start', ...options },
  )
  const all: readonly Consumer[] = [billing, crm]
  const each = async (what: (consumer: Consumer) => Promise<void>) => {
    await Promise.all(all.map(what))
  }
  return {
    ready: Promise.all(all.map((consumer) => consumer.ready)),
    idle: () => each((consumer) => consumer.idle()),
    stop: () => each((consumer) => consumer.stop()),
  }
}

/** The number in an amount of Bolna's; a value of another field is none. */
function centsOf(value: unknown): number | null {
  if (typeof value !== 'object' || value === null || !('amount' in value)) return null
  return typeof value.amount === 'number' ? value.amount : null
}

/** The attempt of which data are, by their own field; null where it is not said. */
function attemptIn({ retry_count }: ProviderDataOf<typeof bolna>): number | null {
  return retry_count === null || retry_count === undefined ? null : Number(retry_count) + 1
}
