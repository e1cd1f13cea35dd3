import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { promisify } from 'node:util'
import BetterSqlite from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { rowOf, START_AT, sampleWrite, write } from '../testing/store/sample-write.ts'
import { createEngine } from './engine.ts'
import { createSqliteStore, type SqliteDatabase, type SqliteStoreOptions } from './index.ts'
import { MIGRATIONS, migrate } from './migration.ts'
import { BUSY_TIMEOUT_MS } from './sqlite-store.ts'

let folder = ''
let path = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'callstate-sqlite-'))
  path = join(folder, 'calls.db')
})
afterEach(() => rmSync(folder, { recursive: true }))

const DRIVERS: readonly [string, (file: string) => SqliteDatabase][] = [
  ['node:sqlite', (file) => new DatabaseSync(file)],
  ['better-sqlite3', (file) => new BetterSqlite(file)],
]

describe('versions of the tables', () => {
  const NEWER = [
    ...MIGRATIONS,
    `ALTER TABLE callstate_calls ADD COLUMN note TEXT;
     UPDATE callstate_calls SET note = 'was here';`,
  ]

  test('a step to a newer version keeps what is there', async () => {
    const database = new DatabaseSync(path)
    const store = createSqliteStore({ database })
    await store.migrate()
    const row = await write(store, 'a')
    migrate(createEngine(database, false), NEWER)
    const note = database.prepare('SELECT note FROM callstate_calls').get()
    expect({ ...note }).toEqual({ note: 'was here' })
    expect(await rowOf(store, 'a')).toEqual(row)
  })

  test('tables of a newer version are refused, and stay as they are', async () => {
    const database = new DatabaseSync(path)
    migrate(createEngine(database, false), NEWER)
    const store = createSqliteStore({ path })
    await expect(store.migrate()).rejects.toMatchObject({
      code: 'store-failed',
      message: expect.stringContaining('Expected tables of version 2 or older, got version 3'),
    })
    const versions = database.prepare('SELECT version FROM callstate_migrations').all()
    expect(versions.map((one) => one['version'])).toEqual([1, 2, 3])
  })

  test('a step that fails leaves nothing of it', async () => {
    const database = new DatabaseSync(path)
    const engine = createEngine(database, false)
    const broken = [...MIGRATIONS, 'CREATE TABLE callstate_half (x); SELECT nonsense;']
    expect(() => migrate(engine, broken)).toThrow('SQLite failed')
    expect(database.prepare('SELECT name FROM sqlite_master').all()).toEqual([])
    migrate(engine)
    expect(await rowOf(createSqliteStore({ database }), 'a')).toBeUndefined()
  })
})

describe.each(DRIVERS)('failures of %s', (_, openFile) => {
  test('a full disk rejects the write as a whole, and later it goes on', async () => {
    const database = openFile(path)
    const store = createSqliteStore({ database })
    await store.migrate()
    const kept = await write(store, 'kept')
    const pages = Number(Object.values(database.prepare('PRAGMA page_count').get() ?? {})[0])
    database.exec(`PRAGMA max_page_count = ${pages + 4}`)
    const payload = JSON.stringify({ text: 'secret '.repeat(10_000) })
    const batch = [sampleWrite('small'), sampleWrite('large', { payload })]
    const failure = await store.append(batch, { now: 0 }).catch((error: unknown) => error)
    expect(failure).toMatchObject({
      code: 'store-failed',
      message: 'SQLite failed (SQLITE_FULL): there is no space left; make room, then try again.',
      cause: expect.any(Error),
    })
    expect(await store.load([kept, ...batch.map(({ row }) => row)])).toEqual([
      expect.objectContaining({ row: kept }),
      undefined,
      undefined,
    ])
    database.exec('PRAGMA max_page_count = 1000000')
    expect(await store.append(batch, { now: 0 })).toEqual([true, true])
    await store.close()
    database.close()
  })

  test('a file that another connection keeps locked rejects, and later it goes on', async () => {
    const database = openFile(path)
    const store = createSqliteStore({ database, busyTimeoutMs: 1 })
    await store.migrate()
    const other = openFile(path)
    other.exec('BEGIN IMMEDIATE')
    await expect(store.append([sampleWrite('a')], { now: 0 })).rejects.toMatchObject({
      code: 'store-failed',
      message: expect.stringContaining('SQLITE_BUSY'),
    })
    expect(await rowOf(store, 'a')).toBeUndefined()
    other.exec('ROLLBACK')
    expect(await store.append([sampleWrite('a')], { now: 0 })).toEqual([true])
    other.close()
    database.close()
  })

  test('a file that is no database is said to be none', async () => {
    writeFileSync(path, 'no database '.repeat(1000))
    const open = async () => createSqliteStore({ database: openFile(path) }).migrate()
    await expect(open()).rejects.toMatchObject({
      code: 'store-failed',
      message: expect.stringContaining('SQLITE_NOTADB'),
    })
  })
})

describe('a file', () => {
  test('is one whole file after close, and closing twice is no error', async () => {
    const store = createSqliteStore({ path })
    await store.migrate()
    const row = await write(store, 'a')
    await store.close()
    await store.close()
    expect([`${path}-wal`, `${path}-shm`].filter((file) => existsSync(file))).toEqual([])
    await expect(store.load([row])).rejects.toMatchObject({ code: 'closed' })
    const again = createSqliteStore({ database: new BetterSqlite(path) })
    expect(await rowOf(again, 'a')).toEqual(row)
  })

  test('a database that was handed in stays open, and may hold other tables', async () => {
    const database = new DatabaseSync(path)
    database.exec('CREATE TABLE calls (id TEXT)')
    const store = createSqliteStore({ database })
    await store.migrate()
    await store.close()
    expect(database.prepare('SELECT count(*) AS calls FROM calls').get()?.['calls']).toBe(0)
  })

  test.each([
    ['full', 2],
    ['normal', 1],
  ] as const)(
    'durability %s is synchronous = %i, with a write-ahead log',
    async (durability, level) => {
      const database = new DatabaseSync(path)
      await createSqliteStore({ database, durability }).migrate()
      const pragma = (name: string) => Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})
      expect([...pragma('synchronous'), ...pragma('journal_mode')]).toEqual([level, 'wal'])
    },
  )
})

describe.each(DRIVERS)('what was replaced, with %s', (_, openFile) => {
  const holds = (file: string) => existsSync(file) && readFileSync(file).includes('needle')
  const whereItIs = () => [path, `${path}-wal`].filter(holds)

  /** A call whose payload and whose dead letter say it, in the file and in its log. */
  const prepare = async () => {
    const database = openFile(path)
    const store = createSqliteStore({ database })
    await store.migrate()
    await store.registerConsumer('billing', { from: 'now', now: 0 })
    const payload = JSON.stringify({ transcript: 'needle '.repeat(2000) })
    const { row, entries } = sampleWrite('a', { payload })
    await store.append([{ row, basedOn: 0, entries }], { now: 0 })
    const claim = { now: 1, until: 2, latest: 3, limit: 1, owner: 'worker' }
    await store.claimCalls('billing', claim)
    const deadLetter = { sequence: 1, error: 'needle', at: 1 }
    const end = { position: 1, tries: 0, nextAt: 1, deadLetter }
    await store.endClaim('billing', row, 'worker', end)
    database.exec('PRAGMA wal_checkpoint(FULL)')
    expect(whereItIs()).toEqual([path, `${path}-wal`])
    const forgotten = entries.map((entry) => ({ ...entry, payload: null }))
    const replace = (basedOn: number) => {
      const next = { ...row, revision: basedOn + 1, forgottenAt: START_AT }
      return store.replace({ row: next, basedOn, entries: forgotten })
    }
    return { database, store, replace }
  }

  test('is neither in the file nor in its log, while the store is open', async () => {
    const { database, replace } = await prepare()
    expect(await replace(1)).toBe(true)
    expect(whereItIs()).toEqual([])
    database.close()
  })

  test('stays in the log while somebody reads, which is no failure, and goes with the next', async () => {
    const { database, store, replace } = await prepare()
    const reader = openFile(path)
    reader.exec('BEGIN; SELECT count(*) FROM callstate_calls')
    expect(await replace(1)).toBe(true)
    expect((await rowOf(store, 'a'))?.forgottenAt).toBe(START_AT)
    expect(whereItIs()).toContain(`${path}-wal`)
    const timeout = Object.values(database.prepare('PRAGMA busy_timeout').get() ?? {})
    expect(timeout.map(Number)).toEqual([BUSY_TIMEOUT_MS])
    reader.exec('COMMIT')
    expect(await replace(2)).toBe(true)
    expect(whereItIs()).toEqual([])
    reader.close()
    database.close()
  })
})

test('processes that write the same calls lose nothing', async () => {
  const WRITERS = 4
  const EACH = 25
  const store = new URL('./index.ts', import.meta.url).href
  const sample = new URL('../testing/store/sample-write.ts', import.meta.url).href
  const script = `
    import { createSqliteStore } from '${store}'
    import { rowOf, sampleWrite } from '${sample}'
    const store = createSqliteStore({ path: process.argv[1], durability: 'normal' })
    await store.migrate()
    for (let written = 0; written < ${EACH}; ) {
      const callId = 'call-' + (written % 2)
      const before = await rowOf(store, callId)
      const [isWritten] = await store.append([sampleWrite(callId, { before })], { now: 0 })
      if (isWritten) written++
    }
    await store.close()
  `
  const flags = ['--conditions=@callstate/source', '--input-type=module-typescript']
  const writer = () => promisify(execFile)(process.execPath, [...flags, '--eval', script, path])
  await Promise.all(Array.from({ length: WRITERS }, writer))
  const database = new DatabaseSync(path)
  const events = database.prepare('SELECT sum(events) AS events FROM callstate_calls').get()
  const entries = database
    .prepare('SELECT count(DISTINCT call_row * 1000 + sequence) AS entries FROM callstate_entries')
    .get()
  expect([events?.['events'], entries?.['entries']]).toEqual([WRITERS * EACH, WRITERS * EACH])
})

describe('options', () => {
  test.each<[string, unknown, string]>([
    ['nothing', {}, 'either "path" or "database"; got neither'],
    ['both', { path: 'a', database: new DatabaseSync(':memory:') }, 'got both'],
    ['an unknown durability', { path: ':memory:', durability: 'some' }, '"durability"'],
    ['a negative timeout', { path: ':memory:', busyTimeoutMs: -1 }, '"busyTimeoutMs"'],
    ['half a millisecond', { path: ':memory:', busyTimeoutMs: 0.5 }, '"busyTimeoutMs"'],
  ])('%s is refused', (_, options, message) => {
    // What a caller without types may hand in.
    expect(() => createSqliteStore(options as SqliteStoreOptions)).toThrow(
      expect.objectContaining({
        code: 'invalid-option',
        message: expect.stringContaining(message),
      }),
    )
  })

  test('a folder that is not there cannot be opened', () => {
    expect(() => createSqliteStore({ path: join(folder, 'nowhere', 'calls.db') })).toThrow(
      expect.objectContaining({
        code: 'store-failed',
        message: expect.stringContaining('SQLITE_CANTOPEN'),
      }),
    )
  })

  test('a Node without SQLite says what to hand in', () => {
    vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined as never)
    expect(() => createSqliteStore({ path })).toThrow(
      expect.objectContaining({
        code: 'invalid-option',
        message: expect.stringContaining('better-sqlite3'),
      }),
    )
  })
})
