import {
  CALL_STATUSES,
  type CallStatus,
  isIntermediate,
  LIFECYCLE,
  type Phase,
  type StatusClass,
  type StatusGroup,
} from 'callstate'
import { assertTime } from '../assert-number.ts'
import type { ListOrder, ListPosition, Store, StoreQuery } from '../store.ts'
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

/** One page of calls, the newest first or the longest overdue first. */
export async function listCalls(
  store: Store,
  query: ListQuery,
  { order = 'newest', dueBy }: { readonly order?: ListOrder; readonly dueBy?: number } = {},
): Promise<Page<TrackedCall>> {
  const limit = limitOf(query)
  const { provider, settled, openedFrom, openedBefore, quietSince } = query
  for (const [name, time] of Object.entries({ openedFrom, openedBefore, quietSince, now: dueBy })) {
    if (time !== undefined) assertTime(name, time)
  }
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
    ...(dueBy !== undefined && { dueBy }),
    order,
    after: readCursor(query, (parts) => positionIn(parts, order)),
    limit: limit + 1,
  }
  return pageOf(await store.list(wanted), limit, (last) => {
    const at = order === 'newest' ? last.firstReceivedAt : last.dueAt
    return [order, at, last.provider, last.callId]
  })
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
  order: ListOrder,
): ListPosition | null {
  if (of !== order || typeof at !== 'number' || !Number.isSafeInteger(at)) return null
  if (typeof provider !== 'string' || typeof callId !== 'string') return null
  return { at, provider, callId }
}
