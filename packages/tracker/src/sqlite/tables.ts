/** The tables as release 0.1 made them. Never changed: a newer shape is a further step. */
export const TABLES_OF_0_1 = `
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
`

/**
 * The tables of release 0.2. Every statement of 0.1 that writes, claims or hands out names a column that
 * is called otherwise now, so a process of 0.1 that is still running is refused and not served.
 * Columns and tables that nothing fills yet are room for what follows: then no row has to change again.
 */
export const TABLES_OF_0_2 = `
  ALTER TABLE callstate_calls RENAME COLUMN call TO known;
  ALTER TABLE callstate_calls RENAME COLUMN poll_at TO next_poll_at;
  ALTER TABLE callstate_calls RENAME COLUMN asked TO polls;
  ALTER TABLE callstate_calls ADD COLUMN data_due_at REAL;
  ALTER TABLE callstate_calls ADD COLUMN overdue_at REAL
    GENERATED ALWAYS AS (coalesce(min(due_at, data_due_at), due_at, data_due_at)) VIRTUAL;
  ALTER TABLE callstate_calls ADD COLUMN ask_at REAL;
  ALTER TABLE callstate_calls ADD COLUMN outcome TEXT NOT NULL DEFAULT 'unknown';
  ALTER TABLE callstate_calls ADD COLUMN attempts TEXT NOT NULL DEFAULT '[]';
  ALTER TABLE callstate_calls ADD COLUMN rules INTEGER NOT NULL DEFAULT 1;
  ALTER TABLE callstate_calls ADD COLUMN findings TEXT;
  UPDATE callstate_calls SET ask_at = due_at WHERE due_at IS NOT NULL;
  DROP INDEX callstate_calls_poll;
  CREATE INDEX callstate_calls_poll ON callstate_calls (next_poll_at, ask_at)
    WHERE next_poll_at IS NOT NULL;
  DROP INDEX callstate_calls_due;
  CREATE INDEX callstate_calls_overdue ON callstate_calls (overdue_at, provider, call_id)
    WHERE overdue_at IS NOT NULL;

  ALTER TABLE callstate_entries RENAME COLUMN call TO call_row;
  ALTER TABLE callstate_entries ADD COLUMN type TEXT NOT NULL DEFAULT 'event';
  ALTER TABLE callstate_entries ADD COLUMN decided TEXT;
  ALTER TABLE callstate_entries ADD COLUMN rules INTEGER NOT NULL DEFAULT 1;
  ALTER TABLE callstate_entries ADD COLUMN kind TEXT;
  ALTER TABLE callstate_entries ADD COLUMN event_id TEXT;
  ALTER TABLE callstate_entries ADD COLUMN event_sequence REAL;
  ALTER TABLE callstate_entries ADD COLUMN repeats INTEGER;
  ALTER TABLE callstate_entries ADD COLUMN repeated_at REAL;

  ALTER TABLE callstate_cursors RENAME COLUMN call TO call_row;

  ALTER TABLE callstate_dead_letters RENAME COLUMN at TO failed_at;
  ALTER TABLE callstate_dead_letters RENAME COLUMN replay_at TO due_at;

  CREATE TABLE callstate_known_consumers (
    consumer TEXT PRIMARY KEY,
    begins_at REAL,
    filled_to INTEGER NOT NULL,
    fill_until INTEGER NOT NULL
  ) WITHOUT ROWID;
  INSERT INTO callstate_known_consumers SELECT name, NULL, 0, 0 FROM callstate_consumers;
  DROP TABLE callstate_consumers;
  ALTER TABLE callstate_known_consumers RENAME TO callstate_consumers;

  CREATE TABLE callstate_database (id TEXT NOT NULL);
  INSERT INTO callstate_database SELECT lower(hex(randomblob(16)));

  CREATE TABLE callstate_unknown_words (
    provider TEXT NOT NULL,
    word TEXT NOT NULL,
    first_received_at REAL NOT NULL,
    last_received_at REAL NOT NULL,
    entries INTEGER NOT NULL,
    PRIMARY KEY (provider, word)
  ) WITHOUT ROWID;
  CREATE TABLE callstate_labels (
    call_row INTEGER NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (call_row, name)
  ) WITHOUT ROWID;
  CREATE INDEX callstate_labels_of ON callstate_labels (name, value, call_row);
  CREATE TABLE callstate_links (
    call_row INTEGER NOT NULL,
    provider TEXT NOT NULL,
    linked_id TEXT NOT NULL,
    PRIMARY KEY (provider, linked_id, call_row)
  ) WITHOUT ROWID;
  CREATE INDEX callstate_links_of_call ON callstate_links (call_row);
  CREATE TABLE callstate_tombstones (
    provider TEXT NOT NULL,
    call_id TEXT NOT NULL,
    removed_at REAL NOT NULL,
    PRIMARY KEY (provider, call_id)
  ) WITHOUT ROWID;
`
