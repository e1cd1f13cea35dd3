import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Store } from '@callstate/tracker'
import { createSqliteStore } from '@callstate/tracker/sqlite'
import {
  type BareWriter,
  type BenchEngine,
  CALL_COLUMNS,
  callValues,
  ENTRY_COLUMNS,
  entryValues,
  setsOf,
} from './tracker-engine.ts'

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
  const columns = [...CALL_COLUMNS, 'known', 'attempts', 'next_poll_at']
  const upsert = database.prepare(`
    INSERT INTO callstate_calls (${columns.join(', ')}, polls)
    VALUES (${columns.map(() => '?').join(', ')}, 0)
    ON CONFLICT (provider, call_id) DO UPDATE SET ${setsOf(columns)}
    RETURNING id`)
  const insert = database.prepare(`
    INSERT INTO callstate_entries (call_row, ${ENTRY_COLUMNS.join(', ')})
    VALUES (?, ${ENTRY_COLUMNS.map(() => '?').join(', ')})`)
  const begin = database.prepare('BEGIN IMMEDIATE')
  const commit = database.prepare('COMMIT')
  return (transaction) => {
    const rows = transaction.map((write) => {
      const [provider, callId, status, settled, ...rest] = callValues(write)
      const call = [provider, callId, status, settled ? 1 : 0, ...rest, write.row.askAt] as const
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
