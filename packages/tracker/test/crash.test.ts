import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { startPostgres } from '../src/postgres/server.fixture.ts'
import { crashRun } from './crash-run.ts'

// A shortened form of `pnpm crash`, with a new seed each time: a failure prints it.

const KILLS = 5

const folder = mkdtempSync(join(tmpdir(), 'callstate-crash-'))
afterAll(() => rmSync(folder, { recursive: true }))

const seed = Date.now() % 1_000_000_000

test('a receiver on SQLite that is killed again and again loses and doubles nothing', async () => {
  const address = { kind: 'sqlite', path: join(folder, 'calls.db') } as const
  const handledPath = join(folder, 'handled-sqlite')
  const report = await crashRun({ address, handledPath, kills: KILLS, seed })
  expect(report).toMatchObject({ seed, problems: [] })
  expect(report.acknowledged).toBeGreaterThan(0)
})

test('a receiver on PostgreSQL that is killed again and again loses and doubles nothing', async () => {
  const server = await startPostgres()
  try {
    const { connectionString } = server
    const address = { kind: 'postgres', connectionString, schema: 'crash' } as const
    const handledPath = join(folder, 'handled-postgres')
    const report = await crashRun({ address, handledPath, kills: KILLS, seed })
    expect(report).toMatchObject({ seed, problems: [] })
    expect(report.acknowledged).toBeGreaterThan(0)
  } finally {
    await server.stop()
  }
})
