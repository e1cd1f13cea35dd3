import { bolna } from 'callstate/providers/bolna'
import { expect, test } from 'vitest'
import { createVirtualTime } from '../consumer/virtual-time.fixture.ts'
import { createTracker } from '../create-tracker.ts'
import type { LogFields, Logger } from '../logger.ts'
import { createMemoryStore } from '../memory/index.ts'
import { rulesOfUnknown } from '../rules-by-provider.ts'
import type { Store } from '../store.ts'
import { createFollower } from './follower.ts'

const say = (status: string, callId = 'c-1') => ({
  provider: 'bolna',
  body: { id: callId, status, retry_count: 0 },
})

/** A follower on a store that cannot tell when something was stored, in virtual time, and another process. */
function open(faults: Partial<Store> = {}) {
  const store = createMemoryStore()
  const time = createVirtualTime(0)
  const log: [LogFields, string][] = []
  const line = (fields: LogFields, message: string) => void log.push([fields, message])
  const logger: Logger = { debug: line, info: line, warn: line, error: line }
  const closing = new AbortController()
  const follower = createFollower({
    store: { ...store, onStored: () => () => {}, ...faults },
    rulesOf: rulesOfUnknown,
    logger,
    closing: closing.signal,
    sleep: time.sleep,
    random: () => 1,
  })
  const other = createTracker({ store, providers: [bolna] })
  const told: string[] = []
  const listen = () =>
    follower.listen(({ callId, call }) => void told.push(`${callId} ${call.status}`))
  return { store, time, log, closing, follower, other, told, listen }
}

test('tells what other processes store within a second, each once and in order', async () => {
  const { time, other, told, listen } = open()
  await other.ingest(say('queued'))
  listen()
  await time.advance(0)
  await other.ingest(say('ringing'))
  await other.ingest(say('completed'))
  await time.advance(999)
  expect(told).toEqual([])
  await time.advance(1)
  expect(told).toEqual(['c-1 ringing', 'c-1 completed'])
  await time.advance(10_000)
  expect(told).toHaveLength(2)
})

test('reads at once when it is woken, also while it reads', async () => {
  const { time, other, told, listen, follower } = open()
  listen()
  await time.advance(0)
  await other.ingest(say('ringing'))
  follower.wake()
  follower.wake()
  await time.advance(0)
  expect(told).toEqual(['c-1 ringing'])
})

test('reads more at once where there is more than fits a page', async () => {
  const { time, other, told, listen, store } = open({
    changes: async (after) => store.changes(after, { limit: 2 }),
  })
  listen()
  await time.advance(0)
  for (let call = 0; call < 7; call++) await other.ingest(say('ringing', `c-${call}`))
  await time.advance(1000)
  expect(told).toHaveLength(7)
})

test('reads nothing while nobody listens', async () => {
  let reads = 0
  const { time, other, told, listen, store, follower } = open({
    changes: (after, page) => {
      reads++
      return store.changes(after, page)
    },
  })
  await other.ingest(say('queued'))
  follower.wake()
  await time.advance(5000)
  expect(reads).toBe(0)
  const stop = listen()
  await time.advance(0)
  stop()
  stop()
  await other.ingest(say('ringing'))
  const before = reads
  await time.advance(5000)
  expect(reads).toBe(before)
  // Who listens again hears what comes from then on.
  listen()
  await time.advance(0)
  await other.ingest(say('completed'))
  await time.advance(1000)
  expect(told).toEqual(['c-1 completed'])
})

test('waits out a store that fails, and misses nothing', async () => {
  let isDown = false
  const { time, other, told, listen, store, log } = open({
    changes: async (after, page) => {
      if (isDown) throw new Error('SECRET')
      return store.changes(after, page)
    },
  })
  listen()
  await time.advance(0)
  isDown = true
  await other.ingest(say('ringing'))
  await time.advance(20_000)
  expect(told).toEqual([])
  isDown = false
  await other.ingest(say('completed'))
  await time.advance(6000)
  expect(told).toEqual(['c-1 ringing', 'c-1 completed'])
  expect(log[0]).toEqual([{ error: 'Error' }, expect.stringContaining('could not be read')])
  expect(JSON.stringify(log)).not.toContain('SECRET')
})

test('says when nothing is missed any more, and holds nobody up while the store fails', async () => {
  let isDown = true
  let asked = 0
  const { time, listen, store, follower } = open({
    position: async () => {
      asked++
      if (isDown) throw new Error('down')
      return store.position()
    },
  })
  await follower.placed()
  await follower.begun()
  expect(asked).toBe(0)
  listen()
  let hasBegun = false
  const begun = follower.begun().then(() => {
    hasBegun = true
  })
  await follower.placed()
  await time.advance(1000)
  expect([asked > 1, hasBegun]).toEqual([true, false])
  isDown = false
  await time.advance(5000)
  await begun
})

test('ends when the tracker is closed', async () => {
  const { time, listen, follower, closing, other, told } = open()
  listen()
  await time.advance(0)
  closing.abort()
  await follower.ended()
  await other.ingest(say('ringing'))
  listen()
  await time.advance(5000)
  expect(told).toEqual([])
})

test('what release 0.1 left undecided is told as it is decided today', async () => {
  const { time, other, listen, store, follower } = open({
    position: async () => 'the position of another database',
    changes: async (after, page) => {
      const read = await store.changes(after, page)
      const changes = read.changes.map((one) => ({
        ...one,
        before: null,
        entry: { ...one.entry, decided: null },
      }))
      return { ...read, changes }
    },
    history: async (ref) =>
      (await store.history(ref)).map((entry) => ({ ...entry, decided: null })),
  })
  await other.ingest(say('ringing'))
  await other.ingest(say('completed'))
  const told: unknown[] = []
  follower.listen(
    ({ before, call }) => void told.push([before?.status ?? null, call.status, call.settled]),
  )
  listen()
  await time.advance(0)
  expect(told).toEqual([
    [null, 'ringing', false],
    ['ringing', 'completed', true],
  ])
})
