// A process that makes or updates the tables of a PostgreSQL database, and says "writes" each time before
// it writes what it converted.

import { writeSync } from 'node:fs'
import { createPostgresStore } from '@callstate/tracker/postgres'
import { Pool } from 'pg'

/** What the process is told. */
export interface MigrateOptions {
  readonly connectionString: string
  readonly schema: string
}

const { connectionString, schema }: MigrateOptions = JSON.parse(process.argv[2] ?? '')
const pool = new Pool({ connectionString })
const told = {
  query(text: string, values?: unknown[]) {
    // At once: who is killed a moment later has said it.
    if (/^\s*with picked/.test(text)) writeSync(1, 'writes\n')
    return pool.query(text, values)
  },
}
await createPostgresStore({ pool: told, schema }).migrate()
await pool.end()
