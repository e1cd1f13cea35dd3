import { TrackerError } from '../error.ts'
import type { SqliteDatabase } from './engine.ts'
import { storeFailure } from './failure.ts'

/** Opens a file with the SQLite that is part of Node; makes it where it is not there. */
export function openDatabase(path: string): SqliteDatabase {
  // Not an import: where Node has no such module the package has to load all the same.
  const sqlite = process.getBuiltinModule('node:sqlite')
  if (sqlite === undefined) {
    throw new TrackerError(
      'invalid-option',
      `Expected a Node that has "node:sqlite" (22.13 or newer) to open "path"; this is ${process.version}. Hand in "database" instead: one of better-sqlite3.`,
    )
  }
  try {
    return new sqlite.DatabaseSync(path)
  } catch (error) {
    throw storeFailure(error)
  }
}
