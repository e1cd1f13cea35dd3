import type { CallWrite, Store } from '../../store.ts'
import { rowOf, START_AT, sampleWrite, write } from './sample-write.ts'
import { checksOf, expectEqual, type StoreConformanceCheck, type StoreSubject } from './subject.ts'

/** `replace`, which `forget` is made of. */
export function replacingChecks(subject: StoreSubject): readonly StoreConformanceCheck[] {
  return checksOf(subject, {
    'replace changes the row and the content of every entry': async (store, other) => {
      const kept = await write(store, 'b', { statuses: ['queued', 'busy'] })
      const { original, replaced } = await prepare(store)
      expectEqual(await store.replace(replaced), true, 'the answer')
      expectEqual(await rowOf(other, 'a'), replaced.row, 'the row')
      expectEqual(await other.history(original.row), replaced.entries, 'the history')
      const [known] = await other.load([original.row])
      const keys = replaced.entries.map(({ key }) => key)
      expectEqual(new Set(known?.keys), new Set(keys), 'the keys')
      const { entries } = sampleWrite('b', { statuses: ['queued', 'busy'] })
      expectEqual(await other.history(kept), entries, 'the history of another call')
    },
    'replace is refused where the revision is another one': async (store) => {
      const { original, replaced } = await prepare(store)
      const newer = await write(store, 'a', { statuses: ['completed'] })
      const history = await store.history(newer)
      expectEqual(await store.replace(replaced), false, 'the answer')
      expectEqual(await rowOf(store, 'a'), newer, 'the row')
      expectEqual(await store.history(original.row), history, 'the history')
    },
    'what is written after a replacement follows on it': async (store) => {
      const { replaced } = await prepare(store)
      await store.replace(replaced)
      const next = sampleWrite('a', { before: replaced.row, statuses: ['completed'] })
      expectEqual(await store.append([next], { now: START_AT }), [true], 'the answer')
      const all = [...replaced.entries, ...next.entries]
      expectEqual(await store.history(next.row), all, 'the history')
    },
    'replace empties the failures of all dead letters of its call, and of no other':
      errorsAreEmptied,
    'consumers are not told of a replacement, and keep their place': async (store) => {
      await store.registerConsumer('billing', { from: 'now', now: START_AT })
      const { replaced } = await prepare(store)
      const claim = {
        now: START_AT + 10,
        until: START_AT + 20,
        limit: 10,
        owner: 'worker',
        latest: 9e15,
      }
      const claims = await store.claimCalls('billing', claim)
      expectEqual(claims.length, 1, 'claims before')
      await store.endClaim('billing', replaced.row, 'worker', { ...DONE, position: 2 })
      await store.replace(replaced)
      const later = { ...claim, now: START_AT + 9000, until: START_AT + 9001 }
      expectEqual(await store.claimCalls('billing', later), [], 'claims after')
    },
  })
}

async function errorsAreEmptied(store: Store, other: Store): Promise<void> {
  const consumers = ['billing', 'search']
  for (const name of consumers) {
    await store.registerConsumer(name, { from: 'now', now: START_AT })
  }
  const { replaced } = await prepare(store)
  await write(store, 'b')
  await write(store, 'a', { provider: 'other' })
  const times = { now: START_AT + 10, until: START_AT + 20, latest: START_AT + 1000 }
  for (const name of consumers) {
    const claims = await store.claimCalls(name, { ...times, limit: 10, owner: 'worker' })
    for (const claim of claims) {
      const deadLetter = { sequence: 1, error: 'a name', at: START_AT }
      await store.endClaim(name, claim, 'worker', { ...DONE, position: 1, deadLetter })
    }
  }
  const before = await other.deadLetters({ limit: 10 })
  expectEqual(before.length, 6, 'the number of letters')
  const stale = { ...replaced, basedOn: replaced.basedOn + 1 }
  expectEqual(await store.replace(stale), false, 'the answer to another revision')
  expectEqual(await other.deadLetters({ limit: 10 }), before, 'the letters after that')
  expectEqual(await store.replace(replaced), true, 'the answer')
  const { provider } = replaced.row
  const expected = before.map((letter) =>
    letter.callId === 'a' && letter.provider === provider ? { ...letter, error: '' } : letter,
  )
  expectEqual(await other.deadLetters({ limit: 10 }), expected, 'the letters after all')
}

const DONE = { tries: 0, nextAt: START_AT }

async function prepare(store: Store): Promise<{ original: CallWrite; replaced: CallWrite }> {
  const original = sampleWrite('a', { statuses: ['queued', 'in-progress'], payload: '{"to":"x"}' })
  await store.append([original], { now: START_AT })
  const { row, entries } = original
  const forgotten = { ...row, forgottenAt: START_AT + 5000, revision: row.revision + 1 }
  const replaced: CallWrite = {
    row: forgotten,
    basedOn: row.revision,
    entries: entries.map((entry) => ({ ...entry, key: `new-${entry.key}`, payload: null })),
  }
  return { original, replaced }
}
