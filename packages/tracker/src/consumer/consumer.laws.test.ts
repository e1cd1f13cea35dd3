import { isSettled, isTerminal, replay } from 'callstate'
import type { Provider } from 'callstate/providers'
import { bolna } from 'callstate/providers/bolna'
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
import type { Tracker } from '../tracker.ts'
import { changesOf } from './changes-of.ts'
import { createWorld, faulty, NAME, seeded } from './consumer.fixture.ts'
import { gained, type When } from './when.ts'

const provider: Provider = bolna

type Story = CallWithRetries & Pick<Delivered, 'arrivals'>

const story: fc.Arbitrary<Story> = deliveries(callWithRetries({ maxAttempts: 3 }))

async function take(tracker: Tracker, callId: string, { event }: Arrival): Promise<void> {
  // The data that a provider sends: the end of an attempt alone brings the extraction.
  const extracted_data = isTerminal(event.status ?? 'queued') ? { answer: event.status } : null
  await tracker.ingest({
    event: { provider: 'bolna', callId, kind: 'webhook', word: event.status ?? '?', ...event },
    body: { extracted_data, total_cost: 1 },
  })
}

test('the changes read from a history are those that were told when it was stored', () =>
  fc.assert(
    fc.asyncProperty(story, async ({ arrivals, policy }) => {
      const { tracker, store } = createWorld({ retryPolicies: { bolna: policy } })
      const told: Change[] = []
      const watching = (async () => {
        for await (const change of tracker.watch()) told.push(change)
      })()
      for (const delivery of arrivals) await take(tracker, 'a', delivery)
      const ref = { provider: 'bolna', callId: 'a' }
      const history = await tracker.history(ref)
      const read = changesOf(ref, history, { provider, retryPolicy: policy })
      const [row] = await store.load([ref])
      await tracker.close()
      await watching
      expect(read.map(({ data, gained, payload, finalDataOf, ...change }) => change)).toEqual(told)
      expect(read.at(-1)?.call).toEqual(row?.row.knowledge)
    }),
    { numRuns: 50 },
  ))

test('each filter fires exactly when it should, whatever the order and the repeats', () =>
  fc.assert(
    fc.asyncProperty(story, async ({ arrivals, paths, policy }) => {
      const { tracker, time, worker } = createWorld()
      const fired: Record<string, Change[]> = {}
      const consumers = {
        every: 'every',
        advanced: 'advanced',
        settled: 'settled',
        final: 'final-data',
        extracted: gained('extracted_data'),
        cost: ({ gained }) => gained.includes('total_cost'),
        none: () => false,
      } satisfies Record<string, When>
      for (const [name, when] of Object.entries(consumers)) {
        const heard: Change[] = []
        fired[name] = heard
        tracker.consume(name, (change) => void heard.push(change), { when, sleep: time.sleep })
      }
      worker(() => {})
      for (const delivery of arrivals) {
        await take(tracker, 'a', delivery)
        if (delivery.receivedAt % 3 === 0) await time.advance(0)
      }
      await time.advance(2000)

      const history = await tracker.history({ provider: 'bolna', callId: 'a' })
      expect(fired['every']).toHaveLength(history.length)
      expect(fired['none']).toEqual([])
      expect(fired['extracted']).toHaveLength(1)
      expect(fired['cost']).toHaveLength(1)
      // Once for each attempt: `finalDataOf` says for which.
      const attempts = fired['final']?.map(({ event }) => event.attempt).toSorted()
      expect(attempts).toEqual(paths.map((_, place) => place + 1))
      // Once, and not before the call is over for good.
      expect(fired['settled']).toHaveLength(1)
      expect(fired['settled']?.every(({ call }) => isSettled(call, policy))).toBe(true)
      const moves = fired['advanced']?.map(({ call }) => [call.attempt, call.status]) ?? []
      const { call } = replay(arrivals.map(({ event }) => event))
      expect(moves.at(-1)).toEqual([call.attempt, call.status])
      for (const [place, move] of moves.entries()) expect(move).not.toEqual(moves[place - 1])
      expect(new Set(fired['every']?.map(({ key }) => key)).size).toBe(history.length)
      await tracker.close()
    }),
    { numRuns: 60 },
  ))

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
