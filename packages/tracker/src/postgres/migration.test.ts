import { Pool } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { isTrackerError } from '../error.ts'
import { sampleWrite } from '../testing/store/sample-write.ts'
import { createPostgresStore, type PostgresPool } from './index.ts'
import { type PostgresServer, SERVER_HOOK_MS, startPostgres } from './server.fixture.ts'

let server: PostgresServer

beforeAll(async () => {
  server = await startPostgres()
}, SERVER_HOOK_MS)

afterAll(() => server.stop(), SERVER_HOOK_MS)

function openPool(options: { readonly max?: number; readonly options?: string } = {}): Pool {
  const { connectionString } = server
  return new Pool({ connectionString, ...options }).on('error', () => {})
}

test('eight connections at once make the tables, and one of them the first call', async () => {
  const pools = Array.from({ length: 8 }, () => openPool({ max: 1 }))
  const stores = pools.map((pool) => createPostgresStore({ pool, schema: 'at_once' }))
  await Promise.all(stores.map((store) => store.migrate()))
  const write = sampleWrite('first')
  const written = await Promise.all(
    stores.map(async (store) => (await store.append([write], { now: 0 }))[0]),
  )
  expect(written.filter(Boolean)).toHaveLength(1)
  await Promise.all(stores.map((store) => store.migrate()))
  expect(await stores[0]?.history(write.row)).toEqual(write.entries)
  await Promise.all(pools.map((pool) => pool.end()))
})

test.each(['repeatable\\ read', 'serializable'])(
  'a session in %s isolation is refused: it could write past a consumer that registers',
  async (isolation) => {
    const pool = openPool()
    await createPostgresStore({ pool, schema: 'strict' }).migrate()
    await pool.end()
    const strict = openPool({ options: `-c default_transaction_isolation=${isolation}` })
    const store = createPostgresStore({ pool: strict, schema: 'strict' })
    const refusal = {
      code: 'store-failed',
      message: expect.stringContaining('needs read committed isolation'),
    }
    await expect(store.migrate()).rejects.toMatchObject(refusal)
    await expect(store.append([sampleWrite('strict')], { now: 0 })).rejects.toMatchObject(refusal)
    const registering = store.registerConsumer('billing', { from: 'start', now: 0 })
    await expect(registering).rejects.toMatchObject(refusal)
    await strict.end()
  },
)

test('tables of a newer release are refused, with what to do', async () => {
  const pool = openPool()
  const store = createPostgresStore({ pool, schema: 'newer' })
  await store.migrate()
  await pool.query('insert into newer.callstate_migrations (version) values (1000)')
  await expect(store.migrate()).rejects.toMatchObject({
    code: 'store-failed',
    message:
      'The tables are of version 1000, and this release knows version 2: update @callstate/tracker.',
  })
  await pool.end()
})

test('tables that cannot be made are not made in part', async () => {
  const pool = openPool()
  await pool.query('create schema taken; create table taken.callstate_cursors ()')
  const store = createPostgresStore({ pool, schema: 'taken' })
  await expect(store.migrate()).rejects.toMatchObject({ code: 'store-failed' })
  const { rows } = await pool.query("select tablename from pg_tables where schemaname = 'taken'")
  expect(rows).toEqual([{ tablename: 'callstate_cursors' }])
  await pool.end()
})

test('a lost race is run again, and given up after as many tries as were allowed', async () => {
  let calls = 0
  const pool: PostgresPool = {
    async query() {
      calls += 1
      if (calls % 3 !== 0) throw Object.assign(new Error('deadlock detected'), { code: '40P01' })
      return { rows: [] }
    },
  }
  const write = sampleWrite('raced')
  expect(await createPostgresStore({ pool, raceTries: 3 }).append([write], { now: 0 })).toEqual([
    false,
  ])
  expect(calls).toBe(3)
  const impatient = createPostgresStore({ pool, raceTries: 2 })
  await expect(impatient.append([write], { now: 0 })).rejects.toMatchObject({
    code: 'store-failed',
  })
  expect(calls).toBe(5)
})

test('a server that is gone rejects with its own error as the cause, and no value in the message', async () => {
  const own = await startPostgres()
  const pool = new Pool({ connectionString: own.connectionString }).on('error', () => {})
  const store = createPostgresStore({ pool })
  await store.migrate()
  const write = sampleWrite('+12025550123')
  await store.append([write], { now: 0 })
  await own.stop()
  const gone = [
    () => store.append([write], { now: 0 }),
    () => store.load([write.row]),
    () => store.history(write.row),
    () => store.migrate(),
    () => store.claimSilent({ provider: 'acme', now: 0, until: 0, limit: 1 }),
    () => store.counts({ now: 0 }),
  ]
  for (const ask of gone) {
    const error: unknown = await ask().catch((thrown: unknown) => thrown)
    expect(isTrackerError(error)).toBe(true)
    expect(error).toMatchObject({ code: 'store-failed', cause: expect.any(Error) })
    expect(String(error)).not.toContain('2025550123')
  }
  await pool.end()
  await expect(store.load([write.row])).rejects.toMatchObject({ code: 'store-failed' })
})
