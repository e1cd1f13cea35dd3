import type { CallRow } from '../../src/wire.ts'

/** How the list is sorted. */
export type CallOrder = 'findings' | 'latest' | 'due'

/** The choices of the list's order, the usual one first. */
export const CALL_ORDERS: readonly CallOrder[] = ['findings', 'latest', 'due']

/** Below zero where `a` stands before `b`. Never zero for two calls, so that an order has one result. */
export type CompareCalls = (a: CallRow, b: CallRow) => number

/**
 * The comparison of an order. `findings`: calls that contradict themselves first, then what was heard
 * last. `latest`: what was heard last. `due`: what is due soonest, then what is never due. Pure.
 */
export function compareCalls(order: CallOrder): CompareCalls {
  switch (order) {
    case 'findings':
      return (a, b) => Number(b.findings > 0) - Number(a.findings > 0) || byLatest(a, b)
    case 'latest':
      return byLatest
    case 'due':
      return (a, b) => {
        const [first, second] = [firstDueOf(a), firstDueOf(b)]
        return first === second ? byLatest(a, b) : first - second
      }
    default:
      return order satisfies never
  }
}

/** When it is due first, be it the call or its data. */
function firstDueOf({ dueAt, dataDueAt }: CallRow): number {
  return Math.min(dueAt ?? Number.POSITIVE_INFINITY, dataDueAt ?? Number.POSITIVE_INFINITY)
}

function byLatest(a: CallRow, b: CallRow): number {
  return b.lastReceivedAt - a.lastReceivedAt || byKey(a, b)
}

function byKey(a: CallRow, b: CallRow): number {
  if (a.key === b.key) return 0
  return a.key < b.key ? -1 : 1
}

/**
 * A sorted list without `stale` and with `fresh` in their places: what sorting it all anew would give,
 * at the price of one pass and a sort of what is new. Pure.
 */
export function mergeCalls(
  sorted: readonly CallRow[],
  stale: ReadonlySet<CallRow>,
  fresh: readonly CallRow[],
  compare: CompareCalls,
): readonly CallRow[] {
  if (stale.size === 0 && fresh.length === 0) return sorted
  const kept = stale.size === 0 ? sorted : sorted.filter((row) => !stale.has(row))
  if (fresh.length === 0) return kept
  const merged: CallRow[] = []
  let copied = 0
  for (const row of fresh.toSorted(compare)) {
    const place = placeFor(row, kept, copied, compare)
    for (; copied < place; copied += 1) merged.push(kept[copied] as CallRow)
    merged.push(row)
  }
  for (; copied < kept.length; copied += 1) merged.push(kept[copied] as CallRow)
  return merged
}

/** The first place from `start` on whose call stands after this one. */
function placeFor(
  row: CallRow,
  sorted: readonly CallRow[],
  start: number,
  compare: CompareCalls,
): number {
  let low = start
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (compare(sorted[middle] as CallRow, row) < 0) low = middle + 1
    else high = middle
  }
  return low
}
