import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  CALL_STATUSES,
  type CallEvent,
  type CallStatus,
  canTransition,
  checkTransition,
  isSettled,
  isTerminal,
  nextStatuses,
  observe,
  outcome,
  replay,
  START_STATUSES,
  type TransitionRefusal,
} from '../index.ts'
import { mayRetry, pathBetween } from '../internal/index.ts'
import {
  allLegalPaths,
  allPermutations,
  callEvent,
  callStatus,
  callWithRetries,
  type DeliveryFaults,
  deliveries,
  eventsOf,
  illegalMove,
  legalPath,
  unvisited,
} from './index.ts'

const STARTS: readonly CallStatus[] = [...START_STATUSES.outbound, ...START_STATUSES.inbound]

function isLegal(path: readonly CallStatus[]): boolean {
  const [first, ...rest] = path
  return (
    first !== undefined &&
    STARTS.includes(first) &&
    rest.every((status, place) => canTransition(path[place] as CallStatus, status))
  )
}

function share<Item>(items: readonly Item[], holds: (item: Item) => boolean): number {
  return items.filter(holds).length / items.length
}

describe('statuses and moves', () => {
  test('callStatus draws every status', () => {
    const drawn = new Set(fc.sample(callStatus(), { numRuns: 1000, seed: 1 }))
    expect([...drawn].toSorted()).toEqual(CALL_STATUSES.toSorted())
  })

  test('illegalMove draws only moves that the table refuses, with the reason', () => {
    fc.assert(
      fc.property(illegalMove(), ({ from, to, reason }) => {
        expect(checkTransition(from, to)).toMatchObject({ ok: false, reason })
      }),
    )
  })

  test('illegalMove draws every reason about as often as the others', () => {
    const moves = fc.sample(illegalMove(), { numRuns: 5000, seed: 1 })
    const reasons = {
      'same-status': true,
      'already-ended': true,
      'skips-ahead': true,
      'goes-back': true,
      'no-path': true,
    } as const satisfies Record<
      Exclude<TransitionRefusal, 'unrecognized-status' | 'provider-lacks'>,
      true
    >
    for (const reason of Object.keys(reasons)) {
      expect(share(moves, (move) => move.reason === reason)).toBeGreaterThan(0.15)
    }
  })
})

describe('legalPath', () => {
  test('draws only legal paths that run from a start to an end', () => {
    fc.assert(
      fc.property(legalPath(), (path) => {
        expect(isLegal(path)).toBe(true)
        expect(isTerminal(path.at(-1) ?? '')).toBe(true)
        expect(path.length).toBeLessThanOrEqual(12)
      }),
    )
  })

  test('visits every status and every legal move in 3,000 draws, whatever the seed', () => {
    for (let seed = 1; seed <= 5; seed++) {
      const paths = fc.sample(legalPath(), { numRuns: 3000, seed })
      expect(unvisited(paths)).toEqual({ statuses: [], moves: [] })
      expect(share(paths, (path) => path.at(-1) === 'completed')).toBeGreaterThan(0.2)
      for (const end of CALL_STATUSES.filter(isTerminal)) {
        expect(share(paths, (path) => path.at(-1) === end)).toBeGreaterThan(0.03)
      }
    }
  })

  test('without complete it stops anywhere, and visits everything as well', () => {
    const paths = fc.sample(legalPath({ complete: false }), { numRuns: 3000, seed: 1 })
    expect(paths.every(isLegal)).toBe(true)
    expect(unvisited(paths)).toEqual({ statuses: [], moves: [] })
    for (const status of CALL_STATUSES) {
      expect(paths.some((path) => path.at(-1) === status)).toBe(true)
    }
  })

  test('keeps to the direction, the ends and the length asked for', () => {
    for (const direction of ['outbound', 'inbound'] as const) {
      for (const path of fc.sample(legalPath({ direction }), 200)) {
        expect(START_STATUSES[direction]).toContain(path[0])
      }
    }
    for (const path of fc.sample(legalPath({ ends: ['busy', 'error'] }), 200)) {
      expect(['busy', 'error']).toContain(path.at(-1))
    }
    for (const maxLength of [2, 3, 6, 20]) {
      const paths = fc.sample(legalPath({ maxLength }), 200)
      expect(Math.max(...paths.map((path) => path.length))).toBeLessThanOrEqual(maxLength)
      expect(paths.every((path) => isTerminal(path.at(-1) ?? ''))).toBe(true)
    }
    const starts = fc.sample(legalPath({ complete: false, maxLength: 1 }), 200)
    expect(new Set(starts.flat())).toEqual(new Set(STARTS))
  })

  test('shrinks to the shortest call', () => {
    const { counterexample } = fc.check(
      fc.property(legalPath({ direction: 'outbound' }), () => false),
    )
    const [start] = START_STATUSES.outbound
    expect(counterexample).toEqual([pathBetween(start, 'completed')])
  })

  test('refuses what no path can satisfy', () => {
    expect(() => legalPath({ maxLength: 1 })).toThrow(RangeError)
    expect(() => legalPath({ ends: ['completed'], maxLength: 2 })).toThrow(RangeError)
    expect(() => legalPath({ direction: 'inbound', ends: ['balance-low'] })).toThrow(RangeError)
    expect(() => legalPath({ complete: false, maxLength: 0 })).toThrow(RangeError)
  })
})

describe('allLegalPaths', () => {
  test('yields every complete path once', () => {
    const paths = [...allLegalPaths()]
    expect(paths).toHaveLength(10_181)
    expect(new Set(paths.map((path) => path.join())).size).toBe(paths.length)
    expect(paths.every((path) => isLegal(path) && isTerminal(path.at(-1) ?? ''))).toBe(true)
    for (const covering of [paths, allLegalPaths({ maxLength: 8 })]) {
      expect(unvisited(covering)).toEqual({ statuses: [], moves: [] })
    }
  })

  test('yields what a plain search finds, for every length', () => {
    const byHand = (maxLength: number) => {
      const found: string[] = []
      const walks: (readonly CallStatus[])[] = STARTS.map((start) => [start])
      for (const walk of walks) {
        if (walk.length > maxLength) continue
        found.push(walk.join())
        for (const next of nextStatuses(walk.at(-1) ?? '')) walks.push([...walk, next])
      }
      return found.toSorted()
    }
    for (let maxLength = 0; maxLength <= 8; maxLength++) {
      const all = byHand(maxLength)
      const beginnings = [...allLegalPaths({ maxLength, complete: false })]
      expect(beginnings.map((path) => path.join()).toSorted()).toEqual(all)
      const complete = [...allLegalPaths({ maxLength })].map((path) => path.join())
      expect(complete.toSorted()).toEqual(
        all.filter((path) => isTerminal(path.split(',').at(-1) ?? '')),
      )
    }
  })

  test('keeps to the direction and the ends asked for', () => {
    const inbound = [...allLegalPaths({ direction: 'inbound', ends: ['completed'] })]
    expect(inbound.toSorted((a, b) => a.length - b.length)).toEqual([
      ['in-progress', 'call-disconnected', 'completed'],
      ['ringing', 'in-progress', 'call-disconnected', 'completed'],
    ])
    const beginnings = [...allLegalPaths({ direction: 'inbound', ends: ['busy'], complete: false })]
    expect(beginnings).toEqual([['ringing'], ['ringing', 'busy']])
  })
})

test('unvisited names what is missing', () => {
  const missing = unvisited([['ringing', 'in-progress'], ['busy']])
  expect(missing.statuses).toHaveLength(13)
  expect(missing.statuses).not.toContain('busy')
  expect(missing.moves).toContainEqual(['ringing', 'busy'])
  expect(missing.moves).not.toContainEqual(['ringing', 'in-progress'])
})

test('allPermutations yields every order once, the given one first', () => {
  expect([...allPermutations([])]).toEqual([[]])
  expect([...allPermutations(['a', 'b', 'c'])].map((items) => items.join(''))).toEqual([
    'abc',
    'acb',
    'bac',
    'bca',
    'cab',
    'cba',
  ])
  expect([...allPermutations([1, 1])]).toHaveLength(2)
})

describe('callWithRetries', () => {
  test('a complete call is settled at its last event and not before', () => {
    fc.assert(
      fc.property(callWithRetries(), ({ events, policy }) => {
        expect(isSettled(replay(events).call, policy)).toBe(true)
        expect(isSettled(replay(events.slice(0, -1)).call, policy)).toBe(false)
      }),
    )
  })

  test('its details carry the policy, so that the call alone tells whether it is settled', () => {
    fc.assert(
      fc.property(callWithRetries(), ({ events }) => {
        for (const [place, event] of events.entries()) {
          const { call } = replay(events.slice(0, place + 1))
          expect(isSettled(call)).toBe(place === events.length - 1)
          expect(call.status).toBe(event.status)
        }
      }),
    )
  })

  test('every event is decided as an advance or as a retry', () => {
    fc.assert(
      fc.property(callWithRetries({ complete: false, details: false }), ({ events, paths }) => {
        const kinds = replay(events).history.map(({ decision }) => decision.kind)
        const opening = paths.slice(0, -1).map((path) => path.length)
        expect(kinds.filter((kind) => kind === 'retried')).toHaveLength(opening.length)
        expect(kinds.filter((kind) => kind === 'conflicting' || kind === 'unrecognized')).toEqual(
          [],
        )
      }),
    )
  })

  test('attempts are legal paths, follow one another by the policy and take their time', () => {
    fc.assert(
      fc.property(callWithRetries({ maxAttempts: 4 }), ({ events, paths, policy }) => {
        expect(paths.length).toBeLessThanOrEqual(policy.maxAttempts)
        expect(events.map((event) => event.status)).toEqual(paths.flat())
        for (const [index, path] of paths.entries()) {
          expect(isLegal(path)).toBe(true)
          if (index === paths.length - 1) continue
          const attempt = index + 1
          const voicemail = events.some(
            (event) => event.attempt === attempt && event.details?.voicemail === true,
          )
          const status = path.at(-1) as CallStatus
          expect(mayRetry(policy, { attempt, status, voicemail })).toBe(true)
        }
        for (const [place, event] of events.entries()) {
          const before = events[place - 1]
          if (before === undefined) continue
          expect(event.occurredAt).toBeGreaterThan(before.occurredAt)
          expect(event.attempt - before.attempt).toBe(isTerminal(before.status) ? 1 : 0)
        }
      }),
    )
  })

  test('draws one attempt and several, every status, and people as well as machines', () => {
    const calls = fc.sample(callWithRetries(), { numRuns: 1000, seed: 1 })
    for (const count of [1, 2, 3]) {
      expect(share(calls, (call) => call.paths.length === count)).toBeGreaterThan(0.1)
    }
    expect(unvisited(calls.flatMap((call) => call.paths)).statuses).toEqual([])
    const outcomes = new Set(calls.map((call) => outcome(replay(call.events).call)))
    expect([...outcomes].toSorted()).toEqual(['not-placed', 'not-reached', 'reached', 'voicemail'])
  })

  test('without details there are none', () => {
    fc.assert(
      fc.property(callWithRetries({ details: false }), ({ events }) => {
        expect(events.some((event) => 'details' in event)).toBe(false)
      }),
    )
  })
})

describe('deliveries', () => {
  const delivered = (faults?: DeliveryFaults) => deliveries(callWithRetries(), faults)

  test('by default the receiver ends up with the whole truth', () => {
    fc.assert(
      fc.property(delivered(), ({ events, arrivals }) => {
        const heard = arrivals.map(({ event }) => event)
        expect(replay(heard).call).toEqual(replay(events).call)
      }),
    )
  })

  test('by default it duplicates, delays and reorders, and loses nothing', () => {
    const sample = fc.sample(delivered(), { numRuns: 300, seed: 1 })
    for (const { events, arrivals } of sample) {
      const heard = arrivals.map(({ event }) => event)
      expect(new Set(heard)).toEqual(new Set(events))
      for (const [place, { event, receivedAt }] of arrivals.entries()) {
        expect(receivedAt).toBeGreaterThanOrEqual(event.occurredAt)
        expect(receivedAt).toBeGreaterThanOrEqual(arrivals[place - 1]?.receivedAt ?? 0)
      }
    }
    expect(
      share(sample, ({ events, arrivals }) => arrivals.length > events.length),
    ).toBeGreaterThan(0.7)
    const kinds = sample.flatMap(({ arrivals }) =>
      replay(arrivals.map(({ event }) => event)).history.map(({ decision }) => decision.kind),
    )
    for (const kind of ['advanced', 'retried', 'late', 'duplicate'] as const) {
      expect(share(kinds, (one) => one === kind)).toBeGreaterThan(0.03)
    }
  })

  test('without faults each event arrives once, at once and in order', () => {
    fc.assert(
      fc.property(delivered({ maxCopies: 1, maxDelayMs: 0 }), ({ events, arrivals }) => {
        expect(arrivals).toEqual(events.map((event) => ({ event, receivedAt: event.occurredAt })))
      }),
    )
  })

  test('an ordered delivery keeps the order, however late it is', () => {
    fc.assert(
      fc.property(delivered({ ordered: true }), ({ events, arrivals }) => {
        const places = arrivals.map(({ event }) => events.indexOf(event))
        expect(places).toEqual(places.toSorted((a, b) => a - b))
        const times = arrivals.map(({ receivedAt }) => receivedAt)
        expect(times).toEqual(times.toSorted((a, b) => a - b))
      }),
    )
  })

  test('lost events do not arrive at all, and never more than asked for', () => {
    const sample = fc.sample(delivered({ maxLost: 2 }), { numRuns: 300, seed: 1 })
    const lost = sample.map(
      ({ events, arrivals }) => events.length - new Set(arrivals.map(({ event }) => event)).size,
    )
    expect(new Set(lost)).toEqual(new Set([0, 1, 2]))
  })

  test('a wrong clock moves the time of an event, the same way in all its copies', () => {
    const sample = fc.sample(delivered({ maxClockErrorMs: 5000 }), { numRuns: 300, seed: 1 })
    const errors = sample.flatMap(({ events, arrivals }) =>
      events.flatMap(({ status, attempt, occurredAt }) => {
        const copies = arrivals.filter(
          ({ event }) => event.attempt === attempt && event.status === status,
        )
        return copies.map(({ event }) => Math.min(Math.abs(event.occurredAt - occurredAt)))
      }),
    )
    expect(share(errors, (error) => error > 0)).toBeGreaterThan(0.5)
  })

  test('events without a time are delivered too', () => {
    const events: CallEvent[] = [{ status: 'queued' }, { status: 'busy', occurredAt: null }]
    fc.assert(
      fc.property(deliveries(events), (arrivals) => {
        expect(new Set(arrivals.map(({ event }) => event))).toEqual(new Set(events))
        expect(arrivals.every((delivery) => Number.isFinite(delivery.receivedAt))).toBe(true)
      }),
    )
    expect(fc.sample(deliveries([]), 1)).toEqual([[]])
  })
})

test('eventsOf spaces the events of a path evenly', () => {
  expect(eventsOf(['queued', 'busy'], { attempt: 2, startAt: 0, stepMs: 500 })).toEqual([
    { status: 'queued', attempt: 2, occurredAt: 0 },
    { status: 'busy', attempt: 2, occurredAt: 500 },
  ])
  expect(eventsOf(['ringing'])).toEqual([
    { status: 'ringing', attempt: 1, occurredAt: Date.UTC(2026, 0, 1) },
  ])
})

test('callEvent draws events of every decision', () => {
  const lists = fc.sample(fc.array(callEvent(), { maxLength: 8 }), { numRuns: 500, seed: 1 })
  const kinds = new Set(
    lists.flatMap((events) => replay(events).history.map(({ decision }) => decision.kind)),
  )
  expect(kinds.size).toBe(6)
  fc.assert(
    fc.property(fc.array(callEvent()), (events) => {
      expect(replay(events).history).toHaveLength(events.length)
      expect(observe(undefined, events[0] ?? { status: null }).decision.kind).not.toBe('late')
    }),
  )
})
