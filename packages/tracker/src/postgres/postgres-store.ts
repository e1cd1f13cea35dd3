import type { Store } from '../store.ts'
import { callMethods } from './calls.ts'
import { changeMethods } from './changes.ts'
import { consumerMethods } from './consumers.ts'
import { convertRows } from './conversion.ts'
import { countMethods } from './counts.ts'
import { deadLetterMethods } from './dead-letters.ts'
import { listMethods } from './list.ts'
import { migrationSql } from './migration.ts'
import { settleIn } from './restoring.ts'
import { createRun, type PostgresPool, type RunPrepared } from './session.ts'
import { silenceMethods } from './silence.ts'
import { createStoredSignal } from './stored-signal.ts'
import { tableNames } from './table-names.ts'

/** How often a statement that lost a race (a broken deadlock, a refused snapshot) is run in all. */
const DEFAULT_RACE_TRIES = 10

export interface PostgresOptions {
  /**
   * A `Pool` of `pg`, a `PGlite`, or anything that answers `query` as they do. It stays yours to end.
   * Listen to the `error` event of a `Pool`: without, an idle connection that the server ends, ends the
   * process.
   */
  readonly pool: PostgresPool
  /** The schema of the tables, made where it is missing; the search path's where it is left out. */
  readonly schema?: string
  /** How often a statement that lost a race with another process is run in all; 10 by default. */
  readonly raceTries?: number
  /**
   * Runs a prepared statement, which saves the server from parsing it each time: about a fifth of a
   * single event. With `pg` that is `(statement) => pool.query(statement)`. Leave it out behind a pooler
   * that hands each transaction to another connection and does not know prepared statements.
   */
  readonly prepared?: RunPrepared
}

/**
 * A store in PostgreSQL, for any number of processes at once. Every operation is one statement and one
 * transaction, so a pooler between them is welcome. It needs the default isolation, read committed, and
 * PostgreSQL 13 at least; it is tested with 18. Times are kept in whole milliseconds. Who listens for
 * what other processes store takes a connection out of the pool, where it has more than one. `close` gives
 * it back and ends nothing: the pool is yours, and to be ended after that. Throws `invalid-option` for a
 * schema that cannot be one; its methods reject with `store-failed`, whose `cause` is the driver's error.
 *
 * @example
 * const pool = new Pool({ connectionString: process.env.DATABASE_URL })
 * const tracker = createTracker({ store: createPostgresStore({ pool }), providers: [bolna] })
 */
export function createPostgresStore({
  pool,
  schema,
  raceTries = DEFAULT_RACE_TRIES,
  prepared,
}: PostgresOptions): Store {
  const names = tableNames(schema)
  const run = createRun(pool, raceTries, prepared)
  const migration = migrationSql(names)
  const signal = createStoredSignal(pool, names)
  return {
    async migrate() {
      await run('make or update the tables', migration)
      await convertRows(run, names)
      await settleIn(run, names)
    },
    ...callMethods(run, names, signal.tell),
    ...changeMethods(run, names, () => settleIn(run, names)),
    onStored: signal.onStored,
    ...listMethods(run, names),
    ...silenceMethods(run, names),
    ...consumerMethods(run, names),
    ...deadLetterMethods(run, names),
    ...countMethods(run, names),
    close: signal.close,
  }
}
