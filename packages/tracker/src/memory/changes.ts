import type { Store, StoredChange } from '../store.ts'
import type { Kept, LoggedEntry } from './kept.ts'

/** What was stored, in its order. A position is the store's id and the number of entries before it. */
export function changeMethods(kept: Kept): Pick<Store, 'position' | 'changes' | 'onStored'> {
  const { id, calls, log, listeners } = kept
  const positionAfter = (entries: number) => `${id}/${entries}`

  const changeOf = ({ call, sequence }: LoggedEntry): readonly StoredChange[] => {
    const known = calls.get(call)
    const entry = known?.entries[sequence - 1]
    if (known === undefined || entry === undefined) return []
    const { provider, callId } = known.row
    const before = known.entries[sequence - 2]?.decided ?? null
    return [{ provider, callId, entry, before }]
  }

  return {
    async position() {
      return positionAfter(log.length)
    },

    async changes(after, { limit }) {
      const [store, entries] = after.split('/')
      const from = store === id ? Number(entries) : 0
      const page = log.slice(from, from + limit)
      const to = from + page.length
      return {
        changes: page.flatMap(changeOf),
        position: positionAfter(to),
        hasMore: to < log.length,
      }
    },

    onStored(listener) {
      const own = () => listener()
      listeners.add(own)
      return () => void listeners.delete(own)
    },
  }
}
