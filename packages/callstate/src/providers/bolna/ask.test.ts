import { describe, expect, test } from 'vitest'
import { readWhole } from '../list.fixture.ts'
import { bolna } from './index.ts'
import { CALL_ID, START } from './records.fixture.ts'

const ask = bolna.ask
if (ask?.list === undefined) throw new Error('Bolna can be asked.')
const { list } = ask
const DAY_MS = 24 * 60 * 60_000
const week = { from: START - 7 * DAY_MS, to: START, scope: 'agent/1', account: null }
const questionAt = (cursor: string | null) => ({ ...week, cursor })
const row = (id: number) => ({
  id: `${CALL_ID}-${id}`,
  status: 'busy',
  conversation_duration: 0,
  created_at: '2026-01-26T10:00:00.123456+00:00',
})

describe('a question for a record', () => {
  test('names the execution', () => {
    const question = { callId: 'agent-1#17', openedAt: 0, now: START, account: null }
    expect(ask.record(question)).toEqual([{ path: '/executions/agent-1%2317' }])
  })

  test.each(['', '..', '\ud800'])('is not asked for what can be no execution: %j', (callId) => {
    expect(ask.record({ callId, openedAt: 0, now: START, account: null })).toEqual([])
  })
})

describe('a question for a list', () => {
  test('names agent, page and period, as the page of that endpoint has them', () => {
    const { path } = list.request(questionAt(null))
    const { pathname, searchParams } = new URL(ask.baseUrl + path)
    expect(pathname).toBe('/v2/agent/agent%2F1/executions')
    expect(Object.fromEntries(searchParams)).toEqual({
      page_number: '1',
      page_size: '50',
      from: '2026-01-19T10:00:00.000Z',
      to: '2026-01-26T10:00:00.000Z',
    })
    // Stated: seven days at most.
    expect(week.to - week.from).toBe(list.maxRangeMs)
  })

  test('has both bounds of the period or neither', () => {
    for (const period of [{ from: null }, { to: null }, { from: null, to: null }]) {
      const { path } = list.request({ ...questionAt(null), ...period })
      expect(path).toBe('/v2/agent/agent%2F1/executions?page_number=1&page_size=50')
    }
  })

  test('begins anew where the cursor is none', () => {
    for (const cursor of ['0', '-1', '1.5', 'x', '1e99', '']) {
      expect(list.request(questionAt(cursor)).path).toContain('page_number=1&')
    }
    expect(list.request(questionAt('7')).path).toContain('page_number=7&')
  })
})

describe('a page', () => {
  const body = { page_number: 1, page_size: 50, total: 51, has_more: true, data: [row(1)] }

  test('has rows, each an event of its call', () => {
    const page = list.readPage(body, questionAt(null))
    expect(page).toEqual({ items: [row(1)], next: '2' })
    expect(bolna.read({ body: page?.items[0], kind: 'list-item' })).toMatchObject({
      ok: true,
      events: [{ callId: `${CALL_ID}-1`, status: 'busy', kind: 'list-item', attempt: null }],
    })
  })

  test.each([
    [{ ...body, has_more: false }, '3', null],
    [{ ...body, has_more: undefined }, '3', null],
    [{ ...body, data: [] }, '3', null],
    [body, '3', '4'],
    // What the body says of its own number does not lead the reader in a circle.
    [{ ...body, page_number: 1 }, '9', '10'],
  ])('%#: is followed by the next one, or is the last', (one, cursor, next) => {
    expect(list.readPage(one, questionAt(cursor))?.next).toBe(next)
  })

  test.each([null, [], [row(1)], {}, { data: {} }, 'data', { data: null }])(
    'is none in %j',
    (one) => {
      expect(list.readPage(one, questionAt(null))).toBeNull()
    },
  )

  test('after page leads to every row once, and to an end', () => {
    const rows = Array.from({ length: 120 }, (_, place) => row(place))
    const read = readWhole(ask, week, ({ searchParams }) => {
      const [number, size] = ['page_number', 'page_size'].map((name) =>
        Number(searchParams.get(name)),
      )
      const end = (number ?? 0) * (size ?? 0)
      return { data: rows.slice(end - (size ?? 0), end), has_more: rows.length > end }
    })
    expect(read).toEqual(rows)
  })
})
