import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { providers } from '../../test/providers.ts'
import {
  type CallEvent,
  type CallStatus,
  canTransition,
  checkTransition,
  isSettled,
  isTerminal,
  lifecycleOf,
  nextStatuses,
  type OwnLifecycle,
  replay,
} from '../index.ts'
import { startsOf } from '../internal/index.ts'
import {
  type Arrival,
  allLegalPaths,
  callEvent,
  callWithRetries,
  deliveries,
  eventsOf,
  illegalMove,
  legalPath,
  type TimedEvent,
  unvisited,
} from './index.ts'

/** As a carrier speaks: no schedule, no credit, and `completed` is its last word. */
const carrier: OwnLifecycle = {
  lacks: ['scheduled', 'prepared', 'rescheduled', 'call-disconnected', 'balance-low', 'stopped'],
  moves: [
    { from: 'ringing', to: 'completed', mark: 'stated', source: 'https://docs.acme.example' },
  ],
}
const withProvider = <Value>(draw: (provider: OwnLifecycle) => fc.Arbitrary<Value>) =>
  providers.chain((provider) => fc.tuple(fc.constant<OwnLifecycle>(provider), draw(provider)))

function expectLegal(provider: OwnLifecycle, path: readonly CallStatus[]): void {
  const starts = [...startsOf('outbound', provider), ...startsOf('inbound', provider)]
  expect(starts).toContain(path[0])
  for (const [place, to] of path.slice(1).entries()) {
    expect(canTransition(path[place] ?? '', to, { provider })).toBe(true)
  }
}

describe("paths of a provider's own lifecycle", () => {
  test('of any provider: legalPath draws legal paths from a start to an end, by its own words', () => {
    fc.assert(
      fc.property(
        withProvider((provider) => legalPath({ provider })),
        ([provider, path]) => {
          expectLegal(provider, path)
          expect(isTerminal(path.at(-1) ?? '')).toBe(true)
          expect(path.some((status) => provider.lacks?.includes(status))).toBe(false)
        },
      ),
    )
  })

  test('legalPath and allLegalPaths visit every status and every move of the provider', () => {
    const statuses = Object.keys(lifecycleOf(carrier))
    const drawn = fc.sample(legalPath({ provider: carrier }), { numRuns: 2000, seed: 1 })
    const all = [...allLegalPaths({ provider: carrier })]
    for (const paths of [drawn, all]) {
      expect(unvisited(paths, { provider: carrier })).toEqual({ statuses: [], moves: [] })
      expect(new Set(paths.flat())).toEqual(new Set(statuses))
    }
    expect(new Set(all.map((path) => path.join())).size).toBe(all.length)
    for (const path of all) expectLegal(carrier, path)
  })

  test('allLegalPaths yields what a plain search finds', () => {
    const found: string[] = []
    const walks: (readonly CallStatus[])[] = startsOf('outbound', carrier).map((start) => [start])
    for (const walk of walks) {
      const last = walk.at(-1) ?? ''
      if (isTerminal(last)) found.push(walk.join())
      for (const next of nextStatuses(last, { provider: carrier })) walks.push([...walk, next])
    }
    const all = [...allLegalPaths({ provider: carrier, direction: 'outbound' })]
    expect(all.map((path) => path.join()).toSorted()).toEqual(found.toSorted())
  })

  test('a start that serves both directions begins no path twice', () => {
    const provider: OwnLifecycle = {
      lacks: ['scheduled', 'prepared', 'queued', 'rescheduled', 'initiated', 'ringing'],
    }
    expect(startsOf('outbound', provider)).toContain('in-progress')
    expect(startsOf('inbound', provider)).toContain('in-progress')
    const all = [...allLegalPaths({ provider })].map((path) => path.join())
    expect(new Set(all).size).toBe(all.length)
  })

  test('refuses an end that the provider cannot say', () => {
    expect(() => legalPath({ provider: carrier, ends: ['stopped'] })).toThrow(RangeError)
  })

  test('unvisited asks for the statuses and moves of the provider only', () => {
    const { statuses, moves } = unvisited([], { provider: carrier })
    expect(statuses).toEqual(Object.keys(lifecycleOf(carrier)))
    expect(moves).toContainEqual(['ringing', 'completed'])
    expect(moves.flat()).not.toContain('stopped')
  })
})

test('illegalMove draws what the provider refuses, words that it lacks among them', () => {
  const moves = fc.sample(illegalMove({ provider: carrier }), { numRuns: 2000, seed: 1 })
  for (const { from, to, reason } of moves) {
    expect(checkTransition(from, to, { provider: carrier })).toMatchObject({ ok: false, reason })
  }
  expect(new Set(moves.map(({ reason }) => reason))).toEqual(
    new Set([
      'same-status',
      'already-ended',
      'skips-ahead',
      'goes-back',
      'no-path',
      'provider-lacks',
    ]),
  )
})

describe('callWithRetries of a provider', () => {
  test('of any provider that can end a call of ours: legal attempts, settled at the last event', () => {
    const calls = withProvider((provider) => callWithRetries({ provider }))
    fc.assert(
      fc.property(calls, ([provider, { paths, events, policy }]) => {
        for (const path of paths) expectLegal(provider, path)
        expect(isSettled(replay(events, { provider }).call, policy)).toBe(true)
        expect(isSettled(replay(events.slice(0, -1), { provider }).call, policy)).toBe(false)
        const kinds = replay(events, { provider }).history.map(({ decision }) => decision.kind)
        expect(kinds.filter((kind) => kind !== 'advanced' && kind !== 'retried')).toEqual([])
      }),
    )
  })

  test('one whose ends are never retried is called once', () => {
    const provider: OwnLifecycle = { lacks: ['busy', 'no-answer', 'failed', 'error', 'completed'] }
    for (const { paths } of fc.sample(callWithRetries({ provider }), 200)) {
      expect(paths).toHaveLength(1)
    }
  })

  test('one that says completed only is called again after voicemail', () => {
    const provider: OwnLifecycle = {
      lacks: ['busy', 'no-answer', 'failed', 'error', 'canceled', 'stopped', 'balance-low'],
    }
    const calls = fc.sample(callWithRetries({ provider }), { numRuns: 300, seed: 1 })
    for (const { paths } of calls) {
      for (const path of paths) expect(path.at(-1)).toBe('completed')
    }
    expect(calls.some(({ paths }) => paths.length > 1)).toBe(true)
  })
})

describe('deliveries compose', () => {
  test('of calls: the call with its arrivals beside it', () => {
    fc.assert(
      fc.property(deliveries(callWithRetries()), ({ events, policy, paths, arrivals }) => {
        expect(events.map(({ status }) => status)).toEqual(paths.flat())
        const { call } = replay(arrivals.map(({ event }) => event))
        expect(call).toEqual(replay(events).call)
        expect(isSettled(call, policy)).toBe(true)
      }),
    )
  })

  test('of lists of events: the events with their arrivals beside them', () => {
    const paths = legalPath().map((path) => eventsOf(path))
    fc.assert(
      fc.property(deliveries(paths, { maxCopies: 1, maxDelayMs: 0 }), ({ events, arrivals }) => {
        const typed: readonly Arrival<TimedEvent>[] = arrivals
        expect(typed).toEqual(events.map((event) => ({ event, receivedAt: event.occurredAt })))
      }),
    )
    fc.assert(
      fc.property(deliveries(fc.array(callEvent())), ({ events, arrivals }) => {
        const heard: readonly CallEvent[] = arrivals.map(({ event }) => event)
        expect(replay(heard).call).toEqual(replay(events).call)
      }),
    )
  })

  test('they shrink towards the shortest call, delivered once', () => {
    const { counterexample } = fc.check(
      fc.property(
        deliveries(legalPath().map((path) => eventsOf(path))),
        ({ arrivals }) => arrivals.length === 0,
      ),
    )
    const [delivered] = counterexample ?? []
    expect(delivered?.arrivals).toEqual(
      delivered?.events.map((event) => ({ event, receivedAt: event.occurredAt })),
    )
    expect(delivered?.events.map(({ status }) => status)).toEqual([
      'queued',
      'initiated',
      'in-progress',
      'call-disconnected',
      'completed',
    ])
  })
})
