import type { Store } from '../../store.ts'
import { PROVIDER, rowOf, START_AT, sampleWrite, write } from './sample-write.ts'
import { checksOf, expectEqual, type StoreConformanceCheck, type StoreSubject } from './subject.ts'

/** `load`, `append` and `history`. */
export function writingChecks(subject: StoreSubject): readonly StoreConformanceCheck[] {
  return checksOf(subject, {
    'a call that was never written is not there': async (store) => {
      const refs = [{ provider: PROVIDER, callId: 'a' }]
      expectEqual(await store.load(refs), [undefined], 'load of a call that is not there')
      expectEqual(await store.history(refs[0] as (typeof refs)[0]), [], 'its history')
      expectEqual(await store.load([]), [], 'load of no calls')
      expectEqual(await store.append([], { now: START_AT }), [], 'append of no writes')
    },
    'a written call is loaded as it was written, with the keys of its entries': writtenIsLoaded,
    'load answers in the order in which it was asked': async (store) => {
      for (const callId of ['a', 'b', 'c']) await write(store, callId)
      const asked = ['c', 'nobody', 'a', 'b']
      const known = await store.load(asked.map((callId) => ({ provider: PROVIDER, callId })))
      const came = known.map((one) => one?.row.callId)
      expectEqual(came, ['c', undefined, 'a', 'b'], 'the calls that came')
    },
    'two providers may use the same identifier': async (store) => {
      const ours = await write(store, 'same', { statuses: ['ringing'] })
      const theirs = await write(store, 'same', { provider: 'other', statuses: ['busy', 'failed'] })
      expectEqual(await rowOf(store, 'same'), ours, 'the first call')
      expectEqual(await rowOf(store, 'same', 'other'), theirs, 'the second call')
      expectEqual((await store.history(ours)).length, 1, 'entries of the first call')
    },
    'a write that is based on another revision is refused and changes nothing': staleIsRefused,
    'each call of one append is judged by itself': eachIsJudged,
    'of writers that race for the same revision, one wins': racersHaveOneWinner,
    'writers that read again after a lost race lose nothing': nothingIsLost,
    'a thousand calls fit into one append': async (store) => {
      const writes = Array.from({ length: 1000 }, (_, place) =>
        sampleWrite(`call-${place}`, { statuses: ['queued', 'ringing'], at: START_AT + place }),
      )
      const written = await store.append(writes, { now: START_AT })
      expectEqual(new Set(written), new Set([true]), 'what was written')
      expectEqual(written.length, 1000, 'the number of answers')
      const known = await store.load(writes.map(({ row }) => row))
      const rows = known.map((one) => one?.row)
      expectEqual(
        rows,
        writes.map(({ row }) => row),
        'the rows',
      )
    },
    'a history comes in the order of its sequences, in pages': historyIsPaged,
  })
}

async function writtenIsLoaded(store: Store, other: Store): Promise<void> {
  const first = sampleWrite('a', { statuses: ['queued', 'warbling'], dueAt: START_AT + 60_000 })
  await store.append([first], { now: START_AT })
  const keysOf = (entries: typeof first.entries) => entries.map(({ key }) => key)
  const stored = { row: first.row, keys: keysOf(first.entries) }
  expectEqual(await other.load([first.row]), [stored], 'the call')

  const second = sampleWrite('a', { before: first.row, statuses: ['completed'], payload: null })
  await store.append([second], { now: START_AT })
  const [known] = await other.load([first.row])
  expectEqual(known?.row, second.row, 'the row after the second write')
  const entries = [...first.entries, ...second.entries]
  expectEqual(new Set(known?.keys), new Set(keysOf(entries)), 'the keys after the second write')
  expectEqual(await other.history(first.row), entries, 'the history')
}

async function staleIsRefused(store: Store): Promise<void> {
  await store.registerConsumer('watcher', { from: 'now', now: START_AT })
  const row = await write(store, 'a', { dueAt: START_AT + 1000 })
  await write(store, 'a', { statuses: ['in-progress'], dueAt: START_AT + 2000 })
  const before = await everything(store, 'a')
  const late = { statuses: ['busy'], dueAt: START_AT + 9000, at: START_AT + 9000 }
  const stale = sampleWrite('a', { ...late, before: row })
  const asNew = sampleWrite('a', late)
  const ahead = sampleWrite('a', { ...late, before: { ...row, revision: 3 } })
  const ofNobody = sampleWrite('nobody', { ...late, before: { ...row, callId: 'nobody' } })
  for (const refused of [stale, asNew, ahead, ofNobody]) {
    expectEqual(
      await store.append([refused], { now: START_AT }),
      [false],
      `a write based on ${refused.basedOn}`,
    )
    expectEqual(await everything(store, 'a'), before, 'the call after a refused write')
    expectEqual(await rowOf(store, 'nobody'), undefined, 'the call that nobody opened')
  }
}

async function everything(store: Store, callId: string): Promise<unknown> {
  const ref = { provider: PROVIDER, callId }
  const known = await store.load([ref])
  const { consumers } = await store.counts({ now: START_AT })
  return [known, await store.history(ref), [...consumers]]
}

async function eachIsJudged(store: Store): Promise<void> {
  const row = await write(store, 'a')
  const writes = [
    sampleWrite('new-1'),
    sampleWrite('a', { before: row, statuses: ['in-progress', 'completed'] }),
    sampleWrite('b', { before: { ...row, callId: 'b' } }),
    sampleWrite('new-2'),
  ]
  expectEqual(
    await store.append(writes, { now: START_AT }),
    [true, true, false, true],
    'what was written',
  )
  const known = await store.load(writes.map((one) => one.row))
  const events = known.map((one) => one?.row.events)
  expectEqual(events, [1, 3, undefined, 1], 'the events of each call')
}

async function racersHaveOneWinner(store: Store, other: Store): Promise<void> {
  let before = await write(store, 'a')
  for (const round of [1, 2, 3]) {
    const racers = Array.from({ length: 8 }, (_, racer) =>
      sampleWrite('a', { before, at: START_AT + round * 100 + racer }),
    )
    const answers = await Promise.all(
      racers.map((racer, place) =>
        (place % 2 === 0 ? store : other).append([racer], { now: START_AT }),
      ),
    )
    const winners = racers.filter((_, place) => answers[place]?.[0] === true)
    expectEqual(winners.length, 1, 'the number of winners')
    const row = winners[0]?.row
    if (row === undefined) return
    expectEqual(await rowOf(store, 'a'), row, 'the row after the race')
    before = row
  }
}

async function nothingIsLost(store: Store, other: Store): Promise<void> {
  const EACH = 5
  const writer = async (own: Store) => {
    for (let written = 0; written < EACH; ) {
      const before = await rowOf(own, 'a')
      const [isWritten] = await own.append([sampleWrite('a', { before })], { now: START_AT })
      if (isWritten) written++
    }
  }
  const writers = [store, other, store, other]
  await Promise.all(writers.map(writer))
  const history = await store.history({ provider: PROVIDER, callId: 'a' })
  const sequences = history.map(({ sequence }) => sequence)
  const expected = Array.from({ length: EACH * writers.length }, (_, place) => place + 1)
  expectEqual(sequences, expected, 'the sequences')
  expectEqual((await rowOf(store, 'a'))?.events, expected.length, 'the events of the row')
}

async function historyIsPaged(store: Store): Promise<void> {
  // Written in two parts with another call between, and with more than nine entries.
  const statuses = Array.from({ length: 6 }, (_, place) => `word-${place}`)
  const first = sampleWrite('a', { statuses })
  await store.append([first], { now: START_AT })
  await write(store, 'b', { statuses: ['queued', 'ringing'] })
  const second = sampleWrite('a', { before: first.row, statuses })
  await store.append([second], { now: START_AT })
  const ref = { provider: PROVIDER, callId: 'a' }
  const all = [...first.entries, ...second.entries]
  expectEqual(await store.history(ref), all, 'the whole history')
  expectEqual(await store.history(ref, { after: 4 }), all.slice(4), 'what comes after 4')
  expectEqual(await store.history(ref, { limit: 3 }), all.slice(0, 3), 'the first three')
  expectEqual(await store.history(ref, { after: 8, limit: 3 }), all.slice(8, 11), 'after 8, three')
  expectEqual(await store.history(ref, { after: 12 }), [], 'what comes after the last')
  expectEqual(await store.history(ref, { after: 99, limit: 1 }), [], 'what comes after 99')
}
