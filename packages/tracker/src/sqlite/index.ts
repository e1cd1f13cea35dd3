export type { SqliteDatabase, SqliteStatement, SqliteValue } from './engine.ts'
export {
  BUSY_TIMEOUT_MS,
  createSqliteStore,
  type Durability,
  type SqliteStoreOptions,
} from './sqlite-store.ts'
