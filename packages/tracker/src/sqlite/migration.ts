import { TrackerError } from '../error.ts'
import type { Engine } from './engine.ts'

/**
 * The tables, as steps from an empty database on. A step that was published is never changed; a new
 * version of the tables is a further step. Columns that hold a time are REAL: a time is a JavaScript
 * number, and SQLite keeps whole ones as small as integers.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE callstate_calls (
    id INTEGER PRIMARY KEY,
    provider TEXT NOT NULL,
    call_id TEXT NOT NULL,
    status TEXT,
    settled INTEGER NOT NULL,
    due_at REAL,
    events INTEGER NOT NULL,
    first_received_at REAL NOT NULL,
    last_received_at REAL NOT NULL,
    forgotten_at REAL,
    revision INTEGER NOT NULL,
    call TEXT NOT NULL,
    poll_at REAL,
    asked INTEGER NOT NULL,
    UNIQUE (provider, call_id)
  );
  CREATE INDEX callstate_calls_newest ON callstate_calls (first_received_at, provider, call_id);
  CREATE INDEX callstate_calls_open ON callstate_calls (first_received_at, provider, call_id)
    WHERE settled = 0;
  CREATE INDEX callstate_calls_due ON callstate_calls (due_at, provider, call_id)
    WHERE due_at IS NOT NULL;
  CREATE INDEX callstate_calls_poll ON callstate_calls (poll_at, due_at) WHERE poll_at IS NOT NULL;

  CREATE TABLE callstate_entries (
    id INTEGER PRIMARY KEY,
    call INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    key TEXT NOT NULL,
    received_at REAL NOT NULL,
    event TEXT NOT NULL,
    decision TEXT NOT NULL,
    payload TEXT
  );
  CREATE INDEX callstate_entries_of_call ON callstate_entries (call, sequence, key);

  CREATE TABLE callstate_consumers (name TEXT PRIMARY KEY) WITHOUT ROWID;

  CREATE TABLE callstate_cursors (
    consumer TEXT NOT NULL,
    call INTEGER NOT NULL,
    head INTEGER NOT NULL,
    position INTEGER NOT NULL,
    due_at REAL,
    owner TEXT,
    tries INTEGER NOT NULL,
    PRIMARY KEY (consumer, call)
  ) WITHOUT ROWID;
  CREATE INDEX callstate_cursors_due ON callstate_cursors (consumer, due_at)
    WHERE due_at IS NOT NULL;

  CREATE TABLE callstate_dead_letters (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    consumer TEXT NOT NULL,
    provider TEXT NOT NULL,
    call_id TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    error TEXT NOT NULL,
    at REAL NOT NULL,
    replays INTEGER NOT NULL,
    replay_at REAL
  );
  CREATE INDEX callstate_dead_letters_at ON callstate_dead_letters (consumer, at, id);
  CREATE INDEX callstate_dead_letters_of_call ON callstate_dead_letters (provider, call_id);
  `,
]

/** Brings the tables to the newest version, in one transaction. Refuses tables of a newer one. */
export function migrate(engine: Engine, migrations: readonly string[] = MIGRATIONS): void {
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
      engine.exec(step)
      statements.run('INSERT INTO callstate_migrations (version) VALUES (?)', place + 1)
    }
  })
}
