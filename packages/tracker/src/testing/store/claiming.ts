import type { Store } from '../../store.ts'
import { at, CONSUMER, claim, claimOf, ref, register } from './consuming.ts'
import { sampleWrite, write } from './sample-write.ts'
import { checksOf, expectEqual, type StoreConformanceCheck, type StoreSubject } from './subject.ts'

/** Claims of a consumer's workers: how they end and who may end them. */
export function claimingChecks(subject: StoreSubject): readonly StoreConformanceCheck[] {
  return checksOf(subject, {
    'nobody else gets a claimed call until its claim ends': async (store, other) => {
      await prepare(store)
      expectEqual(await claim(store, 10, { until: 20 }), [claimOf('a', 0)], 'the first worker')
      expectEqual(await claim(other, 10, { owner: 'other' }), [], 'another one')
      expectEqual(await claim(other, 19.999, { owner: 'other' }), [], 'just before the end')
      expectEqual(await claim(other, 20, { owner: 'other' }), [claimOf('a', 0, 1)], 'at the end')
    },
    'a claim that was never ended counts as a try': async (store) => {
      await prepare(store)
      await claim(store, 10, { until: 20 })
      expectEqual(await claim(store, 20, { until: 30 }), [claimOf('a', 0, 1)], 'the second claim')
      expectEqual(await claim(store, 30, { until: 40 }), [claimOf('a', 0, 2)], 'the third claim')
      await end(store, { position: 0, tries: 2, nextAt: at(50) })
      expectEqual(await claim(store, 50), [claimOf('a', 0, 2)], 'a claim after one that was ended')
    },
    'workers that claim at once get different calls': workersShare,
    'what a clock that ran ahead has set is due, after all that is due already': aheadIsDue,
    'a claim by a clock that ran ahead is taken over, as a try': async (store, other) => {
      await prepare(store)
      await claim(store, 5000, { until: 5060 })
      expectEqual(
        await claim(other, 10, { owner: 'other', latest: 5060 }),
        [],
        'no later than that',
      )
      const taken = await claim(other, 10, { owner: 'other', latest: 5059, until: 20 })
      expectEqual(taken, [claimOf('a', 0, 1)], 'due later than can be')
      expectEqual(await claim(store, 15, { latest: 5059 }), [], 'claims while the other has it')
      expectEqual(await end(store, { position: 3 }), false, 'the answer to the one who lost it')
    },
    'a claim that ends at the last entry leaves nothing to do': async (store) => {
      await prepare(store)
      await claim(store, 10)
      expectEqual(await end(store, { position: 3 }), true, 'the answer')
      expectEqual(await claim(store, 9000), [], 'claims')
      await write(store, 'a', { at: at(9001) })
      expectEqual(await claim(store, 9002), [claimOf('a', 3)], 'claims after another write')
    },
    'a claim that ends earlier comes again when it was said, with its tries': async (store) => {
      await prepare(store)
      await claim(store, 10)
      expectEqual(await end(store, { position: 1, tries: 2, nextAt: at(50) }), true, 'the answer')
      expectEqual(await claim(store, 49.999), [], 'claims just before')
      expectEqual(await claim(store, 50), [claimOf('a', 1, 2)], 'claims when it was said')
    },
    'what is written during a claim is not lost': async (store) => {
      await prepare(store)
      await claim(store, 10, { until: 100 })
      await write(store, 'a', { at: at(11) })
      expectEqual(await claim(store, 12, { owner: 'other' }), [], 'claims during the claim')
      expectEqual(await end(store, { position: 3, nextAt: at(13) }), true, 'the answer')
      expectEqual(await claim(store, 13), [claimOf('a', 3)], 'claims afterwards')
    },
    'only the owner ends a claim': async (store, other) => {
      await prepare(store)
      await claim(store, 10, { until: 20 })
      await claim(other, 20, { owner: 'other', until: 40 })
      const deadLetter = { sequence: 3, error: 'late', at: at(21) }
      const late = { position: 3, tries: 9, nextAt: at(21), deadLetter }
      expectEqual(await end(store, late), false, 'the answer to the one who lost it')
      expectEqual(await keep(store, { position: 3, until: at(900) }), false, 'and to keeping it')
      expectEqual(await store.deadLetters({ limit: 10 }), [], 'the dead letters')
      expectEqual(await claim(store, 39), [], 'claims while the other has it')
      expectEqual(await claim(store, 40), [claimOf('a', 0, 2)], 'claims afterwards')
    },
    'a claim that ended long ago but was not taken is still its owner’s': async (store) => {
      await prepare(store)
      await claim(store, 10, { until: 20 })
      expectEqual(await end(store, { position: 3, nextAt: at(500) }), true, 'the answer')
      expectEqual(await end(store, { position: 0, nextAt: at(500) }), false, 'the second time')
      expectEqual(await claim(store, 900), [], 'claims')
      const nobody = { position: 0, tries: 0, nextAt: at(1) }
      const never = await store.endClaim(CONSUMER, ref('nobody'), 'worker', nobody)
      expectEqual(never, false, 'the answer for a call that is not there')
      const unknown = await store.endClaim('nobody', ref('a'), 'worker', nobody)
      expectEqual(unknown, false, 'the answer for a consumer that is not there')
    },
    'a kept claim moves on and stays with its owner': async (store) => {
      await prepare(store)
      await claim(store, 10, { until: 20 })
      expectEqual(await keep(store, { position: 2, until: at(40) }), true, 'the answer')
      expectEqual(await claim(store, 39.999, { owner: 'other' }), [], 'claims just before the end')
      // Whoever takes over goes on after what was handled.
      expectEqual(await claim(store, 40, { owner: 'other' }), [claimOf('a', 2, 1)], 'at the end')
    },
    'tries are those of the entry after the position': async (store) => {
      await prepare(store)
      await claim(store, 10)
      await end(store, { position: 1, tries: 4, nextAt: at(20) })
      await claim(store, 20, { until: 30 })
      await keep(store, { position: 1, until: at(31) })
      expectEqual(await claim(store, 31, { until: 40 }), [claimOf('a', 1, 5)], 'at the same entry')
      await keep(store, { position: 2, until: at(41) })
      expectEqual(await claim(store, 41), [claimOf('a', 2, 1)], 'at the next entry')
    },
  })
}

/** One call with three entries that a consumer has not handled, due at second 1. */
async function prepare(store: Store): Promise<void> {
  await register(store, 'now')
  await write(store, 'a', { statuses: ['queued', 'ringing', 'in-progress'], at: at(1) })
}

async function aheadIsDue(store: Store): Promise<void> {
  await register(store, 'now')
  for (const second of [5002, 5001, 9, 8]) {
    await write(store, `at-${second}`, { at: at(1), now: at(second) })
  }
  const claims = async (latest: number, limit: number) =>
    (await claim(store, 10, { latest, limit, until: 20 })).map(({ callId }) => callId)
  expectEqual(await claims(100, 1), ['at-8'], 'the first')
  expectEqual(await claims(100, 2), ['at-9', 'at-5001'], 'the next two')
  expectEqual(await claims(5002, 9), [], 'claims of what is due no later than can be')
  expectEqual(await claims(100, 9), ['at-5002'], 'the last')
  // All of them are due by now, and later than the other bound as well.
  const crossed = await claim(store, 20, { latest: 5 })
  expectEqual(crossed.length, 4, 'the number of claims where the bounds cross')
}

async function workersShare(store: Store, other: Store): Promise<void> {
  await register(store, 'now')
  const names = Array.from({ length: 20 }, (_, place) => `c-${place}`)
  await store.append(
    names.map((name) => sampleWrite(name, { at: at(1) })),
    { now: at(1) },
  )
  const workers = [store, other, store, other]
  const claims = await Promise.all(
    workers.map((own, place) => claim(own, 5, { owner: `worker-${place}`, limit: 5 })),
  )
  const rest = await claim(store, 5, { limit: 100 })
  const claimed = [...claims.flat(), ...rest].map(({ callId }) => callId)
  expectEqual(claimed.toSorted(), names.toSorted(), 'the claimed calls')
}

function end(
  store: Store,
  { tries = 0, nextAt = at(20), ...rest }: Partial<Parameters<Store['endClaim']>[3]>,
): Promise<boolean> {
  return store.endClaim(CONSUMER, ref('a'), 'worker', { position: 0, tries, nextAt, ...rest })
}

function keep(store: Store, options: Parameters<Store['keepClaim']>[3]): Promise<boolean> {
  return store.keepClaim(CONSUMER, ref('a'), 'worker', options)
}
