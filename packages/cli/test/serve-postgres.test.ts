import { Writable } from 'node:stream'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type PostgresServer, startPostgres } from '../../tracker/src/postgres/server.fixture.ts'
import { startServing } from '../src/serve/serve-command.ts'
import { createLog } from '../src/server/log.ts'
import { runHere } from './memory-terminal.ts'
import { fill } from './small-database.ts'

let server: PostgresServer
beforeAll(async () => {
  server = await startPostgres()
})
afterAll(() => server.stop())

const nowhere = () => new Writable({ write: (_chunk, _encoding, done) => done() })

test('calls are kept in PostgreSQL, and every command reads them there', async () => {
  const postgres = server.connectionString
  const there = ['--postgres', postgres]
  const empty = await runHere(['calls', ...there])
  expect(empty.code).toBe(2)
  expect(empty.stderr).toContain('never held calls')

  const serving = await startServing(
    {
      port: 0,
      host: '127.0.0.1',
      db: 'not-used.db',
      postgres,
      allowUnauthenticated: true,
      poll: false,
      log: 'text',
      verbose: false,
    },
    { env: {}, stdout: nowhere() },
    { log: createLog(nowhere(), { log: 'text', verbose: false }, Date.now) },
  )
  const delivered = await fetch(`${serving.address}/webhooks/bolna`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ id: 'c-0', status: 'ringing', updated_at: '2026-01-01T00:00:00Z' }),
  })
  expect(delivered.status).toBe(200)
  await serving.stop()
  await fill({ db: 'not-used.db', postgres })

  const listed = await runHere(['calls', '--format', 'json', ...there])
  const { calls } = JSON.parse(listed.stdout) as { calls: { id: string }[] }
  expect(calls.map(({ id }) => id).toSorted()).toEqual([
    'c-0',
    'c-1',
    'c-2',
    'c-3',
    'c-4',
    'call_5',
  ])
  expect(await runHere(['verify', ...there])).toMatchObject({
    code: 0,
    stdout: '6 calls with 11 events: every call is what its history says.\n',
  })
  expect((await runHere(['show', 'c-1', ...there])).stdout).toContain('completed, settled')
  expect((await runHere(['overdue', ...there])).stdout).toContain('c-3')
  expect((await runHere(['dead-letters', ...there])).code).toBe(0)
})

test('a wrong password and a wrong name get a sentence without the password', async () => {
  const password = new URL(server.connectionString)
  password.password = 'hunter2'
  const refused = await runHere(['calls', '--postgres', password.href])
  expect(refused.code).toBe(2)
  expect(refused.stderr).toContain('it refused the user or the password')
  expect(refused.stderr).not.toContain('hunter2')
  const name = new URL(server.connectionString)
  name.pathname = '/nothing'
  expect((await runHere(['calls', '--postgres', name.href])).stderr).toContain(
    'there is no database of this name',
  )
})
