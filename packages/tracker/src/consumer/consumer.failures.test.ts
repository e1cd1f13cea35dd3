import { expect, test } from 'vitest'
import { createWorld, NAME, recorder } from './consumer.fixture.ts'
import type { ConsumerHandler } from './consumer.ts'

const DAY_MS = 86_400_000

const never = () => new Promise<void>(() => {})

test('a change that fails is tried again with the same key, and holds up its own call only', async () => {
  const { webhook, worker, time } = createWorld()
  await webhook('a', 'ringing')
  await webhook('a', 'completed')
  await webhook('b', 'busy')
  const keys: string[] = []
  const { heard, handler } = recorder()
  worker(
    (change, control) => {
      if (change.callId === 'a') keys.push(change.key)
      if (keys.length < 3 && change.callId === 'a') throw new Error('down')
      return handler(change, control)
    },
    { retry: { firstMs: 1000, factor: 3 }, when: 'advanced' },
  )
  await time.advance(0)
  expect(heard).toEqual(['b 1 busy'])
  // Looked for once a second: after 1 s, and 3 s later.
  await time.advance(3999)
  expect(keys).toEqual(['bolna/a/1/advanced/ringing', 'bolna/a/1/advanced/ringing'])
  await time.advance(1)
  expect(heard).toEqual(['b 1 busy', 'a 1 ringing', 'a 2 completed'])
  expect(keys[2]).toBe(keys[0])
})

test('what fails as often as it may is set aside, masked, and the next change goes on', async () => {
  const { webhook, worker, time, tracker } = createWorld()
  await webhook('a', 'ringing')
  await webhook('a', 'completed')
  let tries = 0
  const { heard, handler } = recorder()
  worker(
    (change, control) => {
      if (change.sequence === 2) return handler(change, control)
      tries++
      throw new TypeError(
        `No customer +1 202 555 0100 <mary@example.com>, order 1234, try ${tries}`,
      )
    },
    { retry: { maxTries: 3 } },
  )
  await time.advance(60_000)
  expect(tries).toBe(3)
  expect(heard).toEqual(['a 2 completed'])
  const { items } = await tracker.deadLetters({ consumer: NAME })
  expect(items).toMatchObject([
    {
      provider: 'bolna',
      callId: 'a',
      consumer: NAME,
      sequence: 1,
      error: 'TypeError: No customer +*** *** order 1234, try 3',
      replays: 0,
      replayAt: null,
    },
  ])
})

test('each change has all its tries, whatever those before it took', async () => {
  const { webhook, worker, time, tracker } = createWorld()
  for (const status of ['queued', 'ringing', 'completed']) await webhook('a', status)
  const tried = new Set<string>()
  const { heard, handler } = recorder()
  worker(
    (change, control) => {
      if (tried.has(change.key)) return handler(change, control)
      tried.add(change.key)
      throw new Error('only at the second try')
    },
    { retry: { maxTries: 2 } },
  )
  await time.advance(10_000)
  expect(heard).toEqual(['a 1 queued', 'a 2 ringing', 'a 3 completed'])
  expect((await tracker.deadLetters()).items).toEqual([])
})

test('a filter that throws is a failure of the change', async () => {
  const { webhook, worker, time, tracker } = createWorld()
  await webhook('a', 'ringing')
  await webhook('a', 'completed')
  const { heard, handler } = recorder()
  worker(handler, {
    retry: { maxTries: 2 },
    when({ sequence }) {
      if (sequence === 1) throw new Error('filter')
      return true
    },
  })
  await time.advance(10_000)
  expect(heard).toEqual(['a 2 completed'])
  const { items } = await tracker.deadLetters()
  expect(items.map(({ error }) => error)).toEqual(['Error: filter'])
})

test('dead letters are handled again when asked for, and stay where that fails', async () => {
  const { webhook, worker, time, tracker } = createWorld()
  for (const callId of ['a', 'b', 'c']) await webhook(callId, 'ringing')
  let broken = new Set(['a', 'b', 'c'])
  const { heard, handler } = recorder()
  worker(
    (change, control) => {
      if (broken.has(change.callId)) throw new Error(`no ${change.callId}`)
      return handler(change, control)
    },
    { retry: { maxTries: 1 }, concurrency: 1 },
  )
  await time.advance(1000)
  const first = await tracker.deadLetters({ limit: 2 })
  const second = await tracker.deadLetters({ limit: 2, cursor: first.next })
  expect([first.items.length, second.items.length, second.next]).toEqual([2, 1, null])

  broken = new Set(['c'])
  const chosen = [...first.items, ...second.items].find(({ callId }) => callId === 'b')
  expect(await tracker.replayDeadLetters(NAME, { id: chosen?.id ?? '' })).toBe(1)
  await time.advance(1000)
  expect(heard).toEqual(['b 1 ringing'])
  expect(await tracker.replayDeadLetters(NAME)).toBe(2)
  await time.advance(1000)
  expect(heard).toEqual(['b 1 ringing', 'a 1 ringing'])
  const { items } = await tracker.deadLetters()
  expect(items).toMatchObject([{ callId: 'c', error: 'Error: no c', replays: 1, replayAt: null }])
  await expect(tracker.deadLetters({ cursor: 'nonsense' })).rejects.toMatchObject({
    code: 'invalid-option',
  })
  for (const limit of [0, 1001, 1.5]) {
    await expect(tracker.deadLetters({ limit })).rejects.toMatchObject({ code: 'invalid-option' })
  }
})

test('a handler that never returns does not stop other calls', async () => {
  const { webhook, worker, time, tracker } = createWorld()
  for (let call = 0; call < 6; call++) await webhook(`c${call}`, 'ringing')
  const { heard, handler } = recorder()
  const aborted: string[] = []
  worker(
    (change, control) => {
      if (change.callId > 'c2') return handler(change, control)
      control.signal.addEventListener('abort', () => void aborted.push(change.callId))
      return never()
    },
    { concurrency: 2, handlerTimeoutMs: 10_000, retry: { maxTries: 1 } },
  )
  await time.advance(30_000)
  expect(heard).toEqual(['c3 1 ringing', 'c4 1 ringing', 'c5 1 ringing'])
  expect(aborted).toEqual(['c0', 'c1', 'c2'])
  const { items } = await tracker.deadLetters()
  expect(items.map(({ error }) => error)).toEqual(
    Array(3).fill('The handler took longer than 10000 ms and was aborted.'),
  )
})

test('after the clock was set back it goes on with what comes then', async () => {
  const { webhook, worker, time } = createWorld()
  const { heard, handler } = recorder()
  worker(handler)
  await webhook('a', 'ringing')
  await time.advance(1000)
  await time.advance(10_000)
  time.jump(-60_000)
  await webhook('b', 'ringing')
  await time.advance(1000)
  expect(heard).toEqual(['a 1 ringing', 'b 1 ringing'])
  // Its call was heard of last by the clock that ran ahead.
  await webhook('a', 'completed')
  await time.advance(1000)
  expect(heard).toHaveLength(3)
})

test.each(['with a new event', 'without one'])(
  'what a clock that ran a day ahead left is handled soon after it was mended, %s',
  async (way) => {
    const { webhook, worker, time } = createWorld()
    const { heard, handler } = recorder()
    let isDown = true
    const flaky: ConsumerHandler = (change, control) => {
      if (isDown) throw new Error('down')
      return handler(change, control)
    }
    const first = worker(flaky)
    time.jump(DAY_MS)
    await webhook('a', 'ringing')
    await webhook('b', 'ringing')
    // Both were tried and wait for their next try, by the wrong clock.
    await time.advance(0)
    const stopped = first.stop()
    await time.advance(0)
    await stopped
    // And one was never tried at all.
    await webhook('c', 'ringing')
    time.jump(-DAY_MS)
    isDown = false
    worker(flaky)
    if (way === 'with a new event')
      for (const callId of ['a', 'b', 'c']) await webhook(callId, 'busy')
    await time.advance(5000)
    const events = way === 'with a new event' ? ['1 ringing', '2 busy'] : ['1 ringing']
    const expected = ['a', 'b', 'c'].flatMap((callId) =>
      events.map((event) => `${callId} ${event}`),
    )
    expect(heard.toSorted()).toEqual(expected)
  },
)
