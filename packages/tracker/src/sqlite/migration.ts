import { TrackerError } from '../error.ts'
import type { Engine, Statements } from './engine.ts'
import { rewriteRowsOf01 } from './rewrite-0.1.ts'
import { TABLES_OF_0_1, TABLES_OF_0_2 } from './tables.ts'

/** One step: SQL, or SQL and what has to be done with the rows afterwards. */
export type MigrationStep =
  | string
  | { readonly sql: string; readonly rewrite: (statements: Statements) => void }

/**
 * The tables, as steps from an empty database on. A step that was published is never changed; a new
 * version of the tables is a further step. Columns that hold a time are REAL: a time is a JavaScript
 * number, and SQLite keeps whole ones as small as integers.
 */
export const MIGRATIONS: readonly MigrationStep[] = [
  TABLES_OF_0_1,
  { sql: TABLES_OF_0_2, rewrite: rewriteRowsOf01 },
]

/**
 * Brings the tables to the newest version, in one transaction: whoever is killed in the middle of it
 * leaves everything as it was. Refuses tables of a newer version.
 */
export function migrate(engine: Engine, migrations: readonly MigrationStep[] = MIGRATIONS): void {
  engine.write((statements) => {
    engine.exec(
      'CREATE TABLE IF NOT EXISTS callstate_migrations (version INTEGER PRIMARY KEY) WITHOUT ROWID',
    )
    const newest = statements.get('SELECT max(version) AS version FROM callstate_migrations')
    const version = Number(newest?.['version'] ?? 0)
    if (version > migrations.length) {
      throw new TrackerError(
        'store-failed',
        `Expected tables of version ${migrations.length} or older, got version ${version}: a newer release of @callstate/tracker made them. Install that release, or use another file.`,
      )
    }
    for (const [place, step] of migrations.entries()) {
      if (place < version) continue
      engine.exec(typeof step === 'string' ? step : step.sql)
      if (typeof step !== 'string') step.rewrite(statements)
      statements.run('INSERT INTO callstate_migrations (version) VALUES (?)', place + 1)
    }
  })
}
