import { PGlite } from '@electric-sql/pglite'
import { Pool } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Store } from '../store.ts'
import { type StoreConformanceOptions, storeConformance } from '../testing/index.ts'
import { sampleWrite } from '../testing/store/sample-write.ts'
import { createPostgresStore, type PostgresPool, type RunPrepared } from './index.ts'
import { type PostgresServer, SERVER_HOOK_MS, startPostgres } from './server.fixture.ts'

const NUM_RUNS = 10

let server: PostgresServer
let pool: Pool
let otherPool: Pool
let lite: PGlite

beforeAll(async () => {
  // A crash is not what this file is about.
  const starting = startPostgres({ flags: ['-c', 'fsync=off'] })
  lite = await PGlite.create()
  server = await starting
  pool = openPool()
  otherPool = openPool()
}, SERVER_HOOK_MS)

afterAll(async () => {
  await Promise.all([pool.end(), otherPool.end(), lite.close()])
  await server.stop()
}, SERVER_HOOK_MS)

/** A pool whose idle connections may be ended by the server. */
function openPool(): Pool {
  return new Pool({ connectionString: server.connectionString }).on('error', () => {})
}

let schemas = 0

function freshSchema(): string {
  schemas += 1
  return `check_${schemas}`
}

/** What goes through one connection of the server, in a transaction that is left open. */
async function openTransactionOf(work: (connection: PostgresPool) => Promise<unknown>) {
  const connection = await pool.connect()
  await connection.query('begin')
  await work(connection)
  return {
    async commit() {
      await connection.query('commit')
      connection.release()
    },
  }
}

/** Opens stores of fresh schemas, and the same schema again through another pool. */
function subjectOf(first: () => PostgresPool, second: () => PostgresPool, prepared?: RunPrepared) {
  const schemaOf = new WeakMap<Store, string>()
  return {
    async open() {
      const schema = freshSchema()
      const store = createPostgresStore({ pool: first(), schema })
      schemaOf.set(store, schema)
      return store
    },
    async reopen(store: Store) {
      const schema = schemaOf.get(store) ?? ''
      return createPostgresStore({ pool: second(), schema, ...(prepared && { prepared }) })
    },
    schemaOf: (store: Store) => schemaOf.get(store) ?? '',
  }
}

describe('a store on a PostgreSQL server', () => {
  const subject = subjectOf(
    () => pool,
    () => otherPool,
    // The second one keeps its statements prepared.
    (statement) => otherPool.query(statement),
  )
  const hooks: Partial<StoreConformanceOptions> = {
    isToldOfOthers: true,
    openTransaction: (store) =>
      openTransactionOf((connection) =>
        connection.query(`create table "${subject.schemaOf(store)}".foreigner (written int)`),
      ),
    openAppend: (store, write, options) =>
      openTransactionOf((connection) =>
        createPostgresStore({ pool: connection, schema: subject.schemaOf(store) }).append(
          [write],
          options,
        ),
      ),
  }
  for (const check of storeConformance({ ...subject, ...hooks, numRuns: NUM_RUNS }))
    test(check.name, check.run)
})

describe('a store in a PGlite', () => {
  const subject = subjectOf(
    () => lite,
    () => lite,
  )
  for (const check of storeConformance({ ...subject, numRuns: NUM_RUNS }))
    test(check.name, check.run)
})

describe.each([
  ['a PostgreSQL server', (): PostgresPool => pool],
  ['a PGlite', (): PostgresPool => lite],
])('on %s', (_, engine) => {
  test('a call keeps names and texts that PostgreSQL by itself cannot keep', async () => {
    const store = createPostgresStore({ pool: engine(), schema: freshSchema() })
    await store.migrate()
    const odd = 'a\\b\0c\ud800d\u001f"{,}\n😀'
    const { row, basedOn, entries } = sampleWrite(odd, { provider: odd, statuses: [odd] })
    const keyed = entries.map((entry) => ({ ...entry, key: odd }))
    await store.append([{ row, basedOn, entries: keyed }], { now: 0 })
    expect(await store.load([row])).toEqual([{ row, keys: [odd] }])
    expect(await store.history(row)).toEqual(keyed)
    expect(await store.list({ order: 'newest', after: null, limit: 9 })).toEqual([row])
  })

  test('names that differ in half a surrogate pair only are two calls', async () => {
    const store = createPostgresStore({ pool: engine(), schema: freshSchema() })
    await store.migrate()
    const writes = ['\ud800', '\ud801', '\\ud800', ''].map((callId) => sampleWrite(callId))
    expect(await store.append(writes, { now: 0 })).toEqual([true, true, true, true])
    expect(await store.load(writes.map(({ row }) => row))).toMatchObject(
      writes.map(({ row }) => ({ row })),
    )
  })

  test('times far beyond 32 bits come back as the same numbers', async () => {
    const store = createPostgresStore({ pool: engine(), schema: freshSchema() })
    await store.migrate()
    const { row, basedOn, entries } = sampleWrite('far', { at: Number.MAX_SAFE_INTEGER })
    const due = { ...row, dueAt: Number.MAX_SAFE_INTEGER - 1, forgottenAt: -1 }
    await store.append([{ row: due, basedOn, entries }], { now: 0 })
    expect(await store.load([row])).toMatchObject([{ row: due }])
    expect(await store.history(row)).toEqual(entries)
  })

  test('a time that is no whole number of milliseconds is rounded', async () => {
    const store = createPostgresStore({ pool: engine(), schema: freshSchema() })
    await store.migrate()
    const { row, basedOn, entries } = sampleWrite('half', { at: 1000.4, dueAt: 2000.6 })
    await store.append([{ row, basedOn, entries }], { now: 0 })
    expect(await store.load([row])).toMatchObject([
      { row: { firstReceivedAt: 1000, lastReceivedAt: 1000, dueAt: 2001 } },
    ])
    await store.postponePoll(row, { askAt: 2000.6, at: 3000.2, asked: 1 })
    expect(
      await store.claimSilent({ provider: 'acme', now: 3000, until: 4000, limit: 1 }),
    ).toMatchObject([{ asked: 1 }])
  })

  test('an id that no dead letter can have finds none', async () => {
    const store = createPostgresStore({ pool: engine(), schema: freshSchema() })
    await store.migrate()
    await store.registerConsumer('billing', { from: 'now', now: 0 })
    for (const id of ['', '0', '-1', '1e3', "1' or true", '9'.repeat(30)]) {
      expect(await store.reviveDeadLetters('billing', { id, now: 0 })).toBe(0)
      await store.endDeadLetter(id, { handled: true })
    }
  })

  test.each(['Upper Case', `we"ird 'q' \\ $$ $x$ ;--`, 'ü'.repeat(31)])(
    'the tables live in the schema %j',
    async (schema) => {
      const store = createPostgresStore({ pool: engine(), schema })
      await store.migrate()
      const write = sampleWrite('here')
      await store.append([write], { now: 0 })
      expect(await store.load([write.row])).toMatchObject([{ row: write.row }])
      const { rows } = await engine().query(
        "select 1 from pg_tables where schemaname = $1 and tablename = 'callstate_calls'",
        [schema],
      )
      expect(rows).toHaveLength(1)
    },
  )

  test('without a schema the tables live where the search path leads', async () => {
    const store = createPostgresStore({ pool: engine() })
    await store.migrate()
    const write = sampleWrite('public')
    expect(await store.append([write], { now: 0 })).toEqual([true])
    expect(await store.history(write.row)).toEqual(write.entries)
  })

  test('a closed store leaves the pool to its owner', async () => {
    const store = createPostgresStore({ pool: engine(), schema: freshSchema() })
    await store.close()
    expect((await engine().query('select 1 as one')).rows).toEqual([{ one: 1 }])
  })
})

test.each(['', 'ü'.repeat(32), 'a\0b'])('the schema %j is refused', (schema) => {
  const code = 'invalid-option'
  expect(() => createPostgresStore({ pool, schema })).toThrow(expect.objectContaining({ code }))
})
