import { CALL_STATUSES, type CallStatus } from './lifecycle.ts'

/**
 * How far along an attempt is, by its status. It is said here, and not by the order of the table, so that a
 * new status, wherever it stands, changes nothing about the others. Between waiting statuses, which go back
 * and forth, it decides where provider times do not; between ends it only says which is named first (which
 * one counts is the evidence rule's).
 */
const RANK = {
  scheduled: 0,
  prepared: 1,
  queued: 2,
  rescheduled: 3,
  initiated: 4,
  ringing: 5,
  'in-progress': 6,
  'call-disconnected': 7,
  completed: 8,
  'balance-low': 9,
  busy: 10,
  'no-answer': 11,
  canceled: 12,
  failed: 13,
  stopped: 14,
  error: 15,
} as const satisfies Record<CallStatus, number>

/**
 * How far along an attempt with this status is: more than another, less, or as far only where the two are
 * the same. Compare it; its value means nothing and is not to be stored. Pure.
 *
 * @example
 * rankOf('in-progress') > rankOf('ringing') // true
 */
export function rankOf(status: CallStatus): number {
  return RANK[status]
}

/** Sorts what has a status, the least far along first. */
export function byRank(a: { readonly status: CallStatus }, b: { readonly status: CallStatus }) {
  return RANK[a.status] - RANK[b.status]
}

/** Every status, the least far along first. */
export const STATUSES_BY_RANK: readonly CallStatus[] = /* @__PURE__ */ CALL_STATUSES.toSorted(
  (a, b) => RANK[a] - RANK[b],
)
