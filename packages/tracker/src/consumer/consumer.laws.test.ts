import { isSettled, replay, type TerminalStatus } from 'callstate'
import {
  type Arrival,
  type CallWithRetries,
  callWithRetries,
  type Delivered,
  deliveries,
} from 'callstate/testing'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Change } from '../calls/change.ts'
import { createMemoryStore } from '../memory/index.ts'
import type { Store } from '../store.ts'
import type { Tracker } from '../tracker.ts'
import type { ConsumedChange } from './consumed-change.ts'
import { createWorld, faulty, NAME, seeded, type World } from './consumer.fixture.ts'
import { corrected, gained, ready, type When } from './when.ts'

type Story = CallWithRetries & Pick<Delivered, 'arrivals'>

const story: fc.Arbitrary<Story> = deliveries(callWithRetries({ maxAttempts: 3 }))

/** The ends after which Bolna has a record of what was said; it has a cost after each. */
const RECORDED = {
  completed: true,
  error: true,
  failed: true,
  stopped: true,
  canceled: true,
  busy: false,
  'no-answer': false,
  'balance-low': false,
} as const satisfies Record<TerminalStatus, boolean>

const REF = { provider: 'bolna', callId: 'a' }

async function take(
  tracker: Pick<Tracker, 'ingest'>,
  callId: string,
  { event }: Arrival,
): Promise<void> {
  const isEnd = Object.hasOwn(RECORDED, event.status ?? '')
  // The data that a provider sends: the end of an attempt alone brings the extraction. Costs are partial
  // before it, and another one in each attempt.
  const extracted_data = isEnd ? { answer: event.status } : null
  const total_cost = (event.attempt ?? 0) * 10 + (isEnd ? 0 : 1)
  await tracker.ingest({
    event: { provider: 'bolna', callId, kind: 'webhook', word: event.status ?? '?', ...event },
    body: { extracted_data, total_cost },
  })
}

/** The attempts of a story, the first one first, with the end of each. */
function endsOf({ paths }: Story): readonly (readonly [attempt: number, end: string])[] {
  return paths.map((path, place) => [place + 1, path.at(-1) ?? ''])
}

test('the changes read from a history are those that were told when it was stored', () =>
  fc.assert(
    fc.asyncProperty(story, async ({ arrivals, policy }) => {
      const world = createWorld({ retryPolicies: { bolna: policy } })
      const { tracker, store } = world
      const watching = tracker.watch()
      for (const delivery of arrivals) await take(tracker, 'a', delivery)
      const history = await tracker.history(REF)
      const told: Change[] = []
      for (const _ of history) told.push((await watching.next()).value as Change)
      const read = await handedOut(world, store, 'every')
      const [stored] = await store.load([REF])
      const bare = read.map(({ key, finalData, corrected, data, payload, ...change }) => change)
      expect(bare).toEqual(told)
      expect(stored?.row).toMatchObject({ ...read.at(-1)?.call })
      await tracker.close()
    }),
    { numRuns: 50 },
  ))

test('each filter fires exactly when it should, whatever the order and the repeats', () =>
  fc.assert(
    fc.asyncProperty(story, async (told) => {
      const { arrivals, policy } = told
      const { tracker, time, worker } = createWorld()
      const fired: Record<string, ConsumedChange[]> = {}
      const consumers: Record<string, When> = {
        every: 'every',
        advanced: 'advanced',
        settled: 'settled',
        cost: ready('cost'),
        extracted: gained('extraction'),
        once: gained('extraction', { once: 'call' }),
        partial: ({ payload }) => Number(payload?.['total_cost']) % 10 !== 0,
        none: () => false,
      }
      for (const [name, when] of Object.entries(consumers)) {
        const heard: ConsumedChange[] = []
        fired[name] = heard
        tracker.consume(name, (change) => void heard.push(change), { when, sleep: time.sleep })
      }
      worker(() => {})
      for (const delivery of arrivals) {
        await take(tracker, 'a', delivery)
        if (delivery.receivedAt % 3 === 0) await time.advance(0)
      }
      await time.advance(2000)

      const history = await tracker.history(REF)
      const ends = endsOf(told)
      const isRecorded = (end: string) => RECORDED[end as TerminalStatus]
      expect(fired['every']).toHaveLength(history.length)
      expect(fired['none']).toEqual([])
      // Once for each attempt, with its own amount and never with a partial one.
      expect(fired['cost']?.map(charge).toSorted()).toEqual(
        ends.map(([attempt]) => `${attempt}: ${attempt * 10}`),
      )
      const extracted = ends.filter(([, end]) => isRecorded(end))
      expect(fired['extracted']?.map(({ attempt }) => attempt).toSorted()).toEqual(
        extracted.map(([attempt]) => attempt),
      )
      expect(fired['once']).toHaveLength(Math.min(extracted.length, 1))
      expect(fired['partial']?.length).toBe(
        history.filter(({ event }) => !Object.hasOwn(RECORDED, event?.status ?? '')).length,
      )
      // Once, and not before the call is over for good.
      expect(fired['settled']).toHaveLength(1)
      const known = history.slice(0, fired['settled']?.[0]?.sequence)
      const events = known.flatMap(({ event }) => event ?? [])
      expect(isSettled(replay(events).call, policy)).toBe(true)
      const moves = fired['advanced']?.map(({ call }) => [call.attempt, call.status]) ?? []
      const { call } = replay(arrivals.map(({ event }) => event))
      expect(moves.at(-1)).toEqual([call.attempt, call.status])
      for (const [place, move] of moves.entries()) expect(move).not.toEqual(moves[place - 1])
      for (const heard of Object.values(fired)) {
        expect(new Set(heard.map(({ key }) => key)).size).toBe(heard.length)
      }
      await tracker.close()
    }),
    { numRuns: 60 },
  ))

test('keys mean the facts: they are the same in another order, after a restore and after a rebuild', () => {
  const inTwoOrders = story.chain((told) =>
    fc.record({
      told: fc.constant(told),
      other: fc.shuffledSubarray([...told.arrivals], { minLength: told.arrivals.length }),
    }),
  )
  const facts: When = [ready('cost'), ready('extraction'), gained('extraction'), corrected('cost')]
  return fc.assert(
    fc.asyncProperty(inTwoOrders, async ({ told, other }) => {
      const world = createWorld()
      for (const delivery of told.arrivals) await take(world.tracker, 'a', delivery)
      const keys = keysOf(await handedOut(world, world.store, facts))
      const expected = endsOf(told).flatMap(([attempt, end]) => [
        `bolna/a/${attempt}/ready/cost`,
        ...(RECORDED[end as TerminalStatus]
          ? [`bolna/a/${attempt}/ready/extraction`, `bolna/a/${attempt}/gained/extraction`]
          : []),
      ])
      expect(keys).toEqual(expected.toSorted())

      const reordered = createWorld()
      for (const delivery of other) await take(reordered.tracker, 'a', delivery)
      expect(keysOf(await handedOut(reordered, reordered.store, facts))).toEqual(keys)

      const restored = await restoredFrom(world.store)
      expect(keysOf(await handedOut(world, restored, facts))).toEqual(keys)
      const all = await handedOut(world, world.store, 'every')
      expect(keysOf(await handedOut(world, restored, 'every'))).toEqual(keysOf(all))

      const { tracker } = createWorld({
        store: restored,
        dataBudgetsMs: { bolna: 1 },
      })
      await tracker.rebuild({ write: true })
      expect(keysOf(await handedOut(world, restored, facts))).toEqual(keys)
    }),
    { numRuns: 40 },
  )
})

function charge({ attempt, finalData }: ConsumedChange): string {
  return `${attempt}: ${finalData?.cost?.amount}`
}

function keysOf(changes: readonly ConsumedChange[]): readonly string[] {
  return changes.map(({ key }) => key).toSorted()
}

let readers = 0

/** What a consumer that is new to a store is handed, from the start. */
async function handedOut(
  { time }: World,
  store: Store,
  when: When,
): Promise<readonly ConsumedChange[]> {
  const { tracker } = createWorld({ store, now: time.now })
  const changes: ConsumedChange[] = []
  const { sleep } = time
  const options = { when, from: 'start' as const, sleep }
  const consumer = tracker.consume(`r-${++readers}`, (one) => void changes.push(one), options)
  await time.advance(2000)
  const stopped = consumer.stop()
  await time.advance(0)
  await stopped
  return changes
}

/** Another store with the same call, as a backup gives it back. */
async function restoredFrom(store: Store): Promise<Store> {
  const copy = createMemoryStore()
  const [stored] = await store.load([REF])
  if (stored === undefined) throw new Error('There is no call.')
  const row = { ...stored.row, revision: 1 }
  await copy.append([{ row, basedOn: 0, entries: await store.history(REF) }], { now: 0 })
  return copy
}

test('workers side by side miss nothing, keep the order and never handle a call at the same time', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(story, { minLength: 1, maxLength: 5 }),
      fc.integer({ min: 2, max: 4 }),
      fc.nat(),
      async (stories, workers, seed) => {
        const random = seeded(seed)
        const { tracker, time, worker } = createWorld()
        const running = new Set<string>()
        const done = new Map<string, number[]>()
        for (let count = 0; count < workers; count++) {
          worker(
            async ({ callId, sequence }) => {
              expect(running).not.toContain(callId)
              running.add(callId)
              await time.sleep(random() * 40_000, new AbortController().signal)
              running.delete(callId)
              if (random() < 0.2) throw new Error('try again')
              done.set(callId, [...(done.get(callId) ?? []), sequence])
            },
            { concurrency: 2, everyMs: 5000, random, retry: { maxTries: 1000, maxMs: 5000 } },
          )
        }
        const arriving = stories.flatMap(({ arrivals }, call) =>
          arrivals.map((delivery) => ({ callId: `c${call}`, delivery })),
        )
        for (const { callId, delivery } of arriving) {
          await take(tracker, callId, delivery)
          await time.advance(random() * 3000)
        }
        await time.advance(2 * 3_600_000)
        for (const [call] of stories.entries()) {
          const history = await tracker.history({ provider: 'bolna', callId: `c${call}` })
          expect(done.get(`c${call}`)).toEqual(history.map(({ sequence }) => sequence))
        }
      },
    ),
    { numRuns: 25 },
  ))

test('while the store fails now and then, before and after it wrote, nothing is missed or out of order', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(story, { minLength: 1, maxLength: 3 }),
      fc.nat(),
      async (stories, seed) => {
        const random = seeded(seed)
        const { tracker, time, worker, store } = createWorld()
        let isFaulty = true
        const failing = () =>
          faulty(store, () => {
            if (!isFaulty || random() > 0.3) return null
            return random() < 0.5 ? 'before' : 'after'
          })
        const done = new Map<string, number[]>()
        const running = new Set<string>()
        for (let count = 0; count < 2; count++) {
          worker(
            async ({ callId, sequence }) => {
              expect(running).not.toContain(callId)
              running.add(callId)
              await time.sleep(random() * 2000, new AbortController().signal)
              running.delete(callId)
              if (random() < 0.1) throw new Error('no luck')
              done.set(callId, [...(done.get(callId) ?? []), sequence])
            },
            { store: failing(), random, retry: { maxTries: 2 } },
          )
        }
        for (const [call, { arrivals }] of stories.entries()) {
          for (const delivery of arrivals) {
            await take(tracker, `c${call}`, delivery)
            await time.advance(random() * 2000)
          }
        }
        await time.advance(600_000)
        isFaulty = false
        await time.advance(600_000)
        const dead = (await tracker.deadLetters({ consumer: NAME, limit: 1000 })).items
        for (const [call] of stories.entries()) {
          const callId = `c${call}`
          const handled = done.get(callId) ?? []
          // At least once: repeats are allowed, gaps and steps back are not.
          const firsts = [...new Set(handled)]
          expect(firsts).toEqual(firsts.toSorted((a, b) => a - b))
          const lost = dead.filter((letter) => letter.callId === callId)
          const history = await tracker.history({ provider: 'bolna', callId })
          expect(new Set([...firsts, ...lost.map(({ sequence }) => sequence)])).toEqual(
            new Set(history.map(({ sequence }) => sequence)),
          )
        }
      },
    ),
    { numRuns: 25 },
  ))
