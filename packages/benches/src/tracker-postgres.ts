import { createPostgresStore, type PreparedStatement } from '@callstate/tracker/postgres'
import { Pool } from 'pg'
import { startPostgres } from '../../tracker/src/postgres/server.fixture.ts'
import { type BareWriter, type BenchEngine, callValues, entryValues } from './tracker-engine.ts'

/** A PostgreSQL of its own in a temporary folder, with the settings that it has by default. */
export async function openPostgres(): Promise<BenchEngine> {
  const server = await startPostgres()
  const pool = new Pool({ connectionString: server.connectionString })
  // Connections that the server ends when it stops are no failure of ours.
  pool.on('error', () => {})
  let schemas = 0
  const nextStore = () => ({
    pool,
    schema: `tracker_${schemas++}`,
    prepared: (statement: PreparedStatement) => pool.query(statement),
  })
  return {
    title: 'PostgreSQL',
    openStore: async () => createPostgresStore(nextStore()),
    openStore01: async (release) => release.createPostgresStore(nextStore()),
    async openBare() {
      const schema = `bare_${schemas++}`
      await createPostgresStore({ pool, schema }).migrate()
      return bareWriter(pool, schema)
    },
    async openInsert() {
      const table = `webhooks_${schemas++}`
      const columns = 'id bigint generated always as identity primary key'
      await pool.query(`create table ${table} (${columns}, call_id text, status text, body text)`)
      const text = `insert into ${table} (call_id, status, body) values ($1, $2, $3)`
      return async (...values) => void (await pool.query({ name: table, text, values }))
    },
    async close() {
      await pool.end()
      await server.stop()
    },
  }
}

/** One statement a transaction, which costs least: one way to the server and back. */
function bareWriter(pool: Pool, schema: string): BareWriter {
  const one = {
    name: `${schema}_one`,
    text: `
      with called as (
        insert into ${schema}.callstate_calls as known (${CALL_COLUMNS}, poll_at, polls)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $5, 0) ${ON_CONFLICT} returning id
      )
      insert into ${schema}.callstate_entries (call, ${ENTRY_COLUMNS})
      select id, $12, $13, $14, $15, $16, $17 from called`,
  }
  const many = {
    name: `${schema}_many`,
    text: `
      with called as (
        insert into ${schema}.callstate_calls as known (${CALL_COLUMNS}, poll_at, polls)
        select ${CALL_COLUMNS}, due_at, 0 from unnest(
          $1::text[], $2::text[], $3::text[], $4::boolean[], $5::bigint[], $6::int[], $7::bigint[],
          $8::bigint[], $9::bigint[], $10::bigint[], $11::text[]
        ) as batch (${CALL_COLUMNS})
        ${ON_CONFLICT} returning id, provider, call_id
      )
      insert into ${schema}.callstate_entries (call, ${ENTRY_COLUMNS})
      select id, ${ENTRY_COLUMNS} from unnest(
        $12::text[], $13::text[], $14::int[], $15::text[], $16::bigint[], $17::text[], $18::text[],
        $19::text[]
      ) as entry (provider, call_id, ${ENTRY_COLUMNS}) join called using (provider, call_id)`,
  }
  return (transaction) => {
    const [first] = transaction
    if (first !== undefined && transaction.length === 1 && first.entries.length === 1) {
      const values = [...callValues(first), ...(entryValues(first)[0] ?? [])]
      return async () => void (await pool.query({ ...one, values }))
    }
    const entries = transaction.flatMap((write) => {
      const { provider, callId } = write.row
      return entryValues(write).map((entry) => [provider, callId, ...entry])
    })
    const values = [...columnsOf(transaction.map(callValues)), ...columnsOf(entries)]
    return async () => void (await pool.query({ ...many, values }))
  }
}

const CALL_COLUMNS = `provider, call_id, status, settled, due_at, events, first_received_at,
  last_received_at, forgotten_at, revision, knowledge`

const ENTRY_COLUMNS = 'sequence, key, received_at, event, decision, payload'

const ON_CONFLICT = `
  on conflict (provider, call_id) do update set
    status = excluded.status, settled = excluded.settled, due_at = excluded.due_at,
    events = excluded.events, last_received_at = excluded.last_received_at,
    revision = excluded.revision, knowledge = excluded.knowledge, poll_at = excluded.poll_at`

/** Lists of rows as lists of columns. */
function columnsOf(rows: readonly (readonly unknown[])[]): unknown[][] {
  return (rows[0] ?? []).map((_, column) => rows.map((row) => row[column]))
}
