import { isTrackerError, TrackerError } from '../error.ts'
import { storeFailure } from './failure.ts'

/** What is bound to a parameter. */
export type SqliteValue = string | number | null

/** A prepared statement, as `node:sqlite` and better-sqlite3 make it. */
export interface SqliteStatement {
  run(...values: SqliteValue[]): { readonly changes: number | bigint }
  get(...values: SqliteValue[]): unknown
  all(...values: SqliteValue[]): unknown[]
}

/** A database with a synchronous interface: `DatabaseSync` of `node:sqlite`, or one of better-sqlite3. */
export interface SqliteDatabase {
  exec(sql: string): unknown
  prepare(sql: string): SqliteStatement
  close(): unknown
}

/** A row as the engine gives it, by the names of its columns. */
export type Columns = Readonly<Record<string, unknown>>

/** Statements, prepared once each. Used inside of `write`, `read` and `single` only. */
export interface Statements {
  run(sql: string, ...values: SqliteValue[]): number
  get(sql: string, ...values: SqliteValue[]): Columns | undefined
  all(sql: string, ...values: SqliteValue[]): readonly Columns[]
}

/**
 * A database, and the ways to work with it. All of them run to their end before they return, so what
 * one caller does is never mixed with what another does on the same connection. What the engine throws
 * is thrown as a TrackerError.
 */
export interface Engine {
  /** Does everything or nothing, as the only writer of the file. */
  write<Result>(work: (statements: Statements) => Result): Result
  /** Reads several times what is there at one moment. */
  read<Result>(work: (statements: Statements) => Result): Result
  /** Does what takes one statement, or none of which depends on another. */
  single<Result>(work: (statements: Statements) => Result): Result
  /** Runs SQL that is no statement of a transaction, or several at once. */
  exec(sql: string): void
  close(): void
}

/** Makes an engine of a database. `close` closes the database where `isOwn` says so. */
export function createEngine(database: SqliteDatabase, isOwn: boolean): Engine {
  const prepared = new Map<string, SqliteStatement>()
  let isClosed = false

  const statement = (sql: string): SqliteStatement => {
    const known = prepared.get(sql)
    if (known !== undefined) return known
    const made = database.prepare(sql)
    prepared.set(sql, made)
    return made
  }
  const statements: Statements = {
    run: (sql, ...values) => Number(statement(sql).run(...values).changes),
    // The border: the drivers do not know which columns a statement has.
    get: (sql, ...values) => statement(sql).get(...values) as Columns | undefined,
    all: (sql, ...values) => statement(sql).all(...values) as readonly Columns[],
  }
  const attempt = <Result>(work: () => Result): Result => {
    if (isClosed) throw new TrackerError('closed', 'The store was closed; make a new one.')
    try {
      return work()
    } catch (error) {
      throw isTrackerError(error) ? error : storeFailure(error)
    }
  }
  const rollBack = (): void => {
    try {
      statements.run('ROLLBACK')
    } catch {
      // A full disk, among others, has ended the transaction already.
    }
  }
  const transaction = <Result>(begin: string, work: (own: Statements) => Result): Result =>
    attempt(() => {
      statements.run(begin)
      try {
        const result = work(statements)
        statements.run('COMMIT')
        return result
      } catch (error) {
        rollBack()
        throw error
      }
    })

  return {
    write: (work) => transaction('BEGIN IMMEDIATE', work),
    read: (work) => transaction('BEGIN', work),
    single: (work) => attempt(() => work(statements)),
    exec: (sql) => attempt(() => void database.exec(sql)),
    close() {
      if (isClosed) return
      isClosed = true
      prepared.clear()
      if (isOwn) database.close()
    },
  }
}
