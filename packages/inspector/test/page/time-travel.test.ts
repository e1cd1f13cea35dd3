import { type CallEvent, EMPTY_CALL, nextStatuses, observe, replay } from 'callstate'
import { callEvent, callWithRetries } from 'callstate/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pathOf } from '../../page/src/call-path.ts'
import { stripOf } from '../../page/src/strip.ts'
import { effectOf, placeOfStep, stepsOf } from '../../page/src/time-travel.ts'
import type { EventItem } from '../../src/wire.ts'

describe('time travel', () => {
  it('knows at each step what the events until then tell', () => {
    fc.assert(
      fc.property(fc.array(callEvent(), { maxLength: 12 }), (events) => {
        const steps = stepsOf(itemsOf(events))
        for (const [place, { before, call }] of steps.entries()) {
          expect(before).toEqual(replay(events.slice(0, place)).call)
          expect(call).toEqual(replay(events.slice(0, place + 1)).call)
        }
      }),
    )
  })

  it('knows of a long history what the events before its steps told', () => {
    fc.assert(
      fc.property(fc.array(callEvent(), { maxLength: 12 }), fc.nat(12), (events, place) => {
        const known = replay(events.slice(0, place)).call
        const steps = stepsOf(itemsOf(events).slice(place), known)
        expect(steps.at(-1)?.call ?? known).toEqual(replay(events).call)
      }),
    )
  })

  it('knows no more after an event that an XState machine refused, and names the move', () => {
    const [ringing, back] = itemsOf([{ status: 'ringing' }, { status: 'queued' }])
    if (ringing === undefined || back === undefined) throw new Error('There are two items.')
    const steps = stepsOf([ringing, { ...back, refused: 'goes-back' }])
    expect(steps[1]?.call).toEqual(replay([{ status: 'ringing' }]).call)
    expect(effectOf({ ...back, refused: 'goes-back' })).toBe('refused')
    expect(pathOf(steps)).toMatchObject({
      status: 'ringing',
      conflicts: [{ attempt: 1, status: 'queued', conflictsWith: 'ringing' }],
      late: null,
    })
  })

  it('stays within the steps that there are', () => {
    const steps = stepsOf(itemsOf([{ status: 'queued' }, { status: 'busy' }]))
    expect([null, 1, 2, 3, 0].map((wanted) => placeOfStep(wanted, steps))).toEqual([2, 1, 2, 2, 1])
    expect(placeOfStep(null, [])).toBe(0)
    expect(placeOfStep(4, [])).toBe(0)
  })
})

describe('the path on the chart', () => {
  it('lights nothing where nothing was heard', () => {
    expect(pathOf([])).toBeNull()
  })

  it('lights legal moves, and as gaps those by way of what was not heard', () => {
    const path = pathAfter([{ status: 'queued' }, { status: 'ringing' }, { status: 'busy' }])
    expect([...(path?.heard ?? [])]).toEqual(['queued', 'ringing', 'busy'])
    expect([...(path?.skipped ?? [])]).toEqual(['initiated'])
    expect([...(path?.moves ?? [])]).toEqual(['ringing>busy'])
    expect([...(path?.gaps ?? [])]).toEqual(['queued>initiated', 'initiated>ringing'])
    expect(path?.status).toBe('busy')
  })

  it('leads to each of two ends from where both were reached, and names the conflict', () => {
    const path = pathAfter([{ status: 'ringing' }, { status: 'busy' }, { status: 'no-answer' }])
    expect([...(path?.moves ?? [])].toSorted()).toEqual(['ringing>busy', 'ringing>no-answer'])
    expect(path?.conflicts).toEqual([{ attempt: 1, status: 'no-answer', conflictsWith: 'busy' }])
  })

  it('lights the own moves of a provider, and passes nothing that it has no word for', () => {
    const events = [{ status: 'initiated' }, { status: 'completed' }] as const
    const steps = stepsOf(itemsOf(events))
    const provider = { lacks: ['ringing', 'in-progress', 'call-disconnected'] } as const
    const own = pathOf(steps, { provider })
    expect([...(own?.moves ?? [])]).toEqual(['initiated>completed'])
    expect([...(own?.skipped ?? []), ...(own?.gaps ?? [])]).toEqual([])
    expect([...(pathOf(steps)?.skipped ?? [])]).toContain('in-progress')
  })

  it('points back to a status that came late, at that step alone', () => {
    const events: CallEvent[] = [{ status: 'ringing' }, { status: 'queued' }]
    expect(pathAfter(events)?.late).toEqual({ from: 'ringing', to: 'queued' })
    expect(pathAfter([...events, { status: 'busy' }])?.late).toBeNull()
  })

  it('shows the latest attempt only', () => {
    const path = pathAfter([
      { status: 'ringing', attempt: 1 },
      { status: 'busy', attempt: 1 },
      { status: 'queued', attempt: 2 },
    ])
    expect(path?.attempt).toBe(2)
    expect([...(path?.heard ?? [])]).toEqual(['queued'])
    expect(path?.moves.size).toBe(0)
  })

  it('lights only moves of the table, whatever was heard', () => {
    fc.assert(
      fc.property(fc.array(callEvent(), { maxLength: 12 }), (events) => {
        const path = pathAfter(events)
        for (const move of [...(path?.moves ?? []), ...(path?.gaps ?? [])]) {
          const [from = '', to = ''] = move.split('>')
          expect(nextStatuses(from)).toContain(to)
        }
      }),
    )
  })
})

describe('the strip', () => {
  it('has every attempt of a call, with lengths that add up', () => {
    fc.assert(
      fc.property(callWithRetries(), ({ events, paths }) => {
        const rows = stripOf(replay(events).call)
        expect(rows.map(({ attempt }) => attempt)).toEqual(paths.map((_, place) => place + 1))
        for (const { parts, lastedMs } of rows) {
          const sum = parts.reduce((total, part) => total + (part.lastedMs ?? 0), 0)
          expect(sum).toBe(lastedMs ?? 0)
        }
      }),
    )
  })

  it('gives longer statuses more room, and ends none', () => {
    const { call } = replay([
      { status: 'queued', occurredAt: 0 },
      { status: 'initiated', occurredAt: 60_000 },
      { status: 'ringing', occurredAt: 62_000 },
      { status: 'busy', occurredAt: 92_000 },
    ])
    const weights = stripOf(call)[0]?.parts.map(({ weight }) => weight) ?? []
    const [queued = 0, initiated = 0, ringing = 0, busy] = weights
    expect(queued).toBeGreaterThan(ringing)
    expect(ringing).toBeGreaterThan(initiated)
    expect(busy).toBe(0)
  })

  it('says nothing of lengths where a time is unknown or runs backwards', () => {
    const { call } = replay([
      { status: 'initiated', occurredAt: 9_000 },
      { status: 'ringing', occurredAt: 4_000 },
      { status: 'busy' },
    ])
    expect(stripOf(call)[0]?.parts.map(({ lastedMs }) => lastedMs)).toEqual([null, null, null])
  })
})

function pathAfter(events: readonly CallEvent[]) {
  return pathOf(stepsOf(itemsOf(events)))
}

/** The events as the server hands them out. */
function itemsOf(events: readonly CallEvent[]): readonly EventItem[] {
  let call = EMPTY_CALL
  return events.map((event, place) => {
    const observed = observe(call, event)
    call = observed.call
    const { decision } = observed
    return {
      sequence: place + 1,
      receivedAt: place * 1_000,
      event,
      kind: 'webhook',
      decision,
      message: decision.kind,
      hasPayload: false,
    }
  })
}
