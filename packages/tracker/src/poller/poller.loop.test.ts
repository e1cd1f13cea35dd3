import { describe, expect, it } from 'vitest'
import { createMemoryStore } from '../memory/index.ts'
import type { Store } from '../store.ts'
import { hang, startApiServer, status } from './api-server.fixture.ts'
import {
  createTestTimer,
  createWorld,
  HOUR_MS,
  NOTHING,
  START_AT,
  tells,
} from './poller.fixture.ts'

describe('the loop', () => {
  it('looks at once, then after every interval, until it is stopped', async () => {
    await using api = await startApiServer(tells('completed'))
    const world = createWorld()
    const timer = createTestTimer()
    await world.silent('c-1')
    const poller = world.poller(api.url, { everyMs: 30_000, sleep: timer.sleep })
    await timer.begun(30_000)
    expect(await world.known('c-1')).toMatchObject({ status: 'completed' })

    await world.silent('c-2')
    await timer.end(1)
    await timer.end(30_000)
    await timer.begun(30_000)
    expect(await world.known('c-2')).toMatchObject({ status: 'completed' })
    await poller.stop()
    expect(timer.waiting()).toEqual([])
  })

  it('spreads questions over the minute', async () => {
    await using api = await startApiServer(tells('completed'))
    const world = createWorld()
    const timer = createTestTimer()
    for (const callId of ['c-1', 'c-2', 'c-3']) await world.silent(callId)
    const options = { perMinute: { bolna: 40 }, sleep: timer.sleep }
    await using poller = world.poller(api.url, options)
    const run = poller.runOnce()
    for (const times of [1, 2]) {
      await api.asked(times)
      expect(api.requests).toHaveLength(times)
      await timer.end(1_500)
    }
    expect(await run).toMatchObject({ news: 3 })
  })

  it('goes on after the store failed', async () => {
    await using api = await startApiServer(tells('completed'))
    const store = createMemoryStore()
    const down = { claims: 1 }
    const failing: Store = {
      ...store,
      claimSilent: async (options) =>
        down.claims-- > 0 ? raise(new Error('down')) : store.claimSilent(options),
    }
    const world = createWorld(failing)
    const timer = createTestTimer()
    await world.silent('c-1')
    await using poller = world.poller(api.url, { everyMs: 30_000, sleep: timer.sleep })
    await timer.begun(30_000)
    expect(world.log).toMatchObject([{ message: 'Overdue calls could not be looked for.' }])
    await timer.end(30_000)
    await timer.begun(30_000)
    expect(await world.known('c-1')).toMatchObject({ status: 'completed' })

    down.claims = 1
    await expect(poller.runOnce()).rejects.toThrow('down')
  })

  it('counts an answer that could not be stored as failed, and asks again after the lease', async () => {
    await using api = await startApiServer(tells('completed'))
    const store = createMemoryStore()
    const down = { is: false }
    const ifUp = <Result>(result: () => Promise<Result>) =>
      down.is ? raise(new Error('down')) : result()
    const failing: Store = {
      ...store,
      append: async (writes, at) => ifUp(() => store.append(writes, at)),
      postponePoll: async (ref, options) => ifUp(() => store.postponePoll(ref, options)),
    }
    const world = createWorld(failing)
    await world.silent('c-1')
    await using poller = world.poller(api.url)
    down.is = true
    expect(await poller.runOnce()).toEqual({ ...NOTHING, asked: 1, failed: 1 })
    down.is = false
    expect(await poller.runOnce()).toEqual(NOTHING)
    world.clock.at += HOUR_MS
    expect(await poller.runOnce()).toEqual({ ...NOTHING, asked: 1, news: 1 })
  })

  it('neither asks without end nor falls silent when the clock jumps back', async () => {
    await using api = await startApiServer(status(429, { 'retry-after': '60' }))
    const world = createWorld()
    await world.silent('c-1')
    await using poller = world.poller(api.url)
    expect(await poller.runOnce()).toMatchObject({ limited: 1 })

    world.clock.at -= 24 * HOUR_MS
    api.reply = status(404)
    for (let run = 0; run < 5; run++) expect(await poller.runOnce()).toEqual(NOTHING)
    // The pause of the old clock does not hold back calls of the new one.
    await world.silent('c-2')
    expect(await poller.runOnce()).toEqual({ ...NOTHING, asked: 1, unknownCalls: 1 })
    expect(await poller.runOnce()).toEqual(NOTHING)
    world.clock.at = START_AT + HOUR_MS
    expect(await poller.runOnce()).toEqual({ ...NOTHING, asked: 2, unknownCalls: 2 })
  })
})

describe('the end', () => {
  it('gives up a question under way, and its call is free for others at once', async () => {
    await using api = await startApiServer(hang)
    const world = createWorld()
    for (const callId of ['c-1', 'c-2']) await world.silent(callId)
    const poller = world.poller(api.url, { concurrency: 1 })
    const run = poller.runOnce()
    await api.asked(1)
    api.reply = tells('completed')
    await poller.stop()
    await using other = world.poller(api.url)
    expect(await other.runOnce()).toMatchObject({ news: 2 })
    expect(await run).toEqual(NOTHING)
    expect(world.log).toEqual([])
  })

  it('comes with the signal, and with the end of the tracker', async () => {
    await using api = await startApiServer(tells('completed'))
    const world = createWorld()
    await world.silent('c-1')
    const over = new AbortController()
    const poller = world.poller(api.url, { signal: over.signal })
    over.abort()
    expect(await poller.runOnce()).toEqual(NOTHING)
    const late = world.poller(api.url, { signal: over.signal })
    expect(await late.runOnce()).toEqual(NOTHING)

    const other = world.poller(api.url)
    await world.tracker.close()
    expect(await other.runOnce()).toEqual(NOTHING)
    expect(api.requests).toEqual([])
  })
})

function raise(error: unknown): never {
  throw error
}
