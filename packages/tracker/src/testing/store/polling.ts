import type { Store } from '../../store.ts'
import { PROVIDER, START_AT, sampleWrite, write } from './sample-write.ts'
import { checksOf, expectEqual, type StoreConformanceCheck, type StoreSubject } from './subject.ts'

/** `claimSilent` and `postponePoll`. Times are seconds after the start. */
export function pollingChecks(subject: StoreSubject): readonly StoreConformanceCheck[] {
  return checksOf(subject, {
    'a call is to be asked about when it is due, and no earlier': async (store) => {
      const row = await write(store, 'a', { dueAt: at(10) })
      await write(store, 'never', { dueAt: null })
      expectEqual(await silent(store, 9.999, 20), [], 'calls just before')
      const claimed = await store.claimSilent({
        provider: PROVIDER,
        now: at(10),
        until: at(20),
        limit: 10,
      })
      expectEqual(claimed, [{ row, asked: 0 }], 'calls when it is due')
    },
    'a poller gets the calls of its provider alone': async (store) => {
      await store.append(
        [
          sampleWrite('ours', { dueAt: at(10) }),
          sampleWrite('theirs', { provider: 'other', dueAt: at(5) }),
        ],
        { now: START_AT },
      )
      expectEqual(await silent(store, 20, 30), ['ours'], 'the calls')
    },
    'the longest overdue come first, so many as are wanted': async (store) => {
      const due = [30, 10, 50, 20, 40]
      await store.append(
        due.map((second) => sampleWrite(`due-${second}`, { dueAt: at(second) })),
        { now: START_AT },
      )
      expectEqual(await silent(store, 45, 100, 3), ['due-10', 'due-20', 'due-30'], 'the first')
      expectEqual(await silent(store, 45, 100, 3), ['due-40'], 'the others that are due')
    },
    'nobody else gets a claimed call until the claim ends': async (store, other) => {
      await write(store, 'a', { dueAt: at(10) })
      expectEqual(await silent(store, 11, 20), ['a'], 'the first poller')
      expectEqual(await silent(other, 11, 20), [], 'another one')
      expectEqual(await silent(other, 19.999, 30), [], 'another one, just before the end')
      expectEqual(await silent(other, 20, 30), ['a'], 'another one, at the end')
    },
    'pollers that claim at once get different calls': async (store, other) => {
      const names = Array.from({ length: 20 }, (_, place) => `c-${place}`)
      await store.append(
        names.map((name) => sampleWrite(name, { dueAt: at(1) })),
        { now: START_AT },
      )
      const pollers = [store, other, store, other]
      const claims = await Promise.all(pollers.map((own) => silent(own, 5, 100, 5)))
      const rest = await silent(store, 5, 100, 100)
      expectEqual([...claims.flat(), ...rest].toSorted(), names.toSorted(), 'the claimed calls')
    },
    'a postponed call comes again when it was said, with the number of askings': async (store) => {
      const row = await write(store, 'a', { dueAt: at(10) })
      await silent(store, 11, 100)
      await store.postponePoll(row, { askAt: at(10), at: at(30), asked: 1 })
      expectEqual(await silent(store, 29.999, 100), [], 'calls just before')
      const again = await store.claimSilent({
        provider: PROVIDER,
        now: at(30),
        until: at(100),
        limit: 10,
      })
      expectEqual(again, [{ row, asked: 1 }], 'calls when it was said')
    },
    'a call that is postponed without a time is not asked about again': async (store) => {
      const row = await write(store, 'a', { dueAt: at(10) })
      await silent(store, 11, 20)
      await store.postponePoll(row, { askAt: at(10), at: null, asked: 1 })
      expectEqual(await silent(store, 9000, 9001), [], 'calls much later')
      const overdue = { order: 'due', overdue: { by: at(9000) }, after: null, limit: 10 } as const
      expectEqual(await store.list(overdue), [row], 'it stays overdue')
    },
    'a call is asked about at its time for that, whatever else is due': async (store) => {
      const row = await write(store, 'a', { dueAt: at(30), dataDueAt: at(10), askAt: at(20) })
      // Of an attempt that was retried: its data can no longer be asked for.
      await write(store, 'b', { dueAt: null, dataDueAt: at(5), askAt: null })
      expectEqual(await silent(store, 19.999, 20), [], 'calls just before')
      const claimed = await store.claimSilent({
        provider: PROVIDER,
        now: at(20),
        until: at(100),
        limit: 10,
      })
      expectEqual(claimed, [{ row, asked: 0 }], 'calls at the time')
      await store.postponePoll(row, { askAt: at(10), at: at(50), asked: 1 })
      expectEqual(await silent(store, 60, 70), [], 'calls after a postponement of another time')
      await store.postponePoll(row, { askAt: at(20), at: at(50), asked: 1 })
      expectEqual(await silent(store, 60, 70), ['a'], 'calls after one of this time')
    },
    'a write that changes the due times alone keeps what was postponed': async (store) => {
      const row = await write(store, 'a', { dueAt: at(10), askAt: at(10) })
      await silent(store, 11, 100)
      await store.postponePoll(row, { askAt: at(10), at: at(30), asked: 3 })
      await write(store, 'a', { dueAt: at(90), dataDueAt: at(20), askAt: at(10) })
      expectEqual(await silent(store, 29.999, 100), [], 'calls just before')
      expectEqual(await silent(store, 30, 100), ['a'], 'calls at the time that was said')
    },
    'a write that changes the due time starts anew': startsAnew,
    'a write that keeps the due time keeps what was postponed': async (store) => {
      const row = await write(store, 'a', { dueAt: at(10) })
      await silent(store, 11, 100)
      await store.postponePoll(row, { askAt: at(10), at: at(30), asked: 3 })
      const next = await write(store, 'a', { dueAt: at(10), at: at(12) })
      expectEqual(await silent(store, 29, 100), [], 'calls before the time that was said')
      const again = await store.claimSilent({
        provider: PROVIDER,
        now: at(30),
        until: at(100),
        limit: 10,
      })
      expectEqual(again, [{ row: next, asked: 3 }], 'calls at the time that was said')
    },
    'a call that is no longer due is not asked about': async (store) => {
      await write(store, 'a', { dueAt: at(10) })
      await write(store, 'a', { dueAt: null, statuses: ['completed'] })
      expectEqual(await silent(store, 9000, 9001), [], 'calls')
    },
    'postponing does nothing where the due time is another one by now': async (store) => {
      const row = await write(store, 'a', { dueAt: at(10) })
      await silent(store, 11, 100)
      const next = await write(store, 'a', { dueAt: at(40) })
      await store.postponePoll(row, { askAt: at(10), at: at(9000), asked: 7 })
      await store.postponePoll(row, { askAt: null, at: at(9000), asked: 7 })
      const claimed = await store.claimSilent({
        provider: PROVIDER,
        now: at(40),
        until: at(100),
        limit: 10,
      })
      expectEqual(claimed, [{ row: next, asked: 0 }], 'calls at the new due time')
      const nobody = { provider: PROVIDER, callId: 'nobody' }
      await store.postponePoll(nobody, { askAt: at(10), at: at(11), asked: 1 })
      expectEqual(await silent(store, 50, 60), [], 'calls after one that is not there')
    },
  })
}

async function startsAnew(store: Store): Promise<void> {
  const row = await write(store, 'a', { dueAt: at(10) })
  await silent(store, 11, 100)
  await store.postponePoll(row, { askAt: at(10), at: null, asked: 5 })
  const later = await write(store, 'a', { dueAt: at(40) })
  expectEqual(await silent(store, 39.999, 100), [], 'calls just before')
  const claimed = await store.claimSilent({
    provider: PROVIDER,
    now: at(40),
    until: at(100),
    limit: 10,
  })
  expectEqual(claimed, [{ row: later, asked: 0 }], 'calls at the new due time')
  // The claim is for the old due time; a changed one ends it.
  await write(store, 'a', { dueAt: at(45) })
  expectEqual(await silent(store, 45, 100), ['a'], 'calls at the newest due time')
}

function at(second: number): number {
  return START_AT + second * 1000
}

async function silent(store: Store, now: number, until: number, limit = 10) {
  const claimed = await store.claimSilent({
    provider: PROVIDER,
    now: at(now),
    until: at(until),
    limit,
  })
  return claimed.map(({ row }) => row.callId)
}
