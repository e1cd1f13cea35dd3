import {
  type Consumer,
  type ConsumerOptions,
  corrected,
  gained,
  ready,
  type Tracker,
} from '@callstate/tracker'
import type { bolna } from 'callstate/providers/bolna'
import type { LedgerLine } from './money-ledger.ts'

/** The consumers of the recipe. */
export interface Billing {
  readonly ready: Promise<unknown>
  /** Resolves when nothing is due for any of them. */
  idle(): Promise<void>
  stop(): Promise<void>
}

/**
 * What the guides say: one consumer sets the amount of (call, attempt) by `ready` and `corrected`, another
 * one takes each extraction. Both write down what they were handed.
 */
export function startBilling(
  tracker: Tracker<typeof bolna>,
  write: (line: LedgerLine) => void | Promise<void>,
  options: Pick<ConsumerOptions, 'leaseMs' | 'everyMs' | 'concurrency'> = {},
): Billing {
  const billing = tracker.consume(
    'billing',
    ({ key, callId, attempt, finalData, corrected: change }) => {
      const cents = finalData?.cost?.amount ?? null
      if (change === null) return write({ fact: 'ready', key, callId, attempt, cents })
      const before = centsOf(change.before)
      return write({ fact: 'corrected', key, callId, attempt, cents, before })
    },
    { when: [ready('cost'), corrected('cost')], from: 'start', ...options },
  )
  const crm = tracker.consume(
    'crm',
    ({ key, callId, attempt }) => write({ fact: 'extraction', key, callId, attempt, cents: null }),
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
