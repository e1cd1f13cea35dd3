import { expect, test } from 'vitest'
import { DEFAULTS } from '../defaults.ts'
import type { LogFields } from '../logger.ts'
import type { ConsumedChange } from './changes-of.ts'
import { createWorld, faulty, inShort, NAME, recorder } from './consumer.fixture.ts'

test('hands the changes of a call over in order, with their data', async () => {
  const { webhook, worker, time } = createWorld()
  await webhook('a', 'ringing', { total_cost: null })
  await webhook('a', 'completed', { total_cost: 12 })
  await webhook('a', 'completed', { total_cost: 12, extracted_data: { name: 'A' } })
  const heard: ConsumedChange[] = []
  worker((change) => void heard.push(change))
  await time.advance(0)
  expect(heard.map(inShort)).toEqual(['a 1 ringing', 'a 2 completed', 'a 3 completed'])
  expect(heard.map(({ key }) => key)).toEqual([
    'bolna/a/1/advanced/1',
    'bolna/a/1/advanced/2',
    'bolna/a/1/duplicate/3',
  ])
  expect(heard.map(({ data }) => data['total_cost'])).toEqual([undefined, 12, 12])
  expect(heard[2]).toMatchObject({
    gained: ['extracted_data', 'extracted_data.name'],
    decision: { kind: 'duplicate', enriched: true },
    payload: { extracted_data: { name: 'A' } },
    settledBefore: true,
  })
})

test('hears at once what its own process stores, and later what others store', async () => {
  const { webhook, worker, time, tracker } = createWorld()
  const own = recorder()
  tracker.consume('own', own.handler, { sleep: time.sleep })
  const other = recorder()
  worker(other.handler, { everyMs: 1000 })
  await time.advance(0)
  await webhook('a', 'ringing')
  await time.advance(0)
  expect([own.heard, other.heard]).toEqual([['a 1 ringing'], []])
  await time.advance(1000)
  expect(other.heard).toEqual(['a 1 ringing'])
})

test('begins at the start, or with what comes after it was registered', async () => {
  const { webhook, tracker, time } = createWorld()
  await webhook('a', 'ringing')
  const start = recorder()
  const now = recorder()
  const { ready } = tracker.consume('start', start.handler, { sleep: time.sleep })
  const late = tracker.consume('now', now.handler, { from: 'now', sleep: time.sleep })
  await Promise.all([ready, late.ready])
  await webhook('a', 'completed')
  await time.advance(0)
  expect(start.heard).toEqual(['a 1 ringing', 'a 2 completed'])
  expect(now.heard).toEqual(['a 2 completed'])
  await late.stop()
  await webhook('b', 'busy')
  tracker.consume('now', now.handler, { from: 'now', sleep: time.sleep })
  await time.advance(0)
  expect(now.heard).toEqual(['a 2 completed', 'b 1 busy'])
})

test('idle resolves when all is handled, and also when the consumer has stopped', async () => {
  const { webhook, worker, time } = createWorld()
  for (const callId of ['a', 'b', 'c']) await webhook(callId, 'ringing')
  const { heard, handler } = recorder()
  const consumer = worker(
    async (change, control) => {
      await time.sleep(100, control.signal)
      await handler(change, control)
    },
    { concurrency: 1 },
  )
  let isIdle = false
  const idle = consumer.idle().then(() => {
    isIdle = true
  })
  await time.advance(299)
  expect(isIdle).toBe(false)
  await time.advance(1)
  await idle
  expect(heard).toHaveLength(3)
  await consumer.stop()
  await consumer.idle()
})

test('handles several calls side by side, and no more than it may', async () => {
  const { webhook, worker, time } = createWorld()
  for (let call = 0; call < 7; call++) await webhook(`c${call}`, 'ringing')
  let running = 0
  let most = 0
  worker(
    async (_, { signal }) => {
      most = Math.max(most, ++running)
      await time.sleep(100, signal)
      running--
    },
    { concurrency: 3 },
  )
  await time.advance(200)
  expect([running, most]).toEqual([1, 3])
})

test('logs name the call and the error, and never what its message says', async () => {
  const lines: [LogFields, string][] = []
  const log = (fields: LogFields, message: string) => void lines.push([fields, message])
  const logger = { debug: log, info: log, warn: log, error: log }
  const { webhook, worker, time, store } = createWorld()
  await webhook('a', 'ringing', { transcript: 'hello' })
  let isDown = true
  const consumer = worker(
    () => {
      throw new Error('SECRET')
    },
    {
      logger,
      store: faulty(store, () => (isDown ? 'before' : null)),
    },
  )
  await time.advance(1000)
  isDown = false
  await time.advance(5000)
  await consumer.stop()
  expect(lines).toContainEqual([
    { consumer: NAME, provider: 'bolna', callId: 'a', sequence: 1, tries: 1 },
    'A change could not be handled.',
  ])
  expect(JSON.stringify(lines)).toContain('The store failed a consumer')
  expect(JSON.stringify(lines)).not.toMatch(/SECRET|hello/)
})

test('options that cannot be are refused at once', () => {
  const { worker, tracker } = createWorld()
  const handler = () => {}
  for (const options of [
    { concurrency: 0 },
    { concurrency: 1.5 },
    { leaseMs: Number.NaN },
    { retry: { maxTries: 0 } },
    { retry: { firstMs: -1 } },
    { everyMs: 0 },
    { handlerTimeoutMs: Number.POSITIVE_INFINITY },
    { stopTimeoutMs: 0 },
    { from: 'end' as 'now' },
    { when: 'sometimes' as 'every' },
  ]) {
    expect(() => worker(handler, options), JSON.stringify(options)).toThrow(
      expect.objectContaining({ code: 'invalid-option' }),
    )
  }
  for (const name of ['', 'x'.repeat(DEFAULTS.consumer.maxNameLength + 1)]) {
    expect(() => tracker.consume(name, handler)).toThrow(/1 to 200 characters/)
  }
})
