import {
  bitOf,
  bitsOf,
  highestStatus,
  type StatusBits,
  TERMINAL_BITS,
  WAITING_BITS,
} from './bits.ts'
import type { AttemptRecord } from './call.ts'
import type { CallStatus } from './lifecycle.ts'

/**
 * Which end counts where several were heard, because a carrier or a network contradicts itself. If
 * the line was up, a call that went through is the likelier truth; otherwise one that did not. The
 * order is our reading, fixed so that every order of arrival ends in the same status.
 */
const ENDS_AFTER_LINE_UP: readonly CallStatus[] = [
  'completed',
  'error',
  'failed',
  'stopped',
  'canceled',
  'busy',
  'no-answer',
  'balance-low',
]
const ENDS_WITHOUT_LINE: readonly CallStatus[] = [
  'balance-low',
  'busy',
  'no-answer',
  'canceled',
  'stopped',
  'failed',
  'error',
  'completed',
]

export const LINE_UP_BITS: StatusBits = /* @__PURE__ */ bitsOf(['in-progress', 'call-disconnected'])

/** The status of an attempt as a pure function of what is known of it; null where nothing is. */
export function statusByEvidence(record: AttemptRecord): CallStatus | null {
  const { bits } = record
  const ends = bits & TERMINAL_BITS
  if (ends !== 0) {
    if ((ends & (ends - 1)) === 0) return highestStatus(ends)
    const order = (bits & LINE_UP_BITS) !== 0 ? ENDS_AFTER_LINE_UP : ENDS_WITHOUT_LINE
    return order.find((status) => (ends & bitOf(status)) !== 0) ?? null
  }
  const beyondWaiting = bits & ~WAITING_BITS
  if (beyondWaiting !== 0) return highestStatus(beyondWaiting)
  // The waiting statuses legally go back and forth: the latest provider time, then the table, decides.
  let status: CallStatus | null = null
  let at: number | null = null
  for (const sighting of record.seen) {
    const { lastAt } = sighting
    if (status === null || at === null || (lastAt !== null && lastAt >= at)) {
      status = sighting.status
      at = lastAt
    }
  }
  return status
}
