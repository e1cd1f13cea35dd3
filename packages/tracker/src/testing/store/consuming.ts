import type { Store } from '../../store.ts'
import { PROVIDER, START_AT, sampleWrite, write } from './sample-write.ts'
import { checksOf, expectEqual, type StoreConformanceCheck, type StoreSubject } from './subject.ts'

/** Registering consumers and what they get. Times are seconds after the start. */
export function consumingChecks(subject: StoreSubject): readonly StoreConformanceCheck[] {
  return checksOf(subject, {
    'a consumer that begins now gets what is written from now on': async (store) => {
      await write(store, 'old', { statuses: ['queued', 'ringing'] })
      await write(store, 'quiet')
      await register(store, 'now')
      expectEqual(await claim(store, 5), [], 'claims before anything is written')
      await write(store, 'old', { statuses: ['completed'], at: at(10) })
      await write(store, 'new', { at: at(11) })
      const claims = [claimOf('old', 2), claimOf('new', 0)]
      expectEqual(await claim(store, 20), claims, 'claims after two writes')
    },
    'a consumer that begins at the start gets everything': async (store) => {
      await write(store, 'old', { statuses: ['queued', 'ringing'] })
      await register(store, 'start')
      await write(store, 'new', { at: at(11) })
      const claims = [claimOf('old', 0), claimOf('new', 0)]
      expectEqual(await claim(store, 20), claims, 'the claims')
    },
    'registering again changes nothing': async (store, other) => {
      await write(store, 'a', { statuses: ['queued', 'ringing'] })
      await register(store, 'now')
      await register(other, 'start')
      expectEqual(await claim(store, 20), [], 'claims')
      await write(store, 'a', { at: at(10) })
      await register(other, 'start')
      expectEqual(await claim(store, 20), [claimOf('a', 2)], 'claims after a write')
    },
    'no entry falls between registering and writing': nothingFallsBetween,
    'every consumer has its own place': async (store) => {
      await register(store, 'now', 'first')
      await register(store, 'now', 'second')
      await write(store, 'a', { at: at(1) })
      expectEqual(await claim(store, 5, { consumer: 'first' }), [claimOf('a', 0)], 'of the first')
      const end = { position: 1, tries: 0, nextAt: at(5) }
      await store.endClaim('first', ref('a'), 'worker', end)
      expectEqual(await claim(store, 6, { consumer: 'second' }), [claimOf('a', 0)], 'of the second')
      expectEqual(await claim(store, 6, { consumer: 'first' }), [], 'of the first, afterwards')
      expectEqual(await claim(store, 6, { consumer: 'nobody' }), [], 'of an unknown one')
    },
    'calls are due at the time of their write, the oldest first, so many as are wanted': async (
      store,
    ) => {
      await register(store, 'now')
      const seconds = [30, 10, 50, 20, 40]
      // When its entries came is another time.
      for (const second of seconds) {
        await write(store, `at-${second}`, { at: at(100 - second), now: at(second) })
      }
      const claims = async (now: number) =>
        (await claim(store, now, { until: 900, limit: 3 })).map(({ callId }) => callId)
      expectEqual(await claims(9.999), [], 'claims before the first')
      expectEqual(await claims(40), ['at-10', 'at-20', 'at-30'], 'the first three')
      expectEqual(await claims(40), ['at-40'], 'what else is due')
    },
    'a second write leaves the time at which a call is due': async (store) => {
      await register(store, 'now')
      await write(store, 'a', { at: at(10) })
      await write(store, 'b', { at: at(20) })
      await write(store, 'a', { at: at(30) })
      const claims = [claimOf('a', 0), claimOf('b', 0)]
      expectEqual(await claim(store, 25), claims, 'the claims, oldest first')
    },
    'a clock that ran ahead does not hold up what comes after it was mended': async (store) => {
      await register(store, 'now')
      await write(store, 'a', { at: at(90_000) })
      await write(store, 'a', { at: at(10) })
      await write(store, 'b', { at: at(90_000) })
      expectEqual(await claim(store, 11), [claimOf('a', 0)], 'claims by the mended clock')
      const claims = await claim(store, 12, { latest: 4000, until: 20 })
      expectEqual(claims, [claimOf('b', 0)], 'claims of what is due later than can be')
    },
    'a call that waits without a try in vain is due at the time of a write': async (store) => {
      await register(store, 'now')
      await write(store, 'a', { statuses: ['queued', 'ringing'], at: at(1) })
      await claim(store, 2)
      const rest = { position: 1, tries: 0, nextAt: at(200) }
      await store.endClaim(CONSUMER, ref('a'), 'worker', rest)
      await write(store, 'a', { at: at(60) })
      expectEqual(await claim(store, 59.999), [], 'claims just before')
      expectEqual(await claim(store, 60), [claimOf('a', 1)], 'claims at the write')
    },
    'a write leaves the time of a claim and of a pause': async (store) => {
      await register(store, 'now')
      await write(store, 'a', { at: at(1) })
      await claim(store, 2, { until: 100 })
      await write(store, 'a', { at: at(3) })
      expectEqual(await claim(store, 50), [], 'claims while it is claimed')
      const pause = { position: 0, tries: 1, nextAt: at(200) }
      await store.endClaim(CONSUMER, ref('a'), 'worker', pause)
      await write(store, 'a', { at: at(60) })
      expectEqual(await claim(store, 199), [], 'claims during the pause')
      expectEqual(await claim(store, 200), [claimOf('a', 0, 1)], 'claims after it')
    },
    'a refused write tells no consumer': async (store) => {
      const row = await write(store, 'a')
      await write(store, 'a')
      await register(store, 'now')
      await store.append([sampleWrite('a', { before: row })], { now: START_AT })
      expectEqual(await claim(store, 900), [], 'claims')
    },
    'a removed consumer is forgotten, and others are not': removedIsForgotten,
  })
}

async function nothingFallsBetween(store: Store, other: Store): Promise<void> {
  const names = Array.from({ length: 30 }, (_, place) => `c-${place}`)
  const writing = async () => {
    for (const name of names) await store.append([sampleWrite(name, { at: at(1) })], { now: at(1) })
  }
  await Promise.all([writing(), register(other, 'start')])
  await fillWhole(other, CONSUMER, at(0))
  const claims = await claim(store, 20, { limit: 100 })
  const positions = new Map(claims.map(({ callId, position }) => [callId, position]))
  expectEqual(positions.size, names.length, 'the number of claimed calls')
  expectEqual(new Set(positions.values()), new Set([0]), 'their positions')
}

async function removedIsForgotten(store: Store): Promise<void> {
  await register(store, 'now', 'gone')
  await register(store, 'now', 'kept')
  await write(store, 'a', { at: at(1) })
  for (const consumer of ['gone', 'kept']) {
    await claim(store, 5, { consumer })
    const deadLetter = { sequence: 1, error: 'failed', at: at(6) }
    const end = { position: 1, tries: 0, nextAt: at(5), deadLetter }
    await store.endClaim(consumer, ref('a'), 'worker', end)
  }
  await store.removeConsumer('gone')
  const { consumers } = await store.counts({ now: at(20) })
  expectEqual([...consumers.keys()], ['kept'], 'the consumers')
  const letters = await store.deadLetters({ limit: 10 })
  expectEqual(
    letters.map(({ consumer }) => consumer),
    ['kept'],
    'whose dead letters there are',
  )
  await write(store, 'a', { at: at(30) })
  expectEqual(await claim(store, 40, { consumer: 'gone' }), [], 'claims of the removed one')
  await register(store, 'start', 'gone')
  const [again] = await claim(store, 40, { consumer: 'gone' })
  expectEqual(again, claimOf('a', 0), 'the claim of one that was registered again')
}

export function at(second: number): number {
  return START_AT + second * 1000
}

export function ref(callId: string) {
  return { provider: PROVIDER, callId }
}

export function claimOf(callId: string, position: number, tries = 0) {
  return { ...ref(callId), position, tries }
}

export const CONSUMER = 'billing'

/** A second later than any time of this suite: no clock is found to have run ahead. */
const NO_LATEST = 1_000_000

/** Registers a consumer and makes every call that was there before known to it. */
export function register(
  store: Store,
  from: 'start' | 'now' | number,
  consumer = CONSUMER,
): Promise<void> {
  return registerWhole(store, consumer, { from, now: at(0) })
}

export async function registerWhole(
  store: Store,
  consumer: string,
  options: { readonly from: 'start' | 'now' | number; readonly now: number },
): Promise<void> {
  await store.registerConsumer(consumer, options)
  await fillWhole(store, consumer, options.now)
}

/** More batches than any check of this suite needs. */
const MAX_BATCHES = 2000

/** Makes all calls that were there before a consumer known to it, in batches. */
export async function fillWhole(
  store: Store,
  consumer: string,
  now: number,
  limit = 100,
): Promise<void> {
  for (let batch = 0; batch < MAX_BATCHES; batch++) {
    if (!(await store.fillConsumer(consumer, { limit, now }))) return
  }
  throw new Error(`A consumer is not filled after ${MAX_BATCHES} batches of ${limit} calls.`)
}

/** Claims at a second after the start; until a minute later, by one worker, unless it is said. */
export function claim(
  store: Store,
  now: number,
  options: {
    consumer?: string
    until?: number
    limit?: number
    owner?: string
    latest?: number
  } = {},
) {
  const { consumer = CONSUMER, until = now + 60, limit = 10, owner = 'worker' } = options
  const latest = at(options.latest ?? NO_LATEST)
  return store.claimCalls(consumer, { now: at(now), until: at(until), limit, owner, latest })
}
