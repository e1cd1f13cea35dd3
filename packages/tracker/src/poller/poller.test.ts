import { describe, expect, it } from 'vitest'
import { DEFAULTS } from '../defaults.ts'
import {
  breakOff,
  hang,
  hangUp,
  json,
  type Reply,
  startApiServer,
  status,
  text,
} from './api-server.fixture.ts'
import {
  API_KEY,
  askedFor,
  createWorld,
  HOUR_MS,
  MINUTE_MS,
  NOTHING,
  record,
  START_AT,
  tells,
} from './poller.fixture.ts'
import type { Fetcher } from './poller.ts'

describe('what an answer leads to', () => {
  it('gives a call the end whose webhook was lost', async () => {
    await using api = await startApiServer(tells('completed'))
    const world = createWorld()
    await world.silent('c-1')
    await using poller = world.poller(api.url)

    expect(await poller.runOnce()).toEqual({ ...NOTHING, asked: 1, news: 1 })
    expect(await world.tracker.get({ provider: 'bolna', callId: 'c-1' })).toMatchObject({
      settled: true,
      dueAt: null,
      status: 'completed',
    })
    expect(await poller.runOnce()).toEqual(NOTHING)
    expect(api.requests).toEqual([{ path: '/executions/c-1', authorization: `Bearer ${API_KEY}` }])
  })

  it('leaves calls alone that are not overdue', async () => {
    await using api = await startApiServer(tells('completed'))
    const world = createWorld()
    await world.tracker.ingest({ provider: 'bolna', body: record('c-1', 'ringing') })
    await using poller = world.poller(api.url)
    world.clock.at = START_AT + 3 * MINUTE_MS - 1
    expect(await poller.runOnce()).toEqual(NOTHING)
    world.clock.at++
    expect(await poller.runOnce()).toMatchObject({ asked: 1 })
  })

  it('asks again later and later while there is nothing new', async () => {
    await using api = await startApiServer(tells('ringing', START_AT - HOUR_MS))
    const world = createWorld()
    await world.silent('c-1')
    await using poller = world.poller(api.url, {
      backoff: { firstMs: 1_000, factor: 2, maxMs: 4_000 },
    })
    for (const waitMs of [1_000, 2_000, 4_000, 4_000]) {
      expect(await poller.runOnce()).toEqual({ ...NOTHING, asked: 1, nothingNew: 1 })
      world.clock.at += waitMs - 1
      expect(await poller.runOnce()).toEqual(NOTHING)
      world.clock.at++
    }
    expect(await world.tracker.history({ provider: 'bolna', callId: 'c-1' })).toHaveLength(1)
  })

  it('asks again later and later while news leave the due time as it was', async () => {
    const asked = { times: 0 }
    await using api = await startApiServer((response, request) => {
      asked.times++
      const body = record(askedFor(request.url), 'ringing', START_AT - HOUR_MS)
      json({ ...body, [`field_${asked.times}`]: 'new' })(response, request)
    })
    const world = createWorld()
    await world.silent('c-1')
    await using poller = world.poller(api.url, { backoff: { firstMs: 1_000 }, maxAsks: 3 })
    for (const waitMs of [1_000, 2_000]) {
      expect(await poller.runOnce()).toEqual({ ...NOTHING, asked: 1, news: 1 })
      world.clock.at += waitMs - 1
      expect(await poller.runOnce()).toEqual(NOTHING)
      world.clock.at++
    }
    expect(await poller.runOnce()).toMatchObject({ asked: 1 })
    world.clock.at += 24 * HOUR_MS
    expect(await poller.runOnce()).toEqual(NOTHING)
  })

  it('asks once a run about a call whose news leave it overdue', async () => {
    const asked = { times: 0 }
    // Each answer is a second newer, by a clock that is hours late.
    await using api = await startApiServer((response, request) => {
      asked.times++
      tells('ringing', START_AT - HOUR_MS + asked.times * 1_000)(response, request)
    })
    const world = createWorld()
    await world.silent('c-1')
    await using poller = world.poller(api.url, { batchSize: 1 })
    for (const times of [1, 2, 3]) {
      expect(await poller.runOnce()).toEqual({ ...NOTHING, asked: 1, news: 1 })
      expect(asked.times).toBe(times)
      world.clock.at += MINUTE_MS
    }
  })

  it('never takes an unknown call for an ended one', async () => {
    await using api = await startApiServer(status(404))
    const world = createWorld()
    await world.silent('c-1')
    await using poller = world.poller(api.url)
    expect(await poller.runOnce()).toEqual({ ...NOTHING, asked: 1, unknownCalls: 1 })
    expect(await poller.runOnce()).toEqual(NOTHING)
    world.clock.at += MINUTE_MS
    expect(await poller.runOnce()).toEqual({ ...NOTHING, asked: 1, unknownCalls: 1 })
    expect(await world.tracker.history({ provider: 'bolna', callId: 'c-1' })).toHaveLength(1)
    expect(await world.known('c-1')).toMatchObject({ status: 'ringing' })
  })

  const unusable: readonly (readonly [string, Reply, RegExp])[] = [
    ['HTTP status 500', status(500), /HTTP status 500/],
    ['HTTP status 401', status(401), /HTTP status 401/],
    ['a redirect', status(302, { location: '/elsewhere' }), /HTTP status 302/],
    ['no JSON', text('<html>+1 202 555 0100</html>'), /HTTP status 200 and no JSON/],
    ['broken UTF-8', text(Uint8Array.of(0x22, 0xff, 0x22)), /no JSON/],
    ['no body', text(''), /no JSON/],
    ['JSON that is no event', json({ message: '+1 202 555 0100' }), /no event of a call/],
    ['null', json(null), /no event of a call/],
    ['another call', json(record('c-2', 'completed')), /another call/],
    ['too much', text('"'.padEnd(DEFAULTS.fetcher.maxAnswerBytes + 1)), /more than 4194304 bytes/],
    ['silence', hang, /within 500 ms/],
    ['a closed connection', hangUp, /could not be reached/],
    ['half an answer', breakOff, /broke off/],
  ]
  it.each(unusable)('counts, logs and survives %s', async (_, reply, why) => {
    await using api = await startApiServer(reply)
    const world = createWorld()
    await world.silent('c-1')
    await using poller = world.poller(api.url, { askTimeoutMs: reply === hang ? 500 : 30_000 })

    expect(await poller.runOnce()).toEqual({ ...NOTHING, asked: 1, failed: 1 })
    expect(await world.known('c-2')).toBeUndefined()
    expect(await world.tracker.history({ provider: 'bolna', callId: 'c-1' })).toHaveLength(1)
    expect(world.log).toEqual([
      {
        fields: { provider: 'bolna', callId: 'c-1', why: expect.stringMatching(why) },
        message: 'A question about a call failed.',
      },
    ])
    expect(JSON.stringify(world.log)).not.toMatch(/secret-key|555/)

    expect(await poller.runOnce()).toEqual(NOTHING)
    api.reply = tells('completed')
    world.clock.at += MINUTE_MS
    expect(await poller.runOnce()).toEqual({ ...NOTHING, asked: 1, news: 1 })
  })

  const rude: readonly (readonly [string, Fetcher['fetch'], string])[] = [
    ['throws at once', () => raise(new TypeError('secret-key')), 'TypeError'],
    ['throws later', async () => raise('secret-key'), 'string'],
    ['heeds no signal', () => new Promise(() => {}), 'within 40 ms'],
    ['answers nothing', async () => JSON.parse('null'), 'TypeError'],
    ['answers something else', async () => JSON.parse('{"kind":"ended"}'), 'no known kind'],
  ]
  it.each(rude)('survives a fetcher that %s', async (_, fetch, why) => {
    const world = createWorld()
    await world.silent('c-1')
    const fetchers = [{ provider: 'bolna', fetch }]
    await using poller = world.tracker.poll({ fetchers, everyMs: null, askTimeoutMs: 40 })
    expect(await poller.runOnce()).toEqual({ ...NOTHING, asked: 1, failed: 1 })
    expect(world.log[0]?.fields).toMatchObject({ why: expect.stringContaining(why) })
    expect(JSON.stringify(world.log)).not.toContain('secret-key')
  })
})

describe('the options', () => {
  const fetcher: Fetcher = { provider: 'bolna', fetch: async () => ({ kind: 'unknown-call' }) }
  it.each([
    ['no fetchers', { fetchers: [] }],
    ['two fetchers of a provider', { fetchers: [fetcher, fetcher] }],
    ['a rate for nobody', { fetchers: [fetcher], perMinute: { dialgen: 1 } }],
    ['a rate of 0', { fetchers: [fetcher], perMinute: { bolna: 0 } }],
    ['no interval', { fetchers: [fetcher], everyMs: 0 }],
    ['no questions', { fetchers: [fetcher], maxAsks: 0 }],
    ['half a question at a time', { fetchers: [fetcher], concurrency: 0.5 }],
    ['an endless question', { fetchers: [fetcher], askTimeoutMs: Number.POSITIVE_INFINITY }],
    ['a waiting time below 0', { fetchers: [fetcher], backoff: { firstMs: -1 } }],
  ])('refuse %s', (_, options) => {
    const { tracker } = createWorld()
    expect(() => tracker.poll(options)).toThrow(expect.objectContaining({ code: 'invalid-option' }))
  })

  it('refuse a fetcher of a provider that the tracker does not know', () => {
    const { tracker } = createWorld()
    const fetchers = [{ ...fetcher, provider: 'acme' }]
    const expected = expect.objectContaining({ code: 'unknown-provider' })
    expect(() => tracker.poll({ fetchers })).toThrow(expected)
  })
})

function raise(error: unknown): never {
  throw error
}
