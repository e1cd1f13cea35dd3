import { keyOfRef, type TrackedCall } from '../calls/tracked-call.ts'
import type { ListPosition, Store, StoreQuery } from '../store.ts'
import { type Kept, type KeptCall, newCursor, positionBefore } from './kept.ts'

/** Calls and their histories. */
export function callMethods(
  kept: Kept,
): Pick<Store, 'load' | 'append' | 'replace' | 'history' | 'list'> {
  const { calls, letters } = kept
  return {
    async load(refs) {
      return refs.map((ref) => {
        const known = calls.get(keyOfRef(ref))
        return known && { row: known.row, keys: known.entries.map((entry) => entry.key) }
      })
    },

    async append(writes, { now }) {
      const answers = writes.map(({ row, basedOn, entries }) => {
        const key = keyOfRef(row)
        const known = calls.get(key)
        if ((known?.row.revision ?? 0) !== basedOn) return false
        const history = known?.entries ?? []
        const before = history.length
        history.push(...entries)
        calls.set(key, { ...polled(known, row), entries: history })
        for (const { sequence } of entries) kept.log.push({ call: key, sequence })
        tellConsumers(kept, key, before, now)
        return true
      })
      if (answers.includes(true)) for (const listener of kept.listeners) queueMicrotask(listener)
      return answers
    },

    async replace({ row, basedOn, entries }) {
      const key = keyOfRef(row)
      const known = calls.get(key)
      if (known?.row.revision !== basedOn) return false
      calls.set(key, { ...polled(known, row), entries: [...entries] })
      for (const letter of letters.values()) {
        if (keyOfRef(letter) === key) letters.set(letter.id, { ...letter, error: '' })
      }
      return true
    },

    async history(ref, { after = 0, limit = Number.POSITIVE_INFINITY } = {}) {
      const entries = calls.get(keyOfRef(ref))?.entries ?? []
      return entries.filter((entry) => entry.sequence > after).slice(0, limit)
    },

    async list(query) {
      const { order, after, limit } = query
      return [...calls.values()]
        .map(({ row }) => row)
        .filter((row) => isWanted(row, query) && timeOf(query, row) !== null)
        .sort((a, b) => comparePositions(order, positionOf(query, a), positionOf(query, b)))
        .filter((row) => !after || comparePositions(order, positionOf(query, row), after) > 0)
        .slice(0, limit)
    },
  }
}

/** Every consumer's cursor of a call that was written: due now, but for a claim and a pause. */
function tellConsumers({ calls, consumers }: Kept, key: string, before: number, now: number): void {
  const written = calls.get(key)
  if (written === undefined) return
  const { row, entries } = written
  for (const { cursors, from } of consumers.values()) {
    const begin = Math.min(before, positionBefore(entries, from))
    const cursor = cursors.get(key) ?? newCursor(row, begin)
    const isIdle = cursor.owner === null && cursor.tries === 0
    const dueAt = isIdle ? Math.min(cursor.dueAt ?? now, now) : (cursor.dueAt ?? now)
    cursors.set(key, { ...cursor, head: row.events, dueAt })
  }
}

/** The row with its polling, which starts anew where it is to be asked about at another time than before. */
function polled(known: KeptCall | undefined, row: TrackedCall): Omit<KeptCall, 'entries'> {
  return known?.row.askAt === row.askAt
    ? { row, pollAt: known.pollAt, asked: known.asked }
    : { row, pollAt: row.askAt, asked: 0 }
}

function isWanted(row: TrackedCall, query: StoreQuery): boolean {
  const { provider, statuses, settled, openedFrom, openedBefore, quietSince, overdue } = query
  const overdueAt = overdue && overdueAtOf(overdue.why, row)
  return (
    (provider === undefined || row.provider === provider) &&
    (statuses === undefined || statuses.includes(row.status)) &&
    (settled === undefined || row.settled === settled) &&
    (openedFrom === undefined || row.firstReceivedAt >= openedFrom) &&
    (openedBefore === undefined || row.firstReceivedAt < openedBefore) &&
    (quietSince === undefined || row.lastReceivedAt <= quietSince) &&
    (overdue === undefined || (typeof overdueAt === 'number' && overdueAt <= overdue.by))
  )
}

type Why = NonNullable<StoreQuery['overdue']>['why']

function overdueAtOf(why: Why, { dueAt, dataDueAt }: TrackedCall): number | null {
  if (why === 'silent') return dueAt
  if (why === 'data') return dataDueAt
  if (dueAt === null || dataDueAt === null) return dueAt ?? dataDueAt
  return Math.min(dueAt, dataDueAt)
}

/** The time by which a list goes; null where the call does not stand in it. */
function timeOf({ order, overdue }: StoreQuery, row: TrackedCall): number | null {
  return order === 'newest' ? row.firstReceivedAt : overdueAtOf(overdue?.why, row)
}

function positionOf(query: StoreQuery, row: TrackedCall): ListPosition {
  return { provider: row.provider, callId: row.callId, at: Number(timeOf(query, row)) }
}

/** Newest first or soonest due first; at equal times by name, in the same direction. */
function comparePositions(order: StoreQuery['order'], a: ListPosition, b: ListPosition): number {
  const ascending =
    a.at - b.at || compareTexts(a.provider, b.provider) || compareTexts(a.callId, b.callId)
  return order === 'newest' ? -ascending : ascending
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
