export { createPostgresStore, type PostgresOptions } from './postgres-store.ts'
export type { PostgresPool, PreparedStatement, RunPrepared } from './session.ts'
