import { expect, it } from 'vitest'
import { json, startApiServer, status } from './api-server.fixture.ts'
import { createWorld, HOUR_MS, MINUTE_MS, NOTHING, START_AT } from './poller.fixture.ts'

/** How long Bolna's data may take, by default. */
const DATA_BUDGET_MS = 15 * MINUTE_MS

const ref = { provider: 'bolna', callId: 'c-1' }
const at = (ms: number) => ({ updated_at: new Date(START_AT + ms).toISOString() })
const record = (fields: Record<string, unknown> = {}) => ({
  ...{ id: 'c-1', status: 'completed', retry_count: 0, ...at(0) },
  ...fields,
})
const whole = record({ total_cost: 22.99, conversation_duration: 48.6 })

it('asks about a settled call whose data have not come, once they are due, and no more when they came', async () => {
  await using api = await startApiServer(json(whole))
  const world = createWorld()
  await world.tracker.ingest({ provider: 'bolna', body: record() })
  expect(await world.tracker.get(ref)).toMatchObject({ settled: true, dueAt: null })
  await using poller = world.poller(api.url)
  world.clock.at = START_AT + DATA_BUDGET_MS - 1
  expect(await poller.runOnce()).toEqual(NOTHING)
  world.clock.at++
  expect(await poller.runOnce()).toEqual({ ...NOTHING, asked: 1, news: 1 })
  expect(await world.tracker.get(ref)).toMatchObject({ askAt: null, dataDueAt: null })
  expect((await world.tracker.overdue()).items).toEqual([])
  world.clock.at += 24 * HOUR_MS
  expect(await poller.runOnce()).toEqual(NOTHING)
  expect(api.requests).toHaveLength(1)
})

it('does not ask about a settled call whose data came by themselves', async () => {
  await using api = await startApiServer(json(whole))
  const world = createWorld()
  await world.tracker.ingest({ provider: 'bolna', body: record() })
  await world.tracker.ingest({ provider: 'bolna', body: whole })
  await using poller = world.poller(api.url)
  world.clock.at += 24 * HOUR_MS
  expect(await poller.runOnce()).toEqual(NOTHING)
})

it('asks for the data of a call whose end only the reply to a stop told', async () => {
  await using api = await startApiServer(
    json(record({ status: 'stopped', total_cost: 3, conversation_duration: 5 })),
  )
  const world = createWorld()
  await world.tracker.ingest({ provider: 'bolna', body: record({ status: 'in-progress' }) })
  await world.tracker.ingest({
    provider: 'bolna',
    kind: 'stop-reply',
    body: { id: 'c-1', execution_id: 'c-1', status: 'stopped' },
  })
  await using poller = world.poller(api.url)
  world.clock.at += DATA_BUDGET_MS
  expect(await poller.runOnce()).toMatchObject({ asked: 1, news: 1 })
  expect((await world.tracker.get(ref))?.attempts).toMatchObject([
    { status: 'stopped', finalData: { cost: { amount: 3 } }, missing: [] },
  ])
})

it('asks later and later while the record has no data either, and after maxAsks the call stays listed', async () => {
  await using api = await startApiServer(json(record()))
  const world = createWorld()
  await world.tracker.ingest({ provider: 'bolna', body: record() })
  const backoff = { firstMs: MINUTE_MS, factor: 2, maxMs: HOUR_MS }
  await using poller = world.poller(api.url, { maxAsks: 3, backoff })
  world.clock.at += DATA_BUDGET_MS
  for (const waitMs of [MINUTE_MS, 2 * MINUTE_MS]) {
    expect(await poller.runOnce()).toMatchObject({ asked: 1 })
    world.clock.at += waitMs - 1
    expect(await poller.runOnce()).toEqual(NOTHING)
    world.clock.at++
  }
  expect(await poller.runOnce()).toMatchObject({ asked: 1 })
  world.clock.at += 48 * HOUR_MS
  expect(await poller.runOnce()).toEqual(NOTHING)
  const { items } = await world.tracker.overdue({ why: 'data' })
  expect(items).toMatchObject([{ ...ref, why: ['data'] }])
  expect(items[0]?.missing).toEqual([{ attempt: 1, fields: ['durationMs', 'cost'] }])
})

it('lists at once what can no longer be asked for, and asks nobody about it', async () => {
  await using api = await startApiServer(status(404))
  const world = createWorld()
  // The record of the call is the second attempt's by now; the first one's data are lost.
  await world.tracker.ingest({ provider: 'bolna', body: record() })
  await world.tracker.ingest({
    provider: 'bolna',
    body: { ...whole, retry_count: 1, ...at(60 * MINUTE_MS) },
  })
  await using poller = world.poller(api.url)
  expect(await poller.runOnce()).toEqual(NOTHING)
  const { items } = await world.tracker.overdue()
  expect(items).toMatchObject([{ why: ['data'], missing: [{ attempt: 1 }] }])
  world.clock.at += 24 * HOUR_MS
  expect(await poller.runOnce()).toEqual(NOTHING)
})
