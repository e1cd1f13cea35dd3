import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTracker, type Store, type Tracker } from '@callstate/tracker'
import { createMemoryStore } from '@callstate/tracker/memory'
import { createSqliteStore } from '@callstate/tracker/sqlite'
import { createInspector, createWebSocketInspector } from '@statelyai/inspect'
import { CALL_STATUSES, replay } from 'callstate'
import { bolna } from 'callstate/providers/bolna'
import { dialgen } from 'callstate/providers/dialgen'
import { legalPath } from 'callstate/testing'
import fc from 'fast-check'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { startInspector, trackerSource } from './index.ts'
import { type Board, boardCallOf, createBoard } from './internal/index.ts'
import { redactInspection } from './redact/index.ts'
import { countsIn, openPage, rowsIn } from './serve/inspector.fixture.ts'
import { actorsSource, inspectTracker } from './xstate.ts'

/** A database as release 0.1 left it. */
const OF_0_1 = new URL('../../tracker/test/fixtures/sqlite-of-0.1.db', import.meta.url)

const PHONE = '+12025550123'
const AT = 1_767_261_600_000

async function tell(tracker: Tracker, id: string, status: string, more: object = {}) {
  const body = { id, status, user_number: PHONE, transcript: 'hello Priya', ...more }
  const result = await tracker.ingest({ provider: 'bolna', body })
  expect(result.ok).toBe(true)
}

/** The rows and counts of a board that has heard everything from the tracker's own list. */
async function expected(tracker: Tracker) {
  const board = createBoard({ now: () => 0 })
  const { items } = await tracker.list({ limit: 1000 })
  for (const row of items) {
    const decisions = (await tracker.history(row)).map(({ decision }) => decision)
    const conflicts = decisions.flatMap((decision) =>
      decision?.kind === 'conflicting' && decision.reason !== 'read-anew'
        ? [`${decision.conflictsWith}>${decision.status}` as const]
        : [],
    )
    board.put(boardCallOf({ ...row, conflicts }, { provider: tracker.provider(row.provider) }))
  }
  return stateOf(board)
}

function stateOf(board: Board) {
  const { eventsPerSecond: _, ...counts } = board.counts()
  return { counts, rows: [...board.rows()].toSorted((a, b) => (a.key < b.key ? -1 : 1)) }
}

/** Waits until both agree; says how they differ where they do not. */
async function agree(board: Board, tracker: Tracker) {
  await vi.waitFor(async () => expect(stateOf(board)).toEqual(await expected(tracker)), 10_000)
}

const stores: readonly { readonly name: string; readonly make: () => Promise<Store> | Store }[] = [
  { name: 'memory', make: createMemoryStore },
  { name: 'sqlite', make: () => createSqliteStore({ path: ':memory:' }) },
]

describe.each(stores)('a tracker on $name', ({ make }) => {
  test('is on the board whole: what was there, what comes meanwhile and what comes later', async () => {
    await using tracker = createTracker({ store: await make(), providers: [bolna] })
    const paths = fc.sample(legalPath(), { numRuns: 120, seed: 3 })
    const send = async (from: number, to: number) => {
      for (const [place, path] of paths.entries()) {
        for (const status of path.slice(from, to)) await tell(tracker, `c-${place}`, status)
      }
    }
    await send(0, 2)
    const board = createBoard({ now: () => 0 })
    const source = trackerSource(tracker, { name: 'calls', providers: [bolna] })
    const meanwhile = send(2, 3)
    await source.open(board)
    await meanwhile
    await send(3, 20)
    await tell(tracker, 'c-0', 'warp')
    await tell(tracker, 'c-1', 'busy')
    await tell(tracker, 'c-1', 'completed')
    await agree(board, tracker)
    expect(board.counts().findings).toBeGreaterThan(1)
    expect(board.counts().eventsPerSecond).toBeGreaterThan(0)
    await source.close()
    await tell(tracker, 'later', 'queued')
    expect(board.get('bolna later')).toBeUndefined()
  })

  test('tells one call with its decisions in words, and nothing of a person', async () => {
    await using tracker = createTracker({ store: await make(), providers: [bolna] })
    await tell(tracker, 'c/1', 'queued', { created_at: '2026-01-01T10:00:00' })
    await tell(tracker, 'c/1', 'busy', { error_message: 'Priya hung up' })
    await tell(tracker, 'c/1', PHONE)
    const source = trackerSource(tracker, { name: 'calls' })
    const board = createBoard({ now: () => 0 })
    await source.open(board)
    const detail = await source.detail('bolna c/1', 10)
    expect(detail?.row).toEqual(board.get('bolna c/1'))
    expect(detail?.events.map(({ sequence, kind, message }) => [sequence, kind, message])).toEqual([
      [1, 'list-item', 'the call began with queued'],
      [2, 'webhook', 'moved from queued to busy; initiated had not been heard'],
      [3, 'webhook', 'a status (not shown) is not one of the 16 statuses'],
    ])
    expect(JSON.stringify(detail)).not.toMatch(/2025550|Priya/)
    expect(replay((detail?.events ?? []).flatMap(({ event }) => event ?? [])).call.status).toBe(
      'busy',
    )
    expect((await source.detail('bolna c/1', 2))?.events.map(({ sequence }) => sequence)).toEqual([
      2, 3,
    ])
    const latest = await source.detail('bolna c/1', 1)
    expect(latest).toMatchObject({ total: 3, before: { status: 'busy', attempt: 1 } })
    expect(JSON.stringify(latest)).not.toMatch(/2025550|Priya/)
    expect(await source.payload('bolna c/1', 2)).toMatchObject({ payload: { status: 'busy' } })
    expect(await source.payload('bolna c/1', 4)).toBeNull()
    expect(await source.payload('bolna c/1', 0)).toBeNull()
    expect(await source.detail('bolna c-2', 10)).toBeNull()
    expect(await source.detail('c-2', 10)).toBeNull()
    await source.close()
  })
})

test('a call is due when its own tracker says so, whatever its budgets', async () => {
  await using tracker = createTracker({
    store: createMemoryStore(),
    providers: [bolna],
    budgets: { ringing: 1234 },
    now: () => AT,
  })
  const source = trackerSource(tracker, { name: 'calls' })
  const board = createBoard({ now: () => 0 })
  await source.open(board)
  await tell(tracker, 'c-1', 'ringing', { updated_at: new Date(AT).toISOString() })
  const { dueAt } = (await tracker.get({ provider: 'bolna', callId: 'c-1' })) ?? {}
  expect(dueAt).toBe(AT + 1234)
  await vi.waitFor(() => expect(board.get('bolna c-1')?.dueAt).toBe(dueAt))
  await source.close()
})

test('what changes say of their calls is shown without reading anything again', async () => {
  await using tracker = createTracker({ store: createMemoryStore(), providers: [bolna] })
  await tell(tracker, 'c-1', 'queued')
  const unread = async (): Promise<never> => {
    throw new Error('It was read again.')
  }
  const source = trackerSource({ ...tracker, get: unread, history: unread }, { name: 'calls' })
  const board = createBoard({ now: () => 0 })
  await source.open(board)
  for (const status of ['initiated', 'busy', 'completed', 'warp']) {
    await tell(tracker, 'c-1', status)
    await tell(tracker, 'c-2', status)
  }
  await agree(board, tracker)
  expect(board.counts().findings).toBe(4)
  await source.close()
})

test('what another process stores in the same file is on the board within a second', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tracker-source-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const path = join(folder, 'calls.db')
  const open = () => createTracker({ store: createSqliteStore({ path }), providers: [bolna] })
  await using own = open()
  await using other = open()
  await tell(other, 'c-1', 'queued')
  const source = trackerSource(own, { name: 'calls' })
  const board = createBoard({ now: () => 0 })
  await source.open(board)
  for (const [id, status] of [
    ['c-1', 'busy'],
    ['c-2', 'ringing'],
    ['c-1', 'completed'],
  ] as const) {
    await tell(other, id, status)
    const { events } = (await other.get({ provider: 'bolna', callId: id })) ?? {}
    await vi.waitFor(() => expect(board.get(`bolna ${id}`)?.events).toBe(events), 1000)
  }
  await agree(board, own)
  expect(board.get('bolna c-1')).toMatchObject({ settled: true, findings: 1 })
  await source.close()
})

test('a call that the board does not hold is read once, with what was decided about it before', async () => {
  let time = AT
  await using tracker = createTracker({
    store: createMemoryStore(),
    providers: [bolna],
    now: () => time++,
  })
  for (const status of ['queued', 'busy', 'completed']) await tell(tracker, 'old', status)
  await tell(tracker, 'newer', 'queued')
  const source = trackerSource(tracker, { name: 'calls', calls: 1 })
  const board = createBoard({ now: () => 0 })
  await source.open(board)
  expect(board.get('bolna old')).toBeUndefined()
  await tell(tracker, 'old', 'warp')
  await agree(board, tracker)
  expect(board.get('bolna old')).toMatchObject({ events: 4, findings: 2 })
  await source.close()
})

test('what release 0.1 wrote is shown, and shown anew when it is rebuilt', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tracker-source-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const path = join(folder, 'calls.db')
  await copyFile(OF_0_1, path)
  const providers = [bolna, dialgen]
  await using tracker = createTracker({ store: createSqliteStore({ path }), providers })
  const source = trackerSource(tracker, { name: 'calls' })
  const board = createBoard({ now: () => 0 })
  await source.open(board)
  await agree(board, tracker)
  const isDataDue = () => [...board.rows()].some(({ dataDueAt }) => dataDueAt !== null)
  expect(isDataDue()).toBe(false)
  const { rebuilt } = await tracker.rebuild({ write: true })
  expect(rebuilt).toBeGreaterThan(10)
  await agree(board, tracker)
  expect(isDataDue()).toBe(true)
  const { callId } = [...board.rows()].find(({ provider }) => provider === 'bolna') ?? {}
  const detail = await source.detail(`bolna ${callId}`, 1)
  expect(detail?.events).toMatchObject([{ event: null, kind: null, decision: null }])
  await source.close()
})

test('a burst of more changes than a watcher holds is made up for by listing again', async () => {
  await using tracker = createTracker({ store: createMemoryStore(), providers: [bolna] })
  // A watcher with little room, as under a burst that the event loop cannot keep up with.
  let watches = 0
  const narrow: Tracker = {
    ...tracker,
    watch(filter, rest) {
      watches++
      return tracker.watch(filter, { ...rest, buffer: 2 })
    },
  }
  const source = trackerSource(narrow, { name: 'calls' })
  const board = createBoard({ now: () => 0 })
  await source.open(board)
  await Promise.all(
    Array.from({ length: 200 }, (_, place) =>
      tell(tracker, `c-${place}`, CALL_STATUSES[place % 16] ?? ''),
    ),
  )
  await agree(board, tracker)
  expect(watches).toBeGreaterThan(1)
  await source.close()
})

test('a failure of the first listing is told, and a closed tracker ends it', async () => {
  const tracker = createTracker({ store: createMemoryStore(), providers: [bolna] })
  const source = trackerSource(tracker, { name: 'calls' })
  await source.open(createBoard({ now: () => 0 }))
  await tracker.close()
  await source.close()
  const other = trackerSource(tracker, { name: 'calls' })
  await expect(other.open(createBoard({ now: () => 0 }))).rejects.toMatchObject({ code: 'closed' })
  await other.close()
})

test('inspectTracker shows each call as an actor of callMachine, without a word of its messages', async () => {
  await using tracker = createTracker({ store: createMemoryStore(), providers: [bolna] })
  await tell(tracker, 'old', 'ringing')
  await tell(tracker, 'strange', PHONE)
  const sent: { readonly [field: string]: unknown }[] = []
  const inspector = createInspector({ send: (message) => void sent.push({ ...message }) })
  await using inspected = await inspectTracker(tracker, inspector)
  await tell(tracker, 'new', 'queued')
  await tell(tracker, 'old', 'busy')
  await tell(tracker, 'old', PHONE)
  await vi.waitFor(() => expect(sent).toHaveLength(9))
  await inspected.stop()
  await tell(tracker, 'old', 'completed')

  expect(JSON.stringify(sent)).not.toMatch(/2025550|Priya/)
  const told = sent.map(({ type, name, sessionId, event, snapshot }) => {
    const { type: eventType } = Object(event)
    return [type, name ?? sessionId, eventType, Object(snapshot).value, Object(snapshot).status]
  })
  expect(told.slice(0, 2).toSorted()).toEqual([
    ['@xstate.actor', 'bolna old', undefined, 'ringing', 'active'],
    ['@xstate.actor', 'bolna strange', undefined, undefined, 'active'],
  ])
  expect(told.slice(2)).toEqual([
    ['@xstate.actor', 'bolna new', undefined, undefined, 'active'],
    ['@xstate.event', 'bolna new', 'queued', undefined, undefined],
    ['@xstate.snapshot', 'bolna new', 'queued', 'queued', 'active'],
    ['@xstate.event', 'bolna old', 'busy', undefined, undefined],
    ['@xstate.snapshot', 'bolna old', 'busy', 'busy', 'done'],
    ['@xstate.event', 'bolna old', '(not shown)', undefined, undefined],
    ['@xstate.snapshot', 'bolna old', '(not shown)', 'busy', 'done'],
  ])
  const definition = JSON.parse(String(sent[0]?.['definition']))
  expect(Object.keys(definition.states)).toHaveLength(16)
  // The redaction for other actors keeps what is here, and the actors apart.
  const again = sent.map((message) => redactInspection(message as never))
  expect(again.map(({ sessionId }) => sessionId)).toEqual(sent.map(({ sessionId }) => sessionId))
})

test('the calls of a tracker reach our own inspector over the protocol, each under its name', async () => {
  await using tracker = createTracker({ store: createMemoryStore(), providers: [bolna] })
  await tell(tracker, 'c-1', 'queued', { retry_count: 0 })
  await using inspector = await startInspector({ source: actorsSource() })
  const stately = createWebSocketInspector({
    url: inspector.attachUrl,
    serialize: redactInspection,
  })
  await using _inspected = await inspectTracker(tracker, stately)
  for (const status of ['initiated', 'ringing', 'busy', 'completed']) {
    await tell(tracker, 'c-1', status, { retry_count: 0 })
  }
  await tell(tracker, 'c-1', 'scheduled', { retry_count: 1 })
  await using page = await openPage(inspector.url)
  await page.until((heard) => countsIn(heard)?.statuses.scheduled === 1)
  stately.stop()
  const rows = [...rowsIn(page.heard).values()]
  expect(rows).toMatchObject([
    // The end that contradicts is refused; the further attempt is believed.
    { provider: 'call', callId: 'bolna c-1', status: 'scheduled', attempt: 2, findings: 1 },
  ])
})
