import { Pool } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { write } from '../testing/store/sample-write.ts'
import { createPostgresStore } from './index.ts'
import { type PostgresServer, SERVER_HOOK_MS, startPostgres } from './server.fixture.ts'

const SCHEMA = 'told'

let server: PostgresServer
let pool: Pool

beforeAll(async () => {
  server = await startPostgres({ flags: ['-c', 'fsync=off'] })
  pool = openPool()
  await createPostgresStore({ pool, schema: SCHEMA }).migrate()
}, SERVER_HOOK_MS)

afterAll(async () => {
  await pool.end()
  await server.stop()
}, SERVER_HOOK_MS)

function openPool(max = 4): Pool {
  return new Pool({ connectionString: server.connectionString, max }).on('error', () => {})
}

test('a process notifies at most ten times a second, however much it stores', async () => {
  const started = performance.now()
  const sent: string[] = []
  const store = createPostgresStore({
    pool: {
      query(text: string, values?: unknown[]) {
        if (text.includes('pg_notify')) sent.push(text)
        return pool.query(text, values)
      },
    },
    schema: SCHEMA,
  })
  for (let place = 0; place < 300; place += 1) await write(store, `c-${place}`)
  await store.close()
  const tenths = (performance.now() - started) / 100
  expect(sent.length).toBeGreaterThan(0)
  // One at the beginning, and one when it is closed.
  expect(sent.length).toBeLessThanOrEqual(Math.ceil(tenths) + 2)
  // More was stored than was told.
  expect(sent.length).toBeLessThan(300)
})

test('a notification is in no transaction that writes', async () => {
  const statements: string[] = []
  const store = createPostgresStore({
    pool: {
      query(text: string, values?: unknown[]) {
        statements.push(text)
        return pool.query(text, values)
      },
    },
    schema: SCHEMA,
  })
  await write(store, 'apart')
  await store.close()
  const telling = statements.filter((text) => text.includes('pg_notify'))
  expect(telling).toHaveLength(1)
  expect(telling[0]).not.toContain('append')
})

test('who listens goes on when the server ends the connection', async () => {
  const own = openPool()
  const store = createPostgresStore({ pool: own, schema: SCHEMA })
  let heard = () => {}
  const next = () =>
    new Promise<void>((resolve) => {
      heard = resolve
    })
  let hearing = next()
  const stop = store.onStored(() => heard())
  await hearing
  const listening = "query like 'listen %' and pid <> pg_backend_pid()"
  hearing = next()
  const ended = await pool.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where ${listening}`,
  )
  expect(ended.rows).toHaveLength(1)
  // It listens again, and looks because it may have missed something.
  await hearing
  hearing = next()
  await write(createPostgresStore({ pool, schema: SCHEMA }), 'after-the-end')
  await hearing
  stop()
  await store.close()
  await own.end()
})

test('a pool of one connection keeps it for its statements', async () => {
  const own = openPool(1)
  const store = createPostgresStore({ pool: own, schema: SCHEMA })
  const stop = store.onStored(() => {})
  await write(store, 'alone')
  stop()
  await store.close()
  await own.end()
})

test('a connection that is handed in as a pool is not connected a second time', async () => {
  const connection = await pool.connect()
  const store = createPostgresStore({ pool: connection, schema: SCHEMA })
  const stop = store.onStored(() => {})
  await write(store, 'by-one-connection')
  stop()
  await store.close()
  connection.release()
})

test('listening before the tables are there hears of them', async () => {
  const schema = 'later'
  const own = openPool()
  const store = createPostgresStore({ pool: own, schema })
  const heard = new Promise<void>((resolve) => {
    store.onStored(resolve)
  })
  const writer = createPostgresStore({ pool, schema })
  await writer.migrate()
  await write(writer, 'first')
  await heard
  await store.close()
  await own.end()
})
