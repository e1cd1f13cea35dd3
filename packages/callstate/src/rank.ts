import type { CallStatus } from './lifecycle.ts'

/** The type of `List` where it names each of `All`; else nothing has it. */
export type Complete<All, List extends readonly All[]> =
  Exclude<All, List[number]> extends never ? List : never

const RANKS = [
  'scheduled',
  'prepared',
  'queued',
  'rescheduled',
  'initiated',
  'ringing',
  'in-progress',
  'call-disconnected',
  'completed',
  'balance-low',
  'busy',
  'no-answer',
  'canceled',
  'failed',
  'stopped',
  'error',
] as const satisfies readonly CallStatus[]

/**
 * Every status, the least far along first. This is said here, and not by the order of the table, so that a
 * new status, wherever it stands, changes nothing about the others. Between waiting statuses, which go back
 * and forth, it decides where provider times do not; between ends it only says which is named first (which
 * one counts is the evidence rule's).
 */
export const STATUSES_BY_RANK: readonly CallStatus[] = RANKS satisfies Complete<
  CallStatus,
  typeof RANKS
>

/**
 * How far along an attempt with this status is. Compare it; its value means nothing and is not to be
 * stored. Pure.
 *
 * @example
 * rankOf('in-progress') > rankOf('ringing') // true
 */
export function rankOf(status: CallStatus): number {
  return STATUSES_BY_RANK.indexOf(status)
}

/** Sorts what has a status, the least far along first. */
export function byRank(a: { readonly status: CallStatus }, b: { readonly status: CallStatus }) {
  return rankOf(a.status) - rankOf(b.status)
}
