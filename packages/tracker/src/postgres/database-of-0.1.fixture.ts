import { readFile } from 'node:fs/promises'
import { Pool } from 'pg'

const FIXTURES = new URL('../../test/fixtures/', import.meta.url)

/** What release 0.1 said of a call: see `play-0.1.ts` of the fixtures. */
export interface SaidOfCall {
  readonly provider: string
  readonly callId: string
  readonly status: string | null
  readonly attempt: number
  readonly settled: boolean
  readonly dueAt: number | null
  readonly events: number
  readonly revision: number
  readonly firstReceivedAt: number
  readonly lastReceivedAt: number
  readonly forgottenAt: number | null
  readonly unrecognized: readonly string[]
  readonly history: readonly (readonly [
    key: string,
    receivedAt: number,
    word: string,
    kind: string,
    payload: string | null,
  ])[]
}

export interface SaidBy01 {
  readonly calls: readonly SaidOfCall[]
  readonly overdue: readonly string[]
  readonly deadLetters: readonly (readonly [
    consumer: string,
    callId: string,
    sequence: number,
    error: string,
  ])[]
}

/** A statement of the store of release 0.1, with values. */
export interface StatementOf01 {
  readonly name: string
  readonly text: string
  readonly values: unknown[]
}

export async function saidBy01(): Promise<SaidBy01> {
  return JSON.parse(await readFile(new URL('said-by-0.1.json', FIXTURES), 'utf8'))
}

export async function statementsOf01(): Promise<readonly StatementOf01[]> {
  return JSON.parse(await readFile(new URL('statements-of-0.1.json', FIXTURES), 'utf8'))
}

/** Loads the database that release 0.1 filled into a new schema, and gives a pool whose search path leads there. */
export async function loadDatabaseOf01(connectionString: string, schema: string): Promise<Pool> {
  const options = `-c search_path=${schema}`
  const pool = new Pool({ connectionString, options }).on('error', () => {})
  await pool.query(`create schema ${schema}`)
  await pool.query(await readFile(new URL('postgres-of-0.1.sql', FIXTURES), 'utf8'))
  return pool
}
