import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import BetterSqlite from 'better-sqlite3'
import { afterAll, describe, test } from 'vitest'
import type { Store } from '../store.ts'
import { type StoreConformanceOptions, storeConformance } from '../testing/index.ts'
import { createSqliteStore } from './index.ts'

const folder = mkdtempSync(join(tmpdir(), 'callstate-sqlite-'))
afterAll(() => rmSync(folder, { recursive: true }))

let files = 0

/** Stores on files, each opened with a function, and opened again by the same name. */
function onFiles(openFile: (path: string) => Store): StoreConformanceOptions {
  const paths = new WeakMap<Store, string>()
  const openPath = (path: string): Store => {
    const store = openFile(path)
    paths.set(store, path)
    return store
  }
  return {
    open: async () => openPath(join(folder, `${files++}.db`)),
    reopen: async (store) => openPath(paths.get(store) ?? ''),
    isToldOfOthers: true,
    // One who writes lets nobody else write, so what is left open is a reader's.
    openTransaction: async (store) => {
      const database = new BetterSqlite(paths.get(store))
      database.exec('BEGIN; SELECT count(*) FROM callstate_calls')
      return {
        commit: async () => {
          database.exec('COMMIT')
          database.close()
        },
      }
    },
  }
}

/** What a power cut would do is not tested here, so nothing waits for the disk. */
const QUICK = { durability: 'normal' } as const

describe.each<[string, StoreConformanceOptions]>([
  ['a file of node:sqlite', onFiles((path) => createSqliteStore({ path, ...QUICK }))],
  [
    'a file of better-sqlite3',
    onFiles((path) => createSqliteStore({ database: new BetterSqlite(path), ...QUICK })),
  ],
  ['node:sqlite in memory', { open: async () => createSqliteStore({ path: ':memory:' }) }],
  [
    'better-sqlite3 that gives bigints, in memory',
    {
      open: async () =>
        createSqliteStore({ database: new BetterSqlite(':memory:').defaultSafeIntegers() }),
    },
  ],
])('%s', (_, options) => {
  for (const check of storeConformance(options)) test(check.name, check.run)
})
