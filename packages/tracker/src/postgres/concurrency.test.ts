import { Pool } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { TrackedCall } from '../calls/tracked-call.ts'
import type { Store } from '../store.ts'
import { sampleWrite } from '../testing/store/sample-write.ts'
import { createPostgresStore } from './index.ts'
import { type PostgresServer, SERVER_HOOK_MS, startPostgres } from './server.fixture.ts'

const CONNECTIONS = 8

let server: PostgresServer
/** Pools of one connection each, so that each store has its own, as a process has. */
let pools: Pool[]

beforeAll(async () => {
  server = await startPostgres()
  const { connectionString } = server
  pools = Array.from({ length: CONNECTIONS }, () => new Pool({ connectionString, max: 1 }))
  for (const pool of pools) pool.on('error', () => {})
}, SERVER_HOOK_MS)

afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.end()))
  await server.stop()
}, SERVER_HOOK_MS)

/** A store for each connection, all on the same new tables. */
async function openStores(schema: string): Promise<{ first: Store; stores: Store[] }> {
  // One try: a deadlock is not run again in silence.
  const stores = pools.map((pool) => createPostgresStore({ pool, schema, raceTries: 1 }))
  await Promise.all(stores.map((store) => store.migrate()))
  const [first] = stores
  if (first === undefined) throw new Error('There is no store.')
  return { first, stores }
}

/** Appends one entry to each of these calls, reading again as often as a race is lost. */
async function appendToAll(store: Store, callIds: readonly string[]): Promise<void> {
  let left = callIds
  while (left.length > 0) {
    const known = await store.load(left.map((callId) => ({ provider: 'acme', callId })))
    const writes = left.map((callId, index) => sampleWrite(callId, { before: known[index]?.row }))
    const written = await store.append(writes, { now: 0 })
    left = left.filter((_, index) => !written[index])
  }
}

const every = { order: 'newest', after: null, limit: 1000 } as const

test('eight connections that append to the same calls lose nothing and never deadlock', async () => {
  const { first, stores } = await openStores('appends')
  await first.registerConsumer('billing', { from: 'now', now: 0 })
  const callIds = ['a', 'b', 'c', 'd']
  const rounds = 15
  await Promise.all(
    stores.map(async (store, index) => {
      // Each in another order, which is what makes deadlocks where rows are locked as they come.
      const turned = [...callIds.slice(index % 4), ...callIds.slice(0, index % 4)]
      for (let round = 0; round < rounds; round += 1) await appendToAll(store, turned)
    }),
  )
  const total = rounds * CONNECTIONS
  for (const callId of callIds) {
    const history = await first.history({ provider: 'acme', callId })
    const sequences = Array.from({ length: total }, (_, index) => index + 1)
    expect(history.map(({ sequence }) => sequence)).toEqual(sequences)
  }
  const rows = await first.list(every)
  expect(rows.map(({ events, revision }) => [events, revision])).toEqual(
    callIds.map(() => [total, total]),
  )
})

test('a consumer that registers while calls are written misses nothing', async () => {
  const { first, stores } = await openStores('registering')
  const [registrar, ...writers] = stores as [Store, ...Store[]]
  const rounds = 25
  let isDone = false
  // Per round: the calls that were there before, and how many events each had when it registered.
  const before: (readonly TrackedCall[])[] = []
  const appending = writers.map(async (store, index) => {
    for (let turn = 0; !isDone; turn += 1) {
      // Old calls and new ones.
      await appendToAll(store, [`shared-${turn % 5}`, `own-${index}-${turn % 20}`])
    }
  })
  const registering = (async () => {
    for (let round = 0; round < rounds; round += 1) {
      await registrar.registerConsumer(`start-${round}`, { from: 'start', now: 0 })
      await registrar.registerConsumer(`now-${round}`, { from: 'now', now: 0 })
      // Whatever is written from here on must reach the consumer.
      before.push(await registrar.list(every))
    }
    isDone = true
  })()
  await Promise.all([registering, ...appending])

  const rows = new Map((await first.list(every)).map((row) => [row.callId, row]))
  const max = Number.MAX_SAFE_INTEGER
  const claim = { now: max, until: max, latest: max, limit: 1000 }
  for (let round = 0; round < rounds; round += 1) {
    for (const name of [`start-${round}`, `now-${round}`]) {
      while (await first.fillConsumer(name, { limit: 7, now: 0 }));
    }
    const started = await first.claimCalls(`start-${round}`, { ...claim, owner: 'worker' })
    expect(started.map(({ callId }) => callId).sort()).toEqual([...rows.keys()].sort())
    expect(started.filter(({ position }) => position !== 0)).toEqual([])
    for (const { callId, provider } of started.slice(0, 10)) {
      // One entry is left, so the call is due again: the cursor knows of the last one.
      const end = { position: (rows.get(callId)?.events ?? 0) - 1, tries: 0, nextAt: 1 }
      await first.endClaim(`start-${round}`, { provider, callId }, 'worker', end)
    }
    const again = await first.claimCalls(`start-${round}`, { ...claim, now: 1, owner: 'again' })
    expect(again).toHaveLength(10)

    const later = await first.claimCalls(`now-${round}`, { ...claim, owner: 'worker' })
    const positions = new Map(later.map(({ callId, position }) => [callId, position]))
    for (const row of before[round] ?? []) {
      const position = positions.get(row.callId)
      const isMissed = position === undefined && rows.get(row.callId)?.events !== row.events
      expect([row.callId, isMissed]).toEqual([row.callId, false])
      expect(position ?? 0).toBeLessThanOrEqual(row.events)
    }
  }
})

test('workers that claim at the same time never get the same call', async () => {
  const { first, stores } = await openStores('claims')
  await first.registerConsumer('billing', { from: 'now', now: 0 })
  const callIds = Array.from({ length: 120 }, (_, index) => `call-${index}`)
  await first.append(
    callIds.map((callId) => sampleWrite(callId, { at: 10, dueAt: 50 })),
    { now: 10 },
  )
  const options = { now: 100, until: 1000, latest: 9e15, limit: 7 }

  const drain = async (claim: (store: Store, worker: number) => Promise<readonly string[]>) => {
    const claimed = stores.map(async (store, worker) => {
      const mine: string[] = []
      for (;;) {
        const some = await claim(store, worker)
        if (some.length === 0) return mine
        mine.push(...some)
      }
    })
    return (await Promise.all(claimed)).flat().sort()
  }
  const sorted = callIds.toSorted()

  const calls = await drain(async (store, worker) => {
    const claims = await store.claimCalls('billing', { ...options, owner: `worker-${worker}` })
    for (const { provider, callId } of claims) {
      const deadLetter = { sequence: 1, error: 'no', at: 100 }
      const end = { position: 1, tries: 0, nextAt: 0, deadLetter }
      await store.endClaim('billing', { provider, callId }, `worker-${worker}`, end)
    }
    return claims.map(({ callId }) => callId)
  })
  expect(calls).toEqual(sorted)

  const silent = await drain(async (store) =>
    (await store.claimSilent({ provider: 'acme', ...options })).map(({ row }) => row.callId),
  )
  expect(silent).toEqual(sorted)

  expect(await first.reviveDeadLetters('billing', { now: 100 })).toBe(callIds.length)
  const letters = await drain(async (store) =>
    (await store.claimDeadLetters('billing', options)).map(({ callId }) => callId),
  )
  expect(letters).toEqual(sorted)
})

test('an entry that is written while a claim ends is handled, in order and once', async () => {
  const { first, stores } = await openStores('ending')
  await first.registerConsumer('billing', { from: 'now', now: 0 })
  const writers = stores.slice(0, 4)
  const workers = stores.slice(4)
  const callIds = ['a', 'b', 'c']
  const turns = 25
  const handled = new Map<string, number[]>(callIds.map((callId) => [callId, []]))
  let writing = writers.length
  const writes = writers.map(async (store) => {
    for (let turn = 0; turn < turns; turn += 1) await appendToAll(store, callIds)
    writing -= 1
  })
  const works = workers.map(async (store, worker) => {
    const owner = `worker-${worker}`
    for (;;) {
      const isLast = writing === 0
      const claims = await store.claimCalls('billing', {
        now: Number.MAX_SAFE_INTEGER - 1,
        until: Number.MAX_SAFE_INTEGER,
        latest: Number.MAX_SAFE_INTEGER,
        limit: 1,
        owner,
      })
      if (claims.length === 0 && isLast) return
      for (const { provider, callId, position } of claims) {
        const ref = { provider, callId }
        const entries = await store.history(ref, { after: position, limit: 3 })
        handled.get(callId)?.push(...entries.map(({ sequence }) => sequence))
        const end = { position: entries.at(-1)?.sequence ?? position, tries: 0, nextAt: 0 }
        expect(await store.endClaim('billing', ref, owner, end)).toBe(true)
      }
    }
  })
  await Promise.all([...writes, ...works])
  const all = Array.from({ length: turns * writers.length }, (_, index) => index + 1)
  for (const callId of callIds) expect(handled.get(callId)).toEqual(all)
  expect((await first.counts({ now: 0 })).consumers.get('billing')).toEqual(new Map())
})
