import { execFile } from 'node:child_process'
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { outcome, replay } from 'callstate'
import { bolna } from 'callstate/providers/bolna'
import { dialgen } from 'callstate/providers/dialgen'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { FIRST_STEP_AT, LOOKED_AT_MS } from '../../test/fixtures/inputs-of-0.1.ts'
import type { EverythingSaidBy01 } from '../../test/fixtures/play-0.1.ts'
import type { Store } from '../store.ts'
import { changesAfter } from '../testing/store/following.ts'
import { createSqliteStore } from './index.ts'

const FIXTURES = new URL('../../test/fixtures/', import.meta.url)
const said: EverythingSaidBy01 = JSON.parse(
  readFileSync(new URL('said-by-0.1.json', FIXTURES), 'utf8'),
)
/** When nothing of 0.1 is claimed or postponed any more. */
const LATER = FIRST_STEP_AT + 10 * LOOKED_AT_MS

let folder = ''
let path = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'callstate-sqlite-'))
  path = join(folder, 'calls.db')
  copyFileSync(new URL('sqlite-of-0.1.db', FIXTURES), path)
})
afterEach(() => rmSync(folder, { recursive: true }))

async function migrated(file = path): Promise<Store> {
  const store = createSqliteStore({ path: file, durability: 'normal' })
  await store.migrate()
  return store
}

describe('a file of release 0.1', () => {
  test('is read call by call and entry by entry as 0.1 itself said it', async () => {
    const store = await migrated()
    expect(said.calls.length).toBeGreaterThan(40)
    for (const call of said.calls) {
      const [known] = await store.load([call])
      const { row, keys } = known ?? expect.fail(call.callId)
      const { history, unrecognized, ...rest } = call
      expect(row).toMatchObject(rest)
      expect(row.knowledge).toMatchObject({ status: call.status, attempt: call.attempt })
      expect(row.knowledge.unrecognized.map(({ word }) => word)).toEqual(unrecognized)
      expect(keys).toEqual(history.map(([key]) => key))
      const entries = await store.history(call)
      expect(
        entries.map(({ key, receivedAt, event, decision, payload }) => {
          return [key, receivedAt, event?.status ?? event?.word, decision?.kind, payload]
        }),
      ).toEqual(history)
    }
  })

  test('has what 0.1 could not know as not known, and is of the rules of 0.1', async () => {
    const store = await migrated()
    for (const call of said.calls) {
      const [known] = await store.load([call])
      expect(known?.row).toMatchObject({ rules: 1, attempts: [], dataDueAt: null })
      expect(known?.row.askAt).toBe(call.dueAt)
      for (const { type, decided } of await store.history(call)) {
        expect([type, decided]).toEqual(['event', null])
      }
    }
  })

  test('knows of every call what its events say', async () => {
    const store = await migrated()
    for (const call of said.calls) {
      const [known] = await store.load([call])
      const events = (await store.history(call)).flatMap(({ event }) => event ?? [])
      const provider = call.provider === 'bolna' ? bolna : dialgen
      const folded = replay(events, { provider }).call
      expect(known?.row.knowledge).toEqual(folded)
      expect(known?.row.outcome).toBe(outcome(folded))
    }
  })

  test('says beside each conflict which status counts after it', async () => {
    const store = await migrated()
    const counts = async (callId: string) =>
      (await store.history({ provider: 'bolna', callId })).map(({ decision }) =>
        decision?.kind === 'conflicting' ? decision.counts : null,
      )
    // Worked out by hand: without a line that was up the end without a call counts, else the call.
    expect(await counts('two-ends')).toEqual([null, 'busy'])
    expect(await counts('two-ends-line-up')).toEqual([null, 'busy', 'completed', 'completed'])
    expect(await counts('no-path')).toEqual([null, 'busy'])
    expect(await counts('ends-decided-late')).toEqual([null, 'no-answer', 'completed'])
    expect(await counts('read-anew')).toEqual([null, null, 'prepared', null])
  })

  test('lists what is overdue in the same order, and asks about it as it was agreed', async () => {
    const before = new DatabaseSync(path)
    const postponed = before
      .prepare('SELECT call_id, asked FROM callstate_calls WHERE asked > 0 ORDER BY due_at')
      .all()
    before.close()
    expect(postponed.length).toBe(2)
    const store = await migrated()
    const by = Math.max(...said.calls.map(({ dueAt }) => dueAt ?? 0))
    const query = { order: 'due', after: null, limit: 1000 } as const
    for (const why of [undefined, 'silent'] as const) {
      const overdue = await store.list({ ...query, overdue: { by, ...(why && { why }) } })
      const names = overdue.map(({ callId }) => callId)
      expect(names.slice(0, said.overdue.length)).toEqual(said.overdue)
    }
    expect(await store.list({ ...query, overdue: { by, why: 'data' } })).toEqual([])
    const claim = { provider: 'bolna', now: LATER, until: LATER + 1, limit: 1000 }
    const asked = (await store.claimSilent(claim)).filter((one) => one.asked > 0)
    const came = asked.map((one) => ({ call_id: one.row.callId, asked: one.asked }))
    expect(came).toEqual(postponed.map((one) => ({ ...one })))
  })

  test('hands each consumer what it has not handled, from where it stood', async () => {
    const before = new DatabaseSync(path)
    const left = before
      .prepare(
        `SELECT consumer, provider, call_id, position, tries + (owner IS NOT NULL) AS tries
         FROM callstate_cursors JOIN callstate_calls ON id = callstate_cursors.call WHERE head > position`,
      )
      .all()
    before.close()
    const store = await migrated()
    for (const consumer of ['search', 'billing', 'late']) {
      // Known already, so it need not say where it begins.
      await store.registerConsumer(consumer, { from: null, now: LATER })
      expect(await store.fillConsumer(consumer, { limit: 10, now: LATER })).toBe(false)
      const claim = { now: LATER, until: LATER + 1, latest: LATER * 2, limit: 1000, owner: 'new' }
      const claims = await store.claimCalls(consumer, claim)
      const expected = left
        .filter((one) => one['consumer'] === consumer)
        .map(({ provider, call_id, position, tries }) => {
          return { provider, callId: call_id, position, tries }
        })
      expect(expected.length).toBeGreaterThan(10)
      expect(new Set(claims)).toEqual(new Set(expected))
    }
    const letters = await store.deadLetters({ limit: 1000 })
    expect(
      letters.map(({ consumer, callId, sequence, error }) => [consumer, callId, sequence, error]),
    ).toEqual(said.deadLetters)
    expect(letters.every(({ replayAt }) => replayAt === null)).toBe(true)
  })

  test('is small enough to be kept', () => {
    expect(readFileSync(path).length).toBeLessThan(300_000)
  })

  test('gives every entry to who follows it, and none twice', async () => {
    const store = await migrated()
    const changes = await changesAfter(store, '', 7)
    expect(changes.map(({ entry }) => entry.key).toSorted()).toEqual(
      said.calls.flatMap(({ history }) => history.map(([key]) => key)).toSorted(),
    )
    expect(changes.every(({ before }) => before === null)).toBe(true)
  })
})

describe('the upgrade of a file', () => {
  test('done again, or by several at once, changes nothing', async () => {
    const store = await migrated()
    const everything = async () => [
      await store.list({ order: 'newest', after: null, limit: 1000 }),
      await changesAfter(store, '', 100),
    ]
    const first = await everything()
    const others = await Promise.all([migrated(), migrated(), store.migrate()])
    for (const other of others) await other?.close()
    expect(await everything()).toEqual(first)
  })

  test('that is killed in the middle leaves the file as it was, and is done the next time', async () => {
    const index = new URL('./index.ts', import.meta.url).href
    const script = `
      import { DatabaseSync } from 'node:sqlite'
      import { createSqliteStore } from '${index}'
      const database = new DatabaseSync(process.argv[1])
      let written = 0
      const prepare = (sql) => {
        const statement = database.prepare(sql)
        const isWrite = sql.includes('UPDATE callstate_entries')
        return {
          run(...values) {
            if (isWrite && ++written === 40) process.kill(process.pid, 'SIGKILL')
            return statement.run(...values)
          },
          get: (...values) => statement.get(...values),
          all: (...values) => statement.all(...values),
        }
      }
      const wrapped = { prepare, exec: (sql) => database.exec(sql), close() {} }
      await createSqliteStore({ database: wrapped }).migrate()
    `
    const flags = ['--conditions=@callstate/source', '--input-type=module-typescript']
    const signal = await new Promise((resolve) =>
      execFile(process.execPath, [...flags, '--eval', script, path], (error) =>
        resolve(error?.signal),
      ),
    )
    expect(signal).toBe('SIGKILL')
    const contentOf = (file: string) => {
      const database = new DatabaseSync(file)
      const tables = ['calls', 'entries', 'consumers', 'cursors', 'dead_letters', 'migrations']
      const rows = tables.map((name) => database.prepare(`SELECT * FROM callstate_${name}`).all())
      database.close()
      return rows
    }
    const original = fileURLToPath(new URL('sqlite-of-0.1.db', FIXTURES))
    const untouched = join(folder, 'untouched.db')
    copyFileSync(original, untouched)
    expect(contentOf(path)).toEqual(contentOf(untouched))
    const store = await migrated()
    const other = await migrated(untouched)
    const list = { order: 'newest', after: null, limit: 1000 } as const
    expect(await store.list(list)).toEqual(await other.list(list))
  })
})
