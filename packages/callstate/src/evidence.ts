import { bitOf, bitsOf, furthestOf, type StatusBits, TERMINAL_BITS, WAITING_BITS } from './bits.ts'
import type { AttemptRecord, Sighting } from './call.ts'
import { CALL_STATUSES, type CallStatus, LIFECYCLE, type TerminalStatus } from './lifecycle.ts'
import { type Complete, rankOf } from './rank.ts'

/**
 * Which end counts where several were heard, because a carrier or a network contradicts itself: the first
 * of these. If the line was up, a call that went through is the likelier truth; otherwise one that did not.
 * The order is our reading, fixed so that every order of arrival ends in the same status.
 */
const AFTER_LINE_UP = [
  'completed',
  'error',
  'failed',
  'stopped',
  'canceled',
  'busy',
  'no-answer',
  'balance-low',
] as const satisfies readonly TerminalStatus[]

const WITHOUT_LINE = [
  'balance-low',
  'busy',
  'no-answer',
  'canceled',
  'stopped',
  'failed',
  'error',
  'completed',
] as const satisfies readonly TerminalStatus[]

const ENDS: {
  readonly afterLineUp: readonly TerminalStatus[]
  readonly withoutLine: readonly TerminalStatus[]
} = {
  afterLineUp: AFTER_LINE_UP satisfies Complete<TerminalStatus, typeof AFTER_LINE_UP>,
  withoutLine: WITHOUT_LINE satisfies Complete<TerminalStatus, typeof WITHOUT_LINE>,
}

/** The line is up, or was: the person, or a machine, had answered. */
export const LINE_UP_BITS: StatusBits = /* @__PURE__ */ bitsOf(
  /* @__PURE__ */ CALL_STATUSES.filter((status) => {
    const { phase } = LIFECYCLE[status]
    return phase === 'connected' || phase === 'wrapping-up'
  }),
)

/** The status of an attempt as a pure function of what is known of it, in whatever order; null where nothing is. */
export function statusByEvidence(record: AttemptRecord): CallStatus | null {
  const { bits } = record
  const ends = bits & TERMINAL_BITS
  if (ends !== 0) {
    if ((ends & (ends - 1)) === 0) return furthestOf(ends)
    const order = (bits & LINE_UP_BITS) !== 0 ? ENDS.afterLineUp : ENDS.withoutLine
    return order.find((status) => (ends & bitOf(status)) !== 0) ?? null
  }
  if ((bits & ~WAITING_BITS) !== 0) return furthestOf(bits)
  // The waiting statuses legally go back and forth: the latest provider time, then the rank, decides.
  let found: Sighting | null = null
  for (const sighting of record.seen) {
    if (found === null || isAfter(sighting, found)) found = sighting
  }
  return found === null ? null : found.status
}

/** Whether of two waiting statuses this one is the later. One without a time comes before one with a time. */
function isAfter(one: Sighting, other: Sighting): boolean {
  if (one.lastAt === other.lastAt) return rankOf(one.status) > rankOf(other.status)
  return other.lastAt === null || (one.lastAt !== null && one.lastAt > other.lastAt)
}
