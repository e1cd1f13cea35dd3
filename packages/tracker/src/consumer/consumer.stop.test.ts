import { expect, test } from 'vitest'
import { DEFAULTS } from '../defaults.ts'
import { createWorld, faulty, recorder } from './consumer.fixture.ts'

const never = () => new Promise<void>(() => {})

test('lets a running handler end its change, and gives the rest to others', async () => {
  const { webhook, worker, time } = createWorld()
  await webhook('a', 'ringing')
  await webhook('a', 'completed')
  const first = recorder()
  const one = worker(async (change, control) => {
    await time.sleep(500, control.signal)
    await first.handler(change, control)
    expect(control.signal.aborted).toBe(false)
  })
  await time.advance(100)
  const stopped = one.stop()
  await time.advance(400)
  await stopped
  expect(first.heard).toEqual(['a 1 ringing'])
  const { heard, handler } = recorder()
  worker(handler)
  await time.advance(0)
  expect(heard).toEqual(['a 2 completed'])
})

test('aborts a handler that takes too long; that is no failure, and another worker tries it', async () => {
  const { webhook, worker, time, tracker } = createWorld()
  await webhook('a', 'ringing')
  const one = worker(
    async (_, { signal }) => {
      await time.sleep(60_000, signal)
      signal.throwIfAborted()
    },
    { stopTimeoutMs: 2000, retry: { maxTries: 1 } },
  )
  await time.advance(0)
  const stopped = one.stop()
  await time.advance(2000)
  await stopped
  expect((await tracker.deadLetters()).items).toEqual([])
  const { heard, handler } = recorder()
  worker(handler)
  await time.advance(0)
  expect(heard).toEqual(['a 1 ringing'])
})

test('waits a moment for an aborted handler to clean up', async () => {
  const { webhook, worker, time } = createWorld()
  await webhook('a', 'ringing')
  const heard: string[] = []
  const one = worker(
    async (_, { signal }) => {
      await time.sleep(60_000, signal)
      await time.sleep(500, new AbortController().signal)
      heard.push('cleaned up')
    },
    { stopTimeoutMs: 2000 },
  )
  await time.advance(0)
  const stopped = one.stop().then(() => heard.push('stopped'))
  await time.advance(2499)
  expect(heard).toEqual([])
  await time.advance(1)
  await stopped
  expect(heard).toEqual(['cleaned up', 'stopped'])
  // It ended its work after all, so nobody else has to.
  const other = recorder()
  worker(other.handler)
  await time.advance(DEFAULTS.consumer.leaseMs)
  expect(other.heard).toEqual([])
})

test('ends although neither the handler nor the store answers', async () => {
  const { webhook, worker, time, store } = createWorld()
  await webhook('a', 'ringing')
  const silent = new Proxy(store, {
    get: (target, name: keyof typeof store) =>
      name === 'endClaim' ? never : target[name].bind(target),
  })
  const consumer = worker(never, { store: silent, stopTimeoutMs: 1000 })
  await time.advance(0)
  const stopped = consumer.stop()
  await time.advance(4000)
  await stopped
})

test('is brought about by the signal and by closing the tracker', async () => {
  const { webhook, worker, time, tracker } = createWorld()
  const control = new AbortController()
  const { heard, handler } = recorder()
  const consumer = worker(handler, { signal: control.signal })
  await consumer.ready
  control.abort()
  await time.advance(0)
  await webhook('a', 'ringing')
  await time.advance(10_000)
  expect(heard).toEqual([])
  await consumer.idle()

  const own = tracker.consume('own', handler, { sleep: time.sleep, from: 'start' })
  const closed = tracker.close()
  await time.advance(0)
  await closed
  await own.stop()
})

test('before it is registered, ready rejects; who does not look does not hear of it', async () => {
  const { worker, time, store } = createWorld()
  const down = faulty(store, () => 'before')
  const consumer = worker(() => {}, { store: down })
  worker(() => {}, { store: down, signal: AbortSignal.abort() })
  await time.advance(10_000)
  const stopped = consumer.stop()
  await time.advance(0)
  await stopped
  await expect(consumer.ready).rejects.toMatchObject({ code: 'closed' })
})
