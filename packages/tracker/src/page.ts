import {
  CALL_STATUSES,
  type CallStatus,
  isIntermediate,
  LIFECYCLE,
  type Phase,
  type StatusClass,
  type StatusGroup,
} from 'callstate'
import { TrackerError } from './error.ts'
import type { ListOrder, ListPosition, Store, StoreQuery } from './store.ts'
import type { TrackedCall } from './tracked-call.ts'

/** Calls on one page, unless `limit` says otherwise; and at most. */
export const PAGE_SIZE = 50
export const MAX_PAGE_SIZE = 1000

/** Which calls to list; every condition must hold. Times in ms since 1970, by our clock. */
export interface ListQuery {
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
  /** Calls on the page, 1 to `MAX_PAGE_SIZE`. */
  readonly limit?: number
  /** Where the page begins: `next` of the page before. */
  readonly cursor?: string | null
}

/** Some of a list, and where it goes on. */
export interface Page<Item> {
  readonly items: readonly Item[]
  /** The cursor of the next page; null on the last one. */
  readonly next: string | null
}

/** One page of calls, the newest first or the longest overdue first. */
export async function listCalls(
  store: Store,
  query: ListQuery,
  { order = 'newest', dueBy }: { readonly order?: ListOrder; readonly dueBy?: number } = {},
): Promise<Page<TrackedCall>> {
  const limit = query.limit ?? PAGE_SIZE
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_PAGE_SIZE) {
    throw new TrackerError(
      'invalid-option',
      `Expected "limit" to be a whole number from 1 to ${MAX_PAGE_SIZE}; got another value.`,
    )
  }
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
    after: readCursor(query.cursor ?? null, order),
    limit: limit + 1,
  }
  const rows = await store.list(wanted)
  const items = rows.slice(0, limit)
  const last = rows.length > limit ? items.at(-1) : undefined
  return { items, next: last === undefined ? null : writeCursor(last, order) }
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

function writeCursor(row: TrackedCall, order: ListOrder): string {
  const at = order === 'newest' ? row.firstReceivedAt : row.dueAt
  const position = [order, at, row.provider, row.callId]
  return Buffer.from(JSON.stringify(position)).toString('base64url')
}

function readCursor(cursor: string | null, order: ListOrder): ListPosition | null {
  if (cursor === null) return null
  try {
    const [of, at, provider, callId] = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    const isPosition = typeof provider === 'string' && typeof callId === 'string'
    if (of === order && Number.isSafeInteger(at) && isPosition) return { at, provider, callId }
  } catch {
    // Answered below, like any other text that is no cursor.
  }
  throw new TrackerError(
    'invalid-option',
    'Expected "cursor" to be the "next" of a page of the same list; got something else. Leave it out for the first page.',
  )
}

/** Throws a `TrackerError` with code `invalid-option` for what is no time in whole milliseconds. */
export function assertTime(name: string, time: unknown): void {
  if (Number.isSafeInteger(time)) return
  throw new TrackerError(
    'invalid-option',
    `Expected "${name}" in whole milliseconds since 1970; got another value.`,
  )
}
