import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bolna } from 'callstate/providers/bolna'
import { dialgen } from 'callstate/providers/dialgen'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { FIRST_STEP_AT, ODD_IDS, STEPS_OF_0_1 } from '../../test/fixtures/inputs-of-0.1.ts'
import type { EverythingSaidBy01 } from '../../test/fixtures/play-0.1.ts'
import { corrected, createTracker, ready, type Tracker } from '../index.ts'
import { createSqliteStore } from './index.ts'

// What release 0.1 began, this release goes on with, through the tracker's own door.

const FIXTURES = new URL('../../test/fixtures/', import.meta.url)
const said: EverythingSaidBy01 = JSON.parse(
  readFileSync(new URL('said-by-0.1.json', FIXTURES), 'utf8'),
)
const entries = said.calls.flatMap(({ history }) => history)

let folder = ''
let now = 0
let tracker: Tracker

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'callstate-sqlite-'))
  const path = join(folder, 'calls.db')
  copyFileSync(new URL('sqlite-of-0.1.db', FIXTURES), path)
  now = FIRST_STEP_AT + 24 * 3_600_000
  const store = createSqliteStore({ path, durability: 'normal' })
  const quiet = () => {}
  const logger = { debug: quiet, info: quiet, warn: quiet, error: quiet }
  tracker = createTracker({ store, providers: [bolna, dialgen], now: () => now, logger })
})
afterEach(async () => {
  await tracker.close()
  rmSync(folder, { recursive: true })
})

test('nothing of it is called damaged', async () => {
  const { differences, ...counted } = await tracker.verify()
  expect(differences).toEqual([])
  const olderRules = entries.length
  expect(counted).toEqual({
    calls: said.calls.length,
    entries: entries.length,
    unchecked: 0,
    olderRules,
  })
})

test('every call takes in what comes next', async () => {
  for (const call of said.calls.filter(({ provider }) => provider === 'bolna')) {
    const body = { id: call.callId, status: 'warbling', note: 'what comes next' }
    const result = await tracker.ingest({ provider: 'bolna', body })
    expect(result).toMatchObject({ ok: true, repeated: false, sequence: call.events + 1 })
    const row = await tracker.get(call)
    // The row is folded by the rules of today with its next write.
    expect(row).toMatchObject({ status: call.status, attempt: call.attempt })
    expect(row?.rules).toBeGreaterThan(1)
  }
  expect((await tracker.verify()).differences).toEqual([])
})

test('what 0.1 has stored and is delivered again changes no call', async () => {
  const statuses = new Map(said.calls.map((call) => [`${call.provider} ${call.callId}`, call]))
  for (const step of STEPS_OF_0_1) {
    if (step.do !== 'ingest' || step.redacted === true) continue
    const result = await tracker.ingest({ provider: step.provider, rawBody: step.rawBody })
    expect(result).toMatchObject({ ok: true, type: 'events' })
  }
  const after = await tracker.list({ limit: 1000 })
  for (const { provider, callId, status, attempt } of after.items) {
    const before = statuses.get(`${provider} ${callId}`)
    expect([callId, status, attempt]).toEqual([callId, before?.status, before?.attempt])
  }
  expect((await tracker.verify()).differences).toEqual([])
})

test('a consumer of 0.1 goes on where it stood; a new one has to say where it begins', async () => {
  const heard: string[] = []
  const consumer = tracker.consume('billing', ({ callId }) => void heard.push(callId))
  await consumer.ready
  await consumer.idle()
  await consumer.stop()
  // Handled, or set aside, before the upgrade.
  expect(heard).not.toContain('plain-in-order')
  expect(heard).not.toContain('retried-voicemail')
  for (const id of ['two-ends', 'written-by-php', ...ODD_IDS]) expect(heard).toContain(id)
  const unsaid = tracker.consume('charges', () => {})
  await expect(unsaid.ready).rejects.toMatchObject({ code: 'invalid-option' })
})

test('each attempt is charged once, by its own record', async () => {
  const charged = new Map<string, number>()
  const consumer = tracker.consume(
    'charges',
    ({ callId, attempt, finalData }) => {
      if (finalData?.cost) charged.set(`${callId}/${attempt}`, finalData.cost.amount)
    },
    { when: [ready('cost'), corrected('cost')], from: 'start' },
  )
  await consumer.ready
  await consumer.idle()
  await consumer.stop()
  // What the bodies say that 0.1 was handed, of the end that counts.
  const costs = {
    'plain-in-order/1': 22,
    'plain-backwards/1': 0.1,
    'plain-numbers/1': 1e16,
    // Nobody answered, which the record says to have cost nothing.
    'retried/1': 0,
    'retried/2': 20,
    'retried-voicemail/1': 10,
    'retried-late-end/1': 10,
    'retried-late-end/2': 20,
    'unsaid/2': 7,
    'two-ends-line-up/1': 4,
    'ends-decided-late/1': 5,
    'enriched/1': 9,
    'written-by-python/1': 22,
    'written-by-java/1': 22,
    'written-by-ruby/1': 22,
    '__proto__/1': 2,
  }
  const came = Object.keys(costs).map((name) => [name, charged.get(name)])
  expect(Object.fromEntries(came)).toEqual(costs)
  for (const none of ['two-ends/1', 'overdue-3/1', 'retried-voicemail/2']) {
    expect(charged.has(none)).toBe(false)
  }
})

test('folded anew, it is of today and still sound', async () => {
  const dry = await tracker.rebuild()
  expect(dry).toMatchObject({ calls: said.calls.length, unchecked: 0 })
  expect(dry.rebuilt).toBeGreaterThan(0)
  expect(await tracker.rebuild({ write: true })).toEqual(dry)
  expect(await tracker.rebuild({ write: true })).toMatchObject({ rebuilt: 0, corrected: 0 })
  expect((await tracker.verify()).differences).toEqual([])
})
