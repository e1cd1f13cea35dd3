import type { RetryPolicy } from 'callstate'
import { bolna } from 'callstate/providers/bolna'
import { dialgen } from 'callstate/providers/dialgen'
import { expect, test } from 'vitest'
import { createTracker } from '../create-tracker.ts'
import { DEFAULTS } from '../defaults.ts'
import type { LogFields } from '../logger.ts'
import { createMemoryStore } from '../memory/index.ts'
import type { ConsumedChange } from './consumed-change.ts'
import { createWorld, faulty, inShort, NAME, recorder, START_AT } from './consumer.fixture.ts'

test('hands the changes of a call over in order, with their data', async () => {
  const { webhook, worker, time, tracker } = createWorld()
  await webhook('a', 'ringing', { total_cost: null })
  await webhook('a', 'completed', { total_cost: 12 })
  await webhook('a', 'completed', { total_cost: 12, extracted_data: { name: 'A' } })
  const heard: ConsumedChange[] = []
  worker((change) => void heard.push(change))
  await time.advance(0)
  expect(heard.map(inShort)).toEqual(['a 1 ringing', 'a 2 completed', 'a 3 completed'])
  const history = await tracker.history({ provider: 'bolna', callId: 'a' })
  expect(heard.map(({ key }) => key)).toEqual(history.map(({ key }) => `bolna/a/1/message/${key}`))
  expect(heard.map(({ data }) => data['total_cost'])).toEqual([undefined, 12, 12])
  expect(heard.map(({ finalData }) => finalData?.cost?.amount)).toEqual([undefined, 12, 12])
  expect(heard[2]).toMatchObject({
    facts: [{ attempt: 1, ready: ['extraction'], corrected: [] }],
    decision: { kind: 'duplicate', enriched: true },
    payload: { extracted_data: { name: 'A' } },
    before: { settled: true },
    corrected: null,
  })
})

test('hears at once what its own process stores, and later what others store', async () => {
  // A store that cannot tell when another process has stored something.
  const store = { ...createMemoryStore(), onStored: () => () => {} }
  const { webhook, worker, time, tracker } = createWorld({ store })
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

test('hears at once what others store where the store can tell, until it is stopped', async () => {
  const { webhook, worker, time } = createWorld()
  const { heard, handler } = recorder()
  const consumer = worker(handler, { everyMs: 60_000 })
  await time.advance(0)
  await webhook('a', 'ringing')
  await time.advance(0)
  expect(heard).toEqual(['a 1 ringing'])
  await consumer.stop()
  await webhook('a', 'completed')
  await time.advance(0)
  expect(heard).toHaveLength(1)
})

test('begins at the start, or with what comes after it was registered', async () => {
  const { webhook, tracker, time } = createWorld()
  await webhook('a', 'ringing')
  const start = recorder()
  const now = recorder()
  const { sleep } = time
  const { ready } = tracker.consume('start', start.handler, { from: 'start', sleep })
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
    { from: new Date(Number.NaN) },
    { from: 0 as unknown as Date },
    { when: 'sometimes' as 'every' },
    { when: [] },
    { when: ['every' as const, 'final-data' as 'every'] },
  ]) {
    expect(() => worker(handler, options), JSON.stringify(options)).toThrow(
      expect.objectContaining({ code: 'invalid-option' }),
    )
  }
  for (const name of ['', 'x'.repeat(DEFAULTS.consumer.maxNameLength + 1)]) {
    expect(() => tracker.consume(name, handler)).toThrow(/1 to 200 characters/)
  }
})

test('what was settled is read from the row, also by a worker that has no retry policies', async () => {
  const policy: RetryPolicy = {
    maxAttempts: 2,
    retryOn: ['no-answer'],
    retryOnVoicemail: false,
    delaysMs: [60_000],
  }
  const { webhook, time, store, tracker } = createWorld({ retryPolicies: { bolna: policy } })
  await webhook('a', 'no-answer')
  const [first] = await store.load([{ provider: 'bolna', callId: 'a' }])
  expect(first?.row.settled).toBe(false)
  // Another process, whose author forgot the option.
  const worker = createTracker({ store, providers: [bolna, dialgen], now: time.now })
  const { sleep } = time
  const settled = recorder()
  worker.consume('settled', settled.handler, { when: 'settled', from: 'start', sleep })
  const told: boolean[] = []
  worker.consume('every', ({ call }) => void told.push(call.settled), { from: 'start', sleep })
  await time.advance(0)
  expect(settled.heard).toEqual([])
  await webhook('a', 'no-answer', { retry_count: 1 })
  await time.advance(1000)
  expect(settled.heard).toEqual(['a 2 no-answer'])
  expect(told).toEqual([false, true])
  await tracker.close()
})

test('a name that is new to a store with calls must say where it begins', async () => {
  const lines: [LogFields, string][] = []
  const quiet = () => {}
  const error = (fields: LogFields, message: string) => void lines.push([fields, message])
  const logger = { debug: quiet, info: quiet, warn: quiet, error }
  const { webhook, store, time } = createWorld()
  const tracker = createTracker({ store, providers: [bolna], now: time.now, logger })
  const { sleep } = time
  const early = recorder()
  const begun = tracker.consume('early', early.handler, { sleep })
  await begun.ready
  await webhook('a', 'ringing')
  const { heard, handler } = recorder()
  const refused = tracker.consume('late', handler, { sleep })
  await expect(refused.ready).rejects.toMatchObject({
    code: 'invalid-option',
    message: expect.stringMatching(/from: 'start'.*from: 'now'.*Date/),
  })
  await time.advance(60_000)
  await expect(refused.idle()).rejects.toMatchObject({ code: 'invalid-option' })
  await refused.stop()
  expect(heard).toEqual([])
  expect(lines).toEqual([[{ consumer: 'late' }, expect.stringContaining('does not run')]])
  // A name that is known goes on, whatever is said.
  await begun.stop()
  const again = tracker.consume('early', early.handler, { sleep })
  await again.ready
  await webhook('a', 'completed')
  await time.advance(1000)
  expect(early.heard).toEqual(['a 1 ringing', 'a 2 completed'])
})

test('begins with what came at a time or later', async () => {
  const { webhook, tracker, time } = createWorld()
  await webhook('a', 'ringing')
  await webhook('b', 'ringing')
  await time.advance(60_000)
  await webhook('a', 'completed')
  const { heard, handler } = recorder()
  const from = new Date(START_AT + 60_000)
  tracker.consume('since', handler, { from, sleep: time.sleep })
  await time.advance(0)
  expect(heard).toEqual(['a 2 completed'])
})

test('is not idle before it knows all calls that were there before it', async () => {
  const { webhook, worker, time, store } = createWorld()
  for (const callId of ['a', 'b', 'c']) await webhook(callId, 'ringing')
  const steps: boolean[] = []
  // One call a step: each is made known while those before are handled.
  const slow = {
    ...store,
    async fillConsumer(name: string, { now }: { readonly now: number }) {
      const hasMore = await store.fillConsumer(name, { limit: 1, now })
      steps.push(hasMore)
      return hasMore
    },
  }
  const { heard, handler } = recorder()
  const consumer = worker(handler, { store: slow })
  let isIdle = false
  const idle = consumer.idle().then(() => {
    isIdle = true
  })
  await time.advance(0)
  expect([heard.length, isIdle]).toEqual([1, false])
  await time.advance(1000)
  await idle
  expect(heard.toSorted()).toEqual(['a 1 ringing', 'b 1 ringing', 'c 1 ringing'])
  expect(steps.slice(0, -1)).not.toContain(false)
  expect(steps.at(-1)).toBe(false)
})
