import { describe, expect, it } from 'vitest'
import { startApiServer, status } from './api-server.fixture.ts'
import {
  createTestTimer,
  createWorld,
  HOUR_MS,
  MINUTE_MS,
  NOTHING,
  noTime,
  record,
  START_AT,
  tells,
} from './poller.fixture.ts'
import type { Fetcher } from './poller.ts'

describe('a provider that is asked too much', () => {
  it('is left alone as long as it says, with all its calls', async () => {
    await using api = await startApiServer(status(429, { 'retry-after': '120' }))
    const world = createWorld()
    for (const callId of ['c-1', 'c-2', 'c-3']) await world.silent(callId)
    await using poller = world.poller(api.url, { concurrency: 1, backoff: { firstMs: 1_000 } })

    expect(await poller.runOnce()).toEqual({ ...NOTHING, asked: 1, limited: 1 })
    await world.silent('c-4')
    world.clock.at = START_AT + 120_000 - 1
    expect(await poller.runOnce()).toEqual(NOTHING)
    expect(api.requests).toHaveLength(1)

    api.reply = tells('completed')
    world.clock.at = START_AT + 120_000
    expect(await poller.runOnce()).toEqual({ ...NOTHING, asked: 1, news: 1 })
    world.clock.at = START_AT + 121_000
    expect(await poller.runOnce()).toEqual({ ...NOTHING, asked: 3, news: 3 })
  })

  it('takes no turns while it is left alone', async () => {
    await using api = await startApiServer(status(429))
    const world = createWorld()
    const timer = createTestTimer()
    for (const callId of ['c-1', 'c-2', 'c-3']) await world.silent(callId)
    await using poller = world.poller(api.url, { concurrency: 1, sleep: timer.sleep })
    expect(await poller.runOnce()).toEqual({ ...NOTHING, asked: 1, limited: 1 })
  })

  it('is left alone longer each time where it does not say how long', async () => {
    await using api = await startApiServer(status(429))
    const world = createWorld()
    await world.silent('c-1')
    const backoff = { firstMs: 2_000, factor: 2, maxMs: 60_000 }
    await using poller = world.poller(api.url, { backoff })
    for (const pauseMs of [2_000, 4_000, 8_000]) {
      expect(await poller.runOnce()).toEqual({ ...NOTHING, asked: 1, limited: 1 })
      world.clock.at += pauseMs + backoff.firstMs - 1
      expect(await poller.runOnce()).toEqual(NOTHING)
      world.clock.at++
    }
    api.reply = tells('completed')
    expect(await poller.runOnce()).toMatchObject({ news: 1 })

    // It has answered: the next pause is a first one.
    api.reply = status(429)
    await world.silent('c-2')
    expect(await poller.runOnce()).toMatchObject({ limited: 1 })
    world.clock.at += 2 * backoff.firstMs
    expect(await poller.runOnce()).toMatchObject({ limited: 1 })
  })

  it('is asked again after an hour, whatever it asks for', async () => {
    await using api = await startApiServer(status(429, { 'retry-after': '999999999' }))
    const world = createWorld()
    await world.silent('c-1')
    await using poller = world.poller(api.url)
    await poller.runOnce()
    world.clock.at += HOUR_MS + MINUTE_MS
    expect(await poller.runOnce()).toMatchObject({ asked: 1 })
  })

  it('does not use up the questions about a call', async () => {
    await using api = await startApiServer(status(429))
    const world = createWorld()
    await world.silent('c-1')
    await using poller = world.poller(api.url, { maxAsks: 1 })
    await poller.runOnce()
    world.clock.at += HOUR_MS
    expect(await poller.runOnce()).toMatchObject({ limited: 1 })
  })
})

describe('the number of questions', () => {
  it('ends at maxAsks, leaves the call overdue and begins anew with its due time', async () => {
    await using api = await startApiServer(status(404))
    const world = createWorld()
    await world.silent('c-1')
    await using poller = world.poller(api.url, { maxAsks: 3 })
    for (const asked of [1, 1, 1, 0, 0]) {
      expect(await poller.runOnce()).toMatchObject({ asked })
      world.clock.at += 24 * HOUR_MS
    }
    expect((await world.tracker.overdue()).items.map(({ callId }) => callId)).toEqual(['c-1'])

    const body = record('c-1', 'in-progress', START_AT)
    await world.tracker.ingest({ provider: 'bolna', body })
    expect(await poller.runOnce()).toMatchObject({ asked: 1 })
  })

  it('does not end with a failure', async () => {
    await using api = await startApiServer(status(503))
    const world = createWorld()
    await world.silent('c-1')
    await using poller = world.poller(api.url, { maxAsks: 2 })
    for (let run = 0; run < 5; run++) {
      expect(await poller.runOnce()).toMatchObject({ failed: 1 })
      world.clock.at += HOUR_MS
    }
    api.reply = tells('completed')
    expect(await poller.runOnce()).toMatchObject({ news: 1 })
  })

  it('has no end where there is no limit', async () => {
    await using api = await startApiServer(status(404))
    const world = createWorld()
    await world.silent('c-1')
    await using poller = world.poller(api.url, { maxAsks: null })
    for (let run = 0; run < 40; run++) {
      expect(await poller.runOnce()).toMatchObject({ asked: 1 })
      world.clock.at += HOUR_MS
    }
  })

  it('covers every overdue call in one run, batch by batch', async () => {
    await using api = await startApiServer(tells('completed'))
    const world = createWorld()
    for (let call = 0; call < 7; call++) await world.silent(`c-${call}`)
    await using poller = world.poller(api.url, { batchSize: 3 })
    expect(await poller.runOnce()).toEqual({ ...NOTHING, asked: 7, news: 7 })
  })
})

describe('several at once', () => {
  it('asks once about each call where two pollers share the work', async () => {
    await using api = await startApiServer(tells('completed'))
    const world = createWorld()
    for (let call = 0; call < 20; call++) await world.silent(`c-${call}`)
    await using one = world.poller(api.url, { batchSize: 3 })
    await using other = world.poller(api.url, { batchSize: 3 })
    const reports = await Promise.all([one.runOnce(), other.runOnce()])
    expect(reports.map(({ news }) => news).reduce((sum, news) => sum + news)).toBe(20)
    expect(new Set(api.requests.map(({ path }) => path)).size).toBe(20)
    expect(api.requests).toHaveLength(20)
  })

  it('shares a run that is under way', async () => {
    await using api = await startApiServer(tells('completed'))
    const world = createWorld()
    await world.silent('c-1')
    await using poller = world.poller(api.url)
    const [one, other] = await Promise.all([poller.runOnce(), poller.runOnce()])
    expect(other).toBe(one)
  })

  it('asks no more at a time than it may', async () => {
    let open = 0
    let most = 0
    const fetch: Fetcher['fetch'] = async () => {
      most = Math.max(most, ++open)
      await new Promise((resolve) => setImmediate(resolve))
      open--
      return { kind: 'unknown-call' }
    }
    const world = createWorld()
    for (let call = 0; call < 10; call++) await world.silent(`c-${call}`)
    const fetchers = [{ provider: 'bolna', perMinute: 1e9, fetch }]
    const options = { fetchers, everyMs: null, concurrency: 3, sleep: noTime }
    await using poller = world.tracker.poll(options)
    expect(await poller.runOnce()).toMatchObject({ asked: 10 })
    expect(most).toBe(3)
  })

  it('leaves calls of a provider without a fetcher to others', async () => {
    await using api = await startApiServer(tells('completed'))
    const world = createWorld()
    for (const callId of ['d-1', 'd-2']) {
      await world.tracker.ingest({ provider: 'dialgen', body: { callId, status: 'ONGOING' } })
    }
    // A conversation of Dialgen's is one status, which may last an hour.
    world.clock.at += 2 * HOUR_MS
    await world.silent('c-1')
    await using poller = world.poller(api.url, { batchSize: 1 })
    expect(await poller.runOnce()).toEqual({ ...NOTHING, asked: 1, news: 1 })
    const silent = { provider: 'dialgen', now: world.clock.at, until: world.clock.at, limit: 10 }
    expect(await world.store.claimSilent(silent)).toMatchObject([{ asked: 0 }, { asked: 0 }])
  })
})
