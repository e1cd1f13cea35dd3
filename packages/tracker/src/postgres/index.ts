export { createPostgresStore, type PostgresOptions } from './postgres-store.ts'
export type { PostgresPool } from './session.ts'
