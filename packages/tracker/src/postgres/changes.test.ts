import { Pool } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Store } from '../store.ts'
import { changesAfter } from '../testing/store/following.ts'
import { sampleWrite, write } from '../testing/store/sample-write.ts'
import { createPostgresStore } from './index.ts'
import { type PostgresServer, SERVER_HOOK_MS, startPostgres } from './server.fixture.ts'

let server: PostgresServer
let pool: Pool

beforeAll(async () => {
  server = await startPostgres({ flags: ['-c', 'fsync=off'] })
  pool = new Pool({ connectionString: server.connectionString }).on('error', () => {})
}, SERVER_HOOK_MS)

afterAll(async () => {
  await pool.end()
  await server.stop()
}, SERVER_HOOK_MS)

async function openStore(schema: string): Promise<Store> {
  const store = createPostgresStore({ pool, schema })
  await store.migrate()
  return store
}

/** The calls and sequences of what comes after a position. */
async function placesAfter(store: Store, position: string, limit = 10): Promise<string[]> {
  const changes = await changesAfter(store, position, limit)
  return changes.map(({ callId, entry }) => `${callId} ${entry.sequence}`)
}

/** A position as a server with another system identifier gave it. */
function fromElsewhere(position: string): string {
  return position.replace(/\.\d+/, '.1')
}

/** Makes the tables look as after a restore: rows and a system from elsewhere, where more had happened. */
async function restoreFromElsewhere(schema: string): Promise<void> {
  await pool.query(`update ${schema}.callstate_meta set value = '1' where name = 'system'`)
  await pool.query(`update ${schema}.callstate_entries set xid = (10 ^ 12)::bigint::text::xid8`)
}

test.each(['a process that starts', 'a process that goes on running'])(
  '%s finds a database that was restored elsewhere, and positions begin anew',
  async (who) => {
    const schema = `restored_${who.length}`
    const store = await openStore(schema)
    await write(store, 'a')
    await write(store, 'b')
    const position = fromElsewhere(await store.position())
    await restoreFromElsewhere(schema)
    if (who === 'a process that starts') {
      await Promise.all([store.migrate(), createPostgresStore({ pool, schema }).migrate()])
    }
    expect(await placesAfter(store, position)).toEqual(['a 1', 'b 1'])
    const now = await store.position()
    await write(store, 'a')
    expect(await placesAfter(store, now)).toEqual(['a 2'])
    expect(await placesAfter(store, position)).toEqual(['a 1', 'a 2', 'b 1'])
    const { rows } = await pool.query(
      `select xid::text from ${schema}.callstate_entries order by call, sequence`,
    )
    expect(rows.map(({ xid }) => xid === '0')).toEqual([true, false, true])
  },
)

test('a consumer that did not know all its calls when its database was restored learns them all', async () => {
  const store = await openStore('restored_consumer')
  for (const callId of ['a', 'b', 'c']) await write(store, callId)
  await store.registerConsumer('billing', { from: 'start', now: 0 })
  await store.fillConsumer('billing', { limit: 2, now: 0 })
  await restoreFromElsewhere('restored_consumer')
  await store.migrate()
  await write(store, 'd')
  while (await store.fillConsumer('billing', { limit: 2, now: 0 }));
  const max = Number.MAX_SAFE_INTEGER
  const claim = { now: max - 1, until: max, latest: max, limit: 10, owner: 'worker' }
  const claims = await store.claimCalls('billing', claim)
  expect(claims.map(({ callId }) => callId).toSorted()).toEqual(['a', 'b', 'c', 'd'])
})

test('a position that is ahead of a database, which was set back, begins anew', async () => {
  const store = await openStore('set_back')
  await write(store, 'a')
  const position = await store.position()
  const ahead = position.replace(/\/.*/, '/999999999:999999999:')
  expect(await placesAfter(store, position)).toEqual([])
  expect(await placesAfter(store, ahead)).toEqual(['a 1'])
})

test('pages that begin while a transaction is open end with what it committed, each entry once', async () => {
  const schema = 'paged'
  const store = await openStore(schema)
  const begin = await store.position()
  const slow = await pool.connect()
  await slow.query('begin')
  const inIt = createPostgresStore({ pool: slow, schema })
  await write(inIt, 'slow-first')
  // Later in time and in the transaction that began first.
  await write(store, 'shared')
  await write(inIt, 'shared')
  for (let place = 0; place < 30; place += 1) await write(store, `c-${place}`)

  const first = await store.changes(begin, { limit: 1 })
  await slow.query('commit')
  slow.release()
  const others = await changesAfter(store, first.position, 1)
  const inPages = [...first.changes, ...others].map(
    ({ callId, entry }) => `${callId} ${entry.sequence}`,
  )
  // The pages are of the snapshot with which they began: what was committed since then comes after it.
  const all = ['shared 1', ...Array.from({ length: 30 }, (_, place) => `c-${place} 1`)]
  expect(inPages).toEqual(all)
  for (const limit of [1, 2, 1000]) {
    const places = await placesAfter(store, begin, limit)
    expect(places.toSorted()).toEqual([...all, 'slow-first 1', 'shared 2'].toSorted())
    expect(places.indexOf('shared 1')).toBeLessThan(places.indexOf('shared 2'))
  }
})

test('a role that owns nothing and may only read and write the tables does everything', async () => {
  const schema = 'by_another'
  await openStore(schema)
  await pool.query(`
    create role ordinary login password 'ordinary';
    grant usage on schema ${schema} to ordinary;
    grant select, insert, update, delete on all tables in schema ${schema} to ordinary`)
  const connectionString = server.connectionString.replace(
    'callstate:callstate',
    'ordinary:ordinary',
  )
  const own = new Pool({ connectionString }).on('error', () => {})
  const store = createPostgresStore({ pool: own, schema })
  const begin = await store.position()
  await write(store, 'a')
  expect(await placesAfter(store, begin)).toEqual(['a 1'])
  await store.registerConsumer('billing', { from: 'start', now: 0 })
  while (await store.fillConsumer('billing', { limit: 2, now: 0 }));
  expect((await store.counts({ now: 1 })).consumers.get('billing')?.get('acme')?.waiting).toBe(1)
  await store.close()
  await own.end()
})

test('a consumer that begins now gets what was being written, from its first entry on', async () => {
  const schema = 'registering_now'
  const store = await openStore(schema)
  const before = await write(store, 'a', { statuses: ['queued', 'ringing'] })
  const slow = await pool.connect()
  await slow.query('begin')
  await createPostgresStore({ pool: slow, schema }).append(
    [sampleWrite('a', { before, statuses: ['in-progress', 'completed'] })],
    { now: 0 },
  )
  const foreign = await pool.connect()
  await foreign.query(`begin; create table ${schema}.foreigner (written int)`)

  await store.registerConsumer('billing', { from: 'now', now: 0 })
  expect(await store.fillConsumer('billing', { limit: 10, now: 0 })).toBe(true)
  await slow.query('commit')
  slow.release()
  // Somebody whose transaction has nothing to do with calls is not waited for.
  expect(await store.fillConsumer('billing', { limit: 10, now: 0 })).toBe(false)
  await foreign.query('commit')
  foreign.release()
  const claim = { now: 1, until: 2, latest: 3, limit: 10, owner: 'worker' }
  expect(await store.claimCalls('billing', claim)).toEqual([
    { provider: 'acme', callId: 'a', position: 2, tries: 0 },
  ])
})
