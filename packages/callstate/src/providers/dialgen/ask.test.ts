import { describe, expect, test } from 'vitest'
import { readWhole } from '../list.fixture.ts'
import { dialgen } from './index.ts'
import { LIVE_STATUS } from './messages.fixture.ts'

const ask = dialgen.ask
if (ask === null) throw new Error('Dialgen can be asked.')
const DAY_MS = 24 * 60 * 60_000
const OPENED = Date.UTC(2025, 10, 15)

const pathsAfter = (days: number, callId = 'call/1') =>
  ask
    .record({ callId, openedAt: OPENED, now: OPENED + days * DAY_MS, account: null })
    .map(({ path }) => path)

describe('a question for a record', () => {
  const live = '/api/v1/status/call?callId=call%2F1'
  const persistent = '/api/v1/call/check-status?callId=call%2F1'

  test('goes to the live status for 30 days, and to the persistent one after that', () => {
    expect(pathsAfter(0)).toEqual([live, persistent])
    expect(pathsAfter(30 - 1 / DAY_MS)).toEqual([live, persistent])
    expect(pathsAfter(30)).toEqual([persistent])
    expect(pathsAfter(31)).toEqual([persistent])
  })

  test('is not asked for what can be no identifier', () => {
    expect(pathsAfter(0, '')).toEqual([])
    expect(pathsAfter(0, '\ud800')).toEqual([])
  })
})

describe('a question for a list', () => {
  const { contactId: _contactId, batchId: _batchId, ...item } = LIVE_STATUS
  const batch = { from: null, to: null, scope: 'batch 1', account: null }

  test('is one for the calls of a batch, each an event of its call', () => {
    const rows = readWhole(ask, batch, ({ pathname, searchParams }) => {
      expect([pathname, searchParams.get('batchId')]).toEqual(['/api/v1/status/batch', 'batch 1'])
      return { batchId: 'batch 1', calls: [item] }
    })
    expect(rows).toEqual([item])
    expect(dialgen.read({ body: rows[0], kind: 'list-item' })).toMatchObject({
      ok: true,
      events: [{ callId: 'call_123', status: 'initiated', kind: 'list-item' }],
    })
  })

  test.each([null, [], {}, { calls: {} }])('is not answered by %j', (body) => {
    expect(ask.list?.readPage(body, { ...batch, cursor: null })).toBeNull()
  })
})
