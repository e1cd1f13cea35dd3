import { expect, test } from 'vitest'
import { DEFAULTS } from '../defaults.ts'
import type { ConsumedChange } from './consumed-change.ts'
import { createWorld, faulty, inShort, NAME, recorder, START_AT } from './consumer.fixture.ts'

const never = () => new Promise<void>(() => {})

test('a worker that crashes leaves its call to another after the lease, with the same key', async () => {
  const { webhook, worker, time, store } = createWorld()
  await webhook('a', 'ringing')
  await webhook('a', 'completed')
  const keys: string[] = []
  let isCrashed = false
  const ofCrashed = faulty(store, () => (isCrashed ? 'before' : null))
  worker(
    ({ key }) => {
      keys.push(key)
      isCrashed = true
      return never()
    },
    { store: ofCrashed },
  )
  await time.advance(0)
  const { heard, handler } = recorder()
  worker((change, control) => {
    keys.push(change.key)
    return handler(change, control)
  })
  await time.advance(DEFAULTS.consumer.leaseMs - 1)
  expect(heard).toEqual([])
  await time.advance(1001)
  expect(heard).toEqual(['a 1 ringing', 'a 2 completed'])
  expect(keys[1]).toBe(keys[0])
})

test('a change that ends the process at every try is set aside like one that fails', async () => {
  const { webhook, worker, time, store, tracker } = createWorld()
  await webhook('a', 'ringing')
  await webhook('a', 'completed')
  const retry = { maxTries: 3 }
  let crashes = 0
  for (; crashes < retry.maxTries; crashes++) {
    let isCrashed = false
    const ofCrashed = faulty(store, () => (isCrashed ? 'before' : null))
    const crash = () => {
      isCrashed = true
      return never()
    }
    worker(crash, { store: ofCrashed, retry })
    await time.advance(0)
    expect(isCrashed).toBe(true)
    await time.advance(DEFAULTS.consumer.leaseMs)
  }
  const { heard, handler } = recorder()
  worker(handler, { retry })
  await time.advance(2000)
  expect(heard).toEqual(['a 2 completed'])
  expect((await tracker.deadLetters()).items).toMatchObject([{ callId: 'a', sequence: 1 }])
})

test('a handler keeps its call, however long it runs', async () => {
  const { webhook, worker, time } = createWorld()
  await webhook('a', 'ringing')
  await webhook('a', 'completed')
  const heard: string[] = []
  const slow = (name: string) => async (change: ConsumedChange) => {
    heard.push(`${name} ${inShort(change)}`)
    await time.sleep(5 * DEFAULTS.consumer.leaseMs, new AbortController().signal)
  }
  worker(slow('one'), { handlerTimeoutMs: 10 * DEFAULTS.consumer.leaseMs })
  await time.advance(0)
  worker(slow('two'), { handlerTimeoutMs: 10 * DEFAULTS.consumer.leaseMs })
  await time.advance(11 * DEFAULTS.consumer.leaseMs)
  expect(heard).toEqual(['one a 1 ringing', 'one a 2 completed'])
})

test('a worker that loses its lease aborts its handler and writes nothing', async () => {
  const { webhook, worker, time, store } = createWorld()
  await webhook('a', 'ringing')
  const written: string[] = []
  let isCut = false
  const cut = faulty(store, (method) => {
    if (isCut && method === 'endClaim') written.push(method)
    return isCut ? 'before' : null
  })
  const abortedAt: number[] = []
  worker(
    async (_, { signal }) => {
      isCut = true
      await time.sleep(10 * DEFAULTS.consumer.leaseMs, signal)
      abortedAt.push(time.now())
    },
    { store: cut },
  )
  await time.advance(0)
  const { heard, handler } = recorder()
  worker(handler)
  await time.advance(DEFAULTS.consumer.leaseMs + 1000)
  // While the store still keeps the call from others.
  expect(abortedAt).toEqual([START_AT + 0.9 * DEFAULTS.consumer.leaseMs])
  expect(heard).toEqual(['a 1 ringing'])
  expect(written).toEqual([])
})

test('one that gets its call back waits for the handler that still ends', async () => {
  const { webhook, worker, time, store } = createWorld()
  await webhook('a', 'ringing')
  let running = 0
  let most = 0
  let begun = 0
  worker(
    async (_, { signal }) => {
      begun++
      most = Math.max(most, ++running)
      await time.sleep(DEFAULTS.consumer.leaseMs, signal)
      // Ends its work before it obeys.
      await time.sleep(500, new AbortController().signal)
      running--
    },
    { everyMs: 100 },
  )
  await time.advance(0)
  const stolen = {
    now: time.now() + DEFAULTS.consumer.leaseMs,
    until: time.now() + 1,
    limit: 1,
    latest: time.now() + DEFAULTS.consumer.leaseMs,
  }
  expect(await store.claimCalls(NAME, { ...stolen, owner: 'thief' })).toHaveLength(1)
  await time.advance(DEFAULTS.consumer.leaseMs)
  expect([begun, most]).toEqual([2, 1])
})

test('a cursor that another worker has by now is not moved', async () => {
  const { webhook, worker, time, store } = createWorld()
  await webhook('a', 'ringing')
  await webhook('a', 'completed')
  const aborted: string[] = []
  worker(async (change, { signal }) => {
    await time.sleep(DEFAULTS.consumer.leaseMs, signal)
    if (signal.aborted) aborted.push(inShort(change))
  })
  await time.advance(0)
  // Another one whose clock is ahead takes the call.
  const stolen = {
    now: time.now() + DEFAULTS.consumer.leaseMs,
    until: time.now() + 2 * DEFAULTS.consumer.leaseMs,
    limit: 1,
    latest: time.now() + DEFAULTS.consumer.leaseMs,
  }
  expect(await store.claimCalls(NAME, { ...stolen, owner: 'thief' })).toHaveLength(1)
  await time.advance(DEFAULTS.consumer.leaseMs)
  expect(aborted).toEqual(['a 1 ringing'])
  const keep = { position: 2, until: time.now() + DEFAULTS.consumer.leaseMs }
  const ref = { provider: 'bolna', callId: 'a' }
  expect(await store.keepClaim(NAME, ref, 'thief', keep)).toBe(true)
})
