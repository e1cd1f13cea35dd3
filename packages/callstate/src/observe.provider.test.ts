import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { expectAgreement } from '../test/agreement.ts'
import { events } from '../test/events.ts'
import { providers } from '../test/providers.ts'
import { reportCases } from '../test/report.ts'
import {
  CALL_STATUSES,
  type CallEvent,
  type CallStatus,
  lifecycleOf,
  merge,
  type OwnLifecycle,
  observe,
  replay,
} from './index.ts'
import { eventsOf, legalPath } from './testing/index.ts'

const RUNS = { numRuns: Number(process.env['LAW_RUNS'] ?? 3000) }

const ACME = 'https://docs.acme.example/statuses'
const decisionsOf = (list: readonly CallEvent[], provider?: OwnLifecycle) =>
  replay(list, { provider }).history.map(({ decision }) => decision)
const events2 = (first: CallStatus, second: CallStatus): readonly CallEvent[] => [
  { status: first },
  { status: second },
]

describe('what a provider cannot say', () => {
  const acme: OwnLifecycle = { lacks: ['call-disconnected', 'scheduled', 'prepared', 'queued'] }

  test('is not missed: the move over it is a plain advance', () => {
    expect(decisionsOf(eventsOf(['ringing', 'in-progress', 'completed']), acme)).toMatchObject([
      { kind: 'advanced', skipped: [] },
      { kind: 'advanced', skipped: [] },
      { kind: 'advanced', skipped: [] },
    ])
    expect(decisionsOf([{ status: 'completed' }], acme)).toMatchObject([
      { skipped: ['in-progress'] },
    ])
    expect(decisionsOf([{ status: 'initiated', attempt: 2 }], acme)).toMatchObject([
      { kind: 'retried', skipped: [] },
    ])
    expect(decisionsOf([{ status: 'ringing', attempt: 2 }], acme)).toMatchObject([
      { kind: 'retried', skipped: ['initiated'] },
    ])
  })

  test('is judged by the table where it comes all the same', () => {
    expect(
      decisionsOf(
        eventsOf(['queued', 'ringing', 'in-progress', 'call-disconnected', 'completed']),
        acme,
      ).map((decision) => ('skipped' in decision ? decision.skipped : decision.kind)),
    ).toEqual([[], ['initiated'], [], [], []])
    expect(decisionsOf(events2('call-disconnected', 'busy'), acme)[1]).toMatchObject({
      kind: 'conflicting',
      reason: 'no-path',
    })
  })
})

describe('moves and pairs of a provider', () => {
  test('statuses that exclude each other in the table do not, where a move of the provider joins them', () => {
    const moves = [{ from: 'in-progress', to: 'busy', mark: 'stated', source: ACME }] as const
    for (const list of [events2('in-progress', 'busy'), events2('busy', 'in-progress')]) {
      expect(decisionsOf(list).at(-1)?.kind).toBe('conflicting')
      expect(decisionsOf(list, { moves }).some(({ kind }) => kind === 'conflicting')).toBe(false)
    }
    // What leads to the one now leads to the other, over the new move.
    const provider: OwnLifecycle = {
      moves: [{ from: 'call-disconnected', to: 'no-answer', mark: 'stated', source: ACME }],
    }
    expect(decisionsOf(events2('in-progress', 'no-answer'), provider)[1]?.kind).toBe('advanced')
    expect(decisionsOf(events2('in-progress', 'busy'), provider)[1]?.kind).toBe('conflicting')
  })

  test('a pair that is reported by design is no conflict, and a third status still is one', () => {
    const provider: OwnLifecycle = {
      moves: [{ from: 'in-progress', to: 'busy', mark: 'stated', source: ACME }],
      habits: { reportsBoth: [['busy', 'completed']] },
    }
    const list: readonly CallEvent[] = eventsOf(['in-progress', 'busy', 'completed'])
    expect(decisionsOf(list, provider).map(({ kind }) => kind)).toEqual([
      'advanced',
      'advanced',
      'advanced',
    ])
    expect(decisionsOf([...list, { status: 'failed' }], provider).at(-1)).toMatchObject({
      kind: 'conflicting',
      conflictsWith: 'busy',
      reason: 'two-ends',
    })
  })

  test('of any provider: two statuses conflict exactly if no path of its own holds both and it does not report both', () => {
    let cases = 0
    fc.assert(
      fc.property(providers, (provider) => {
        const { lacks, habits } = provider
        const said = CALL_STATUSES.filter((status) => !lacks.includes(status))
        for (const one of said) {
          for (const other of said) {
            const isBoth = habits.reportsBoth.some(
              ([a, b]) => (a === one && b === other) || (a === other && b === one),
            )
            const holdsBoth = leadsTo(provider, one, other) || leadsTo(provider, other, one)
            const { kind } = decisionsOf(events2(one, other), provider)[1] ?? {}
            expect(kind === 'conflicting').toBe(!holdsBoth && !isBoth)
            cases++
          }
        }
      }),
      { numRuns: 30 },
    )
    reportCases('pairs of statuses under arbitrary providers', cases)
  })
})

describe('law 7 under a provider', () => {
  test('of any provider: on every legal path in order, each event advances the call and nothing is skipped', () => {
    const withPath = providers.chain((provider) =>
      fc.tuple(fc.constant(provider), legalPath({ provider })),
    )
    fc.assert(
      fc.property(withPath, ([provider, path]) => expectAgreement(provider, path)),
      RUNS,
    )
  })
})

describe('the laws under a provider', () => {
  test('the call is the same under any provider: it depends on the events alone', () => {
    fc.assert(
      fc.property(providers, events, (provider, list) => {
        expect(replay(list, { provider }).call).toEqual(replay(list).call)
      }),
      RUNS,
    )
  })

  test('every order of the same events gives the same call, and so does merging any two parts', () => {
    const shuffled = events.chain((list) =>
      fc.tuple(
        fc.constant(list),
        fc.shuffledSubarray([...list], { minLength: list.length }),
        fc.nat({ max: list.length }),
      ),
    )
    fc.assert(
      fc.property(providers, shuffled, (provider, [list, other, cut]) => {
        const { call } = replay(list, { provider })
        expect(replay(other, { provider }).call).toEqual(call)
        const [left, right] = [list.slice(0, cut), list.slice(cut)].map(
          (part) => replay(part, { provider }).call,
        )
        if (left === undefined || right === undefined) throw new Error('two parts')
        expect(merge(left, right)).toEqual(call)
      }),
      RUNS,
    )
  })

  test('skipped never lists what the provider lacks, nor what was heard', () => {
    fc.assert(
      fc.property(providers, events, (provider, list) => {
        for (const decision of decisionsOf(list, provider)) {
          if (decision.kind !== 'advanced' && decision.kind !== 'retried') continue
          for (const status of decision.skipped) {
            expect(provider.lacks).not.toContain(status)
            expect(status).not.toBe(decision.status)
          }
        }
      }),
      RUNS,
    )
  })

  test('a status that is lacked and comes all the same is judged as the table judges it', () => {
    fc.assert(
      fc.property(
        providers,
        fc.constantFrom(...CALL_STATUSES),
        fc.constantFrom(...CALL_STATUSES),
        ({ lacks }, one, other) => {
          fc.pre(lacks.includes(one) || lacks.includes(other))
          const judged = decisionsOf(events2(one, other), { lacks })
          const byTable = decisionsOf(events2(one, other)).map((decision) =>
            'skipped' in decision
              ? { ...decision, skipped: decision.skipped.filter((s) => !lacks.includes(s)) }
              : decision,
          )
          if (lacks.includes(one)) expect(judged[0]).toEqual(byTable[0])
          expect(judged[1]).toEqual(byTable[1])
        },
      ),
      RUNS,
    )
  })

  test('nothing throws, whatever the input', () => {
    fc.assert(
      fc.property(providers, fc.array(fc.anything()), (provider, list) => {
        expect(replay(list as CallEvent[], { provider }).history).toHaveLength(list.length)
      }),
    )
    for (const lacks of [CALL_STATUSES, ['warp', '__proto__'] as unknown as CallStatus[]]) {
      for (const status of CALL_STATUSES) {
        expect(observe(undefined, { status }, { provider: { lacks } }).call.status).toBe(status)
      }
    }
  })
})

/** Whether some number of moves leads from one to the other, by a plain walk over the provider's lifecycle. */
function leadsTo(provider: OwnLifecycle, from: CallStatus, to: CallStatus): boolean {
  const own = lifecycleOf(provider)
  const seen = new Set<CallStatus>()
  const walk = (status: CallStatus): boolean => {
    if (status === to) return true
    if (seen.has(status)) return false
    seen.add(status)
    return Object.keys(own[status]?.next ?? {}).some((next) => walk(next as CallStatus))
  }
  return walk(from)
}
