import type { CallRow } from '../../src/wire.ts'
import { type CallFilter, callMatcher, isFiltering, isOverdue, NO_FILTER } from './call-filter.ts'
import { type CallOrder, compareCalls, mergeCalls } from './call-order.ts'

/** All calls that the page knows, sorted and filtered, kept so while they change. */
export interface CallIndex {
  readonly rows: ReadonlyMap<string, CallRow>
  /** Every call in order. */
  readonly sorted: readonly CallRow[]
  /** The calls that pass the filter, in order; a new array whenever one of them changed. */
  readonly shown: readonly CallRow[]
  /** Takes in calls that are new or have changed, and drops those that are gone. */
  update(rows: readonly CallRow[], gone: readonly string[], now: number): void
  /** Sorts and filters in another way; also asked again as time passes, for what becomes overdue. */
  show(filter: CallFilter, order: CallOrder, now: number): void
  /** How many calls are overdue at the time `now`. */
  countOverdue(now: number): number
  /** Forgets every call. */
  clear(): void
}

/**
 * Makes an index. Its lists are at any time what filtering and sorting all calls from scratch would
 * give, but an update costs one pass over them and a sort of what has changed.
 */
export function createCallIndex(): CallIndex {
  const rows = new Map<string, CallRow>()
  let sorted: readonly CallRow[] = []
  let shown: readonly CallRow[] = []
  let filter = NO_FILTER
  let order: CallOrder = 'findings'

  return {
    rows,
    get sorted() {
      return sorted
    },
    get shown() {
      return shown
    },
    update(changed, gone, now) {
      const stale = new Set<CallRow>()
      // Of a call that comes twice in one update, the last one counts.
      const fresh = new Map<string, CallRow>()
      for (const row of changed) {
        forget(rows.get(row.key), stale)
        fresh.set(row.key, row)
      }
      for (const key of gone) {
        forget(rows.get(key), stale)
        rows.delete(key)
        fresh.delete(key)
      }
      for (const row of fresh.values()) rows.set(row.key, row)
      const compare = compareCalls(order)
      const news = [...fresh.values()]
      const everyCallIsShown = shown === sorted
      sorted = mergeCalls(sorted, stale, news, compare)
      if (everyCallIsShown) shown = sorted
      else shown = mergeCalls(shown, stale, news.filter(callMatcher(filter, now)), compare)
    },
    show(newFilter, newOrder, now) {
      if (newOrder !== order) sorted = sorted.toSorted(compareCalls(newOrder))
      filter = newFilter
      order = newOrder
      shown = isFiltering(filter) ? sorted.filter(callMatcher(filter, now)) : sorted
    },
    countOverdue(now) {
      let count = 0
      for (const row of sorted) if (isOverdue(row, now)) count += 1
      return count
    },
    clear() {
      rows.clear()
      sorted = []
      // The same array says that every call is shown.
      shown = isFiltering(filter) ? [] : sorted
    },
  }
}

function forget(row: CallRow | undefined, stale: Set<CallRow>): void {
  if (row !== undefined) stale.add(row)
}
