import { execFile } from 'node:child_process'
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import BetterSqlite from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Store, StoredChange } from '../store.ts'
import { byCall, changesAfter } from '../testing/store/following.ts'
import { write } from '../testing/store/sample-write.ts'
import { createSqliteStore } from './index.ts'
import { LISTEN_INTERVAL_MS } from './listening.ts'

let folder = ''
let stores: Store[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'callstate-sqlite-'))
})
afterEach(async () => {
  for (const store of stores) await store.close()
  stores = []
  rmSync(folder, { recursive: true })
})

async function open(name: string): Promise<Store> {
  const store = createSqliteStore({ path: join(folder, name), durability: 'normal' })
  stores.push(store)
  await store.migrate()
  return store
}

describe('a backup that was restored', () => {
  const namesAfter = async (store: Store, position: string) =>
    (await changesAfter(store, position, 2)).map(({ callId }) => callId)

  /** A backup of a file with one call, and a position of what was written to the file afterwards. */
  async function prepare(): Promise<{ restored: Store; kept: string; lost: string }> {
    const store = await open('calls.db')
    await write(store, 'kept')
    const kept = await store.position()
    await store.close()
    copyFileSync(join(folder, 'calls.db'), join(folder, 'backup.db'))
    const again = await open('calls.db')
    for (const name of ['lost-1', 'lost-2', 'lost-3']) await write(again, name)
    return { restored: await open('backup.db'), kept, lost: await again.position() }
  }

  test('goes on from a position before it', async () => {
    const { restored, kept } = await prepare()
    await write(restored, 'new')
    expect(await namesAfter(restored, kept)).toEqual(['new'])
  })

  test('begins anew from a position of what was lost, however much was written since', async () => {
    const { restored, lost } = await prepare()
    expect(await namesAfter(restored, lost)).toEqual(['kept'])
    const names = ['kept']
    for (const place of [1, 2, 3, 4, 5]) {
      await write(restored, `new-${place}`, { statuses: ['queued'], at: 1_800_000_000_000 + place })
      names.push(`new-${place}`)
      expect(await namesAfter(restored, lost)).toEqual(names)
    }
  })
})

test('who follows several processes that write gets every entry once, in the order of its call', async () => {
  const [WRITERS, EACH] = [3, 40]
  const store = await open('calls.db')
  const index = new URL('./index.ts', import.meta.url).href
  const sample = new URL('../testing/store/sample-write.ts', import.meta.url).href
  const script = `
    import { createSqliteStore } from '${index}'
    import { rowOf, sampleWrite } from '${sample}'
    const store = createSqliteStore({ path: process.argv[1], durability: 'normal' })
    for (let written = 0; written < ${EACH}; ) {
      const callId = 'call-' + (written % 3)
      const before = await rowOf(store, callId)
      const write = sampleWrite(callId, { before, statuses: ['queued', 'ringing'] })
      const [isWritten] = await store.append([write], { now: 0 })
      if (isWritten) written++
    }
    await store.close()
  `
  const flags = ['--conditions=@callstate/source', '--input-type=module-typescript']
  const path = join(folder, 'calls.db')
  const writer = () => promisify(execFile)(process.execPath, [...flags, '--eval', script, path])
  let isOver = false
  let wake = () => {}
  const over = Promise.all(Array.from({ length: WRITERS }, writer)).then(() => {
    isOver = true
  })
  const stop = store.onStored(() => wake())
  const came: StoredChange[] = []
  for (let after = '', isLast = false; ; ) {
    const heard = new Promise<void>((resolve) => {
      wake = resolve
    })
    const page = await store.changes(after, { limit: 7 })
    came.push(...page.changes)
    after = page.position
    if (page.hasMore) continue
    if (isLast) break
    await Promise.race([heard, over])
    // What was written before this look is there at the next one.
    isLast = isOver
  }
  stop()
  expect(came.length).toBe(WRITERS * EACH * 2)
  for (const changes of byCall(came).values()) {
    const [first = expect.fail('A call without changes.')] = changes
    expect(changes.map(({ entry }) => entry)).toEqual(await store.history(first))
  }
})

describe('listening', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  test('hears another connection within a quarter of a second, and itself not at all', async () => {
    const store = await open('calls.db')
    const other = await open('calls.db')
    let heard = 0
    store.onStored(() => heard++)
    await write(store, 'own')
    vi.advanceTimersByTime(10 * LISTEN_INTERVAL_MS)
    expect(heard).toBe(0)
    await write(other, 'a')
    await write(other, 'b')
    vi.advanceTimersByTime(LISTEN_INTERVAL_MS)
    expect(heard).toBe(1)
    vi.advanceTimersByTime(10 * LISTEN_INTERVAL_MS)
    expect(heard).toBe(1)
  })

  test('ends with the last listener, and with the store', async () => {
    const store = await open('calls.db')
    const other = await open('calls.db')
    const heard = { first: 0, second: 0 }
    const stopFirst = store.onStored(() => heard.first++)
    const stopSecond = store.onStored(() => heard.second++)
    await write(other, 'a')
    vi.advanceTimersByTime(LISTEN_INTERVAL_MS)
    stopFirst()
    await write(other, 'b')
    vi.advanceTimersByTime(LISTEN_INTERVAL_MS)
    expect(heard).toEqual({ first: 1, second: 2 })
    stopSecond()
    expect(vi.getTimerCount()).toBe(0)
    store.onStored(() => heard.first++)
    await store.close()
    expect(vi.getTimerCount()).toBe(0)
  })

  test('holds no process and no reader: a file that somebody follows can be emptied of its log', async () => {
    const store = await open('calls.db')
    const other = new BetterSqlite(join(folder, 'calls.db'))
    store.onStored(() => {})
    await write(store, 'a')
    vi.advanceTimersByTime(LISTEN_INTERVAL_MS)
    expect(other.pragma('wal_checkpoint(TRUNCATE)')).toEqual([{ busy: 0, log: 0, checkpointed: 0 }])
    other.close()
  })
})
