import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import {
  createTracker,
  createWebhookHandler,
  type IngestResult,
  type Store,
  type Tracker,
  type TrackerOptions,
} from '@callstate/tracker'
import { createMemoryStore } from '@callstate/tracker/memory'
import { createPostgresStore } from '@callstate/tracker/postgres'
import { createSqliteStore } from '@callstate/tracker/sqlite'
import { PGlite } from '@electric-sql/pglite'
import { bolna } from 'callstate/providers/bolna'
import { Pool } from 'pg'
import { afterAll, expect, test } from 'vitest'
import { startRestartablePostgres } from '../src/postgres/server.fixture.ts'

const folder = mkdtempSync(join(tmpdir(), 'callstate-faults-'))
afterAll(() => rmSync(folder, { recursive: true }))

const START = Date.UTC(2026, 0, 5, 9)
const HOUR_MS = 3_600_000
const STATUSES = ['queued', 'initiated', 'ringing', 'in-progress', 'call-disconnected', 'completed']

const trackerOn = (store: Store, options: Partial<TrackerOptions> = {}) =>
  createTracker({ store, providers: [bolna], ...options })

/** The webhook of a call's nth event. */
function bodyOf(callId: string, place: number, more: object = {}): string {
  const updated_at = new Date(START + place * 1000).toISOString()
  return JSON.stringify({ id: callId, status: STATUSES[place], updated_at, ...more })
}

const take = (tracker: Tracker, rawBody: string): Promise<IngestResult> =>
  tracker.ingest({ provider: 'bolna', rawBody })

const sound = { differences: [] as const }

/** What handlers of this tracker answer to a delivery. */
function receiverOf(tracker: Tracker, options: { startTimer?: (fire: () => void) => () => void }) {
  const handle = createWebhookHandler(tracker, {
    provider: 'bolna',
    origins: { bolna: false },
    ...options,
  })
  return async (body: string) => {
    const headers = { 'content-type': 'application/json' }
    const answer = await handle(
      new Request('https://receiver.test/', { method: 'POST', headers, body }),
    )
    const said = (await answer.json()) as { readonly repeated?: boolean }
    return { status: answer.status, repeated: said.repeated }
  }
}

test('while PostgreSQL is down nothing is acknowledged, and when it is up again all goes on by itself', async () => {
  const server = await startRestartablePostgres()
  const pool = new Pool({ connectionString: server.connectionString })
  pool.on('error', () => {})
  const tracker = trackerOn(createPostgresStore({ pool }))
  try {
    const deliver = receiverOf(tracker, {})
    const handled: number[] = []
    const all = gate()
    const consumer = tracker.consume(
      'billing',
      ({ sequence }) => {
        handled.push(sequence)
        if (handled.length === STATUSES.length) all.open()
      },
      { everyMs: 50 },
    )
    await consumer.ready
    const bodies = STATUSES.map((_, place) => bodyOf('c-1', place))
    const [first = '', second = '', ...others] = bodies
    expect(await deliver(first)).toEqual({ status: 200, repeated: false })

    await server.stop()
    expect(await deliver(second)).toEqual({ status: 503 })
    await expect(take(tracker, second)).rejects.toMatchObject({ code: 'store-failed' })
    await expect(tracker.get({ provider: 'bolna', callId: 'c-1' })).rejects.toMatchObject({
      code: 'store-failed',
    })

    await server.start()
    expect(await deliver(second)).toEqual({ status: 200, repeated: false })
    for (const body of others) expect(await deliver(body)).toMatchObject({ status: 200 })
    await all.opened
    expect(handled).toEqual([1, 2, 3, 4, 5, 6])
    expect(await tracker.verify()).toMatchObject({ calls: 1, entries: 6, ...sound })
  } finally {
    await tracker.close()
    await pool.end()
    await server.remove()
  }
})

test('on a full disk nothing is acknowledged or half written, and with room again all goes on', async () => {
  const database = new DatabaseSync(join(folder, 'full.db'))
  const tracker = trackerOn(createSqliteStore({ database }))
  // Room for some events: each brings more than a page.
  const transcript = 'assistant: hello '.repeat(400)
  const bodies = Array.from({ length: 60 }, (_, place) =>
    bodyOf(`c-${place % 10}`, place % 6, { transcript, place }),
  )
  await take(tracker, bodyOf('c-0', 0))
  const pages = Number(database.prepare('PRAGMA page_count').get()?.['page_count'])
  database.exec(`PRAGMA max_page_count = ${pages + 50}`)

  // One after the other, and in a group: a group that does not fit must not be half there.
  const alone: boolean[] = []
  for (const body of bodies.slice(0, 40)) alone.push(await isStored(take(tracker, body)))
  expect(new Set(alone)).toEqual(new Set([true, false]))
  const together = await Promise.all(bodies.slice(40).map((body) => isStored(take(tracker, body))))
  expect(together).toContain(false)
  const stored = [...alone, ...together]
  const acknowledged = stored.filter(Boolean).length
  expect(await tracker.verify()).toMatchObject({ entries: 1 + acknowledged, ...sound })

  database.exec('PRAGMA max_page_count = 1000000')
  const repeated = await Promise.all(bodies.map((body) => take(tracker, body)))
  expect(
    repeated.map((result) => result.ok && result.type === 'events' && result.repeated),
  ).toEqual(stored)
  expect(await tracker.verify()).toMatchObject({ entries: 1 + bodies.length, ...sound })
  await tracker.close()
  database.close()
})

test('a message that finds no room does not keep the smaller ones beside it out', async () => {
  const database = new DatabaseSync(join(folder, 'tight.db'))
  const tracker = trackerOn(createSqliteStore({ database }))
  await take(tracker, bodyOf('c-0', 0))
  const pages = Number(database.prepare('PRAGMA page_count').get()?.['page_count'])
  database.exec(`PRAGMA max_page_count = ${pages + 20}`)
  const large = bodyOf('c-2', 0, { transcript: 'hello '.repeat(100_000) })
  const bodies = [bodyOf('c-1', 0), large, bodyOf('c-3', 0)]
  const stored = await Promise.all(bodies.map((body) => isStored(take(tracker, body))))
  expect(stored).toEqual([true, false, true])
  expect(await tracker.verify()).toMatchObject({ calls: 3, entries: 3, ...sound })
  await tracker.close()
  database.close()
})

test('a store that is slow is answered for in time, and the repeat neither loses nor doubles', async () => {
  const store = createMemoryStore()
  const slow = gate()
  const begun = gate()
  const append: Store['append'] = async (...all) => {
    begun.open()
    await slow.opened
    return store.append(...all)
  }
  const tracker = trackerOn({ ...store, append })
  const timers: (() => void)[] = []
  const deliver = receiverOf(tracker, {
    startTimer(fire) {
      timers.push(fire)
      return () => {}
    },
  })
  const body = bodyOf('c-1', 0)
  const first = deliver(body)
  await begun.opened
  for (const fire of timers.splice(0)) fire()
  expect(await first).toEqual({ status: 503 })

  // The provider repeats while the first one is still on its way.
  const second = deliver(body)
  slow.open()
  expect(await second).toEqual({ status: 200, repeated: true })
  expect(await deliver(body)).toEqual({ status: 200, repeated: true })
  expect(await tracker.verify()).toMatchObject({ calls: 1, entries: 1, ...sound })
  await tracker.close()
})

test('a store whose acknowledgement is lost makes the provider repeat, which doubles nothing', async () => {
  const store = createMemoryStore()
  let lost = 0
  const append: Store['append'] = async (...all) => {
    const written = await store.append(...all)
    if (lost < 3) {
      lost++
      throw new Error('The connection broke after the commit.')
    }
    return written
  }
  const tracker = trackerOn({ ...store, append })
  const deliver = receiverOf(tracker, {})
  const answers = []
  for (const place of [0, 0, 1, 1, 2, 2]) answers.push(await deliver(bodyOf('c-1', place)))
  expect(answers).toEqual([
    { status: 503 },
    { status: 200, repeated: true },
    { status: 503 },
    { status: 200, repeated: true },
    { status: 503 },
    { status: 200, repeated: true },
  ])
  expect(await tracker.verify()).toMatchObject({ calls: 1, entries: 3, ...sound })
  await tracker.close()
})

test('a failed reading of what was only repeated does not undo what came in beside it', async () => {
  const store = createMemoryStore()
  let broken = false
  const load: Store['load'] = async (...all) => {
    if (!broken) return store.load(...all)
    broken = false
    throw new Error('The connection broke.')
  }
  const tracker = trackerOn({ ...store, load })
  await take(tracker, bodyOf('c-1', 0))
  const changes = tracker.watch()
  broken = true
  const together = ['c-2', 'c-1'].map((callId) => take(tracker, bodyOf(callId, 0)))
  const [fresh, again] = await Promise.all(together)
  expect(broken).toBe(false)
  expect(fresh).toMatchObject({ repeated: false, sequence: 1 })
  expect(again).toMatchObject({ repeated: true, sequence: null })
  expect((await changes.next()).value).toMatchObject({ callId: 'c-2', sequence: 1 })
  expect(await tracker.verify()).toMatchObject({ calls: 2, entries: 2, ...sound })
  await tracker.close()
})

test.each([
  ['memory', createMemoryStore],
  ['SQLite', () => createSqliteStore({ path: ':memory:' })],
  ['PostgreSQL', () => createPostgresStore({ pool: new PGlite() })],
])(
  'a clock that jumps back an hour between events changes neither order nor call, in %s',
  async (_, open) => {
    let clock = START
    const tracker = trackerOn(open(), { now: () => clock })
    const handled: number[] = []
    const consumer = tracker.consume('billing', ({ sequence }) => void handled.push(sequence))
    await consumer.ready
    const ref = { provider: 'bolna', callId: 'c-1' }
    for (const [place] of STATUSES.entries()) {
      if (place === 3) clock -= HOUR_MS
      clock += 1000
      await take(tracker, bodyOf('c-1', place))
      await consumer.idle()
      // Nothing waits until the clock is back where it was.
      expect(handled).toHaveLength(place + 1)
    }
    expect(handled).toEqual([1, 2, 3, 4, 5, 6])
    const history = await tracker.history(ref)
    expect(history.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5, 6])
    expect(history.map(({ event }) => event?.status)).toEqual(STATUSES)
    expect(await tracker.get(ref)).toMatchObject({
      status: 'completed',
      settled: true,
      dueAt: null,
      firstReceivedAt: START + 4000 - HOUR_MS,
      lastReceivedAt: START + 3000,
    })
    expect(await tracker.verify()).toMatchObject({ calls: 1, entries: 6, ...sound })
    await tracker.close()
  },
)

/** Whether a message was stored; the only failure that may be is the store's. */
async function isStored(taking: Promise<IngestResult>): Promise<boolean> {
  const code = await taking.then(
    () => null,
    (error: unknown) => Reflect.get(Object(error), 'code'),
  )
  expect([null, 'store-failed']).toContain(code)
  return code === null
}

/** Something to wait for, until somebody opens it. */
function gate(): { readonly opened: Promise<void>; open(): void } {
  let open = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open: () => open() }
}
