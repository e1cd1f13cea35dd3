import { keyOfRef, type TrackedCall } from '../calls/tracked-call.ts'
import type { ListPosition, Store, StoreQuery } from '../store.ts'
import { type Kept, type KeptCall, newCursor } from './kept.ts'

/** Calls and their histories. */
export function callMethods({
  calls,
  consumers,
  letters,
}: Kept): Pick<Store, 'load' | 'append' | 'replace' | 'history' | 'list'> {
  return {
    async load(refs) {
      return refs.map((ref) => {
        const known = calls.get(keyOfRef(ref))
        return known && { row: known.row, keys: known.entries.map((entry) => entry.key) }
      })
    },

    async append(writes, { now }) {
      return writes.map(({ row, basedOn, entries }) => {
        const key = keyOfRef(row)
        const known = calls.get(key)
        if ((known?.row.revision ?? 0) !== basedOn) return false
        const history = known?.entries ?? []
        history.push(...entries)
        calls.set(key, { ...polled(known, row), entries: history })
        for (const cursors of consumers.values()) {
          const before = known?.row.events ?? 0
          const cursor = cursors.get(key) ?? newCursor(row, before)
          const isIdle = cursor.owner === null && cursor.tries === 0
          const dueAt = isIdle ? Math.min(cursor.dueAt ?? now, now) : (cursor.dueAt ?? now)
          cursors.set(key, { ...cursor, head: row.events, dueAt })
        }
        return true
      })
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
        .filter((row) => isWanted(row, query))
        .filter((row) => order === 'newest' || row.dueAt !== null)
        .sort((a, b) => comparePositions(order, positionOf(order, a), positionOf(order, b)))
        .filter((row) => !after || comparePositions(order, positionOf(order, row), after) > 0)
        .slice(0, limit)
    },
  }
}

/** The row with its polling, which starts anew where the row is due at another time than before. */
function polled(known: KeptCall | undefined, row: TrackedCall): Omit<KeptCall, 'entries'> {
  return known?.row.dueAt === row.dueAt
    ? { row, pollAt: known.pollAt, asked: known.asked }
    : { row, pollAt: row.dueAt, asked: 0 }
}

function isWanted(row: TrackedCall, query: StoreQuery): boolean {
  const { provider, statuses, settled, openedFrom, openedBefore, quietSince, dueBy } = query
  return (
    (provider === undefined || row.provider === provider) &&
    (statuses === undefined || statuses.includes(row.status)) &&
    (settled === undefined || row.settled === settled) &&
    (openedFrom === undefined || row.firstReceivedAt >= openedFrom) &&
    (openedBefore === undefined || row.firstReceivedAt < openedBefore) &&
    (quietSince === undefined || row.lastReceivedAt <= quietSince) &&
    (dueBy === undefined || (row.dueAt !== null && row.dueAt <= dueBy))
  )
}

function positionOf(order: StoreQuery['order'], row: TrackedCall): ListPosition {
  const at = order === 'newest' ? row.firstReceivedAt : Number(row.dueAt)
  return { provider: row.provider, callId: row.callId, at }
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
