import { type CallRef, keyOfRef } from '../calls/tracked-call.ts'
import type { ClaimEnd, Store } from '../store.ts'
import { refuseUnsaidBegin } from '../unsaid-begin.ts'
import { type Cursor, type Kept, newCursor, positionBefore } from './kept.ts'

/** Consumers and how far they are. */
export function consumerMethods(
  kept: Kept,
): Pick<
  Store,
  'registerConsumer' | 'fillConsumer' | 'removeConsumer' | 'claimCalls' | 'endClaim' | 'keepClaim'
> {
  const { calls, consumers, letters } = kept

  const claimed = (consumer: string, ref: CallRef, owner: string): Cursor | undefined => {
    const cursor = consumers.get(consumer)?.cursors.get(keyOfRef(ref))
    return cursor?.owner === owner ? cursor : undefined
  }

  return {
    async registerConsumer(name, { from }) {
      if (consumers.has(name)) return
      if (from === null && calls.size > 0) refuseUnsaidBegin(name)
      const isAll = from === 'start' || from === null
      const time = isAll
        ? Number.NEGATIVE_INFINITY
        : from === 'now'
          ? Number.POSITIVE_INFINITY
          : from
      const unknown = from === 'now' ? [] : [...calls.keys()]
      consumers.set(name, { from: time, cursors: new Map(), unknown })
    },

    async fillConsumer(name, { limit, now }) {
      const consumer = consumers.get(name)
      if (consumer === undefined) return false
      for (const key of consumer.unknown.splice(0, limit)) {
        const known = calls.get(key)
        if (known === undefined || consumer.cursors.has(key)) continue
        const cursor = newCursor(known.row, positionBefore(known.entries, consumer.from))
        const head = known.row.events
        if (head > cursor.position) consumer.cursors.set(key, { ...cursor, head, dueAt: now })
      }
      return consumer.unknown.length > 0
    },

    async removeConsumer(name) {
      consumers.delete(name)
      for (const { id, consumer } of letters.values()) if (consumer === name) letters.delete(id)
    },

    async claimCalls(consumer, { now, until, limit, owner, latest }) {
      const due = [...(consumers.get(consumer)?.cursors.values() ?? [])]
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
