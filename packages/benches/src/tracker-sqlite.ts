import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Store } from '@callstate/tracker'
import { createSqliteStore } from '@callstate/tracker/sqlite'
import { type BareWriter, type BenchEngine, callValues, entryValues } from './tracker-engine.ts'

/** SQLite in a temporary folder: WAL, and every commit waits for the disk, as the store does it. */
export function openSqlite(): BenchEngine {
  const folder = mkdtempSync(join(tmpdir(), 'callstate-bench-'))
  const opened: DatabaseSync[] = []
  const stores: Pick<Store, 'close'>[] = []
  let files = 0
  const nextPath = () => join(folder, `${files++}.db`)
  const open = (path: string) => {
    const database = new DatabaseSync(path)
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
    opened.push(database)
    return database
  }
  return {
    title: 'SQLite',
    async openStore() {
      const store = createSqliteStore({ path: nextPath() })
      stores.push(store)
      return store
    },
    async openStore01(release) {
      const store = release.createSqliteStore({ path: nextPath() })
      stores.push(store)
      return store
    },
    async openBare() {
      const path = nextPath()
      const store = createSqliteStore({ path })
      await store.migrate()
      await store.close()
      return bareWriter(open(path))
    },
    async openInsert() {
      const database = open(nextPath())
      database.exec('CREATE TABLE webhooks (id INTEGER PRIMARY KEY, call_id, status, body)')
      const insert = database.prepare(
        'INSERT INTO webhooks (call_id, status, body) VALUES (?, ?, ?)',
      )
      return async (callId, status, body) => void insert.run(callId, status, body)
    },
    async close() {
      for (const store of stores) await store.close()
      for (const database of opened) database.close()
      rmSync(folder, { recursive: true })
    },
  }
}

function bareWriter(database: DatabaseSync): BareWriter {
  const upsert = database.prepare(`
    INSERT INTO callstate_calls (
      provider, call_id, status, settled, due_at, events, first_received_at, last_received_at,
      forgotten_at, revision, call, poll_at, asked
    ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)
    ON CONFLICT (provider, call_id) DO UPDATE SET
      status = excluded.status, settled = excluded.settled, due_at = excluded.due_at,
      events = excluded.events, last_received_at = excluded.last_received_at,
      revision = excluded.revision, call = excluded.call, poll_at = excluded.poll_at
    RETURNING id`)
  const insert = database.prepare(`
    INSERT INTO callstate_entries (call, sequence, key, received_at, event, decision, payload)
    VALUES (?, ?, ?, ?, ?, ?, ?)`)
  const begin = database.prepare('BEGIN IMMEDIATE')
  const commit = database.prepare('COMMIT')
  return (transaction) => {
    const rows = transaction.map((write) => {
      const [provider, callId, status, settled, ...rest] = callValues(write)
      const call = [provider, callId, status, settled ? 1 : 0, ...rest, write.row.dueAt] as const
      return { call, entries: entryValues(write) }
    })
    return async () => {
      begin.run()
      for (const { call, entries } of rows) {
        const id = Number(upsert.get(...call)?.['id'])
        for (const entry of entries) insert.run(id, ...entry)
      }
      commit.run()
    }
  }
}
