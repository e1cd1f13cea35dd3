import { bolna } from 'callstate/providers/bolna'
import { dialgen } from 'callstate/providers/dialgen'
import { describe, expect, test } from 'vitest'
import { type Body, foldBodies, rowAfter } from './fold.fixture.ts'
import { finalDataOf } from './ledger.ts'
import type { TrackedCall } from './tracked-call.ts'

/** A message of Bolna's, with the minute that its clock shows. */
function said(status: string, minute: number, fields: Body = {}): Body {
  const updated_at = new Date(Date.UTC(2026, 0, 26, 10, minute)).toISOString()
  return { id: 'c-1', status, updated_at, ...fields }
}

function costsOf({ attempts }: TrackedCall): readonly (readonly [number, number | null])[] {
  return attempts.map((ledger) => [ledger.attempt, finalDataOf(ledger)?.cost?.amount ?? null])
}

/** Every order of a list. */
function* ordersOf<Item>(items: readonly Item[]): Generator<readonly Item[]> {
  if (items.length === 0) yield []
  for (const [place, item] of items.entries()) {
    for (const rest of ordersOf(items.toSpliced(place, 1))) yield [item, ...rest]
  }
}

describe('a message that names its attempt', () => {
  const unsaid = said('completed', 10, { total_cost: 10, conversation_duration: 5 })
  const named = said('completed', 3, { total_cost: 7, conversation_duration: 5, retry_count: 0 })
  const retried = said('ringing', 5, { retry_count: 1 })

  test('goes before one that was only read into it, in whatever order they come', () => {
    let orders = 0
    for (const bodies of ordersOf([unsaid, named, retried])) {
      const [first] = costsOf(rowAfter(foldBodies(bolna, bodies)))
      expect(first).toEqual([1, 7])
      orders++
    }
    expect(orders).toBe(6)
  })

  test('corrects what the other one had brought', () => {
    const folded = foldBodies(bolna, [unsaid, retried, named])
    const [fact] = folded[2]?.entry.decided.facts ?? []
    expect(fact).toMatchObject({ attempt: 1, ready: [], finalData: { cost: { amount: 7 } } })
    expect(fact?.corrected).toContainEqual({
      field: 'cost',
      before: null,
      now: { amount: 7, currency: null, unit: 'cent' },
      message: folded[2]?.entry.key,
    })
    // What the first one has fired is fired no second time where it is read into the second attempt.
    const facts = folded.slice(1).flatMap(({ entry }) => entry.decided.facts)
    expect(facts.map(({ attempt }) => attempt)).toEqual([1, 1])
    expect(rowAfter(folded).attempts[1]).toMatchObject({ missing: ['durationMs', 'cost'] })
  })

  test('is corrected by another one that names it, and not by one that is read into it', () => {
    const later = said('completed', 12, { total_cost: 8, retry_count: 0 })
    expect(costsOf(rowAfter(foldBodies(bolna, [named, unsaid])))).toEqual([[1, 7]])
    expect(costsOf(rowAfter(foldBodies(bolna, [named, later, unsaid])))).toEqual([[1, 8]])
  })
})

describe('of messages with one time', () => {
  test('the one that came later counts', () => {
    for (const costs of ordersOf([7, 8, 9])) {
      const same = costs.map((total_cost) => said('completed', 3, { total_cost }))
      const folded = foldBodies(bolna, same)
      expect(costsOf(rowAfter(folded))).toEqual([[1, costs[2]]])
      const corrected = folded.flatMap(({ entry }) =>
        entry.decided.facts.flatMap((fact) => fact.corrected.map(({ now }) => now)),
      )
      expect(corrected).toMatchObject([{ amount: costs[1] }, { amount: costs[2] }])
    }
  })

  test('the one that came later counts where the provider gives no time, or only that of the end', () => {
    const timeless = [7, 6].map((total_cost) => ({ id: 'c-1', status: 'completed', total_cost }))
    expect(costsOf(rowAfter(foldBodies(bolna, timeless)))).toEqual([[1, 6]])
    const rows = [30, 20, 25].map((duration) => ({
      callData: {
        callId: 'd-1',
        status: 'COMPLETED',
        endTime: '2026-01-26T10:00:00Z',
        duration,
      },
    }))
    const [ledger] = rowAfter(foldBodies(dialgen, rows)).attempts
    expect(ledger && finalDataOf(ledger)?.durationMs).toBe(25_000)
  })
})

test('a row names a message once, however much it says, and no more when another has said all of it', () => {
  const fields = { total_cost: 7, conversation_duration: 5, answered_by_voice_mail: false }
  const folded = foldBodies(bolna, [
    said('completed', 1, fields),
    said('completed', 2, { total_cost: 8 }),
    said('completed', 3, { ...fields, conversation_duration: 6 }),
  ])
  const keys = folded.map(({ entry }) => entry.key)
  const named = ({ row }: (typeof folded)[number]) =>
    keys.map((key) => JSON.stringify(row.attempts).split(key).length - 1)
  expect(folded.map(named)).toEqual([
    [1, 0, 0],
    [1, 1, 0],
    [0, 0, 1],
  ])
})
