import { TrackerError } from '../error.ts'
import type { Store } from '../store.ts'
import { appendCalls, historyOf, loadCalls, replaceCall } from './calls.ts'
import { changesAfter, positionNow } from './changes.ts'
import { fillConsumerOf, registerConsumerOf } from './consumer-begin.ts'
import { claimCallsOf, endClaimOf, keepClaimOf, removeConsumerOf } from './consumers.ts'
import { countsOf } from './counts.ts'
import {
  claimDeadLettersOf,
  deadLettersOf,
  endDeadLetterOf,
  reviveDeadLettersOf,
} from './dead-letters.ts'
import { createEngine, type Engine, type SqliteDatabase } from './engine.ts'
import { listCalls } from './list.ts'
import { createListening } from './listening.ts'
import { migrate } from './migration.ts'
import { openDatabase } from './open-database.ts'
import { claimSilentCalls, postponePollOf } from './silence.ts'

/** How long a write waits for another process that writes, in ms. The process stands still meanwhile. */
export const BUSY_TIMEOUT_MS = 5000

/** How long `replace` waits for readers before it leaves the log as it is, in ms. */
export const CHECKPOINT_WAIT_MS = 100

/**
 * What an acknowledged write survives: `full` a power cut, `normal` a crash of the process only (the
 * last writes before a power cut may be gone; the file stays sound).
 */
export type Durability = 'full' | 'normal'

/** Where the calls are kept: a file's path, or a database that was opened already. */
export type SqliteStoreOptions = (
  | {
      /** A file, opened with `node:sqlite`; made where it is not there. `:memory:` keeps nothing. */
      readonly path: string
      readonly database?: never
    }
  | {
      /** A `DatabaseSync` of `node:sqlite` or a `Database` of better-sqlite3. Its owner closes it. */
      readonly database: SqliteDatabase
      readonly path?: never
    }
) & {
  /** `full` when left out. */
  readonly durability?: Durability
  /** `BUSY_TIMEOUT_MS` when left out. */
  readonly busyTimeoutMs?: number
}

/**
 * A store in one SQLite file, for one machine. Several processes may use the file at once. The tables
 * begin with `callstate_`, so the file may hold others.
 *
 * Throws a TrackerError with `invalid-option` where an option is wrong or this Node has no
 * `node:sqlite`, and with `store-failed` where the file cannot be opened. SQLite works synchronously:
 * every promise is settled when it is made.
 *
 * @example
 * const store = createSqliteStore({ path: 'calls.db' })
 */
export function createSqliteStore(options: SqliteStoreOptions): Store {
  const { busyTimeoutMs = BUSY_TIMEOUT_MS } = options
  const engine = openEngine(options, busyTimeoutMs)
  const listening = createListening(engine)
  return {
    async migrate() {
      // Readers and the writer do not wait for each other. The file remembers it.
      engine.single((statements) => statements.get('PRAGMA journal_mode = WAL'))
      migrate(engine)
    },
    load: async (refs) => loadCalls(engine, refs),
    append: async (writes, times) => appendCalls(engine, writes, times),
    async replace(write) {
      const isReplaced = replaceCall(engine, write)
      if (isReplaced) emptyLog(engine, busyTimeoutMs)
      return isReplaced
    },
    history: async (ref, page) => historyOf(engine, ref, page),
    list: async (query) => listCalls(engine, query),
    position: async () => positionNow(engine),
    changes: async (after, { limit }) => changesAfter(engine, after, limit),
    onStored: (listener) => listening.listen(listener),
    claimSilent: async (claim) => claimSilentCalls(engine, claim),
    postponePoll: async (ref, poll) => postponePollOf(engine, ref, poll),
    registerConsumer: async (name, begin) => registerConsumerOf(engine, name, begin),
    fillConsumer: async (name, batch) => fillConsumerOf(engine, name, batch),
    removeConsumer: async (name) => removeConsumerOf(engine, name),
    claimCalls: async (consumer, claim) => claimCallsOf(engine, consumer, claim),
    endClaim: async (consumer, ref, owner, end) => endClaimOf(engine, consumer, ref, owner, end),
    keepClaim: async (consumer, ref, owner, keep) =>
      keepClaimOf(engine, consumer, ref, owner, keep),
    deadLetters: async (page) => deadLettersOf(engine, page),
    reviveDeadLetters: async (consumer, which) => reviveDeadLettersOf(engine, consumer, which),
    claimDeadLetters: async (consumer, claim) => claimDeadLettersOf(engine, consumer, claim),
    endDeadLetter: async (id, end) => endDeadLetterOf(engine, id, end),
    counts: async ({ now }) => countsOf(engine, now),
    async close() {
      listening.stop()
      engine.close()
    },
  }
}

function openEngine(options: SqliteStoreOptions, busyTimeoutMs: number): Engine {
  const { path, database, durability = 'full' } = options
  if ((path === undefined) === (database === undefined)) {
    refuse('either "path" or "database"', path === undefined ? 'neither' : 'both')
  }
  if (durability !== 'full' && durability !== 'normal') {
    refuse('"durability" to be "full" or "normal"', 'something else')
  }
  if (!Number.isSafeInteger(busyTimeoutMs) || busyTimeoutMs < 0) {
    refuse('"busyTimeoutMs" to be a whole number of ms from 0 on', 'something else')
  }
  const engine = createEngine(database ?? openDatabase(path ?? ''), database === undefined)
  engine.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}; PRAGMA synchronous = ${durability}`)
  // What `forget` removes is to be gone from the file's free space too; `replace` empties the log.
  engine.exec('PRAGMA secure_delete = ON')
  return engine
}

/**
 * Empties the write-ahead log, where nobody is using it: it holds what was there before. Otherwise that
 * stays in it until the next `replace`, or until the last connection closes.
 */
function emptyLog(engine: Engine, busyTimeoutMs: number): void {
  const waitMs = Math.min(busyTimeoutMs, CHECKPOINT_WAIT_MS)
  try {
    engine.exec(`PRAGMA busy_timeout = ${waitMs}; PRAGMA wal_checkpoint(TRUNCATE)`)
  } catch {
    // The replacement is stored; who writes next hears of a file that is in trouble.
  } finally {
    engine.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}`)
  }
}

function refuse(expected: string, came: string): never {
  throw new TrackerError('invalid-option', `createSqliteStore expected ${expected}; got ${came}.`)
}
