import { bolna } from 'callstate/providers/bolna'
import { dialgen } from 'callstate/providers/dialgen'
import { describe, expect, test } from 'vitest'
import { type Body, foldBodies, historyOf, rowAfter } from './fold.fixture.ts'
import { foldHistory } from './fold-history.ts'

const policy = {
  maxAttempts: 3,
  retryOn: ['no-answer'],
  retryOnVoicemail: false,
  delaysMs: [60_000],
} as const

/** One missed call of Dialgen's, as its webhook and as its record spell it. */
const WEBHOOK: Body = {
  callData: {
    callId: 'd-1',
    status: 'MISSED',
    error: 'NO_ANSWER',
    endTime: '2026-01-26T10:00:00Z',
  },
}
const RECORD: Body = {
  data: { callId: 'd-1', status: 'MISSED', error: 'NO_ANSWER', endedAt: '2026-01-26T10:00:00Z' },
}

describe('a repeat that tells nothing new', () => {
  test('leaves standing what a process with other options has decided', () => {
    const one = foldBodies(dialgen, [WEBHOOK], { policy })
    const other = foldBodies(dialgen, [RECORD], { before: rowAfter(one) })
    expect(other[0]?.entry.decision).toMatchObject({ kind: 'duplicate' })
    const { settled, dueAt, askAt, attempts } = rowAfter(one)
    expect([settled, dueAt]).toEqual([false, expect.any(Number)])
    expect(rowAfter(other)).toMatchObject({ settled, dueAt, askAt, attempts, events: 2 })
    expect(other[0]?.entry.decided).toMatchObject({ settled, dueAt, facts: [] })
    // So does folding the history again by the options of the first one.
    const rules = { provider: dialgen, policy, budgets: {} }
    expect(foldHistory([...historyOf(one), ...historyOf(other)], rules).row).toMatchObject({
      settled,
      dueAt,
      attempts,
    })
  })

  test('takes nothing from the list of missing data, also where it says a later time', () => {
    const said = (second: number, fields: Body = {}) => ({
      id: 'c-1',
      status: 'completed',
      total_cost: 10,
      conversation_duration: 5,
      updated_at: new Date(Date.UTC(2026, 0, 26, 10, 0, second)).toISOString(),
      ...fields,
    })
    const one = foldBodies(bolna, [said(0)], { expects: ['extraction'] })
    const { dataDueAt } = rowAfter(one)
    const other = foldBodies(bolna, [said(2)], { before: rowAfter(one) })
    expect(rowAfter(other)).toMatchObject({ dataDueAt, attempts: [{ missing: ['extraction'] }] })
    // What was missed and comes is missed no more, whoever takes it in.
    const found = foldBodies(bolna, [said(3, { extracted_data: { a: 1 } })], {
      before: rowAfter(other),
    })
    expect(rowAfter(found)).toMatchObject({ dataDueAt: null, attempts: [{ missing: [] }] })
  })
})
