import { CALL_STATUSES } from 'callstate'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type CallFilter,
  callMatcher,
  GROUP_CHOICES,
  NO_FILTER,
  STATUS_CHOICES,
} from '../../page/src/call-filter.ts'
import { createCallIndex } from '../../page/src/call-index.ts'
import { CALL_ORDERS, type CallOrder, compareCalls } from '../../page/src/call-order.ts'
import type { CallRow } from '../../src/wire.ts'

const NOW = 1_000

describe('the index of calls', () => {
  it('shows at any time what filtering and sorting from scratch would show', () => {
    fc.assert(
      fc.property(fc.array(change(), { maxLength: 12 }), (changes) => {
        const index = createCallIndex()
        const truth = new Map<string, CallRow>()
        let view: { filter: CallFilter; order: CallOrder } = {
          filter: NO_FILTER,
          order: 'findings',
        }
        for (const one of changes) {
          if (one.kind === 'update') {
            for (const row of one.rows) truth.set(row.key, row)
            for (const key of one.gone) truth.delete(key)
            index.update(one.rows, one.gone, NOW)
          } else if (one.kind === 'show') {
            view = one
            index.show(one.filter, one.order, NOW)
          } else {
            truth.clear()
            index.clear()
          }
          const sorted = [...truth.values()].toSorted(compareCalls(view.order))
          expect(index.sorted).toEqual(sorted)
          expect(index.shown).toEqual(sorted.filter(callMatcher(view.filter, NOW)))
          expect(new Map(index.rows)).toEqual(truth)
        }
      }),
    )
  })

  it('gives a new list whenever a call that is shown has changed, and drops no other call', () => {
    const index = createCallIndex()
    index.update([row('a'), row('b')], [], NOW)
    const before = index.shown
    index.update([{ ...row('a'), events: 2 }], [], NOW)
    expect(index.shown).not.toBe(before)
    expect(index.shown.map(({ key, events }) => [key, events])).toEqual([
      ['a', 2],
      ['b', 1],
    ])
  })

  it('keeps calls in pieces together, in order', () => {
    const index = createCallIndex()
    for (const piece of [0, 1, 2, 3]) {
      const rows = Array.from({ length: 100 }, (_, place) => row(`${piece}-${place}`))
      index.update(rows, [], NOW)
    }
    expect(index.shown).toHaveLength(400)
  })

  it('counts a call as overdue only after its time', () => {
    const index = createCallIndex()
    index.update([row('a', { dueAt: 999 }), row('b', { dueAt: 1_000 }), row('c')], [], NOW)
    expect(index.countOverdue(1_000)).toBe(1)
    expect(index.countOverdue(1_001)).toBe(2)
  })

  it('counts a call whose data are overdue once, also where it is silent too', () => {
    const index = createCallIndex()
    index.update([row('a', { dataDueAt: 999 }), row('b', { dueAt: 9, dataDueAt: 9 })], [], NOW)
    expect(index.countOverdue(999)).toBe(1)
    expect(index.countOverdue(1_000)).toBe(2)
  })
})

describe('the filter', () => {
  const shownKeys = (rows: readonly CallRow[], filter: Partial<CallFilter>) =>
    rows.filter(callMatcher({ ...NO_FILTER, ...filter }, NOW)).map(({ key }) => key)

  it('finds a part of the id or of the provider, whatever its case', () => {
    const rows = [row('a', { callId: 'AB-12' }), row('b', { provider: 'Dialgen' })]
    expect(shownKeys(rows, { query: ' ab-1 ' })).toEqual(['a'])
    expect(shownKeys(rows, { query: 'DIAL' })).toEqual(['b'])
    expect(shownKeys(rows, { query: 'xyz' })).toEqual([])
  })

  it('takes every sign of a search for itself', () => {
    const rows = [row('a', { callId: 'x.(y)[z]+\\d{2}/é|^$?*-' }), row('b', { callId: 'xy12' })]
    for (const query of ['x.', '(y)', '[z]+', '\\d{2}', '/É', '|^$?*-']) {
      expect(shownKeys(rows, { query }), query).toEqual(['a'])
    }
  })

  it('finds calls without a status of the table under "unrecognized", and only there', () => {
    const rows = [row('a', { status: null }), row('b', { status: 'busy' })]
    expect(shownKeys(rows, { status: 'unrecognized' })).toEqual(['a'])
    expect(shownKeys(rows, { status: 'busy' })).toEqual(['b'])
    expect(shownKeys(rows, { group: 'unanswered' })).toEqual(['b'])
  })
})

describe('the order', () => {
  const keys = (order: CallOrder, rows: readonly CallRow[]) =>
    rows.toSorted(compareCalls(order)).map(({ key }) => key)

  it('puts findings first and then the latest', () => {
    const rows = [
      row('old', { lastReceivedAt: 1 }),
      row('new', { lastReceivedAt: 3 }),
      row('odd', { lastReceivedAt: 0, findings: 1 }),
      row('odder', { lastReceivedAt: 2, findings: 1 }),
    ]
    expect(keys('findings', rows)).toEqual(['odder', 'odd', 'new', 'old'])
    expect(keys('latest', rows)).toEqual(['new', 'odder', 'old', 'odd'])
  })

  it('puts what is due soonest first and what is never due last', () => {
    const rows = [row('never'), row('late', { dueAt: 9 }), row('soon', { dueAt: 5 })]
    expect(keys('due', rows)).toEqual(['soon', 'late', 'never'])
    const data = [row('data', { dataDueAt: 7 }), row('both', { dueAt: 8, dataDueAt: 6 })]
    expect(keys('due', [...rows, ...data])).toEqual(['soon', 'both', 'data', 'late', 'never'])
  })
})

function row(key: string, part: Partial<CallRow> = {}): CallRow {
  return {
    key,
    provider: 'bolna',
    callId: key,
    status: 'queued',
    attempt: 1,
    settled: false,
    outcome: 'unknown',
    findings: 0,
    dueAt: null,
    dataDueAt: null,
    events: 1,
    firstReceivedAt: 0,
    lastReceivedAt: 0,
    ...part,
  }
}

type Change =
  | { kind: 'update'; rows: readonly CallRow[]; gone: readonly string[] }
  | { kind: 'show'; filter: CallFilter; order: CallOrder }
  | { kind: 'clear' }

// Few keys and few times, so that calls change, go and come again, and stand at equal places.
function change(): fc.Arbitrary<Change> {
  const key = fc.constantFrom(...'abcdefghij')
  const rowOf = fc
    .record({
      key,
      provider: fc.constantFrom('bolna', 'dialgen'),
      status: fc.constantFrom(null, ...CALL_STATUSES),
      findings: fc.nat({ max: 1 }),
      dueAt: fc.constantFrom(null, NOW - 1, NOW, NOW + 1),
      dataDueAt: fc.constantFrom(null, NOW - 1, NOW + 1),
      lastReceivedAt: fc.nat({ max: 3 }),
    })
    .map(({ key, ...part }) => row(key, part))
  const orNull = <Value>(...values: readonly Value[]) => fc.constantFrom(null, ...values)
  const filter = fc.record({
    query: fc.constantFrom('', '', 'a', 'bol', 'D'),
    status: orNull(...STATUS_CHOICES),
    group: orNull(...GROUP_CHOICES),
    provider: orNull('bolna', 'dialgen'),
    overdue: fc.boolean(),
    findings: fc.boolean(),
  })
  return fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constant('update' as const),
        rows: fc.array(rowOf, { maxLength: 8 }),
        gone: fc.array(key, { maxLength: 2 }),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('show' as const),
        filter: fc.oneof(fc.constant(NO_FILTER), filter),
        order: fc.constantFrom(...CALL_ORDERS),
      }),
    },
    { weight: 1, arbitrary: fc.constant({ kind: 'clear' as const }) },
  )
}
