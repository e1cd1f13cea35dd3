import { createHash } from 'node:crypto'
import { TrackerError } from '../error.ts'

/** One row as a driver gives it. */
export type Row = Readonly<Record<string, unknown>>

/** What the store needs of a driver: a `Pool` of `pg` and a `PGlite` fit as they are. */
export interface PostgresPool {
  query(text: string, values?: unknown[]): Promise<{ rows: Record<string, unknown>[] }>
  /** Takes a connection out of a pool, on which the store is told what other processes store. */
  connect?(): Promise<unknown>
  /** Of a pool: how many connections there are at most. One alone is not taken out. */
  readonly options?: { readonly max?: number | undefined }
}

/** A connection out of a pool, as `pg` gives one. */
export interface PostgresConnection {
  query(text: string): Promise<{ rows: Record<string, unknown>[] }>
  on(event: 'notification', listener: () => void): unknown
  on(event: 'error', listener: () => void): unknown
  on(event: 'end', listener: () => void): unknown
  /** Gives it back; ends it where it is not to be used again. */
  release(destroy?: boolean): void
}

/** A statement under a name that stands for its text alone, as `pg` takes it. */
export interface PreparedStatement {
  readonly name: string
  readonly text: string
  readonly values: unknown[]
}

/** Runs a statement that a connection keeps prepared under its name. */
export type RunPrepared = (statement: PreparedStatement) => ReturnType<PostgresPool['query']>

/** Runs one statement. `doing` names it in an error, as in "could not … calls". */
export type Run = (doing: string, text: string, values?: unknown[]) => Promise<readonly Row[]>

/** The SQLSTATEs with which our own SQL refuses; its message then says what to do. */
export const REFUSALS = {
  /** The tables are newer than this release. */
  newerTables: 'CSNEW',
  /** The session's isolation is not the one that the store is made for. */
  isolation: 'CSISO',
} as const

// A deadlock was broken, or two transactions could not be put in an order: the statement left nothing
// behind, and the next try sees what the other one wrote.
const LOST_RACES: ReadonlySet<unknown> = new Set(['40P01', '40001'])

/** Runs statements one by one, each a transaction of its own; a lost race is run again. */
export function createRun(
  pool: PostgresPool,
  raceTries: number,
  prepared: RunPrepared | undefined,
): Run {
  const names = new Map<string, string>()
  const nameOf = (text: string): string => {
    const name =
      names.get(text) ?? `callstate_${createHash('sha256').update(text).digest('hex').slice(0, 32)}`
    names.set(text, name)
    return name
  }
  const query = (text: string, values: unknown[] | undefined) =>
    prepared === undefined || values === undefined
      ? pool.query(text, values)
      : prepared({ name: nameOf(text), text, values })
  return async (doing, text, values) => {
    for (let tries = 1; ; tries += 1) {
      try {
        return (await query(text, values)).rows
      } catch (error) {
        if (tries < raceTries && LOST_RACES.has(sqlStateOf(error))) continue
        throw storeFailed(doing, error)
      }
    }
  }
}

function storeFailed(doing: string, cause: unknown): TrackerError {
  const state = sqlStateOf(cause)
  const isRefusal = Object.values<unknown>(REFUSALS).includes(state)
  if (isRefusal && cause instanceof Error) {
    return new TrackerError('store-failed', cause.message, { cause })
  }
  // The driver's own message can hold values, so it stays in `cause`.
  const code = state === null ? '' : ` (${state})`
  const message = `PostgreSQL could not ${doing}${code}; \`cause\` says why. Try again later.`
  return new TrackerError('store-failed', message, { cause })
}

/** The SQLSTATE of a server's error, or the code of a connection's. */
function sqlStateOf(error: unknown): string | null {
  const code: unknown = Reflect.get(Object(error), 'code')
  return typeof code === 'string' && /^[A-Z0-9_]+$/.test(code) ? code : null
}
