import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { FIRST_STEP_AT, LOOKED_AT_MS } from '../../test/fixtures/inputs-of-0.1.ts'
import { hasRelease01, importRelease01, type Store01 } from '../../test/fixtures/release-0.1.ts'
import { changesAfter } from '../testing/store/following.ts'
import { createSqliteStore } from './index.ts'

const FIXTURES = new URL('../../test/fixtures/', import.meta.url)
const statements: readonly string[] = JSON.parse(
  readFileSync(new URL('sqlite-statements-of-0.1.json', FIXTURES), 'utf8'),
)
const LATER = FIRST_STEP_AT + 10 * LOOKED_AT_MS

let folder = ''
let path = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'callstate-sqlite-'))
  path = join(folder, 'calls.db')
  copyFileSync(new URL('sqlite-of-0.1.db', FIXTURES), path)
})
afterEach(() => rmSync(folder, { recursive: true }))

async function migrated() {
  const store = createSqliteStore({ path, durability: 'normal' })
  await store.migrate()
  return store
}

describe('a process of release 0.1', () => {
  test('that runs on: what it writes, claims and hands out is an error', async () => {
    const store = await migrated()
    await store.close()
    const database = new DatabaseSync(path)
    const served = statements.filter((sql) => {
      try {
        database.prepare(sql)
        return true
      } catch {
        return false
      }
    })
    const reads = served.filter((sql) => sql.startsWith('SELECT'))
    // Rows of calls, in which it then finds no column of the name that it wants, and their number.
    for (const sql of reads)
      expect(sql).toMatch(/^SELECT (\*|provider, count.*) FROM callstate_calls/)
    // Each follows on one that is refused, in the same transaction.
    expect(served.filter((sql) => !reads.includes(sql))).toEqual([
      'DELETE FROM callstate_cursors WHERE consumer = ?',
      'DELETE FROM callstate_dead_letters WHERE consumer = ?',
      "UPDATE callstate_dead_letters SET error = '' WHERE provider = ? AND call_id = ?",
    ])
    expect(statements.length - served.length).toBeGreaterThan(15)
  })

  // The tarballs of 0.1 are built by `pnpm tarballs-of-0.1`, which takes minutes and the whole history.
  test.runIf(hasRelease01())(
    'is refused, whether it runs or starts (where the tarballs of 0.1 are there)',
    async () => {
      const { createSqliteStore: createStore01 } = await importRelease01()
      const running = createStore01({ path })
      await running.migrate()
      expect((await running.list(LIST)).length).toBeGreaterThan(40)
      const store = await migrated()
      const before = await changesAfter(store, '', 100)
      for (const [name, use] of Object.entries(USES_OF_0_1)) {
        const answer = await use(running).then(
          () => 'served',
          () => 'refused',
        )
        expect([name, answer]).toEqual([name, 'refused'])
      }
      await expect(createStore01({ path }).migrate()).rejects.toMatchObject({
        code: 'store-failed',
        message: expect.stringContaining('Expected tables of version 1 or older, got version 2'),
      })
      expect(await changesAfter(store, '', 100)).toEqual(before)
    },
  )
})

const LIST = { order: 'newest', after: null, limit: 1000 } as const
const REF = { provider: 'bolna', callId: 'overdue-1' }
const CLAIM = { now: LATER, until: LATER + 1, latest: LATER * 2, limit: 10, owner: 'old' }

/** Whatever a process of 0.1 does with a store. */
const USES_OF_0_1: Readonly<Record<string, (store: Store01) => Promise<unknown>>> = {
  load: (store) => store.load([REF]),
  append: (store) => {
    const call = { status: 'ringing', attempt: 1, heard: [], unrecognized: [] }
    const times = { firstReceivedAt: 1, lastReceivedAt: 1, forgottenAt: null, dueAt: null }
    const row = { ...REF, callId: 'new', call, ...times, settled: false, events: 0, revision: 1 }
    return store.append([{ row, basedOn: 0, entries: [] }], { now: LATER })
  },
  history: (store) => store.history(REF),
  list: (store) => store.list(LIST),
  registerConsumer: (store) => store.registerConsumer('new', { from: 'start', now: LATER }),
  endClaim: (store) => {
    return store.endClaim('billing', REF, 'old', { position: 0, tries: 0, nextAt: LATER })
  },
  keepClaim: (store) => store.keepClaim('billing', REF, 'old', { position: 0, until: LATER }),
  reviveDeadLetters: (store) => store.reviveDeadLetters('billing', { now: LATER }),
  endDeadLetter: (store) => {
    return store.endDeadLetter('1', { handled: false, error: 'late', at: LATER })
  },
  removeConsumer: (store) => store.removeConsumer('billing'),
  claimCalls: (store) => store.claimCalls('billing', CLAIM),
  claimSilent: (store) => store.claimSilent({ ...CLAIM, provider: 'bolna' }),
  postponePoll: (store) => store.postponePoll(REF, { dueAt: 1, at: 2, asked: 1 }),
  deadLetters: (store) => store.deadLetters({ limit: 10 }),
  claimDeadLetters: (store) => store.claimDeadLetters('billing', CLAIM),
  counts: (store) => store.counts({ now: LATER }),
}
