import { CALL_STATUSES, type CallStatus, groupOf, type StatusGroup } from 'callstate'
import type { CallRow } from '../../src/wire.ts'

/** The word under which the list finds calls of which no status of the table was heard. */
export const UNRECOGNIZED = 'unrecognized'

/** What the status filter can ask for. */
export type StatusChoice = CallStatus | typeof UNRECOGNIZED

/** Which calls the list shows; null and false ask for nothing. */
export interface CallFilter {
  /** Any part of the id or the provider's name; upper and lower case are the same. */
  readonly query: string
  readonly status: StatusChoice | null
  readonly group: StatusGroup | null
  readonly provider: string | null
  readonly overdue: boolean
  readonly findings: boolean
}

/** The filter that every call passes. */
export const NO_FILTER: CallFilter = {
  query: '',
  status: null,
  group: null,
  provider: null,
  overdue: false,
  findings: false,
}

/** The choices of the status filter, in the order of the table. */
export const STATUS_CHOICES: readonly StatusChoice[] = [...CALL_STATUSES, UNRECOGNIZED]

/** The choices of the group filter. */
export const GROUP_CHOICES = [
  'successful',
  'unanswered',
  'unsuccessful',
] as const satisfies readonly StatusGroup[]

/** Whether silence about this call, or that its data are missing, has become suspicious at the time `now`. Pure. */
export function isOverdue(row: CallRow, now: number): boolean {
  return isPast(row.dueAt, now) || isPast(row.dataDueAt, now)
}

/** Whether a time by which something should have come is over. Pure. */
export function isPast(dueAt: number | null, now: number): dueAt is number {
  return dueAt !== null && dueAt < now
}

/** Whether the filter asks for anything. Pure. */
export function isFiltering(filter: CallFilter): boolean {
  return (
    filter.query.trim() !== '' ||
    filter.status !== null ||
    filter.group !== null ||
    filter.provider !== null ||
    filter.overdue ||
    filter.findings
  )
}

/** The filter as a function that is asked 50,000 times: what can be done once is done here. Pure. */
export function callMatcher(filter: CallFilter, now: number): (row: CallRow) => boolean {
  const { status, group, provider, overdue, findings } = filter
  const text = filter.query.trim()
  // Twice as fast as making every id lower case, and as remembering what that gave.
  const query = new RegExp(text.replace(/[^\w\s]/g, '\\$&'), 'i')
  const wanted = status === UNRECOGNIZED ? null : status
  return (row) =>
    (!findings || row.findings > 0) &&
    (status === null || row.status === wanted) &&
    (group === null || (row.status !== null && groupOf(row.status) === group)) &&
    (provider === null || row.provider === provider) &&
    (!overdue || isOverdue(row, now)) &&
    (text === '' || query.test(row.callId) || query.test(row.provider))
}
