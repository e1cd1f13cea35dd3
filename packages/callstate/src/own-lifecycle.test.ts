import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type AnyProvider, providers, reachedThrough } from '../test/providers.ts'
import {
  CALL_STATUSES,
  type CallStatus,
  LIFECYCLE,
  lifecycleOf,
  START_STATUSES,
  TERMINAL_STATUSES,
} from './index.ts'
import { leadsOn, movesOfTable, startsOf } from './internal/index.ts'
import { legalPath } from './testing/index.ts'

const ACME = 'https://docs.acme.example/statuses'
const WAITING: readonly CallStatus[] = ['scheduled', 'prepared', 'queued', 'rescheduled']
const nextOf = (provider: Partial<AnyProvider>, from: CallStatus) =>
  Object.keys(lifecycleOf(provider)[from]?.next ?? {})

describe('lifecycleOf', () => {
  test('a provider with every move of the table and no lack has the table itself', () => {
    const own = lifecycleOf({ moves: movesOfTable() })
    expect(own).toEqual(LIFECYCLE)
    expect(JSON.stringify(own)).toBe(JSON.stringify(LIFECYCLE))
    expect(movesOfTable()).toHaveLength(50)
  })

  test('a provider of which nothing is known has the moves of the table as our reading', () => {
    for (const [status, entry] of Object.entries(lifecycleOf({}))) {
      const { next, ...facts } = entry
      const { next: inTable, ...factsOfTable } = LIFECYCLE[status as CallStatus]
      expect(facts).toEqual(factsOfTable)
      expect(Object.keys(next)).toEqual(Object.keys(inTable))
      for (const move of Object.values(next)) {
        expect(move).toEqual({ mark: 'inferred', source: null })
      }
    }
  })

  test('one lacked status is contracted: what led to it leads to what follows it', () => {
    expect(nextOf({ lacks: ['call-disconnected'] }, 'in-progress')).toEqual([
      'completed',
      'failed',
      'stopped',
      'error',
    ])
    expect(lifecycleOf({ lacks: ['call-disconnected'] })).not.toHaveProperty('call-disconnected')
  })

  test('several adjacent ones are contracted together, in any order of the list', () => {
    for (const lacks of [
      ['ringing', 'in-progress', 'call-disconnected'],
      ['call-disconnected', 'in-progress', 'ringing'],
      ['in-progress', 'call-disconnected', 'ringing', 'ringing'],
    ] as const) {
      const own = lifecycleOf({ lacks })
      expect(Object.keys(own['initiated']?.next ?? {})).toEqual([
        'completed',
        'busy',
        'no-answer',
        'canceled',
        'failed',
        'stopped',
        'error',
      ])
      expect(Object.keys(own)).toHaveLength(13)
    }
  })

  test('statuses that go back and forth are contracted without a move to themselves', () => {
    expect(nextOf({ lacks: ['rescheduled'] }, 'scheduled')).not.toContain('scheduled')
    expect(nextOf({ lacks: ['rescheduled'] }, 'queued')).toContain('scheduled')
    expect(nextOf({ lacks: ['rescheduled', 'scheduled'] }, 'queued')).not.toContain('queued')
  })

  test('a move out of a start that is lacked begins where the start led', () => {
    const own = lifecycleOf({ lacks: WAITING })
    expect(Object.keys(own)[0]).toBe('initiated')
    expect(own).not.toHaveProperty('queued')
  })

  test('an end that is lacked is left out, and nothing leads to it', () => {
    const own = lifecycleOf({ lacks: ['balance-low', 'stopped'] })
    for (const entry of Object.values(own)) {
      expect(Object.keys(entry.next)).not.toContain('stopped')
      expect(Object.keys(entry.next)).not.toContain('balance-low')
    }
  })

  test("a provider's own moves have its marks and sources, also those that the table does not have", () => {
    const own = lifecycleOf({
      lacks: ['call-disconnected'],
      moves: [
        { from: 'in-progress', to: 'completed', mark: 'observed', source: ACME },
        { from: 'ringing', to: 'completed', mark: 'stated', source: ACME },
      ],
    })
    expect(own['in-progress']?.next.completed).toEqual({ mark: 'observed', source: ACME })
    expect(own.ringing?.next.completed).toEqual({ mark: 'stated', source: ACME })
    expect(own.ringing?.next.busy).toEqual({ mark: 'inferred', source: null })
    expect(Object.keys(own.ringing?.next ?? {})).toEqual([
      'in-progress',
      'completed',
      'busy',
      'no-answer',
      'canceled',
      'failed',
      'stopped',
      'error',
    ])
  })

  test('a move that comes back or leaves an end is not added: what was heard could not be ordered', () => {
    const moves = [
      { from: 'in-progress', to: 'ringing' },
      { from: 'busy', to: 'completed' },
      { from: 'busy', to: 'queued' },
      { from: 'ringing', to: 'queued' },
      { from: 'ringing', to: 'ringing' },
      { from: 'queued', to: 'scheduled' },
    ].map(({ from, to }) => ({
      from: from as CallStatus,
      to: to as CallStatus,
      mark: 'stated' as const,
      source: ACME,
    }))
    expect(nextOf({ moves }, 'in-progress')).not.toContain('ringing')
    expect(nextOf({ moves }, 'busy')).toEqual([])
    expect(nextOf({ moves }, 'ringing')).not.toContain('queued')
    expect(nextOf({ moves }, 'ringing')).not.toContain('ringing')
    expect(nextOf({ moves }, 'queued')).toContain('scheduled')
  })

  test('a move from or to a lacked status says nothing', () => {
    const moves = [
      { from: 'queued', to: 'ringing', mark: 'stated', source: ACME },
      { from: 'ringing', to: 'completed', mark: 'stated', source: ACME },
    ] as const
    expect(lifecycleOf({ lacks: ['ringing'], moves })).toEqual(lifecycleOf({ lacks: ['ringing'] }))
  })

  test('the same provider gives the same object', () => {
    const provider = { lacks: ['ringing'] as const }
    expect(lifecycleOf(provider)).toBe(lifecycleOf(provider))
  })

  test('of any provider: it has what is left, and what the table reaches through what is lacked', () => {
    fc.assert(
      fc.property(providers, ({ lacks, moves }) => {
        const own = lifecycleOf({ lacks, moves })
        expect(Object.keys(own)).toEqual(CALL_STATUSES.filter((one) => !lacks.includes(one)))
        for (const [from, entry] of Object.entries(own)) {
          const reached = reachedThrough(from as CallStatus, lacks)
          const extra = moves.filter((move) => move.from === from && isForward(move))
          const expected = CALL_STATUSES.filter(
            (to) =>
              !lacks.includes(to) && (reached.includes(to) || extra.some((move) => move.to === to)),
          )
          expect(Object.keys(entry.next)).toEqual(expected)
          for (const [to, move] of Object.entries(entry.next)) {
            const told = moves.findLast((one) => one.from === from && one.to === to)
            const { mark, source } = told ?? { mark: 'inferred', source: null }
            expect(move).toEqual({ mark, source })
          }
        }
      }),
    )
  })
})

test('what a provider tells of a legal call is legal for it, whatever words it lacks', () => {
  fc.assert(
    fc.property(providers, legalPath(), ({ lacks, moves }, path) => {
      const own = lifecycleOf({ lacks, moves })
      const told = path.filter((status) => !lacks.includes(status))
      const steps = told.filter((status, place) => status !== told[place - 1])
      const starts = [...startsOf('outbound', { lacks }), ...startsOf('inbound', { lacks })]
      if (steps[0] !== undefined) expect(starts).toContain(steps[0])
      for (const [place, to] of steps.slice(1).entries()) {
        expect(Object.keys(own[steps[place] as CallStatus]?.next ?? {})).toContain(to)
      }
    }),
  )
})

describe('startsOf', () => {
  test('without a provider, or without a lack, the starts are those of the table', () => {
    for (const direction of ['outbound', 'inbound'] as const) {
      expect(startsOf(direction)).toEqual(START_STATUSES[direction])
      expect(startsOf(direction, {})).toEqual(START_STATUSES[direction])
    }
  })

  test('the usual start stands first; where it is lacked, what is left of the others, then what followed', () => {
    expect(startsOf('outbound', { lacks: ['scheduled', 'prepared'] }).slice(0, 3)).toEqual([
      'queued',
      'rescheduled',
      'initiated',
    ])
    expect(startsOf('outbound', { lacks: ['queued'] }).slice(0, 3)).toEqual([
      'scheduled',
      'prepared',
      'rescheduled',
    ])
    expect(startsOf('outbound', { lacks: WAITING })).toEqual([
      'initiated',
      'balance-low',
      'canceled',
      'failed',
      'stopped',
      'error',
    ])
    expect(startsOf('inbound', { lacks: ['in-progress', 'ringing'] })).toContain(
      'call-disconnected',
    )
  })

  test('of any provider: what is left of the starts, and what the table reaches from them through what is lacked', () => {
    fc.assert(
      fc.property(providers, fc.constantFrom('outbound', 'inbound'), ({ lacks }, direction) => {
        const begin: readonly CallStatus[] = START_STATUSES[direction]
        const expected = begin.flatMap((start) =>
          lacks.includes(start) ? reachedThrough(start, lacks) : [start],
        )
        const said = new Set(expected.filter((status) => !lacks.includes(status)))
        const starts = startsOf(direction, { lacks })
        expect(starts.toSorted()).toEqual([...said].toSorted())
        expect(starts).toEqual([
          ...begin.filter((start) => !lacks.includes(start)),
          ...starts.filter((start) => !begin.includes(start)),
        ])
        const isEnd = (status: CallStatus) => TERMINAL_STATUSES.some((end) => end === status)
        expect(starts.map(isEnd)).toEqual(starts.map(isEnd).toSorted())
      }),
    )
  })
})

test('leadsOn: forward in the table, or among the waiting statuses, and out of no end', () => {
  for (const from of CALL_STATUSES) {
    for (const to of CALL_STATUSES) expect(leadsOn(from, to)).toBe(isForward({ from, to }))
  }
  for (const { from, to } of movesOfTable()) expect(leadsOn(from, to)).toBe(true)
  for (const text of ['', 'warp', '__proto__', 'constructor']) {
    expect(leadsOn(text as CallStatus, 'busy')).toBe(false)
    expect(leadsOn('queued', text as CallStatus)).toBe(false)
  }
})

function isForward({ from, to }: { readonly from: CallStatus; readonly to: CallStatus }): boolean {
  if (TERMINAL_STATUSES.some((end) => end === from) || from === to) return false
  if (WAITING.includes(from) && WAITING.includes(to)) return true
  return CALL_STATUSES.indexOf(to) > CALL_STATUSES.indexOf(from)
}
