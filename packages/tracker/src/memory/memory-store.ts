import {
  type CallRef,
  type HistoryEntry,
  keyOfRef,
  type TrackedCall,
} from '../calls/tracked-call.ts'
import type {
  ClaimEnd,
  ConsumerCounts,
  DeadLetter,
  ListPosition,
  Store,
  StoreQuery,
} from '../store.ts'

/** A call with what a store keeps beside its row. */
interface KeptCall {
  row: TrackedCall
  entries: HistoryEntry[]
  /** When a poller may have it; null where none may. */
  pollAt: number | null
  asked: number
}

/** How far a consumer is in a call. */
interface Cursor extends CallRef {
  /** The sequence of the latest entry. */
  head: number
  position: number
  /** When a worker may have it, which for a claimed one is when the claim ends; null where none may. */
  dueAt: number | null
  owner: string | null
  tries: number
}

/**
 * A store in this process's memory: for tests, and for calls that may be lost with the process. It is
 * also what the other stores are compared with, so it is written to be read, and looks at every call
 * to answer a list. Rows and entries are handed out as they were handed in; they are never changed.
 *
 * @example
 * const tracker = createTracker({ store: createMemoryStore(), providers: [bolna] })
 */
export function createMemoryStore(): Store {
  const calls = new Map<string, KeptCall>()
  const consumers = new Map<string, Map<string, Cursor>>()
  const letters = new Map<string, DeadLetter>()
  let lettersEver = 0

  const claimed = (consumer: string, ref: CallRef, owner: string): Cursor | undefined => {
    const cursor = consumers.get(consumer)?.get(keyOfRef(ref))
    return cursor?.owner === owner ? cursor : undefined
  }

  const setAside = (consumer: string, { provider, callId }: CallRef, end: ClaimEnd): void => {
    if (end.deadLetter === undefined) return
    lettersEver += 1
    const id = String(lettersEver)
    const { sequence, error, at } = end.deadLetter
    const letter = { id, consumer, provider, callId, sequence, error, at, replays: 0 }
    letters.set(id, { ...letter, replayAt: null })
  }

  return {
    async migrate() {},

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

    async claimSilent({ provider, now, until, limit }) {
      const due = [...calls.values()]
        .filter(({ row }) => row.provider === provider)
        .filter(({ pollAt }) => pollAt !== null && pollAt <= now)
        .sort((a, b) => Number(a.row.dueAt) - Number(b.row.dueAt))
        .slice(0, limit)
      for (const call of due) call.pollAt = until
      return due.map(({ row, asked }) => ({ row, asked }))
    },

    async postponePoll(ref, { dueAt, at, asked }) {
      const known = calls.get(keyOfRef(ref))
      if (known?.row.dueAt === dueAt) Object.assign(known, { pollAt: at, asked })
    },

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
      setAside(consumer, ref, end)
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

    async deadLetters({ consumer, after, limit }) {
      return [...letters.values()]
        .filter((letter) => consumer === undefined || letter.consumer === consumer)
        .sort(compareLetters)
        .filter((letter) => !after || compareLetters(letter, after) > 0)
        .slice(0, limit)
    },

    async reviveDeadLetters(consumer, { id, now }) {
      const lying = [...letters.values()].filter(
        (letter) =>
          letter.consumer === consumer &&
          letter.replayAt === null &&
          (id === undefined || letter.id === id),
      )
      for (const letter of lying) letters.set(letter.id, { ...letter, replayAt: now })
      return lying.length
    },

    async claimDeadLetters(consumer, { now, until, limit }) {
      const due = [...letters.values()]
        .filter((letter) => letter.consumer === consumer)
        .filter(({ replayAt }) => replayAt !== null && replayAt <= now)
        .sort(compareLetters)
        .slice(0, limit)
        .map((letter) => ({ ...letter, replayAt: until }))
      for (const letter of due) letters.set(letter.id, letter)
      return due
    },

    async endDeadLetter(id, end) {
      const letter = letters.get(id)
      if (letter === undefined) return
      if (end.handled) letters.delete(id)
      else {
        const { error, at } = end
        letters.set(id, { ...letter, error, at, replays: letter.replays + 1, replayAt: null })
      }
    },

    async counts({ now }) {
      const overdue = new Map<string, number>()
      for (const { row } of calls.values()) {
        if (row.dueAt === null || row.dueAt > now) continue
        overdue.set(row.provider, (overdue.get(row.provider) ?? 0) + 1)
      }
      const countsOf = (name: string, cursors: ReadonlyMap<string, Cursor>) => {
        const waiting = [...cursors.values()].filter(({ head, position }) => head > position)
        const dead = [...letters.values()].filter(({ consumer }) => consumer === name)
        const providers = new Set([...waiting, ...dead].map(({ provider }) => provider))
        return [...providers].map((provider): [string, ConsumerCounts] => {
          const own = waiting.filter((one) => one.provider === provider)
          const oldestDueAt = smallest(own.map(({ dueAt }) => Number(dueAt)))
          const deadLetters = dead.filter((one) => one.provider === provider).length
          return [provider, { waiting: own.length, oldestDueAt, deadLetters }]
        })
      }
      return {
        overdue,
        consumers: new Map(
          [...consumers].map(([name, cursors]) => [name, new Map(countsOf(name, cursors))]),
        ),
      }
    },

    async close() {},
  }
}

/** The row with its polling, which starts anew where the row is due at another time than before. */
function polled(known: KeptCall | undefined, row: TrackedCall): Omit<KeptCall, 'entries'> {
  return known?.row.dueAt === row.dueAt
    ? { row, pollAt: known.pollAt, asked: known.asked }
    : { row, pollAt: row.dueAt, asked: 0 }
}

function newCursor({ provider, callId }: CallRef, position: number): Cursor {
  return { provider, callId, head: position, position, dueAt: null, owner: null, tries: 0 }
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

type LetterPosition = Pick<DeadLetter, 'at' | 'id'>

function compareLetters(a: LetterPosition, b: LetterPosition): number {
  return a.at - b.at || Number(a.id) - Number(b.id)
}

function smallest(numbers: readonly number[]): number | null {
  return numbers.reduce<number | null>(
    (least, number) => (least === null || number < least ? number : least),
    null,
  )
}
