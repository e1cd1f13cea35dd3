import type { Reading } from 'callstate/providers'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  ACME_AT,
  acme,
  delivered,
  formOf,
  recordingForm,
  statusFields,
  statusForm,
} from '../acme.fixture.ts'
import { createTracker } from '../create-tracker.ts'
import { DEFAULTS } from '../defaults.ts'
import { createMemoryStore } from '../memory/index.ts'
import { byQuery, defineSeveral } from '../providers.fixture.ts'
import type { Store } from '../store.ts'
import type { TrackerOptions } from '../tracker-options.ts'

const trackerOn = (store: Store = createMemoryStore(), options: Partial<TrackerOptions> = {}) =>
  createTracker({ store, providers: [acme], now: () => ACME_AT, ...options })

const EVENT = {
  ...{ provider: 'several', callId: 'c', kind: 'webhook', status: 'ringing', word: 'ringing' },
  ...{ attempt: 1, occurredAt: null },
}

const A = { provider: 'acme', callId: 'call-a' }
const B = { provider: 'acme', callId: 'call-b' }

const batch = statusForm(
  statusFields('call-a', 'RINGING', 1),
  statusFields('call-a', 'TALKING', 2),
  statusFields('call-b', 'BUSY', 1),
)

describe('a message that tells several events', () => {
  test('is stored with each of its calls, event by event, and answered with all of them', async () => {
    const tracker = trackerOn()
    const result = await tracker.ingest({ provider: 'acme', delivery: delivered(batch) })
    expect(result).toMatchObject({
      ok: true,
      type: 'events',
      needsAnswer: false,
      // Those of the first.
      ...{ decision: { kind: 'advanced', status: 'ringing' }, repeated: false, sequence: 1 },
      call: { callId: 'call-a', status: 'in-progress', events: 2 },
      events: [
        { event: { callId: 'call-a', status: 'ringing' }, sequence: 1, call: { events: 2 } },
        { event: { callId: 'call-a', status: 'in-progress' }, sequence: 2 },
        { event: { callId: 'call-b', status: 'busy' }, sequence: 1, call: { status: 'busy' } },
      ],
    })
    expect(await tracker.get(A)).toMatchObject({ status: 'in-progress', attempt: 1 })
    expect(await tracker.get(B)).toMatchObject({ status: 'busy' })
    const history = await tracker.history(A)
    expect(new Set(history.map(({ key }) => key)).size).toBe(2)
    expect(history.map(({ event }) => event)).toEqual([
      {
        ...{ kind: 'webhook', status: 'ringing', word: 'RINGING', attempt: 1 },
        ...{ occurredAt: ACME_AT + 1000, eventId: 'call-a-e1', sequence: 1 },
        details: { word: 'RINGING' },
      },
      {
        ...{ kind: 'webhook', status: 'in-progress', word: 'TALKING', attempt: 1 },
        ...{ occurredAt: ACME_AT + 2000, eventId: 'call-a-e2', sequence: 2 },
        details: { word: 'TALKING' },
      },
    ])
    expect((await tracker.verify()).differences).toEqual([])
  })

  test('is kept part by part: no call holds, or fails to forget, what was said of another', async () => {
    const tracker = trackerOn()
    const price = 'Price=1.5&Price=1.5&Price=99&Account=AC1'
    await tracker.ingest({ provider: 'acme', delivery: delivered(`${batch}&${price}`) })
    const a = await tracker.get(A)
    expect(a?.data).toMatchObject({ CallId: 'call-a', Price: '1.5', Account: 'AC1' })
    expect(JSON.stringify([a, await tracker.history(A)])).not.toMatch(/call-b|BUSY|"99"/)
    expect((await tracker.get(B))?.data).toMatchObject({ CallId: 'call-b', Price: '99' })

    await tracker.forget(A)
    expect(JSON.stringify([await tracker.get(B), await tracker.history(B)])).not.toContain('call-a')
    expect((await tracker.verify()).differences).toEqual([])
  })

  test('keeps data that came at once with the status that makes the call', async () => {
    const tracker = trackerOn()
    const [recording] = await Promise.all([
      tracker.ingest({ provider: 'acme', delivery: delivered(recordingForm('call-a', 'r1')) }),
      tracker.ingest({
        provider: 'acme',
        delivery: delivered(statusForm(statusFields('call-a', 'COMPLETED', 4))),
      }),
    ])
    expect(recording).toMatchObject({ ok: true, type: 'data', sequence: 2 })
  })

  test('a provider whose read is broken is said to be, and nothing is stored', async () => {
    const answers: readonly unknown[] = [
      undefined,
      Promise.resolve({ ok: true, type: 'skip', word: 'x' }),
      { ok: true, type: 'data', callId: 'c', word: 'recording' },
      { ok: true, type: 'events', events: [{ ...EVENT, callId: 7 }] },
      { ok: true, type: 'events', events: [{ ...EVENT, attempt: 2.5 }] },
      { ok: true, type: 'events', events: [{ ...EVENT, occurredAt: 'yesterday' }] },
      { ok: true, type: 'events', events: [EVENT], parts: [] },
    ]
    for (const answer of answers) {
      const broken = { ...defineSeveral(), read: () => answer as Reading }
      const tracker = trackerOn(createMemoryStore(), { providers: [broken] })
      const ingesting = tracker.ingest({ provider: 'several', body: {} })
      await expect(ingesting).rejects.toMatchObject({ code: 'callback-failed' })
      expect((await tracker.list()).items).toEqual([])
    }
  })

  test('adds nothing when it comes again, as it was or with its fields in another order', async () => {
    const tracker = trackerOn()
    await tracker.ingest({ provider: 'acme', delivery: delivered(batch) })
    const [kind = '', ...fields] = batch.split('&')
    const moved = [...fields, kind].join('&')
    for (const body of [batch, moved, `${batch}&Region=eu`]) {
      const result = await tracker.ingest({ provider: 'acme', delivery: delivered(body) })
      expect(result).toMatchObject({ ok: true, repeated: true, sequence: null })
      expect(result.ok && result.type === 'events' && result.events).toMatchObject([
        { repeated: true, sequence: null },
        { repeated: true, sequence: null },
        { repeated: true, sequence: null },
      ])
    }
    expect(await tracker.history(A)).toHaveLength(2)
    expect((await tracker.verify()).differences).toEqual([])
  })

  test('is stored to its end, or repeated until it is, whenever the store fails', async () => {
    const messages = [
      statusForm(statusFields('call-a', 'QUEUED', 1), statusFields('call-b', 'QUEUED', 1)),
      statusForm(statusFields('call-a', 'RINGING', 2), statusFields('call-a', 'TALKING', 3)),
      recordingForm('call-a', 'r1'),
      statusForm(statusFields('call-b', 'CANCELED', 2), statusFields('call-a', 'COMPLETED', 4)),
      recordingForm('call-b', 'r2'),
    ]
    const faults = fc.array(fc.constantFrom('before', 'after', null, null), { maxLength: 12 })
    await fc.assert(
      fc.asyncProperty(faults, fc.boolean(), async (plan, atOnce) => {
        const memory = createMemoryStore()
        const left = [...plan]
        const tracker = trackerOn({
          ...memory,
          async append(writes, at) {
            const fault = left.shift() ?? null
            if (fault === 'before') throw new Error('the disk is full')
            const written = await memory.append(writes, at)
            if (fault === 'after') throw new Error('the connection was lost')
            return written
          },
        })
        // As a provider does: it repeats until it hears 200.
        const deliver = async (body: string) => {
          for (;;) {
            try {
              return await tracker.ingest({ provider: 'acme', delivery: delivered(body) })
            } catch (error) {
              expect(error).toMatchObject({ code: 'store-failed' })
            }
          }
        }
        // Data of a call that nobody told of yet would not be kept.
        await deliver(messages[0] ?? '')
        if (atOnce) await Promise.all(messages.slice(1).map(deliver))
        else for (const body of messages.slice(1)) await deliver(body)
        // Acknowledged is durable: another process reads it all.
        const other = trackerOn(memory)
        expect(await other.get(A)).toMatchObject({ status: 'completed', events: 5 })
        expect(await other.get(B)).toMatchObject({ status: 'canceled', events: 3 })
        expect((await other.verify()).differences).toEqual([])
        for (const body of messages) {
          const result = await other.ingest({ provider: 'acme', delivery: delivered(body) })
          expect(result).toMatchObject({ repeated: true })
        }
      }),
      { numRuns: 60 },
    )
  })

  test('every order and number of the same messages ends in the same calls', async () => {
    const bodies = [
      batch,
      statusForm(statusFields('call-a', 'COMPLETED', 3), statusFields('call-b', 'RINGING', 0)),
      statusForm(statusFields('call-b', 'DIALING', 4)),
    ]
    const known = async (order: readonly string[]) => {
      const tracker = trackerOn()
      for (const body of order) {
        await tracker.ingest({ provider: 'acme', delivery: delivered(body) })
      }
      return [(await tracker.get(A))?.knowledge, (await tracker.get(B))?.knowledge]
    }
    const expected = await known(bodies)
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray([...bodies, ...bodies], { minLength: 6 }),
        async (order) => {
          expect(await known(order)).toEqual(expected)
        },
      ),
      { numRuns: 30 },
    )
  })

  test('may hold as many events as the limit, and no more', async () => {
    const several = defineSeveral()
    const tracker = trackerOn(createMemoryStore(), { providers: [several] })
    const { maxEvents } = DEFAULTS.message
    const none = tracker.ingest({ provider: 'several', body: { id: 'n0', count: 0 } })
    await expect(none).rejects.toMatchObject({ code: 'callback-failed' })
    for (const [count, isTaken] of [
      [1, true],
      [maxEvents - 1, true],
      [maxEvents, true],
      [maxEvents + 1, false],
    ] as const) {
      const result = await tracker.ingest({ provider: 'several', body: { id: `n${count}`, count } })
      expect(result.ok).toBe(isTaken)
      const call = await tracker.get({ provider: 'several', callId: `n${count}` })
      expect(call?.events).toBe(isTaken ? count : undefined)
    }
  })

  test('waits for the store as one, however many may wait', async () => {
    const several = defineSeveral()
    const limits = { waiting: 3, batch: 2 }
    const tracker = trackerOn(createMemoryStore(), { providers: [several], limits })
    const body = { id: 'c', count: 10 }
    expect(await tracker.ingest({ provider: 'several', body })).toMatchObject({ ok: true })
    const both = await Promise.allSettled([
      tracker.ingest({ provider: 'several', body: { id: 'd', count: 2 } }),
      tracker.ingest({ provider: 'several', body: { id: 'e', count: 2 } }),
      tracker.ingest({ provider: 'several', body: { id: 'f', count: 1 } }),
    ])
    expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  })

  test('is given to redact once for each event, so that each call keeps its own part', async () => {
    const tracker = trackerOn(createMemoryStore(), {
      redact: (_, { callId, sequence }) => ({ callId, sequence }),
    })
    await tracker.ingest({ provider: 'acme', delivery: delivered(batch) })
    expect((await tracker.history(A)).map(({ payload }) => payload)).toEqual([
      '{"callId":"call-a","sequence":1}',
      '{"callId":"call-a","sequence":2}',
    ])
    expect((await tracker.verify()).differences).toEqual([])
  })
})

describe('what a message is told by', () => {
  test('its kind is kept as it was said, and told by its shape where nobody says it', async () => {
    const tracker = trackerOn()
    const record = { CallId: 'call-a', Status: 'BUSY', Try: 1, At: ACME_AT }
    await tracker.ingest({
      provider: 'acme',
      delivery: delivered(statusForm(statusFields('call-a', 'RINGING', 1))),
    })
    await tracker.ingest({ provider: 'acme', body: record })
    await tracker.ingest({
      provider: 'acme',
      kind: 'list-item',
      rawBody: JSON.stringify({ ...record, At: ACME_AT + 1 }),
    })
    await tracker.ingest({
      provider: 'acme',
      kind: 'stop-reply',
      body: { ...record, Status: 'CANCELED' },
    })
    const kinds = (await tracker.history(A)).map(({ event }) => event?.kind)
    expect(kinds).toEqual(['webhook', 'record', 'list-item', 'stop-reply'])
  })

  test('a kind of message that nobody knows is kept as unrecognized', async () => {
    const tracker = trackerOn()
    const body = formOf([['Kind', 'survey'], ...statusFields('call-a', 'COMPLETED', 1)])
    expect(await tracker.ingest({ provider: 'acme', delivery: delivered(body) })).toMatchObject({
      decision: { kind: 'unrecognized', word: 'survey' },
      call: { status: null },
    })
  })

  test('two deliveries with one body and another query are two messages', async () => {
    const tracker = trackerOn(createMemoryStore(), { providers: [byQuery] })
    const at = (url: string) => ({
      provider: 'by-query',
      delivery: {
        ...delivered('{"id":"c-1"}'),
        url,
        headers: { 'content-type': 'application/json' },
      },
    })
    const one = await tracker.ingest(at('https://receiver.example/?status=ringing'))
    const other = await tracker.ingest(at('https://receiver.example/?status=completed'))
    const again = await tracker.ingest(at('https://receiver.example/?status=completed'))
    expect([one, other, again]).toMatchObject([
      { sequence: 1 },
      { sequence: 2 },
      { sequence: null, repeated: true },
    ])
    expect((await tracker.verify()).differences).toEqual([])
  })

  test('a delivery that cannot be decoded is answered with issues that hold nothing of it', async () => {
    const tracker = trackerOn()
    const wrong = { ...delivered('CallId=c-1'), headers: { 'content-type': 'text/plain' } }
    const result = await tracker.ingest({ provider: 'acme', delivery: wrong })
    expect(result.ok).toBe(false)
    expect(JSON.stringify(result)).not.toContain('c-1')
  })
})
