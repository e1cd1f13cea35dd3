import type { Meter } from '@opentelemetry/api'
import { replay } from 'callstate'
import { bolna } from 'callstate/providers/bolna'
import { dialgen } from 'callstate/providers/dialgen'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createTracker } from './create-tracker.ts'
import { DEFAULTS } from './defaults.ts'
import { redactFields } from './intake/redact.ts'
import { createMemoryStore } from './memory/index.ts'
import type { Store } from './store.ts'
import type { TrackerOptions } from './tracker-options.ts'

const START = Date.parse('2026-03-02T09:00:00Z')
const ID = '7c6b1f0e-0000-4000-8000-000000000001'
const REF = { provider: 'bolna', callId: ID }

function open(options: Partial<TrackerOptions> = {}) {
  let clock = START
  return createTracker({
    store: createMemoryStore(),
    providers: [bolna, dialgen],
    now: () => clock++,
    ...options,
  })
}

function webhook(status: string, fields: Record<string, unknown> = {}) {
  return { provider: 'bolna', body: { id: ID, status, ...fields } }
}

describe('ingest', () => {
  test('opens a call that nobody announced', async () => {
    const tracker = open()
    const result = await tracker.ingest(webhook('in-progress'))
    expect(result).toMatchObject({
      ok: true,
      repeated: false,
      sequence: 1,
      decision: { kind: 'advanced', status: 'in-progress', from: null },
      call: { ...REF, events: 1, settled: false, status: 'in-progress' },
    })
  })

  test('a late status does not move the call, and stays in its history', async () => {
    const tracker = open()
    await tracker.ingest(webhook('completed', { updated_at: '2026-03-02T09:01:00Z' }))
    const late = await tracker.ingest(webhook('ringing', { updated_at: '2026-03-02T09:00:10Z' }))
    expect(late).toMatchObject({
      decision: { kind: 'late' },
      call: { status: 'completed' },
    })
    const history = await tracker.history(REF)
    expect(history.map(({ sequence, decision }) => [sequence, decision?.kind])).toEqual([
      [1, 'advanced'],
      [2, 'late'],
    ])
  })

  test('the very same message is stored once, also when both come at the same instant', async () => {
    const tracker = open()
    const rawBody = JSON.stringify({ id: ID, status: 'ringing', retry_count: 0 })
    const input = { provider: 'bolna', rawBody }
    const both = await Promise.all([tracker.ingest(input), tracker.ingest(input)])
    const again = await tracker.ingest({ ...input, rawBody: new TextEncoder().encode(rawBody) })
    expect(both.map((result) => result.ok && result.type === 'events' && result.repeated)).toEqual([
      false,
      true,
    ])
    expect(again).toMatchObject({ repeated: true, sequence: null, decision: { kind: 'duplicate' } })
    expect(await tracker.history(REF)).toHaveLength(1)
  })

  test('a repeated status whose message brings new fields is enriched, and says so', async () => {
    const tracker = open()
    const at = { updated_at: '2026-03-02T09:01:00Z' }
    await tracker.ingest(webhook('completed', { ...at, total_cost: 12, extracted_data: null }))
    const filled = await tracker.ingest(
      webhook('completed', { ...at, total_cost: 12, extracted_data: { interested: true } }),
    )
    expect(filled).toMatchObject({ decision: { kind: 'duplicate', enriched: true }, sequence: 2 })
    const spaced = await tracker.ingest({
      provider: 'bolna',
      rawBody: JSON.stringify(
        webhook('completed', { ...at, total_cost: 12, extracted_data: null }).body,
        null,
        2,
      ),
    })
    expect(spaced).toMatchObject({ repeated: true })
    const emptied = await tracker.ingest(
      webhook('completed', { ...at, total_cost: null, transcript: '' }),
    )
    expect(emptied).toMatchObject({ decision: { kind: 'duplicate', enriched: false } })
    expect((await tracker.get(REF))?.data).toMatchObject({
      total_cost: 12,
      extracted_data: { interested: true },
    })
  })

  test('a word outside the table is kept with its raw text', async () => {
    const tracker = open()
    const result = await tracker.ingest(webhook('warbling'))
    expect(result).toMatchObject({
      decision: { kind: 'unrecognized', word: 'warbling' },
      call: { status: null, knowledge: { unrecognized: [{ word: 'warbling' }] } },
    })
  })

  test.each([
    ['no identifier', { provider: 'bolna', body: { status: 'ringing' } }],
    ['no JSON', { provider: 'bolna', rawBody: '{"id": ' }],
    ['no UTF-8', { provider: 'bolna', rawBody: Uint8Array.of(0x22, 0xff, 0x22) }],
    ['an identifier with NUL', { provider: 'bolna', body: { id: 'a\0b', status: 'ringing' } }],
    ['half a surrogate pair', { provider: 'bolna', body: { id: 'a\ud800', status: 'ringing' } }],
    [
      'a value that JSON cannot hold',
      { provider: 'bolna', body: { ...webhook('ringing').body, n: 1n } },
    ],
  ])('%s is answered with issues, and nothing is stored', async (_, input) => {
    const tracker = open()
    const result = await tracker.ingest(input)
    expect(result.ok).toBe(false)
    expect((await tracker.list()).items).toEqual([])
  })

  test('a provider that the tracker was not given is a mistake of the caller', async () => {
    await expect(open().ingest({ provider: 'acme', body: {} })).rejects.toMatchObject({
      code: 'unknown-provider',
    })
  })

  test.each([Number.NaN, -1e300, Number.NEGATIVE_INFINITY])(
    'a time of receipt that is no time is refused: %s',
    async (receivedAt) => {
      const input = { ...webhook('ringing'), receivedAt }
      await expect(open().ingest(input)).rejects.toMatchObject({ code: 'invalid-option' })
    },
  )

  test('whatever order and however often events come, the call is the replay of their set', async () => {
    const statuses = [
      'queued',
      'initiated',
      'ringing',
      'in-progress',
      'call-disconnected',
      'completed',
    ]
    const events = statuses.map((status, place) =>
      webhook(status, { retry_count: 0, updated_at: new Date(START + place * 1000).toISOString() }),
    )
    const expected = replay(
      events.map(({ body }) => {
        const reading = bolna.read({ body, kind: null })
        const [event] = reading.ok && reading.type === 'events' ? reading.events : []
        if (event === undefined) throw new Error('unreadable')
        return event
      }),
    ).call
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray([...events, ...events], { minLength: events.length * 2 }),
        fc.boolean(),
        async (deliveries, atOnce) => {
          const tracker = open()
          if (atOnce) await Promise.all(deliveries.map((one) => tracker.ingest(one)))
          else for (const one of deliveries) await tracker.ingest(one)
          const found = await tracker.get(REF)
          expect(found?.knowledge).toEqual(expected)
          expect(found?.events).toBe(events.length)
          expect((await tracker.verify()).differences).toEqual([])
        },
      ),
      { numRuns: 60 },
    )
  })
})

describe('hostile and broken surroundings', () => {
  test('what is nested too deep is refused, however it comes', async () => {
    const tracker = open()
    const nested = (levels: number) =>
      JSON.parse(
        `{"id":"${ID}","status":"ringing","transcript":${'['.repeat(levels)}${']'.repeat(levels)}}`,
      )
    const event = {
      ...{ provider: 'bolna', callId: ID, kind: 'webhook' as const },
      ...{ status: 'ringing' as const, word: 'ringing' },
    }
    for (const levels of [DEFAULTS.message.maxDepth, 50_000]) {
      const body = nested(levels)
      const rawBody = `{"id":"${ID}","status":"ringing","transcript":${'['.repeat(levels)}${']'.repeat(levels)}}`
      const inputs = [
        { provider: 'bolna', body },
        { provider: 'bolna', rawBody },
        { event, body },
      ]
      for (const input of inputs) expect((await tracker.ingest(input)).ok).toBe(false)
    }
    expect(
      await tracker.ingest({ provider: 'bolna', body: nested(DEFAULTS.message.maxDepth - 1) }),
    ).toMatchObject({
      ok: true,
    })
  })

  test('a function from outside that throws is told apart from a store that fails', async () => {
    const boom = () => {
      throw new Error('secret')
    }
    const redacting = open({ redact: boom })
    await expect(redacting.ingest(webhook('ringing'))).rejects.toMatchObject({
      code: 'callback-failed',
    })
    const keyless = open({ providers: [{ ...bolna, sameMessage: boom }] })
    const event = {
      ...{ provider: 'bolna', callId: ID, kind: 'webhook' as const },
      ...{ status: 'ringing' as const, word: 'ringing' },
    }
    const error = await keyless.ingest({ event }).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'callback-failed' })
    expect(String(error)).not.toContain('secret')
  })

  test('a logger, a meter and a listener that throw undo nothing', async () => {
    const boom = () => {
      throw new Error('down')
    }
    const instrument = { add: boom, record: boom, addCallback: boom, removeCallback: boom }
    const meter = new Proxy({} as Meter, {
      get: (_, name) => (String(name).startsWith('create') ? () => instrument : () => undefined),
    })
    const tracker = open({ meter, logger: { debug: boom, info: boom, warn: boom, error: boom } })
    await tracker.ingest(webhook('ringing', { updated_at: '2026-03-02T09:00:00Z' }))
    await tracker.ingest(webhook('busy', { updated_at: '2026-03-02T09:00:09Z' }))
    expect(await tracker.ingest(webhook('completed'))).toMatchObject({
      decision: { kind: 'conflicting' },
    })
    await tracker.close()
  })

  test('more messages than may wait for a store that hangs are refused at once', async () => {
    const store = createMemoryStore()
    let go = () => {}
    const held = new Promise<void>((resolve) => {
      go = resolve
    })
    const limits = { waiting: 3 }
    const append: Store['append'] = async (writes, at) => {
      await held
      return store.append(writes, at)
    }
    const tracker = open({ store: { ...store, append }, limits })
    const statuses = ['queued', 'initiated', 'ringing', 'in-progress', 'completed']
    const told = statuses.map((status) => tracker.ingest(webhook(status)))
    const refused = await Promise.allSettled(told.slice(3))
    expect(refused.map((one) => one.status === 'rejected' && one.reason.code)).toEqual([
      'store-failed',
      'store-failed',
    ])
    go()
    expect(await Promise.all(told.slice(0, 3))).toHaveLength(3)
    expect(await tracker.ingest(webhook('completed'))).toMatchObject({ sequence: 4 })
  })

  test('a chatty call does not keep the process from other work', async () => {
    const tracker = open({ limits: { batch: 50 } })
    const told = Array.from({ length: 1000 }, (_, place) =>
      tracker.ingest(webhook('ringing', { duration: place, transcript: 'x'.repeat(1000) })),
    )
    let turns = 0
    const turn = () => {
      turns++
      immediate = setImmediate(turn)
    }
    let immediate = setImmediate(turn)
    await Promise.all(told)
    clearImmediate(immediate)
    expect(turns).toBeGreaterThan(15)
  })

  test('what is repeated is answered with the call as it is now, whoever wrote it', async () => {
    const store = createMemoryStore()
    const one = open({ store })
    const other = open({ store })
    await one.ingest(webhook('ringing'))
    await other.ingest(webhook('completed'))
    expect(await one.ingest(webhook('ringing'))).toMatchObject({
      repeated: true,
      call: { status: 'completed' },
    })
  })
})

describe('a store that fails', () => {
  /** Lets every n-th append fail: before anything is written, or after (the acknowledgement is lost). */
  function faulty(store: Store, every: number, when: 'before' | 'after'): Store {
    let appends = 0
    return {
      ...store,
      async append(writes, at) {
        const fails = ++appends % every === 0
        if (fails && when === 'before') throw new Error('the disk is full')
        const written = await store.append(writes, at)
        if (fails) throw new Error('the connection was lost')
        return written
      },
    }
  }

  test.each(['before', 'after'] as const)(
    'a failure %s writing is told to whoever delivers, and a repeat mends it',
    async (when) => {
      const store = createMemoryStore()
      const tracker = open({ store: faulty(store, 2, when) })
      const statuses = ['queued', 'initiated', 'ringing', 'in-progress', 'completed']
      let failures = 0
      for (const status of statuses) {
        const input = webhook(status)
        for (;;) {
          try {
            await tracker.ingest(input)
            break
          } catch (error) {
            expect(error).toMatchObject({ code: 'store-failed' })
            failures++
          }
        }
      }
      expect(failures).toBeGreaterThan(0)
      const history = await tracker.history(REF)
      expect(history.map(({ event }) => event?.status)).toEqual(statuses)
      expect((await tracker.verify()).differences).toEqual([])
    },
  )

  test('one message that the store refuses does not take the others of its batch with it', async () => {
    const store = createMemoryStore()
    const tracker = open({
      store: {
        ...store,
        append: async (writes, at) => {
          if (writes.some(({ row }) => row.callId === 'poison')) throw new Error('refused')
          return store.append(writes, at)
        },
      },
    })
    const ids = ['a', 'poison', 'b', 'c']
    const results = await Promise.allSettled(
      ids.map((id) => tracker.ingest({ provider: 'bolna', body: { id, status: 'ringing' } })),
    )
    expect(results.map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
      'fulfilled',
    ])
  })

  test('another writer of the same call costs a second look, never an update', async () => {
    const store = createMemoryStore()
    const one = open({ store })
    const other = open({ store })
    await one.ingest(webhook('queued'))
    await other.ingest(webhook('initiated'))
    // The first has the row of the first revision in mind still.
    await one.ingest(webhook('ringing'))
    await Promise.all([one.ingest(webhook('in-progress')), other.ingest(webhook('completed'))])
    const found = await one.get(REF)
    expect(found).toMatchObject({ events: 5, status: 'completed' })
    expect((await other.verify()).differences).toEqual([])
  })
})

describe('list', () => {
  test('filters by status, class, phase, group, settled, provider and age, and pages by cursor', async () => {
    const tracker = open({ now: () => START + 60_000 })
    const ends = ['ringing', 'completed', 'busy', 'failed', 'queued']
    for (const [place, status] of ends.entries()) {
      await tracker.ingest({
        provider: 'bolna',
        body: { id: `c-${place}`, status },
        receivedAt: START + place * 1000,
      })
    }
    const ids = async (query: Parameters<typeof tracker.list>[0]) =>
      (await tracker.list(query)).items.map(({ callId }) => callId)
    expect(await ids({})).toEqual(['c-4', 'c-3', 'c-2', 'c-1', 'c-0'])
    expect(await ids({ status: 'busy' })).toEqual(['c-2'])
    expect(await ids({ class: 'terminal' })).toEqual(['c-3', 'c-2', 'c-1'])
    expect(await ids({ phase: 'dialing' })).toEqual(['c-0'])
    expect(await ids({ group: 'unanswered' })).toEqual(['c-2'])
    expect(await ids({ settled: false })).toEqual(['c-4', 'c-0'])
    expect(await ids({ provider: 'dialgen' })).toEqual([])
    expect(await ids({ openedFrom: START + 3000 })).toEqual(['c-4', 'c-3'])
    expect(await ids({ openedBefore: START + 1000 })).toEqual(['c-0'])
    expect(await ids({ quietSince: START })).toEqual(['c-0'])
    const first = await tracker.list({ limit: 3 })
    expect(await ids({ limit: 3, cursor: first.next })).toEqual(['c-1', 'c-0'])
    expect((await tracker.list({ limit: 2, cursor: first.next })).next).toBe(null)
  })

  test.each([{ limit: 0 }, { limit: 1.5 }, { limit: 1001 }, { cursor: 'nonsense' }])(
    '%o is refused',
    async (query) => {
      await expect(open().list(query)).rejects.toMatchObject({ code: 'invalid-option' })
    },
  )

  test('overdue calls are listed by how long they have been silent', async () => {
    const tracker = open()
    const at = new Date(START).toISOString()
    const bodies = ['ringing', 'in-progress', 'queued', 'completed'].map((status) => ({
      id: status,
      status,
      updated_at: at,
    }))
    for (const body of bodies) await tracker.ingest({ provider: 'bolna', body })
    const ids = async (now: number) =>
      (await tracker.overdue({ now, why: 'silent' })).items.map(({ callId }) => callId)
    expect(await ids(START + 60_000)).toEqual([])
    expect(await ids(START + 10 * 60_000)).toEqual(['ringing'])
    expect(await ids(START + 24 * 3_600_000)).toEqual(['ringing', 'in-progress'])
  })
})

describe('missing data', () => {
  const minute = 60_000
  const ended = (callId: string, fields: Record<string, unknown> = {}) => ({
    provider: 'bolna',
    body: { id: callId, status: 'completed', retry_count: 0, ...fields },
  })
  const complete = { total_cost: 12, conversation_duration: 48.6 }

  test('a call that is over without what is expected of it is overdue, and says why and what', async () => {
    const tracker = open({ now: () => START })
    await tracker.ingest(ended('nothing'))
    await tracker.ingest(ended('duration', { conversation_duration: 48.6 }))
    await tracker.ingest(ended('all', complete))
    await tracker.ingest({ provider: 'bolna', body: { id: 'silent', status: 'ringing' } })
    const shown = async (query: Parameters<typeof tracker.overdue>[0]) =>
      (await tracker.overdue(query)).items.map(({ callId, why, missing }) => [callId, why, missing])
    const silent = ['silent', ['silent'], []]
    const both = [
      ['duration', ['data'], [{ attempt: 1, fields: ['cost'] }]],
      ['nothing', ['data'], [{ attempt: 1, fields: ['durationMs', 'cost'] }]],
    ]
    expect(await shown({ now: START + 15 * minute - 1 })).toEqual([silent])
    const now = START + 15 * minute
    expect(await shown({ now })).toEqual([silent, ...both])
    expect(await shown({ now, why: 'silent' })).toEqual([silent])
    expect(await shown({ now, why: 'data' })).toEqual(both)
    const page = await tracker.overdue({ now, why: 'data', limit: 1 })
    expect(await shown({ now, why: 'data', cursor: page.next })).toEqual(both.slice(1))
    await expect(tracker.overdue({ now, cursor: page.next })).rejects.toMatchObject({
      code: 'invalid-option',
    })
    await expect(tracker.overdue({ why: 'bored' as 'data' })).rejects.toThrow(/"silent" or "data"/)
    // What came is no longer missing.
    await tracker.ingest(ended('nothing', complete))
    expect(await shown({ now, why: 'data' })).toEqual(both.slice(0, 1))
  })

  test('more can be expected, and given more time', async () => {
    const tracker = open({
      now: () => START,
      expects: { bolna: ['extraction'] },
      dataBudgetsMs: { bolna: 2 * minute },
    })
    await tracker.ingest(ended('a', complete))
    await tracker.ingest(ended('b', { ...complete, extracted_data: { day: 'Mo' } }))
    // Where the line was never up there is nothing to extract.
    await tracker.ingest({ provider: 'bolna', body: { id: 'c', status: 'busy' } })
    const missing = async (now: number) =>
      (await tracker.overdue({ now })).items.map(({ callId, missing }) => [callId, missing])
    expect(await missing(START + 2 * minute - 1)).toEqual([])
    expect(await missing(START + 2 * minute)).toEqual([
      ['a', [{ attempt: 1, fields: ['extraction'] }]],
    ])
  })

  test.each([
    { dataBudgetsMs: { bolna: Number.NaN } },
    { dataBudgetsMs: { bolna: -1 } },
    { dataBudgetsMs: { bolna: '5' as unknown as number } },
    { dataBudgetsMs: { acme: 1 } },
    { expects: { acme: ['cost' as const] } },
    { expects: { bolna: ['extracted_data' as 'extraction'] } },
    { expects: { dialgen: ['cost' as const] } },
    { expects: { bolna: 'cost' as unknown as ['cost'] } },
  ])('what cannot be expected is refused: %o', (options) => {
    expect(() => open(options)).toThrow(expect.objectContaining({ code: 'invalid-option' }))
  })
})

describe('get', () => {
  test('gives the data of each attempt, and those of the latest as the view of the call', async () => {
    const tracker = open()
    const say = (status: string, retry_count: number, fields: Record<string, unknown>) =>
      tracker.ingest(webhook(status, { retry_count, ...fields }))
    await say('completed', 0, { total_cost: 10, answered_by_voice_mail: true })
    await say('queued', 1, { transcript: '' })
    const going = await tracker.get(REF)
    expect(going?.data).toEqual({ id: ID, status: 'queued', retry_count: 1 })
    await say('no-answer', 1, { total_cost: null })
    const call = await tracker.get(REF)
    expect(call?.attempts.map(({ attempt, status }) => [attempt, status])).toEqual([
      [1, 'completed'],
      [2, 'no-answer'],
    ])
    expect(call?.attempts.map(({ data }) => data['total_cost'])).toEqual([10, undefined])
    expect(call?.attempts.map(({ finalData }) => finalData?.cost?.amount)).toEqual([10, undefined])
    expect(call?.attempts.map(({ missing }) => missing)).toEqual([['durationMs'], []])
    expect(call?.data).toEqual(call?.attempts[1]?.data)
    expect(await tracker.get({ ...REF, callId: 'nobody' })).toBeNull()
  })
})

test('a provider has budgets of its own where they are given', async () => {
  const minute = 60_000
  const tracker = open({
    now: () => START,
    budgets: { initiated: 7 * minute, queued: 9 * minute },
    providerBudgets: { dialgen: { initiated: 50 * minute } },
  })
  const dueAfter = async (provider: string, callId: string, body: Record<string, unknown>) => {
    const told = await tracker.ingest({ provider, body })
    const call = told.ok && told.type === 'events' ? told.call : null
    return call?.callId === callId && (call.dueAt ?? 0) - START
  }
  expect(await dueAfter('bolna', 'b', { id: 'b', status: 'initiated' })).toBe(7 * minute)
  expect(await dueAfter('dialgen', 'd', { callId: 'd', status: 'ONGOING' })).toBe(50 * minute)
  expect(await dueAfter('dialgen', 'e', { callId: 'e', status: 'SCHEDULED' })).toBe(9 * minute)
})

describe('watch', () => {
  test('gives every change from the moment of the call, in order, until the signal aborts', async () => {
    const tracker = open()
    const stop = new AbortController()
    let all = () => {}
    const allSeen = new Promise<void>((resolve) => {
      all = resolve
    })
    const seen: string[] = []
    const watching = (async (changes) => {
      for await (const { decision, call } of changes) {
        seen.push(`${decision?.kind} ${call.settled}`)
        if (seen.length === 3) all()
      }
    })(tracker.watch({ provider: 'bolna' }, { signal: stop.signal }))
    await tracker.ingest(webhook('ringing'))
    await tracker.ingest(webhook('ringing'))
    await tracker.ingest({ provider: 'dialgen', body: { callId: 'd', status: 'COMPLETED' } })
    await tracker.ingest(webhook('completed'))
    await tracker.ingest(webhook('initiated'))
    for await (const _ of tracker.watch({}, { signal: AbortSignal.abort() })) expect.unreachable()
    await allSeen
    stop.abort()
    await watching
    expect(seen).toEqual(['advanced false', 'advanced true', 'late true'])
  })

  test.each([
    ['that can tell', (store: Store) => store],
    ['that cannot tell', (store: Store): Store => ({ ...store, onStored: () => () => {} })],
  ])('tells what other processes store in a store %s, within a second or so', async (_, seen) => {
    const store = createMemoryStore()
    const other = open({ store })
    await other.ingest(webhook('queued'))
    const tracker = open({ store: seen(store) })
    const changes = tracker.watch({ callId: ID })
    // Another one begins only now, and has its place before this is stored.
    await tracker.ingest(webhook('ringing', { id: 'c-2' }))
    const begun = performance.now()
    await other.ingest(webhook('ringing'))
    expect((await changes.next()).value).toMatchObject({
      sequence: 2,
      before: { status: 'queued' },
      call: { status: 'ringing' },
    })
    expect(performance.now() - begun).toBeLessThan(5000)
    await tracker.close()
  })

  test('what is stored while a watcher only begins is not missed', async () => {
    const store = createMemoryStore()
    let go = () => {}
    const held = new Promise<void>((resolve) => {
      go = resolve
    })
    const position: Store['position'] = async () => {
      await held
      return store.position()
    }
    const tracker = open({ store: { ...store, position } })
    const changes = tracker.watch()
    const stored = tracker.ingest(webhook('ringing'))
    await new Promise(setImmediate)
    go()
    await stored
    expect((await changes.next()).value).toMatchObject({ sequence: 1 })
    await tracker.close()
  })

  test('a store that cannot say where it stands holds up nobody who writes', async () => {
    const store = createMemoryStore()
    const position: Store['position'] = async () => {
      throw new Error('down')
    }
    const tracker = open({ store: { ...store, position } })
    const changes = tracker.watch()
    expect(await tracker.ingest(webhook('ringing'))).toMatchObject({ ok: true })
    await changes.return()
    await tracker.close()
  })

  test('a watcher that is too slow gets an error, not a gap', async () => {
    const tracker = open()
    const all = tracker.watch()
    const changes = tracker.watch({}, { buffer: 2 })
    for (const status of ['queued', 'initiated', 'ringing']) {
      await tracker.ingest(webhook(status))
      await all.next()
    }
    expect((await changes.next()).value).toMatchObject({ sequence: 1 })
    expect((await changes.next()).value).toMatchObject({ sequence: 2 })
    await expect(changes.next()).rejects.toMatchObject({ code: 'watch-overflow' })
  })

  test('nothing that follows a gap is handed out', async () => {
    const tracker = open()
    const all = tracker.watch()
    const changes = tracker.watch({}, { buffer: 2 })
    for (const status of ['queued', 'initiated', 'ringing']) {
      await tracker.ingest(webhook(status))
      await all.next()
    }
    expect((await changes.next()).value).toMatchObject({ sequence: 1 })
    await tracker.ingest(webhook('completed'))
    await all.next()
    expect((await changes.next()).value).toMatchObject({ sequence: 2 })
    await expect(changes.next()).rejects.toMatchObject({ code: 'watch-overflow' })
  })

  test('a watcher that waits can be ended', async () => {
    const changes = open().watch()
    const next = changes.next()
    expect(await changes.return()).toMatchObject({ done: true })
    expect(await next).toMatchObject({ done: true })
  })

  test('closing the tracker ends watchers, and what comes then is refused', async () => {
    const tracker = open()
    const changes = tracker.watch()
    const next = changes.next()
    await tracker.close()
    expect(await next).toMatchObject({ done: true })
    await expect(tracker.ingest(webhook('ringing'))).rejects.toMatchObject({ code: 'closed' })
  })
})

describe('personal data', () => {
  const spoken = {
    transcript: 'user: my number is +12025550123',
    telephony_data: { to_number: '+12025550123', duration: '12' },
    context_details: [{ name: 'Ada' }, { name: 'Bob', kept: 1 }],
  }

  test('fields that are redacted are never stored', async () => {
    const store = createMemoryStore()
    const redact = redactFields(['transcript', 'telephony_data.to_number', 'context_details.name'])
    const tracker = open({ store, redact })
    await tracker.ingest({
      provider: 'bolna',
      rawBody: JSON.stringify(webhook('completed', spoken).body),
    })
    const kept = JSON.stringify([await store.history(REF), await store.load([REF])])
    expect(kept).not.toMatch(/2025550123|Ada|Bob/)
    expect((await tracker.get(REF))?.data).toMatchObject({
      telephony_data: { duration: '12' },
      context_details: [{}, { kept: 1 }],
    })
  })

  test('events that differ in redacted fields only are still told apart by what they say', async () => {
    const tracker = open({ redact: () => undefined })
    await tracker.ingest(webhook('ringing'))
    await tracker.ingest(webhook('completed'))
    expect(await tracker.history(REF)).toHaveLength(2)
  })

  test('forget removes payloads and free text, and keeps the lifecycle', async () => {
    const store = createMemoryStore()
    const tracker = open({ store })
    await tracker.ingest(webhook('ringing', spoken))
    await tracker.ingest(
      webhook('busy', {
        ...spoken,
        telephony_data: { ...spoken.telephony_data, hangup_reason: 'Ada was busy' },
      }),
    )
    const before = await tracker.get(REF)
    expect(JSON.stringify(await store.history(REF))).toContain('Ada was busy')
    expect(await tracker.forget(REF)).toBe(true)
    expect(await tracker.forget(REF)).toBe(true)
    expect(await tracker.forget({ ...REF, callId: 'nobody' })).toBe(false)
    await tracker.ingest(webhook('in-progress', spoken))
    const repeated = await tracker.ingest(webhook('ringing', spoken))
    expect(repeated).toMatchObject({ repeated: true })
    const after = await tracker.get(REF)
    expect(JSON.stringify([await store.history(REF), after])).not.toMatch(/2025550123|Ada/)
    expect(after).toMatchObject({ data: {}, events: 3, status: before?.status })
    expect(after?.forgottenAt).toBeGreaterThan(START)
    expect((await tracker.verify()).differences).toEqual([])
  })
})

describe('verify', () => {
  test('finds an entry that is not what was stored', async () => {
    const store = createMemoryStore()
    const tracker = open({ store })
    await tracker.ingest(webhook('ringing', { total_cost: 1 }))
    const [stored] = await store.load([REF])
    if (stored === undefined) return expect.unreachable()
    const entries = await store.history(REF)
    const changed = entries.map((entry) => ({
      ...entry,
      payload: entry.payload?.replace('1', '2') ?? null,
    }))
    await store.replace({ row: { ...stored.row, revision: 2 }, basedOn: 1, entries: changed })
    expect((await tracker.verify()).differences).toEqual([
      { ...REF, message: 'event 1 is not what was stored' },
    ])
  })

  test('finds a row that is not what its history says', async () => {
    const store = createMemoryStore()
    const tracker = open({ store })
    await tracker.ingest(webhook('ringing'))
    await tracker.ingest({ provider: 'bolna', body: { id: 'fine', status: 'busy' } })
    const [stored] = await store.load([REF])
    if (stored === undefined) return expect.unreachable()
    const { row } = stored
    const knowledge = { ...row.knowledge, status: 'completed' as const }
    const forged = { ...row, knowledge, revision: 2 }
    await store.replace({ row: forged, basedOn: 1, entries: await store.history(REF) })
    expect(await tracker.verify()).toEqual({
      calls: 2,
      entries: 2,
      unchecked: 0,
      olderRules: 0,
      differences: [{ ...REF, message: 'the replay of the history gives another call' }],
    })
  })
})

test.each([{ ringing: Number.NaN }, { ringing: -1 }, { completed: 5 }, { ringin: 5 }])(
  'budgets that cannot be are refused: %o',
  (budgets) => {
    expect(() => open({ budgets })).toThrow(/Expected budgets/)
    expect(() => open({ providerBudgets: { dialgen: budgets } })).toThrow(/Expected budgets/)
  },
)

test('closing twice is closing once', async () => {
  const store = createMemoryStore()
  let closed = 0
  const tracker = open({ store: { ...store, close: async () => void closed++ } })
  await Promise.all([tracker.close(), tracker.close()])
  expect(closed).toBe(1)
})

test('two providers of one name are refused', () => {
  expect(() => open({ providers: [bolna, bolna] })).toThrow(/two called "bolna"/)
})
