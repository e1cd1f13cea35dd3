import { stat } from 'node:fs/promises'
import type { DatabaseSync } from 'node:sqlite'
import {
  createTracker,
  isTrackerError,
  type Logger,
  redactFields,
  type Store,
  type Tracker,
  type TrackerError,
} from '@callstate/tracker'
import type { Provider } from 'callstate/providers'
import { printable } from '../command/terminal.ts'
import { UsageError } from '../command/usage-error.ts'
import type { DatabaseOptions } from './database-options.ts'
import type { ServiceOptions } from './service-options.ts'

/** How a tracker is opened beside its database. */
export interface OpeningOptions {
  /** Whether a missing SQLite file is made; otherwise it is an error. */
  readonly create: boolean
  readonly providers: readonly Provider[]
  readonly now: () => number
  /** How calls are folded; as the providers' habits say where it is left out. */
  readonly service?: ServiceOptions
  readonly logger?: Logger
  /** Fields that are not kept, by dotted paths. */
  readonly redact?: readonly string[]
}

/** A tracker whose database answered, and how to end both. */
export interface OpenedTracker {
  readonly tracker: Tracker
  /** The database in words, without a password. */
  readonly database: string
  close(): Promise<void>
}

/** Opens the database and a tracker on it. Throws a `UsageError` where the database cannot be had. */
export async function openTracker(
  options: DatabaseOptions,
  { create, redact, service = {}, ...rest }: OpeningOptions,
): Promise<OpenedTracker> {
  const { store, database, end } =
    options.postgres === undefined
      ? await openSqlite(options.db, create)
      : await openPostgres(options.postgres, create)
  const tracker = createTracker({
    ...service,
    store,
    ...(redact !== undefined && redact.length > 0 && { redact: redactFields(redact) }),
    ...rest,
  })
  const close = async () => {
    await tracker.close()
    await end()
  }
  try {
    await answered(database, () => tracker.list({ limit: 1 }))
  } catch (error) {
    await close().catch(() => {})
    throw error
  }
  return { tracker, database, close }
}

/** Does something with a database that is there, and closes it. Throws a `UsageError` where it fails. */
export async function withTracker<Answer>(
  options: DatabaseOptions,
  opening: Pick<OpeningOptions, 'now' | 'providers' | 'service'>,
  work: (tracker: Tracker) => Promise<Answer>,
): Promise<Answer> {
  const { tracker, database, close } = await openTracker(options, { ...opening, create: false })
  try {
    return await answered(database, () => work(tracker))
  } finally {
    await close()
  }
}

async function answered<Answer>(
  database: string,
  ask: () => Answer | Promise<Answer>,
): Promise<Answer> {
  try {
    return await ask()
  } catch (error) {
    if (!isTrackerError(error) || error.code !== 'store-failed') throw error
    throw new UsageError(`the database ${database} cannot be used: ${reasonOf(error)}`)
  }
}

interface Opened {
  readonly store: Store
  readonly database: string
  end(): Promise<void>
}

/** The first with SQLite built in and not behind a flag. */
const SQLITE_NODE = '22.13'

/** The table by which a database is known to hold calls. */
const CALLS_TABLE = 'callstate_calls'

async function openSqlite(path: string, create: boolean): Promise<Opened> {
  const sqlite = process.getBuiltinModule('node:sqlite')
  if (sqlite === undefined) {
    throw new UsageError(
      `SQLite needs Node ${SQLITE_NODE} or newer, this is ${process.versions.node}. Update Node, or use --postgres URL.`,
    )
  }
  const database = `"${printable(path)}"`
  const { createSqliteStore } = await import('@callstate/tracker/sqlite')
  if (!create) {
    await assertFile(path, database)
    assertHoldsCalls(database, await holdsCalls(() => hasTable(sqlite.DatabaseSync, path)))
  }
  const store = await answered(database, () => createSqliteStore({ path }))
  return { store, database, end: async () => {} }
}

function hasTable(Database: typeof DatabaseSync, path: string): boolean {
  const reader = new Database(path, { readOnly: true })
  try {
    const found = reader.prepare('SELECT 1 FROM sqlite_schema WHERE name = ?').get(CALLS_TABLE)
    return found !== undefined
  } finally {
    reader.close()
  }
}

async function assertFile(path: string, database: string): Promise<void> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => error)
  if (found instanceof Error && found.code === 'ENOENT') {
    throw new UsageError(
      `there is no database ${database}. Check --db; "callstate serve" makes a new one.`,
    )
  }
  if (!(found instanceof Error) && found.isDirectory()) {
    throw new UsageError(`expected --db to be a file, got the folder ${database}.`)
  }
}

/** Whether a database has the table. Where it cannot be asked, the store will say why in better words. */
async function holdsCalls(ask: () => boolean | Promise<boolean>): Promise<boolean> {
  try {
    return await ask()
  } catch {
    return true
  }
}

/** A tracker makes its tables where they are missing; a command that only reads must not. */
function assertHoldsCalls(database: string, holds: boolean): void {
  if (holds) return
  throw new UsageError(
    `the database ${database} never held calls. Check its name; "callstate serve" prepares a new one.`,
  )
}

const CONNECT_TIMEOUT_MS = 10_000

async function openPostgres(connectionString: string, create: boolean): Promise<Opened> {
  const database = shownUrl(connectionString)
  const [{ default: pg }, { createPostgresStore }] = await Promise.all([
    import('pg'),
    import('@callstate/tracker/postgres'),
  ])
  const pool = new pg.Pool({ connectionString, connectionTimeoutMillis: CONNECT_TIMEOUT_MS })
  // A connection that breaks while nobody uses it is replaced; the next question tells what is wrong.
  pool.on('error', () => {})
  if (!create) {
    const table = 'SELECT to_regclass($1) IS NOT NULL AS found'
    const holds = await holdsCalls(async () => {
      const { rows } = await pool.query<{ found: boolean }>(table, [CALLS_TABLE])
      return rows[0]?.found === true
    })
    if (!holds) await pool.end()
    assertHoldsCalls(database, holds)
  }
  return { store: createPostgresStore({ pool }), database, end: () => pool.end() }
}

/** A database's address without user and password. */
function shownUrl(text: string): string {
  if (URL.canParse(text)) {
    const { protocol, host, pathname } = new URL(text)
    if (/^postgres(ql)?:$/.test(protocol)) return `${protocol}//${host}${pathname}`
  }
  throw new UsageError(
    'expected --postgres to be an address such as postgresql://user@localhost/calls, got something else. The password may stand in PGPASSWORD.',
  )
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'there is no such host',
  EAI_AGAIN: 'the name of the host could not be looked up',
  ECONNRESET: 'the connection broke off',
  ETIMEDOUT: 'it did not answer in time',
  '28P01': 'it refused the user or the password',
  '28000': 'it refused the user',
  '3D000': 'there is no database of this name',
  '42501': 'the user may not do this',
}

/** Why a database failed, in words that hold no value of a row. */
function reasonOf({ message, cause }: TrackerError): string {
  const code: unknown = Reflect.get(Object(cause), 'code')
  const reason = typeof code === 'string' ? REASONS[code] : undefined
  if (reason !== undefined) return `${reason}.`
  // The driver gives no code where a connection takes too long.
  const isLate = cause instanceof Error && /\btimeout\b/.test(cause.message)
  return isLate ? `${REASONS['ETIMEDOUT']}.` : message
}
