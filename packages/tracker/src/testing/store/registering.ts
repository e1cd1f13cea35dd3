import { isTrackerError } from '../../error.ts'
import type { Store } from '../../store.ts'
import { at, CONSUMER, claim, claimOf, fillWhole, ref } from './consuming.ts'
import { rowOf, sampleWrite, write } from './sample-write.ts'
import { checksOf, expectEqual, type StoreConformanceCheck, type StoreSubject } from './subject.ts'

/** Where a consumer begins, and how it gets to know the calls that were there before it. */
export function registeringChecks(subject: StoreSubject): readonly StoreConformanceCheck[] {
  return checksOf(subject, {
    'a name that is new to a store with calls has to say where it begins': async (store) => {
      await store.registerConsumer('first', { from: null, now: at(0) })
      await write(store, 'a')
      expectEqual(await claimed(store, 'first', 5), [claimOf('a', 0)], 'what the first one gets')
      await store.registerConsumer('first', { from: null, now: at(6) })
      const refused = await store.registerConsumer('misspelled', { from: null, now: at(7) }).then(
        () => null,
        (error: unknown) => error,
      )
      const code = isTrackerError(refused) ? refused.code : null
      expectEqual(code, 'invalid-option', 'the code of the refusal')
      const text = refused instanceof Error ? refused.message : ''
      for (const said of ['"misspelled"', "from: 'start'", "from: 'now'", 'new Date(']) {
        expectEqual(text.includes(said), true, `whether the refusal says ${said}`)
      }
      const { consumers } = await store.counts({ now: at(8) })
      expectEqual([...consumers.keys()], ['first'], 'the consumers')
    },
    'calls that were there before become known bit by bit, each once': bitByBit,
    'what is made known is due at that time': async (store) => {
      await write(store, 'a')
      await store.registerConsumer(CONSUMER, { from: 'start', now: at(1) })
      await fillWhole(store, CONSUMER, at(50))
      expectEqual(await claim(store, 49.999), [], 'claims just before')
      expectEqual(await claim(store, 50), [claimOf('a', 0)], 'claims at the time')
    },
    'a call that is written before it is made known comes from where the consumer begins': async (
      store,
      other,
    ) => {
      await write(store, 'a', { statuses: ['queued', 'ringing'], at: at(1) })
      await write(store, 'b', { statuses: ['queued', 'ringing'], at: at(10) })
      await store.registerConsumer('all', { from: 'start', now: at(20) })
      await store.registerConsumer('since', { from: at(10), now: at(20) })
      await store.registerConsumer('new', { from: 'now', now: at(20) })
      for (const name of ['a', 'b']) {
        await write(other, name, { statuses: ['completed'], at: at(30) })
      }
      for (const name of ['all', 'since', 'new']) await fillWhole(store, name, at(40))
      const ofAll = [claimOf('a', 0), claimOf('b', 0)]
      expectEqual(await claimed(store, 'all', 50), ofAll, 'of the one that gets everything')
      const ofSince = [claimOf('a', 2), claimOf('b', 0)]
      expectEqual(await claimed(store, 'since', 50), ofSince, 'of the one that begins at a time')
      const ofNew = [claimOf('a', 2), claimOf('b', 2)]
      expectEqual(await claimed(store, 'new', 50), ofNew, 'of the one that begins now')
    },
    'a consumer that begins at a time gets what came then or later': async (store) => {
      await write(store, 'before', { statuses: ['queued', 'ringing'], at: at(9.999) })
      const across = await write(store, 'across', { statuses: ['queued', 'ringing'], at: at(1) })
      const later = { statuses: ['in-progress', 'completed'], at: at(10), before: across }
      await store.append([sampleWrite('across', later)], { now: at(10) })
      await write(store, 'after', { statuses: ['queued', 'ringing'], at: at(11) })
      await store.registerConsumer(CONSUMER, { from: at(10), now: at(20) })
      await fillWhole(store, CONSUMER, at(20), 1)
      const came = [claimOf('across', 2), claimOf('after', 0)]
      const byName = (await claim(store, 30)).toSorted((a, b) => (a.callId < b.callId ? -1 : 1))
      expectEqual(byName, came, 'the claims')
      await write(store, 'before', { statuses: ['completed'], at: at(40) })
      expectEqual(await claim(store, 41), [claimOf('before', 2)], 'claims after another write')
    },
    'what is written from now on comes, whatever time it says that it came': async (store) => {
      await write(store, 'a', { at: at(1) })
      await store.registerConsumer(CONSUMER, { from: at(9000), now: at(20) })
      await fillWhole(store, CONSUMER, at(20))
      await write(store, 'a', { at: at(2), now: at(30) })
      await write(store, 'b', { at: at(2), now: at(31) })
      expectEqual(await claim(store, 40), [claimOf('a', 1), claimOf('b', 0)], 'the claims')
    },
    'workers that make calls known at once make each known once': async (store, other) => {
      const names = await fill(store, 60)
      await store.registerConsumer(CONSUMER, { from: 'start', now: at(1) })
      const workers = [store, other, store, other]
      await Promise.all(workers.map((own) => fillWhole(own, CONSUMER, at(2), 7)))
      const claims = await claim(store, 20, { limit: 1000 })
      const came = claims.map(({ callId }) => callId)
      expectEqual(came.toSorted(), names.toSorted(), 'the calls')
    },
    'what was made known to a consumer is not made known again': async (store, other) => {
      await fill(store, 5)
      await store.registerConsumer(CONSUMER, { from: 'start', now: at(1) })
      await fillWhole(store, CONSUMER, at(2))
      const end = { position: 1, tries: 0, nextAt: at(3) }
      for (const one of await claim(store, 3)) await store.endClaim(CONSUMER, one, 'worker', end)
      const again = await other.fillConsumer(CONSUMER, { limit: 100, now: at(4) })
      expectEqual(again, false, 'whether there is more')
      expectEqual(await claim(store, 9000), [], 'claims')
      const unknown = await store.fillConsumer('nobody', { limit: 100, now: at(4) })
      expectEqual(unknown, false, 'the answer for a consumer that is not there')
    },
    'no entry falls between registering and writing, wherever a consumer begins': besideTraffic,
  })
}

async function bitByBit(store: Store, other: Store): Promise<void> {
  const names = await fill(store, 25)
  await store.registerConsumer(CONSUMER, { from: 'start', now: at(1) })
  expectEqual(await claim(store, 5), [], 'claims before any is known')
  const came: string[] = []
  let isMore = true
  for (let batch = 0; isMore && batch < 1000; batch++) {
    isMore = await (batch % 2 === 0 ? store : other).fillConsumer(CONSUMER, {
      limit: 10,
      now: at(2),
    })
    const claims = await claim(store, 5, { limit: 1000 })
    if (claims.length > 10) throw new Error(`A batch of 10 made ${claims.length} calls known.`)
    came.push(...claims.map(({ callId }) => callId))
  }
  expectEqual(isMore, false, 'whether there is more in the end')
  expectEqual(came.toSorted(), names.toSorted(), 'the calls')
}

async function besideTraffic(store: Store, other: Store): Promise<void> {
  const names = await fill(store, 30)
  let isOver = false
  const writing = async () => {
    const added: string[] = []
    for (let place = 0; !isOver || place < 20; place++) {
      const name = names[place % names.length] ?? ''
      const before = await rowOf(store, name)
      const more = `new-${place}`
      const samples = [sampleWrite(name, { before, at: at(2) }), sampleWrite(more, { at: at(2) })]
      await store.append(samples, { now: at(2) })
      added.push(more)
    }
    return added
  }
  const begins = { all: 'start', since: at(-1), new: 'now' } as const
  const registering = async () => {
    for (const [name, from] of Object.entries(begins)) {
      await other.registerConsumer(name, { from, now: at(1) })
      await fillWhole(other, name, at(2), 4)
    }
    isOver = true
  }
  const [added] = await Promise.all([writing(), registering()])
  for (const name of Object.keys(begins)) {
    await fillWhole(other, name, at(3))
    await write(store, 'c-0', { at: at(4) })
    const claims = await claimed(store, name, 20)
    const positions = new Map(claims.map(({ callId, position }) => [callId, position]))
    if (name === 'new') {
      expectEqual(positions.has('c-0'), true, 'whether what came last is there')
      continue
    }
    const expected = [...names, ...added]
    expectEqual([...positions.keys()].toSorted(), expected.toSorted(), 'the calls')
    expectEqual(new Set(positions.values()), new Set([0]), 'their positions')
  }
}

/** So many calls with one entry each; their names. */
async function fill(store: Store, calls: number): Promise<readonly string[]> {
  const names = Array.from({ length: calls }, (_, place) => `c-${place}`)
  await store.append(
    names.map((name) => sampleWrite(name, { at: at(0) })),
    { now: at(0) },
  )
  const known = await store.load(names.map(ref))
  expectEqual(known.filter((one) => one !== undefined).length, calls, 'the number of calls')
  return names
}

function claimed(store: Store, consumer: string, now: number) {
  return claim(store, now, { consumer, limit: 10_000 })
}
