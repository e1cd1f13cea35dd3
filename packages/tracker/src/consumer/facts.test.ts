import { RULES_VERSION } from 'callstate/internal'
import { bolna } from 'callstate/providers/bolna'
import { expect, test } from 'vitest'
import { acme, delivered, recordingForm, statusFields, statusForm } from '../acme.fixture.ts'
import type { HistoryEntry } from '../calls/tracked-call.ts'
import { createTracker } from '../create-tracker.ts'
import { createMemoryStore } from '../memory/index.ts'
import type { ConsumedChange } from './consumed-change.ts'
import { createWorld, type World } from './consumer.fixture.ts'
import { corrected, gained, ready, type When } from './when.ts'

const minute = (at: number) => new Date(Date.parse('2026-03-02T09:00:00Z') + at * 60_000)
const at = (minutes: number) => ({ updated_at: minute(minutes).toISOString() })

let readers = 0

/** What each filter hands over, from the first entry on. */
async function handedOut(
  { tracker, time }: Pick<World, 'tracker' | 'time'>,
  when: When,
): Promise<readonly ConsumedChange[]> {
  const changes: ConsumedChange[] = []
  const name = `reader-${++readers}`
  const { sleep } = time
  tracker.consume(name, (change) => void changes.push(change), { when, from: 'start', sleep })
  await time.advance(2000)
  await tracker.removeConsumer(name)
  return changes
}

/** The charges that a handler makes which sets the amount of an attempt. */
function charged(changes: readonly ConsumedChange[]): Record<string, number | null> {
  const amounts = changes.map(
    ({ callId, attempt, finalData }) =>
      [`${callId}/${attempt}`, finalData?.cost?.amount ?? null] as const,
  )
  return Object.fromEntries(amounts)
}

test('a voicemail that costs 10 and a no-answer without a cost are charged 10, once', async () => {
  const world = createWorld()
  await world.webhook('a', 'completed', { ...at(1), total_cost: 10, answered_by_voice_mail: true })
  await world.webhook('a', 'no-answer', { ...at(9), retry_count: 1, total_cost: null })
  const changes = await handedOut(world, [ready('cost'), corrected('cost')])
  expect(charged(changes)).toEqual({ 'a/1': 10 })
  expect(changes.map(({ key }) => key)).toEqual(['bolna/a/1/ready/cost'])
})

test('an end of the first attempt that comes after that of the second keeps its own amount', async () => {
  const world = createWorld()
  await world.webhook('a', 'completed', { ...at(9), retry_count: 1, total_cost: 20 })
  await world.webhook('a', 'completed', { ...at(1), total_cost: 10 })
  const changes = await handedOut(world, ready('cost'))
  expect(charged(changes)).toEqual({ 'a/2': 20, 'a/1': 10 })
  expect(changes.map(({ data }) => data['total_cost'])).toEqual([20, 10])
})

test('each attempt hands on its own extraction, or the call the first one alone', async () => {
  const world = createWorld()
  await world.webhook('a', 'completed', { ...at(1), extracted_data: { interested: false } })
  await world.webhook('a', 'completed', { ...at(9), retry_count: 1, extracted_data: {} })
  await world.webhook('a', 'completed', { ...at(9), retry_count: 1, extracted_data: { day: 'Mo' } })
  const each = await handedOut(world, gained('extraction'))
  expect(each.map(({ key, data }) => [key, data['extracted_data']])).toEqual([
    ['bolna/a/1/gained/extraction', { interested: false }],
    ['bolna/a/2/gained/extraction', { day: 'Mo' }],
  ])
  const once = await handedOut(world, gained('extraction', { once: 'call' }))
  expect(once.map(({ key, attempt }) => [key, attempt])).toEqual([['bolna/a/gained/extraction', 1]])
})

test('the partial cost of a line that went down is never ready', async () => {
  const world = createWorld()
  await world.webhook('a', 'call-disconnected', { ...at(1), total_cost: 6.66 })
  await world.webhook('a', 'completed', { ...at(2), total_cost: null })
  expect(await handedOut(world, ready('cost'))).toEqual([])
  await world.webhook('a', 'completed', { ...at(3), total_cost: '22.99' })
  const [change] = await handedOut(world, ready('cost'))
  expect(change?.finalData?.cost).toEqual({ amount: 22.99, currency: null, unit: 'cent' })
})

test('a value that was handed out and is another one is told, with both', async () => {
  const world = createWorld()
  await world.webhook('a', 'completed', { ...at(1), total_cost: 6.66 })
  await world.webhook('a', 'completed', { ...at(2), total_cost: 22.99 })
  const changes = await handedOut(world, [ready('cost'), corrected('cost')])
  const [first, second] = (await world.tracker.history({ provider: 'bolna', callId: 'a' })).map(
    ({ key }) => key,
  )
  expect(first).not.toBe(second)
  expect(changes.map(({ key }) => key)).toEqual([
    'bolna/a/1/ready/cost',
    `bolna/a/1/corrected/cost/${second}`,
  ])
  const cents = (amount: number) => ({ amount, currency: null, unit: 'cent' })
  expect(changes.map(({ corrected }) => corrected)).toEqual([
    null,
    { field: 'cost', before: cents(6.66), now: cents(22.99) },
  ])
  expect(charged(changes)).toEqual({ 'a/1': 22.99 })
})

test('a correction to none and back is told each time, under keys of their own', async () => {
  const world = createWorld()
  // Busy with a cost of 0; then the line turns out to have been up, and in the end the amount comes.
  await world.webhook('a', 'busy', { ...at(3), total_cost: 0 })
  await world.webhook('a', 'in-progress', at(1))
  await world.webhook('a', 'completed', { ...at(4), total_cost: null })
  await world.webhook('a', 'completed', { ...at(5), total_cost: 22.99 })
  const changes = await handedOut(world, [ready('cost'), corrected('cost')])
  const keys = (await world.tracker.history({ provider: 'bolna', callId: 'a' })).map(
    ({ key }) => key,
  )
  expect(changes.map(({ key }) => key)).toEqual([
    'bolna/a/1/ready/cost',
    `bolna/a/1/corrected/cost/none.${keys[2]}`,
    `bolna/a/1/corrected/cost/${keys[3]}`,
  ])
  expect(
    changes.map(({ corrected: one }) => one && [amountOf(one.before), amountOf(one.now)]),
  ).toEqual([null, [0, null], [null, 22.99]])
  expect(charged(changes)).toEqual({ 'a/1': 22.99 })
})

function amountOf(value: unknown): unknown {
  return value === null ? null : Reflect.get(Object(value), 'amount')
}

test('what comes a second time under one name gets a number', async () => {
  const world = createWorld()
  for (const [place, status] of [
    'queued',
    'scheduled',
    'queued',
    'scheduled',
    'queued',
  ].entries()) {
    await world.webhook('a', status, at(place))
  }
  const changes = await handedOut(world, 'advanced')
  expect(changes.map(({ key }) => key)).toEqual([
    'bolna/a/1/advanced/queued',
    'bolna/a/1/advanced/scheduled',
    'bolna/a/1/advanced/queued.2',
    'bolna/a/1/advanced/scheduled.2',
    'bolna/a/1/advanced/queued.3',
  ])
})

test('a call that is taken up again settles again, in its new attempt', async () => {
  const world = createWorld()
  await world.webhook('a', 'busy', at(1))
  await world.webhook('a', 'busy', { ...at(1), total_cost: 0 })
  await world.webhook('a', 'queued', { ...at(9), retry_count: 1 })
  await world.webhook('a', 'busy', { ...at(10), retry_count: 1 })
  const changes = await handedOut(world, 'settled')
  expect(changes.map(({ key }) => key)).toEqual(['bolna/a/1/settled', 'bolna/a/2/settled'])
})

test('filters of a list fire in the order of the history, a message that several want once', async () => {
  const world = createWorld()
  await world.webhook('a', 'ringing', at(1))
  await world.webhook('a', 'completed', { ...at(2), total_cost: 12 })
  const list: When = ['settled', ready('cost'), 'every', ({ call }) => call.settled, ready('cost')]
  const keys = (await world.tracker.history({ provider: 'bolna', callId: 'a' })).map(
    ({ key }) => key,
  )
  expect((await handedOut(world, list)).map(({ key }) => key)).toEqual([
    `bolna/a/1/message/${keys[0]}`,
    'bolna/a/1/settled',
    'bolna/a/1/ready/cost',
    `bolna/a/1/message/${keys[1]}`,
  ])
})

test('a failure at a later fact of a message hands all of them over again, with the same keys', async () => {
  const world = createWorld()
  await world.webhook('a', 'completed', { ...at(2), total_cost: 12 })
  const keys: string[] = []
  world.worker(
    ({ key }) => {
      keys.push(key)
      if (keys.length === 2) throw new Error('down')
    },
    { when: ['settled', ready('cost')] },
  )
  await world.time.advance(60_000)
  const both = ['bolna/a/1/settled', 'bolna/a/1/ready/cost']
  expect(keys).toEqual([...both, ...both])
})

test('a message that is read elsewhere later fires nothing again', async () => {
  const world = createWorld()
  // The message does not say its attempt: it is the first, until a second turns out to have begun before.
  await world.webhook('a', 'completed', { ...at(5), retry_count: undefined, total_cost: 12 })
  await world.webhook('a', 'busy', { ...at(1), retry_count: 0 })
  await world.webhook('a', 'queued', { ...at(4), retry_count: 1 })
  await world.webhook('a', 'completed', { ...at(5), retry_count: 1, total_cost: 12, n: 1 })
  const call = await world.tracker.get({ provider: 'bolna', callId: 'a' })
  expect(call?.attempts.map(({ data }) => data['total_cost'])).toEqual([undefined, 12])
  const fired = await handedOut(world, [ready('cost'), gained('cost')])
  const first = fired.filter(({ sequence }) => sequence === 1)
  expect(first.map(({ key }) => key)).toEqual(['bolna/a/1/ready/cost', 'bolna/a/1/gained/cost'])
  expect(new Set(fired.map(({ key }) => key)).size).toBe(fired.length)
})

test('a rebuilt call fires nothing where no value that was handed out has changed, whatever moved', async () => {
  const world = createWorld()
  const { store, time } = world
  await world.webhook('a', 'no-answer', at(1))
  await world.webhook('b', 'ringing', at(1))
  const policy = {
    maxAttempts: 2,
    retryOn: ['no-answer' as const],
    retryOnVoicemail: false,
    delaysMs: [60_000],
  }
  const retried = { store, providers: [bolna], now: time.now, budgets: { ringing: 1 } }
  const rebuilding = createTracker({ ...retried, retryPolicies: { bolna: policy } })
  expect(await rebuilding.rebuild({ write: true })).toMatchObject({ calls: 2, rebuilt: 2 })
  // Back again: the call is settled a second time, by an entry that tells nothing new.
  expect(await world.tracker.rebuild({ write: true })).toMatchObject({ rebuilt: 2 })
  for (const when of ['every', () => true] as const) {
    const heard = await handedOut(world, when)
    expect(heard.map(({ callId, type }) => `${callId} ${type}`).toSorted()).toEqual([
      'a event',
      'b event',
    ])
  }
  expect((await handedOut(world, 'settled')).map(({ key }) => key)).toEqual(['bolna/a/1/settled'])
  expect((await handedOut(world, 'advanced')).map(({ callId }) => callId)).toEqual(['a', 'b'])
})

test('a rebuilt call by which a value is another one fires the correction, and is a message to filters of all', async () => {
  const world = createWorld()
  const { store, time } = world
  await world.webhook('a', 'completed', { ...at(1), total_cost: 10 })
  const ref = { provider: 'bolna', callId: 'a' }
  const [stored] = await store.load([ref])
  if (stored === undefined) throw new Error('The call of the test is not there.')
  // As rules would have left it that read another cost, and took the call for one that goes on.
  const { row } = stored
  const attempts = JSON.parse(JSON.stringify(row.attempts).replace('"amount":10', '"amount":8'))
  const other = { ...row, attempts, settled: false, rules: RULES_VERSION - 1 }
  const entries = (await store.history(ref)).map((entry) => ({
    ...entry,
    decided: entry.decided && { ...entry.decided, settled: false, rules: RULES_VERSION - 1 },
  })) as readonly HistoryEntry[]
  const write = { ...other, revision: row.revision + 1 }
  await store.replace({ row: write, basedOn: row.revision, entries })
  const rebuilding = createTracker({ store, providers: [bolna], now: time.now })
  expect(await rebuilding.rebuild({ write: true })).toMatchObject({ rebuilt: 1, corrected: 1 })
  const when: When = ['advanced', 'settled', ready('cost'), gained('cost'), corrected('cost')]
  const [message] = entries.map(({ key }) => key)
  expect((await handedOut(world, when)).map(({ key }) => key)).toEqual([
    'bolna/a/1/advanced/completed',
    'bolna/a/1/ready/cost',
    'bolna/a/1/gained/cost',
    `bolna/a/1/corrected/cost/${message}`,
  ])
  for (const all of ['every', () => true] as const) {
    const [, second, ...more] = await handedOut(world, all)
    expect(second).toMatchObject({ type: 'rebuilt', event: null, payload: null })
    expect(more).toEqual([])
  }
})

test('two calls never give one key, whatever their identifiers hold', async () => {
  const world = createWorld()
  for (const id of ['a', 'a/1', 'a%2F1', 'a%', 'a/gained', 'a/1/ready']) {
    await world.webhook(id, 'completed', { ...at(1), total_cost: 10 })
  }
  const when: When = ['every', 'settled', 'advanced', gained('cost', { once: 'call' })]
  const keys = (await handedOut(world, when)).map(({ key }) => key)
  expect(keys).toHaveLength(6 * 4)
  expect(new Set(keys).size).toBe(keys.length)
  expect(keys).toContain('bolna/a%2F1/1/settled')
  expect(keys).toContain('bolna/a%252F1/1/settled')
  // No identifier brings a slash of its own.
  expect(keys.filter((key) => key.split('/').length > 5)).toEqual([])
})

test('data without a status are handed on with the attempt that they belong to', async () => {
  const store = createMemoryStore()
  const { time } = createWorld()
  const tracker = createTracker({ store, providers: [acme], now: time.now })
  const bodies = [
    statusForm(statusFields('c-1', 'RINGING', 1)),
    statusForm(statusFields('c-1', 'COMPLETED', 2)),
    recordingForm('c-1', 'r1'),
  ]
  for (const body of bodies) await tracker.ingest({ provider: 'acme', delivery: delivered(body) })
  const [change] = await handedOut({ tracker, time }, gained('recording'))
  expect(change).toMatchObject({
    key: 'acme/c-1/1/gained/recording',
    sequence: 3,
    type: 'data',
    finalData: { recording: { sequence: 3, pointer: '/RecordingUrl', pruned: false } },
    data: { RecordingUrl: 'https://acme.example/r/r1' },
  })
})
