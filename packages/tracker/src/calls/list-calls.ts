import {
  CALL_STATUSES,
  type CallStatus,
  isIntermediate,
  LIFECYCLE,
  type Phase,
  type StatusClass,
  type StatusGroup,
} from 'callstate'
import type { FinalField } from 'callstate/providers'
import { assertTime } from '../assert-number.ts'
import { TrackerError } from '../error.ts'
import type { ListPosition, Store, StoreQuery } from '../store.ts'
import { limitOf, type Page, type PageQuery, pageOf, readCursor } from './page.ts'
import type { TrackedCall } from './tracked-call.ts'

/** Which calls to list; every condition must hold. Times in ms since 1970, by our clock. */
export interface ListQuery extends PageQuery {
  readonly provider?: string
  /** The status now; null for calls of which only words outside the table were heard. */
  readonly status?: CallStatus | null
  readonly class?: StatusClass
  readonly phase?: Phase
  readonly group?: StatusGroup
  readonly settled?: boolean
  /** First heard of at this time or later. */
  readonly openedFrom?: number
  /** First heard of before this time. */
  readonly openedBefore?: number
  /** Nothing new was heard since this time. */
  readonly quietSince?: number
}

/** Why a call is overdue: nothing was heard for too long, or it is over without the data that are expected. */
export type OverdueReason = 'silent' | 'data'

/** Which overdue calls to list. */
export interface OverdueQuery extends ListQuery {
  /** Those that are overdue for this reason; for either when left out. */
  readonly why?: OverdueReason
  /** Overdue at this time; now when left out. */
  readonly now?: number
}

/** A call that is overdue, and why. */
export interface OverdueCall extends TrackedCall {
  /** One reason at least. */
  readonly why: readonly OverdueReason[]
  /** The expected data that are overdue, by attempt. */
  readonly missing: readonly {
    readonly attempt: number
    readonly fields: readonly FinalField[]
  }[]
}

/** One page of calls, the newest first. */
export async function listCalls(store: Store, query: ListQuery): Promise<Page<TrackedCall>> {
  const positionOf = (row: TrackedCall) => row.firstReceivedAt
  return pageOfCalls(store, query, { order: 'newest', positionOf })
}

/** One page of overdue calls, the longest overdue first. */
export async function listOverdue(
  store: Store,
  { why, now: by, ...query }: OverdueQuery & { readonly now: number },
): Promise<Page<OverdueCall>> {
  assertTime('now', by)
  if (why !== undefined && !REASONS.includes(why)) {
    throw new TrackerError(
      'invalid-option',
      'Expected "why" to be "silent" or "data"; got another value.',
    )
  }
  const page = await pageOfCalls(store, query, {
    order: 'due',
    overdue: { by, ...(why !== undefined && { why }) },
    positionOf: (row) => dueFor(row, why),
  })
  return { ...page, items: page.items.map((row) => overdueCall(row, by)) }
}

const REASONS: readonly OverdueReason[] = ['silent', 'data']

/** When a row is due, for a reason or for the first of both. */
function dueFor({ dueAt, dataDueAt }: TrackedCall, why: OverdueReason | undefined): number | null {
  if (why !== undefined) return why === 'silent' ? dueAt : dataDueAt
  return dueAt === null || dataDueAt === null ? (dueAt ?? dataDueAt) : Math.min(dueAt, dataDueAt)
}

function overdueCall(row: TrackedCall, by: number): OverdueCall {
  const isPast = (at: number | null) => at !== null && at <= by
  const missing = row.attempts
    .filter(({ dataDueAt }) => isPast(dataDueAt))
    .map(({ attempt, missing: fields }) => ({ attempt, fields }))
  return { ...row, why: REASONS.filter((why) => isPast(dueFor(row, why))), missing }
}

interface PageOrder extends Pick<StoreQuery, 'order' | 'overdue'> {
  /** The time that the order goes by. */
  readonly positionOf: (row: TrackedCall) => number | null
}

async function pageOfCalls(
  store: Store,
  query: ListQuery,
  { order, overdue, positionOf }: PageOrder,
): Promise<Page<TrackedCall>> {
  const limit = limitOf(query)
  const { provider, settled, openedFrom, openedBefore, quietSince } = query
  for (const [name, time] of Object.entries({ openedFrom, openedBefore, quietSince })) {
    if (time !== undefined) assertTime(name, time)
  }
  // The cursor of one order means nothing in another.
  const list = overdue?.why === undefined ? order : `${order} ${overdue.why}`
  const statuses = statusesOf(query)
  if (statuses?.length === 0) return { items: [], next: null }
  const wanted: StoreQuery = {
    ...(provider !== undefined && { provider }),
    ...(statuses !== null && { statuses }),
    ...(settled !== undefined && { settled }),
    // A hint for the store: an intermediate call is never settled, and open calls are few.
    ...(settled === undefined &&
      statuses !== null &&
      areIntermediate(statuses) && { settled: false }),
    ...(openedFrom !== undefined && { openedFrom }),
    ...(openedBefore !== undefined && { openedBefore }),
    ...(quietSince !== undefined && { quietSince }),
    ...(overdue !== undefined && { overdue }),
    order,
    after: readCursor(query, (parts) => positionIn(parts, list)),
    limit: limit + 1,
  }
  return pageOf(await store.list(wanted), limit, (last) => [
    list,
    positionOf(last),
    last.provider,
    last.callId,
  ])
}

/** The statuses for which every condition holds; null where there is none to hold. */
function statusesOf(query: ListQuery): readonly (CallStatus | null)[] | null {
  const { status, phase, group } = query
  const wantsAny = [status, query.class, phase, group].every((one) => one === undefined)
  if (wantsAny) return null
  return [...CALL_STATUSES, null].filter((one) => {
    const entry = one === null ? null : LIFECYCLE[one]
    return (
      (status === undefined || status === one) &&
      (query.class === undefined || query.class === entry?.class) &&
      (phase === undefined || phase === entry?.phase) &&
      (group === undefined || group === entry?.group)
    )
  })
}

function areIntermediate(statuses: readonly (CallStatus | null)[]): boolean {
  return statuses.every((status) => status !== null && isIntermediate(status))
}

function positionIn(
  [of, at, provider, callId]: readonly unknown[],
  list: string,
): ListPosition | null {
  if (of !== list || typeof at !== 'number' || !Number.isSafeInteger(at)) return null
  if (typeof provider !== 'string' || typeof callId !== 'string') return null
  return { at, provider, callId }
}
