import { bolna } from 'callstate/providers/bolna'
import { describe, expect, test } from 'vitest'
import type { Folded } from '../intake/fold.ts'
import { type Body, foldBodies, RECEIVED_AT, rowAfter } from './fold.fixture.ts'
import { finalDataOf } from './ledger.ts'
import type { TrackedCall } from './tracked-call.ts'

const MINUTE_MS = 60_000

/** A message of Bolna's: its clock goes on by a minute with each. */
function said(status: string, minute: number, fields: Body = {}): Body {
  const updated_at = new Date(RECEIVED_AT + minute * MINUTE_MS).toISOString()
  return { id: 'c-1', status, updated_at, ...fields }
}

/** What a handler would have billed that sets the amount of each attempt, and every time it did so. */
function billedBy(folded: readonly Folded[]) {
  const amounts = new Map<number, number | null>()
  const log: string[] = []
  for (const { entry } of folded) {
    for (const { attempt, finalData, ready, corrected } of entry.decided.facts) {
      const amount = finalData?.cost?.amount ?? null
      const correction = corrected.find(({ field }) => field === 'cost')
      if (!ready.includes('cost') && correction === undefined) continue
      amounts.set(attempt, amount)
      log.push(
        correction === undefined ? `ready ${attempt} ${amount}` : `corrected ${attempt} ${amount}`,
      )
    }
  }
  return { amounts: [...amounts], log }
}

function costOf({ attempts }: TrackedCall, attempt: number): number | null {
  const ledger = attempts.find((one) => one.attempt === attempt)
  return (ledger && finalDataOf(ledger)?.cost?.amount) ?? null
}

describe('money of attempts', () => {
  test('a voicemail that cost 10 and then nobody with a null cost: 10, once', () => {
    const folded = foldBodies(bolna, [
      said('completed', 1, { total_cost: 10, answered_by_voice_mail: true, retry_count: 0 }),
      said('no-answer', 9, { total_cost: null, retry_count: 1 }),
    ])
    expect(billedBy(folded)).toEqual({ amounts: [[1, 10]], log: ['ready 1 10'] })
    expect(costOf(rowAfter(folded), 2)).toBeNull()
  })

  test('the end of attempt 1 after that of attempt 2: each has its own cost', () => {
    const folded = foldBodies(bolna, [
      said('completed', 9, { total_cost: 20, retry_count: 1 }),
      said('completed', 1, { total_cost: 10, retry_count: 0 }),
    ])
    expect(billedBy(folded).log).toEqual(['ready 2 20', 'ready 1 10'])
    expect(folded[1]?.entry.decided).toMatchObject({ of: 1, attempt: 2 })
  })

  test('a partial cost never stands under completed', () => {
    const folded = foldBodies(bolna, [
      said('call-disconnected', 1, { total_cost: 6.66 }),
      said('completed', 2, { total_cost: null, conversation_duration: 30 }),
      said('completed', 3, { total_cost: 22.99, conversation_duration: 30 }),
    ])
    expect(billedBy(folded).log).toEqual(['ready 1 22.99'])
    const [, ended] = folded
    expect(ended?.entry.decided.facts[0]).toMatchObject({
      ready: ['durationMs'],
      finalData: { cost: null },
    })
    expect(ended?.row.attempts[0]?.missing).toEqual(['cost'])
    expect(rowAfter(folded).attempts[0]?.missing).toEqual([])
  })

  test('another cost of the same end is a correction, with what it was', () => {
    const folded = foldBodies(bolna, [
      said('completed', 1, { total_cost: 6.66 }),
      said('completed', 2, { total_cost: 22.99 }),
    ])
    expect(billedBy(folded).log).toEqual(['ready 1 6.66', 'corrected 1 22.99'])
    const [, second] = folded
    expect(second?.entry.decided.facts[0]?.corrected).toEqual([
      {
        field: 'cost',
        before: { amount: 6.66, currency: null, unit: 'cent' },
        now: { amount: 22.99, currency: null, unit: 'cent' },
        message: second?.entry.key,
      },
    ])
  })

  test('an older message corrects nothing, and none said null', () => {
    const folded = foldBodies(bolna, [
      said('completed', 5, { total_cost: 22.99 }),
      said('completed', 2, { total_cost: 6.66 }),
      said('completed', 7, { total_cost: null }),
    ])
    expect(billedBy(folded).log).toEqual(['ready 1 22.99'])
  })

  test('where two ends are told, the cost is that of the one that counts', () => {
    const folded = foldBodies(bolna, [
      said('busy', 1, { total_cost: 0 }),
      said('in-progress', 2),
      said('completed', 3, { total_cost: 22.99 }),
    ])
    expect(billedBy(folded).log).toEqual(['ready 1 0', 'corrected 1 22.99'])
  })

  test('a value that is taken away is corrected to none, and one that comes back is a correction too', () => {
    const folded = foldBodies(bolna, [
      said('busy', 1, { total_cost: 3 }),
      said('in-progress', 2),
      said('completed', 3, { total_cost: null }),
      said('completed', 4, { total_cost: 22.99 }),
    ])
    expect(billedBy(folded).log).toEqual(['ready 1 3', 'corrected 1 null', 'corrected 1 22.99'])
    const [, , third, fourth] = folded
    expect(third?.entry.decided.facts[0]?.corrected[0]).toMatchObject({ now: null, message: null })
    expect(fourth?.entry.decided.facts[0]?.corrected[0]).toMatchObject({ before: null })
    expect(third?.row.attempts[0]?.missing).toEqual(['durationMs', 'cost'])
  })

  test('a retry history ends an attempt, or makes another of its ends count', () => {
    const earlier = (status: string) => [
      { attempt: 1, status, timestamp: said('', 1)['updated_at'] },
    ]
    const folded = foldBodies(bolna, [
      said('no-answer', 1, { total_cost: 2, retry_count: 0 }),
      said('queued', 9, { retry_count: 1, retry_history: earlier('busy') }),
    ])
    expect(billedBy(folded).log).toEqual(['ready 1 2', 'corrected 1 null'])
    const [, second] = folded
    expect(second?.entry.decided).toMatchObject({ of: 2, facts: [{ attempt: 1 }] })
  })

  test('an end of which only a retry history tells is listed at once, until its own message comes', () => {
    const retry_history = [
      { attempt: 1, status: 'completed', timestamp: said('', 1)['updated_at'] },
    ]
    const folded = foldBodies(bolna, [
      said('in-progress', 0, { retry_count: 0 }),
      said('queued', 9, { retry_count: 1, retry_history }),
      said('completed', 1, { retry_count: 0, total_cost: 10, conversation_duration: 5 }),
    ])
    const listed = { attempt: 1, missing: ['durationMs', 'cost'], isAskable: false }
    expect(folded[1]?.row.attempts).toMatchObject([{ ...listed, dataDueAt: RECEIVED_AT + 1000 }])
    expect(rowAfter(folded)).toMatchObject({ dataDueAt: null, attempts: [{ missing: [] }] })
    expect(billedBy(folded).log).toEqual(['ready 1 10'])
  })

  test('what was handed out stays with the attempt into which it was read when it came', () => {
    const folded = foldBodies(bolna, [
      said('completed', 5, { total_cost: 10 }),
      said('ringing', 4, { retry_count: 1 }),
      said('completed', 5, { retry_count: 1, total_cost: 10 }),
    ])
    // The first message is the second attempt's, as it turns out: nothing of the first has ended.
    expect(billedBy(folded).log).toEqual(['ready 1 10', 'corrected 1 null', 'ready 2 10'])
    expect(folded[1]?.entry.decided.facts).toMatchObject([{ attempt: 1, finalData: null }])
    expect(folded[1]?.row.attempts).toMatchObject([
      { attempt: 1, end: null },
      { attempt: 2, end: 'completed', missing: ['durationMs', 'cost'] },
    ])
  })

  test('replies and rows of lists tell the end and not its data', () => {
    const rows = foldBodies(bolna, [said('completed', 1, { total_cost: 5 })], { kind: 'list-item' })
    expect(rowAfter(rows).attempts).toMatchObject([{ end: 'completed', said: [], readyFields: [] }])
    const record = foldBodies(bolna, [said('completed', 1, { total_cost: 5 })], { kind: 'record' })
    expect(costOf(rowAfter(record), 1)).toBe(5)
  })
})

describe('references', () => {
  const transcript = 'assistant: hello'

  test('lead into the message that holds them, and the same said again is no correction', () => {
    const folded = foldBodies(bolna, [
      said('completed', 1, { transcript, total_cost: 1 }),
      said('completed', 2, { transcript, total_cost: 2, extracted_data: { a: 1, b: 2 } }),
      said('completed', 3, { transcript, total_cost: 2, extracted_data: { b: 2, a: 1 } }),
      said('completed', 4, { transcript: 'user: yes', total_cost: 2 }),
    ])
    expect(
      folded.map(({ entry }) =>
        entry.decided.facts.map(({ ready, corrected }) => [
          ready,
          corrected.map(({ field }) => field),
        ]),
      ),
    ).toEqual([
      [[['cost', 'transcript'], []]],
      [[['extraction'], ['cost']]],
      [],
      [[[], ['transcript']]],
    ])
    const last = rowAfter(folded).attempts[0]
    expect(last && finalDataOf(last)).toMatchObject({
      transcript: { sequence: 4, pointer: '/transcript', pruned: false },
      extraction: { sequence: 3, pointer: '/extracted_data', pruned: false },
    })
  })

  test('say where what they refer to was not kept', () => {
    const folded = foldBodies(bolna, [said('completed', 1, { transcript, total_cost: 7 })], {
      redact: () => ({}),
    })
    const [ledger] = rowAfter(folded).attempts
    expect(ledger && finalDataOf(ledger)).toMatchObject({
      cost: { amount: 7 },
      transcript: { pruned: true },
    })
    expect(JSON.stringify(rowAfter(folded).attempts)).not.toContain('digest')
  })
})

describe('data that are missing', () => {
  const day = 24 * 60 * MINUTE_MS

  test('are overdue a while after the end was told, and then no more', () => {
    const folded = foldBodies(
      bolna,
      [said('ringing', 0), said('completed', 1), said('completed', 2, { total_cost: 5 })],
      { dataBudgetMs: day },
    )
    const due = RECEIVED_AT + 1000 + day
    expect(folded.map(({ row }) => row.dataDueAt)).toEqual([null, due, due])
    expect(folded.map(({ row }) => row.askAt)).toEqual([folded[0]?.row.dueAt, due, due])
    expect(folded[2]?.row.attempts[0]?.missing).toEqual(['durationMs'])
    const more = foldBodies(bolna, [said('completed', 3, { conversation_duration: 4 })], {
      before: rowAfter(folded),
    })
    expect(rowAfter(more)).toMatchObject({ dataDueAt: null, askAt: null })
  })

  test("are the provider's budget by default, whole milliseconds, and none where it is no number", () => {
    const dueWith = (dataBudgetMs?: number) =>
      rowAfter(
        foldBodies(
          bolna,
          [said('completed', 1)],
          dataBudgetMs === undefined ? {} : { dataBudgetMs },
        ),
      ).dataDueAt
    expect(dueWith()).toBe(RECEIVED_AT + bolna.habits.dataBudgetMs)
    expect(dueWith(0.9)).toBe(RECEIVED_AT)
    expect(dueWith(Number.POSITIVE_INFINITY)).toBeNull()
  })

  test('of an attempt that another one followed are overdue at once, and cannot be asked for', () => {
    const folded = foldBodies(bolna, [
      said('completed', 1, { retry_count: 0 }),
      said('queued', 2, { retry_count: 1 }),
    ])
    const { row } = folded[1] ?? {}
    expect(row?.attempts).toMatchObject([{ isAskable: false, dataDueAt: RECEIVED_AT + 1000 }])
    expect(row?.dataDueAt).toBe(RECEIVED_AT + 1000)
    expect(row?.askAt).toBe(row?.dueAt)
    const late = foldBodies(bolna, [
      said('queued', 2, { retry_count: 1 }),
      said('completed', 1, { retry_count: 0 }),
    ])
    expect(rowAfter(late).dataDueAt).toBe(RECEIVED_AT + 1000)
  })

  test('are what the end and the line say, and what the user expects of it', () => {
    const missing = (
      statuses: readonly string[],
      expects?: readonly ('extraction' | 'voicemail')[],
    ) =>
      rowAfter(
        foldBodies(
          bolna,
          statuses.map((status, minute) => said(status, minute)),
          expects === undefined ? {} : { expects },
        ),
      ).attempts.at(0)?.missing
    expect(missing(['busy'])).toEqual([])
    expect(missing(['stopped'])).toEqual([])
    expect(missing(['in-progress', 'stopped'])).toEqual(['cost'])
    expect(missing(['stopped', 'call-disconnected'])).toEqual(['cost'])
    expect(missing(['completed'], ['extraction'])).toEqual(['durationMs', 'cost', 'extraction'])
    // Nothing is extracted of a call that was never up, so none is expected there.
    expect(missing(['busy'], ['extraction'])).toEqual([])
    expect(missing(['busy'], ['voicemail'])).toEqual(['voicemail'])
  })

  test('settle nothing and unsettle nothing', () => {
    expect(rowAfter(foldBodies(bolna, [said('completed', 1)])).settled).toBe(true)
  })
})
