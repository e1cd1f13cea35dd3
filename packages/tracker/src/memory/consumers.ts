import { type CallRef, keyOfRef } from '../calls/tracked-call.ts'
import type { ClaimEnd, Store } from '../store.ts'
import { type Cursor, type Kept, newCursor } from './kept.ts'

/** Consumers and how far they are. */
export function consumerMethods(
  kept: Kept,
): Pick<Store, 'registerConsumer' | 'removeConsumer' | 'claimCalls' | 'endClaim' | 'keepClaim'> {
  const { calls, consumers, letters } = kept

  const claimed = (consumer: string, ref: CallRef, owner: string): Cursor | undefined => {
    const cursor = consumers.get(consumer)?.get(keyOfRef(ref))
    return cursor?.owner === owner ? cursor : undefined
  }

  return {
    async registerConsumer(name, { from, now }) {
      if (consumers.has(name)) return
      const cursors = new Map<string, Cursor>()
      consumers.set(name, cursors)
      if (from === 'now') return
      for (const [key, { row }] of calls) {
        cursors.set(key, { ...newCursor(row, 0), head: row.events, dueAt: now })
      }
    },

    async removeConsumer(name) {
      consumers.delete(name)
      for (const { id, consumer } of letters.values()) if (consumer === name) letters.delete(id)
    },

    async claimCalls(consumer, { now, until, limit, owner, latest }) {
      const due = [...(consumers.get(consumer)?.values() ?? [])]
        .filter(({ dueAt }) => dueAt !== null && (dueAt <= now || dueAt > latest))
        .sort((a, b) => Number(a.dueAt) - Number(b.dueAt))
        .slice(0, limit)
      for (const cursor of due) {
        const tries = cursor.owner === null ? cursor.tries : cursor.tries + 1
        Object.assign(cursor, { dueAt: until, owner, tries })
      }
      return due.map(({ provider, callId, position, tries }) => {
        return { provider, callId, position, tries }
      })
    },

    async endClaim(consumer, ref, owner, end) {
      const cursor = claimed(consumer, ref, owner)
      if (cursor === undefined) return false
      const { position, tries, nextAt } = end
      const dueAt = cursor.head > position ? nextAt : null
      Object.assign(cursor, { position, tries, dueAt, owner: null })
      setAside(kept, consumer, ref, end)
      return true
    },

    async keepClaim(consumer, ref, owner, { position, until }) {
      const cursor = claimed(consumer, ref, owner)
      if (cursor === undefined) return false
      // Another entry comes after another position, and nobody has tried that one.
      const tries = cursor.position === position ? cursor.tries : 0
      Object.assign(cursor, { position, tries, dueAt: until })
      return true
    },
  }
}

function setAside(
  kept: Kept,
  consumer: string,
  { provider, callId }: CallRef,
  { deadLetter }: ClaimEnd,
): void {
  if (deadLetter === undefined) return
  const id = String(++kept.lettersEver)
  const letter = { id, consumer, provider, callId, ...deadLetter, replays: 0, replayAt: null }
  kept.letters.set(id, letter)
}
