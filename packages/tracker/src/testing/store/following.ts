import { type CallRef, keyOfRef } from '../../calls/tracked-call.ts'
import type { Store, StoredChange } from '../../store.ts'
import { at, ref } from './consuming.ts'
import { rowOf, START_AT, sampleWrite, write } from './sample-write.ts'
import {
  checksOf,
  expectEqual,
  type StoreConformanceCheck,
  type StoreSubject,
  withStores,
} from './subject.ts'

/** `position`, `changes` and `onStored`. */
export function followingChecks(subject: StoreSubject): readonly StoreConformanceCheck[] {
  const checks = checksOf(subject, {
    'what was stored after a position comes, with what was decided before it': changesCome,
    'the position of a store is after everything that is there': async (store, other) => {
      await write(store, 'a', { statuses: ['queued', 'ringing'] })
      const position = await other.position()
      const empty = await store.changes(position, { limit: 10 })
      expectEqual([empty.changes, empty.hasMore], [[], false], 'what comes after it')
      await write(store, 'a', { statuses: ['completed'] })
      for (const after of [position, empty.position]) {
        const sequences = (await changesAfter(other, after, 10)).map(({ entry }) => entry.sequence)
        expectEqual(sequences, [3], 'what comes after another write')
      }
    },
    'changes come in pages, none is missed and none comes twice': async (store, other) => {
      const begin = await store.position()
      for (let place = 0; place < 20; place++) {
        await write(store, `c-${place % 6}`, { statuses: ['queued', `word-${place}`] })
      }
      const whole = sorted(await changesAfter(store, begin, 1000))
      expectEqual(whole.length, 40, 'the number of changes')
      for (const limit of [1, 3, 7, 40]) {
        expectEqual(sorted(await changesAfter(other, begin, limit)), whole, `in pages of ${limit}`)
      }
    },
    'what was replaced comes as it is now': async (store, other) => {
      const begin = await store.position()
      const row = await write(store, 'a', { statuses: ['queued', 'ringing'] })
      const entries = (await store.history(row)).map((entry) => ({ ...entry, payload: null }))
      await store.replace({ row: { ...row, revision: 2 }, basedOn: 1, entries })
      const came = await changesAfter(other, begin, 10)
      const payloads = came.map(({ entry }) => entry.payload)
      expectEqual(payloads, [null, null], 'the payloads')
    },
    'a write that is refused is no change': async (store) => {
      const row = await write(store, 'a')
      await write(store, 'a')
      const position = await store.position()
      await store.append([sampleWrite('a', { before: row })], { now: START_AT })
      const { changes } = await store.changes(position, { limit: 10 })
      expectEqual(changes, [], 'the changes')
    },
    'who follows many writers misses nothing, and gets nothing twice': nothingIsMissed,
    'a position of another database, or none at all, begins anew with everything': async (
      store,
    ) => {
      await write(store, 'a', { statuses: ['queued', 'ringing'] })
      await withStores(subject, async (another) => {
        for (let place = 0; place < 9; place++) await write(another, `c-${place}`)
        for (const after of [await another.position(), '', 'no position', '9/9/9/9', '-1']) {
          const names = (await changesAfter(store, after, 10)).map(({ callId }) => callId)
          expectEqual(names, ['a', 'a'], `what comes after ${JSON.stringify(after)}`)
        }
      })
    },
    'listening can be stopped, also twice': async (store) => {
      const stop = store.onStored(() => {})
      stop()
      stop()
      await write(store, 'a')
    },
  })
  return [...checks, ...transactionChecks(subject)]
}

/** What a subject can be asked that says how. */
function transactionChecks(subject: StoreSubject): readonly StoreConformanceCheck[] {
  const { openTransaction, openAppend, isToldOfOthers } = subject
  return checksOf(subject, {
    ...(openAppend !== undefined && {
      'a transaction that began earlier and commits later is not missed': async (store, other) => {
        const begin = await store.position()
        const slow = await openAppend(store, sampleWrite('slow'), { now: START_AT })
        await write(store, 'quick')
        const first = await store.changes(begin, { limit: 10 })
        const now = await other.position()
        expectEqual(namesOf(first.changes), ['quick'], 'what comes while it is open')
        await slow.commit()
        for (const after of [first.position, now]) {
          const names = namesOf(await changesAfter(other, after, 10))
          expectEqual(names, ['slow'], 'what comes when it is committed')
        }
        const all = namesOf(await changesAfter(other, begin, 1))
        expectEqual(all.toSorted(), ['quick', 'slow'], 'everything')
      },
      'a call that was being written while a consumer registered is found': async (store) => {
        await write(store, 'a')
        const slow = await openAppend(store, sampleWrite('slow'), { now: at(1) })
        await store.registerConsumer('late', { from: 'start', now: at(1) })
        await store.fillConsumer('late', { limit: 10, now: at(1) })
        await slow.commit()
        for (let more = true; more; ) {
          more = await store.fillConsumer('late', { limit: 10, now: at(1) })
        }
        const times = { now: at(5), until: at(6), latest: at(9000) }
        const claims = await store.claimCalls('late', { ...times, limit: 10, owner: 'worker' })
        expectEqual(namesOf(claims).toSorted(), ['a', 'slow'], 'the calls of the consumer')
      },
    }),
    ...(openTransaction !== undefined && {
      'a foreign open transaction delays nothing': async (store, other) => {
        const begin = await store.position()
        const foreign = await openTransaction(store)
        try {
          await write(store, 'a')
          const first = await other.changes(begin, { limit: 10 })
          expectEqual(namesOf(first.changes), ['a'], 'what comes while it is open')
          await write(store, 'b')
          const second = await other.changes(first.position, { limit: 10 })
          expectEqual(namesOf(second.changes), ['b'], 'what comes next')
        } finally {
          await foreign.commit()
        }
        expectEqual(namesOf(await changesAfter(store, begin, 1)), ['a', 'b'], 'everything')
      },
    }),
    ...(isToldOfOthers === true && {
      'who listens hears what another process has stored': async (store, other) => {
        for (const name of ['a', 'b']) {
          let late: NodeJS.Timeout | undefined
          let stop = () => {}
          const heard = new Promise<void>((resolve, reject) => {
            late = setTimeout(() => reject(new Error('Nothing was heard.')), MAX_WAIT_MS)
            stop = store.onStored(resolve)
          })
          await write(other, name)
          await heard.finally(() => {
            clearTimeout(late)
            stop()
          })
        }
      },
    }),
  })
}

/** How long a store may take to hear of what another one has stored, in ms; far more than it should. */
const MAX_WAIT_MS = 10_000

async function changesCome(store: Store, other: Store): Promise<void> {
  const begin = await store.position()
  const first = sampleWrite('a', { statuses: ['queued', 'ringing'] })
  const second = sampleWrite('b')
  await store.append([first, second], { now: START_AT })
  const third = sampleWrite('a', { before: first.row, statuses: ['completed'], at: at(5) })
  await store.append([third], { now: START_AT })
  const came = byCall(await changesAfter(other, begin, 100))
  const all = [...first.entries, ...third.entries]
  const expected = all.map((entry, place): StoredChange => {
    return { ...ref('a'), entry, before: all[place - 1]?.decided ?? null }
  })
  expectEqual(came.get(keyOfRef(ref('a'))), expected, 'the changes of one call')
  const [entry] = second.entries
  expectEqual(
    came.get(keyOfRef(ref('b'))),
    [{ ...ref('b'), entry, before: null }],
    'those of another one',
  )
}

async function nothingIsMissed(store: Store, other: Store): Promise<void> {
  const begin = await store.position()
  const EACH = 15
  let writing = 4
  const writer = async (own: Store, place: number) => {
    for (let written = 0; written < EACH; ) {
      const name = `c-${(place + written) % 3}`
      const before = await rowOf(own, name)
      const sample = sampleWrite(name, { before, statuses: ['queued', 'ringing'] })
      const [isWritten] = await own.append([sample], { now: START_AT })
      if (isWritten) written++
    }
    writing--
  }
  const came: StoredChange[] = []
  const reader = async () => {
    // A page may be the last one of what was there when it was begun: nothing twice is the end.
    for (let after = begin, empty = 0; empty < 2; ) {
      const isWritten = writing === 0
      const page = await other.changes(after, { limit: 5 })
      came.push(...page.changes)
      after = page.position
      empty = isWritten && page.changes.length === 0 ? empty + 1 : 0
      // A store that answers at once must not keep the writers from their turn.
      await new Promise((resolve) => setTimeout(resolve))
    }
  }
  const writers = [store, other, store, other].map(writer)
  await Promise.all([...writers, reader()])
  expectEqual(came.length, writers.length * EACH * 2, 'the number of changes')
  for (const changes of byCall(came).values()) {
    const history = changes[0] && (await store.history(changes[0]))
    const entries = changes.map(({ entry }) => entry)
    expectEqual(entries, history, 'the entries of a call, in their order')
  }
}

/** More pages than any check of this suite has. */
const MAX_PAGES = 5000

/** Everything that was stored after a position, read in pages. */
export async function changesAfter(
  store: Store,
  position: string,
  limit: number,
): Promise<readonly StoredChange[]> {
  const all: StoredChange[] = []
  let after = position
  for (let pages = 0; pages < MAX_PAGES; pages++) {
    const page = await store.changes(after, { limit })
    all.push(...page.changes)
    if (!page.hasMore) return all
    after = page.position
  }
  throw new Error(`The pages never end: after ${MAX_PAGES} there is more.`)
}

function namesOf(changes: readonly { readonly callId: string }[]): readonly string[] {
  return changes.map(({ callId }) => callId)
}

/** By call, and within it as they came. */
function sorted(changes: readonly StoredChange[]): readonly StoredChange[] {
  return [...byCall(changes)].toSorted(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, own]) => own)
}

/** By `keyOfRef`; those of one call in the order in which they came. */
export function byCall<Ref extends CallRef>(
  changes: readonly Ref[],
): ReadonlyMap<string, readonly Ref[]> {
  const calls = new Map<string, Ref[]>()
  for (const change of changes) {
    const known = calls.get(keyOfRef(change))
    if (known === undefined) calls.set(keyOfRef(change), [change])
    else known.push(change)
  }
  return calls
}
