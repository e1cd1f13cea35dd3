import { createPostgresStore, type PreparedStatement } from '@callstate/tracker/postgres'
import { Pool } from 'pg'
import { startPostgres } from '../../tracker/src/postgres/server.fixture.ts'
import {
  type BareWriter,
  type BenchEngine,
  CALL_COLUMNS,
  callValues,
  ENTRY_COLUMNS,
  entryValues,
  setsOf,
} from './tracker-engine.ts'

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
  const called = COLUMNS.map((_, place) => `$${place + 1}`)
  const entry = ENTRY_COLUMNS.map((_, place) => `$${COLUMNS.length + place + 1}`)
  const one = {
    name: `${schema}_one`,
    text: `
      with called as (
        insert into ${schema}.callstate_calls (${COLUMNS.join(', ')}, next_poll_at, polls)
        values (${called.join(', ')}, ${called[COLUMNS.indexOf('ask_at')]}, 0)
        ${ON_CONFLICT} returning number
      )
      insert into ${schema}.callstate_entries (call, ${ENTRY_COLUMNS.join(', ')})
      select number, ${entry.join(', ')} from called`,
  }
  const named = ['provider', 'call_id', ...ENTRY_COLUMNS]
  const many = {
    name: `${schema}_many`,
    text: `
      with called as (
        insert into ${schema}.callstate_calls (${COLUMNS.join(', ')}, next_poll_at, polls)
        select ${COLUMNS.join(', ')}, ask_at, 0
        from unnest(${listsOf(COLUMNS, 1)}) as batch (${COLUMNS.join(', ')})
        ${ON_CONFLICT} returning number, provider, call_id
      )
      insert into ${schema}.callstate_entries (call, ${ENTRY_COLUMNS.join(', ')})
      select number, ${ENTRY_COLUMNS.join(', ')}
      from unnest(${listsOf(named, COLUMNS.length + 1)}) as entry (${named.join(', ')})
      join called using (provider, call_id)`,
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

const COLUMNS = [...CALL_COLUMNS, 'known', 'attempts'] as const

const ON_CONFLICT = `on conflict (provider, call_id) do update set
  ${setsOf([...COLUMNS, 'next_poll_at'])}`

/** Columns that hold no text. */
const TYPES: Readonly<Record<string, string>> = {
  settled: 'boolean',
  events: 'int',
  rules: 'int',
  sequence: 'int',
  event_sequence: 'double precision',
}

/** Parameters, each the list of all values of a column, from this number on. */
function listsOf(columns: readonly string[], first: number): string {
  const typeOf = (column: string) => {
    const isWhole = column.endsWith('_at') || column === 'revision'
    return TYPES[column] ?? (isWhole ? 'bigint' : 'text')
  }
  return columns.map((column, place) => `$${first + place}::${typeOf(column)}[]`).join(', ')
}

/** Lists of rows as lists of columns. */
function columnsOf(rows: readonly (readonly unknown[])[]): unknown[][] {
  return (rows[0] ?? []).map((_, column) => rows.map((row) => row[column]))
}
