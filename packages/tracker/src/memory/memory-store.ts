import { randomUUID } from 'node:crypto'
import { keyOfRef } from '../calls/tracked-call.ts'
import type { ConsumerCounts, Store } from '../store.ts'
import { callMethods } from './calls.ts'
import { changeMethods } from './changes.ts'
import { consumerMethods } from './consumers.ts'
import { deadLetterMethods } from './dead-letters.ts'
import type { Cursor, Kept } from './kept.ts'

/**
 * A store in this process's memory: for tests, and for calls that may be lost with the process. It is
 * also what the other stores are compared with, so it is written to be read, and looks at every call
 * to answer a list. Rows and entries are handed out as they were handed in; they are never changed.
 *
 * @example
 * const tracker = createTracker({ store: createMemoryStore(), providers: [bolna] })
 */
export function createMemoryStore(): Store {
  const kept: Kept = {
    id: randomUUID(),
    calls: new Map(),
    log: [],
    consumers: new Map(),
    letters: new Map(),
    lettersEver: 0,
    listeners: new Set(),
  }
  return {
    async migrate() {},
    ...callMethods(kept),
    ...changeMethods(kept),
    ...silenceMethods(kept),
    ...consumerMethods(kept),
    ...deadLetterMethods(kept),
    ...countMethods(kept),
    async close() {},
  }
}

/** Calls that are to be asked about. */
function silenceMethods({ calls }: Kept): Pick<Store, 'claimSilent' | 'postponePoll'> {
  return {
    async claimSilent({ provider, now, until, limit }) {
      const due = [...calls.values()]
        .filter(({ row }) => row.provider === provider)
        .filter(({ pollAt }) => pollAt !== null && pollAt <= now)
        .sort((a, b) => Number(a.pollAt) - Number(b.pollAt))
        .slice(0, limit)
      for (const call of due) call.pollAt = until
      return due.map(({ row, asked }) => ({ row, asked }))
    },

    async postponePoll(ref, { askAt, at, asked }) {
      const known = calls.get(keyOfRef(ref))
      if (known?.row.askAt === askAt) Object.assign(known, { pollAt: at, asked })
    },
  }
}

/** What there is to watch over. */
function countMethods({ calls, consumers, letters }: Kept): Pick<Store, 'counts'> {
  return {
    async counts({ now }) {
      const overdue = new Map<string, { readonly silent: number; readonly data: number }>()
      for (const { row } of calls.values()) {
        const isSilent = row.dueAt !== null && row.dueAt <= now
        const lacksData = row.dataDueAt !== null && row.dataDueAt <= now
        if (!isSilent && !lacksData) continue
        const { silent, data } = overdue.get(row.provider) ?? { silent: 0, data: 0 }
        const counted = { silent: silent + Number(isSilent), data: data + Number(lacksData) }
        overdue.set(row.provider, counted)
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
          [...consumers].map(([name, { cursors }]) => [name, new Map(countsOf(name, cursors))]),
        ),
      }
    },
  }
}

function smallest(numbers: readonly number[]): number | null {
  return numbers.reduce<number | null>(
    (least, number) => (least === null || number < least ? number : least),
    null,
  )
}
