import { readFile } from 'node:fs/promises'
import { PGlite } from '@electric-sql/pglite'
import { bolna } from 'callstate/providers/bolna'
import { dialgen } from 'callstate/providers/dialgen'
import type { Pool } from 'pg'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { startNode } from '../../test/node-process.ts'
import { createTracker } from '../create-tracker.ts'
import type { Store } from '../store.ts'
import { sampleWrite } from '../testing/store/sample-write.ts'
import {
  loadDatabaseOf01,
  type SaidBy01,
  saidBy01,
  statementsOf01,
} from './database-of-0.1.fixture.ts'
import { createPostgresStore, type PostgresPool } from './index.ts'
import { type PostgresServer, SERVER_HOOK_MS, startPostgres } from './server.fixture.ts'

let server: PostgresServer
let said: SaidBy01
const pools: Pool[] = []

beforeAll(async () => {
  said = await saidBy01()
  server = await startPostgres({ flags: ['-c', 'fsync=off'] })
}, SERVER_HOOK_MS)

afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.end()))
})

afterAll(() => server.stop(), SERVER_HOOK_MS)

async function load(schema: string): Promise<Pool> {
  const pool = await loadDatabaseOf01(server.connectionString, schema)
  pools.push(pool)
  return pool
}

const every = { order: 'newest', after: null, limit: 10_000 } as const
const max = Number.MAX_SAFE_INTEGER

/** What a store says, in the words of `said-by-0.1.json`. */
async function everythingSaid(store: Store): Promise<SaidBy01> {
  const rows = (await store.list(every)).toReversed()
  const calls = rows.map(async (row) => {
    const { provider, callId, status, attempt, settled, dueAt, events, revision } = row
    const { firstReceivedAt, lastReceivedAt, forgottenAt, knowledge } = row
    const history = await store.history(row)
    return {
      ...{ provider, callId, status, attempt, settled, dueAt, events, revision },
      ...{ firstReceivedAt, lastReceivedAt, forgottenAt },
      unrecognized: knowledge.unrecognized.map(({ word }) => word),
      history: history.map(({ key, receivedAt, event, decision, payload }) => {
        const word = event?.status ?? event?.word ?? ''
        return [key, receivedAt, word, decision?.kind ?? '', payload] as const
      }),
    }
  })
  const overdue = await store.list({ ...every, order: 'due', overdue: { by: max, why: 'silent' } })
  const letters = await store.deadLetters({ limit: 1000 })
  return {
    calls: await Promise.all(calls),
    overdue: overdue.map(({ callId }) => callId),
    deadLetters: letters.map(({ consumer, callId, sequence, error }) => {
      return [consumer, callId, sequence, error]
    }),
  }
}

/** Statuses that 0.1 kept in another spelling say the same. */
function inOurSpelling(all: SaidBy01): SaidBy01 {
  const spelled = new Map([
    ['in_progress', 'in-progress'],
    ['cancelled', 'canceled'],
  ])
  return {
    ...all,
    calls: all.calls.map((call) => ({
      ...call,
      history: call.history.map(([key, at, word, kind, payload]) => {
        return [key, at, spelled.get(word) ?? word, kind, payload] as const
      }),
    })),
  }
}

test('a database of release 0.1 says after its migration what it said before', async () => {
  const pool = await load('says')
  const store = createPostgresStore({ pool })
  await store.migrate()
  expect(await everythingSaid(store)).toEqual(inOurSpelling(said))
  for (const row of await store.list(every)) {
    expect(row).toMatchObject({ rules: 1, attempts: [], dataDueAt: null, askAt: row.dueAt })
    for (const { type, decided } of await store.history(row)) {
      expect([type, decided]).toEqual(['event', null])
    }
  }
})

test('nothing of it is called damaged, before it is rebuilt and after, and a second rebuild finds nothing', async () => {
  const store = createPostgresStore({ pool: await load('verified') })
  const tracker = createTracker({ store, providers: [bolna, dialgen] })
  expect((await tracker.verify()).differences).toEqual([])
  const calls = said.calls.length
  expect(await tracker.rebuild({ write: true })).toMatchObject({ calls, rebuilt: calls })
  expect((await tracker.verify()).differences).toEqual([])
  expect(await tracker.rebuild()).toMatchObject({ calls, rebuilt: 0 })
  await store.close()
})

test('a PGlite that release 0.1 filled says the same', async () => {
  const lite = await PGlite.create()
  const dump = new URL('../../test/fixtures/postgres-of-0.1.sql', import.meta.url)
  await lite.exec(await readFile(dump, 'utf8'))
  const store = createPostgresStore({ pool: lite })
  await store.migrate()
  expect(await everythingSaid(store)).toEqual(inOurSpelling(said))
  await lite.close()
})

test('a migrated database goes on: calls, consumers, dead letters, what is to be asked', async () => {
  const pool = await load('goes_on')
  const store = createPostgresStore({ pool })
  await store.migrate()
  const begin = await store.position()

  const [known] = await store.load([{ provider: 'bolna', callId: 'plain-goes-on' }])
  if (known === undefined) throw new Error('The call is not there.')
  const next = sampleWrite('plain-goes-on', {
    provider: 'bolna',
    before: known.row,
    statuses: ['completed'],
  })
  expect(await store.append([next], { now: 1 })).toEqual([true])
  expect((await store.changes(begin, { limit: 10 })).changes).toMatchObject([
    { callId: 'plain-goes-on', entry: { sequence: 3 }, before: null },
  ])

  // Everything that there is, for who begins at the beginning: what 0.1 wrote as well.
  const entries = said.calls.reduce((sum, { history }) => sum + history.length, 1)
  const all = await store.changes('', { limit: 1000 })
  expect(all.changes).toHaveLength(entries)

  const claim = { now: max - 1, until: max, latest: max, limit: 1000, owner: 'worker' }
  const claims = await store.claimCalls('search', claim)
  const handled = claims.find(({ callId }) => callId === 'plain-goes-on')
  expect(handled).toMatchObject({ position: 2 })
  expect(await store.fillConsumer('search', { limit: 10, now: 1 })).toBe(false)

  const silent = { provider: 'bolna', now: max - 1, until: max, limit: 1000 }
  const asked = await store.claimSilent(silent)
  // Two of them were asked about in vain.
  expect(asked.filter((one) => one.asked === 1)).toHaveLength(2)
  expect(await store.reviveDeadLetters('billing', { now: 1 })).toBe(said.deadLetters.length)
})

test('whatever a process of 0.1 that still runs asks is refused', async () => {
  const pool = await load('refused')
  const statements = await statementsOf01()
  const list = statements.find(({ name }) => name === 'list')
  if (list === undefined) throw new Error('There is no list.')
  // They are sound, so that it is the tables that refuse them.
  expect((await pool.query(list.text, list.values)).rows).toHaveLength(1)
  await createPostgresStore({ pool }).migrate()
  const answers = new Map<string, string[]>()
  for (const { name, text, values } of statements) {
    const answer = await pool.query(text, values).then(
      () => 'served',
      (error: { readonly code: string }) => error.code,
    )
    answers.set(name, [...(answers.get(name) ?? []), answer])
  }
  // No such function, no such column; tables of a newer release. What sends two statements fails by one.
  for (const [name, codes] of answers) {
    const isRefused = codes.some((code) => ['42883', '42703', 'CSNEW'].includes(code))
    expect([name, isRefused]).toEqual([name, true])
  }
  expect(await everythingSaid(createPostgresStore({ pool }))).toEqual(inOurSpelling(said))
})

/** Each call so many times more, under other names: more than one batch. */
const COPIES = 8

async function multiply(pool: Pool): Promise<void> {
  await pool.query(`
    with copied as (
      insert into callstate_calls (
        provider, call_id, revision, status, settled, due_at, poll_at, polls, events,
        first_received_at, last_received_at, forgotten_at, knowledge
      )
      select provider, call_id || '+' || copy, revision, status, settled, due_at, poll_at, polls,
        events, first_received_at, last_received_at, forgotten_at, knowledge
      from callstate_calls cross join generate_series(1, ${COPIES}) as copy
      returning id, provider, call_id
    )
    insert into callstate_entries (call, sequence, received_at, key, event, decision, payload)
    select copied.id, sequence, received_at, key, event, decision, payload
    from callstate_entries as entry
    join callstate_calls as call on call.id = entry.call
    join copied on copied.provider = call.provider
      and left(copied.call_id, length(call.call_id) + 1) = call.call_id || '+'
      and length(copied.call_id) = length(call.call_id) + 2`)
}

/** Calls that are converted, and calls of which some entry is and some is not as its row is. */
async function converted(
  pool: PostgresPool,
): Promise<{ done: number; left: number; torn: number }> {
  const { rows } = await pool.query(`
    select count(*) filter (where rules is not null)::int as done,
      count(*) filter (where rules is null)::int as left,
      count(*) filter (where exists (
        select from callstate_entries as entry
        where entry.call = call.number and (entry.rules is null) <> (call.rules is null)
      ))::int as torn
    from callstate_calls as call`)
  return rows[0] as { done: number; left: number; torn: number }
}

test('a process that is killed while it converts leaves whole calls, and the next ones go on', async () => {
  const pool = await load('killed')
  await multiply(pool)
  const { connectionString } = server
  const migrating = startNode('migrate-process.ts', { connectionString, schema: 'killed' })
  expect(await migrating.line()).toBe('writes')
  expect(await migrating.line()).toBe('writes')
  migrating.kill()
  await migrating.ended
  const before = await converted(pool)
  expect(before.torn).toBe(0)
  expect(before.done).toBeGreaterThan(0)
  expect(before.left).toBeGreaterThan(0)

  const stores = [1, 2, 3, 4].map(() => createPostgresStore({ pool, raceTries: 1 }))
  await Promise.all(stores.map((store) => store.migrate()))
  expect(await converted(pool)).toEqual({ done: before.done + before.left, left: 0, torn: 0 })

  const [store] = stores
  if (store === undefined) throw new Error('There is no store.')
  const all = await everythingSaid(store)
  const originals = new Map(inOurSpelling(said).calls.map((call) => [call.callId, call]))
  expect(all.calls).toHaveLength(originals.size * (COPIES + 1))
  for (const call of all.calls) {
    const callId = call.callId.replace(/\+\d$/, '')
    expect({ ...call, callId }).toEqual(originals.get(callId))
  }
})
