import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { providers } from '../../test/providers.ts'
import {
  CALL_STATUSES,
  type CallStatus,
  isTerminal,
  LIFECYCLE,
  lifecycleOf,
  type OwnLifecycle,
} from '../index.ts'
import { movesOfTable, startsOf } from '../internal/index.ts'
import type { Box, Layout, Line } from './drawing.ts'
import {
  areApart,
  contains,
  countBox,
  crosses,
  expectApart,
  onEdge,
  pointsOf,
  segmentsOf,
  sharedLength,
} from './geometry.fixture.ts'
import { machineGraph } from './machine-graph.ts'
import { layoutOf } from './own-layout.ts'

// `pnpm fuzz` raises the number, a mutation run lowers it.
const RUNS = { numRuns: Number(process.env['LAW_RUNS'] ?? 100) }

const move = (from: CallStatus, to: CallStatus) =>
  ({ from, to, mark: 'stated', source: 'https://docs.acme.example' }) as const

/** Vocabularies as carriers and platforms have them. */
const KNOWN_SORTS: Readonly<Record<string, OwnLifecycle>> = {
  'a carrier that never schedules': {
    lacks: ['scheduled', 'prepared', 'rescheduled', 'call-disconnected', 'balance-low', 'stopped'],
    moves: [move('ringing', 'completed')],
  },
  'a platform that tells the end and the analysis': {
    lacks: ['prepared', 'rescheduled', 'initiated', 'balance-low', 'stopped'],
  },
  'one that says nothing before the phone rings': {
    lacks: ['scheduled', 'prepared', 'queued', 'rescheduled', 'initiated', 'call-disconnected'],
  },
  'one that knows a call only while it lasts': {
    lacks: ['ringing', 'in-progress', 'call-disconnected', 'prepared', 'stopped', 'canceled'],
  },
  'one without credit, calling hours or a stop': {
    lacks: ['balance-low', 'rescheduled', 'stopped'],
    moves: [move('in-progress', 'canceled')],
  },
}

const sorts = Object.entries(KNOWN_SORTS)
const ofOwn = (provider: OwnLifecycle) => layoutOf(machineGraph({ provider }), { provider })

describe('the places of a machine of a provider', () => {
  test.each(sorts)('%s: as in the drawing of the table', (_, provider) => {
    const layout = ofOwn(provider)
    expectPlaces(provider, layout)
    expectLines(layout)
    expectCounts(layout)
    // Lines share columns and rows; nothing else lies upon each other.
    for (const [place, one] of linesOf(layout).entries()) {
      for (const other of linesOf(layout).slice(place + 1)) {
        if (one.from === other.from || one.to === other.to) continue
        expect(overlap(one.line, other.line), `${one.name} on ${other.name}`).toBe(0)
      }
    }
  })

  test('of any provider: everything that it says is drawn, around all boxes', () => {
    fc.assert(
      fc.property(providers, (provider) => {
        const layout = ofOwn(provider)
        expectPlaces(provider, layout)
        expectLines(layout)
      }),
      RUNS,
    )
  })

  test('of any provider: the way of a call that goes well is one level line from left to right', () => {
    fc.assert(
      fc.property(providers, (provider) => {
        const graph = machineGraph({ provider })
        const { statuses, moves } = layoutOf(graph, { provider })
        for (const { from, to } of graph.edges.filter(({ happy }) => happy)) {
          const line = moves[`${from}>${to}`]?.line ?? []
          expect(line).toHaveLength(4)
          expect(line[1]).toBe(line[3])
          expect(statuses[from]?.[0]).toBeLessThan(statuses[to]?.[0] ?? 0)
        }
      }),
    )
  })

  test('a lane and a row in which nothing is left are cut out, and the sheet is smaller', () => {
    const all = layoutOf(machineGraph(), {})
    const some = ofOwn({ lacks: ['call-disconnected', 'stopped'] })
    expect(all.width - some.width).toBe(168)
    expect(all.height - some.height).toBe(40)
    expect(Object.keys(some.phases)).toEqual(['waiting', 'dialing', 'connected', 'ended'])
    const none = ofOwn({ lacks: ['failed', 'canceled', 'stopped', 'error', 'completed'] })
    expect(Object.keys(none.groups)).toEqual(['unanswered'])
  })

  test('where no inbound call can ring, its mark stands above the status at which it begins', () => {
    const { starts, startLines, statuses } = ofOwn({ lacks: ['initiated', 'ringing'] })
    const [x = 0, y = 0, width = 0, height = 0] = starts.inbound ?? []
    const [left = 0, top = 0, room = 0] = statuses['in-progress'] ?? []
    expect(y + height).toBeLessThan(top)
    expect(x).toBeGreaterThanOrEqual(left)
    expect(x + width).toBeLessThanOrEqual(left + room)
    expect(startLines['inbound>in-progress']).toHaveLength(4)
  })

  test('a provider that says and does all that the table has is drawn as the table', () => {
    expect(ofOwn({ moves: movesOfTable() })).toEqual(layoutOf(machineGraph(), {}))
  })

  test('the same provider is drawn the same', () => {
    for (const [, provider] of sorts) {
      expect(ofOwn({ ...provider })).toEqual(ofOwn({ ...provider }))
    }
  })
})

function expectPlaces(provider: OwnLifecycle, layout: Layout): void {
  const { width, height, phases, statuses, starts, startLines, moves } = layout
  const own = lifecycleOf(provider)
  const legal = Object.entries(own).flatMap(([from, { next }]) =>
    Object.keys(next).map((to) => `${from}>${to}`),
  )
  expect(Object.keys(statuses).toSorted()).toEqual(Object.keys(own).toSorted())
  expect(Object.keys(moves).toSorted()).toEqual(legal.toSorted())
  const begins = (['outbound', 'inbound'] as const).flatMap((direction) =>
    startsOf(direction, provider)
      .filter((status) => !isTerminal(status))
      .map((status) => `${direction}>${status}`),
  )
  expect(Object.keys(startLines).toSorted()).toEqual(begins.toSorted())
  for (const [status, box] of Object.entries(statuses)) {
    const lane = phases[LIFECYCLE[status as CallStatus].phase] ?? [0, 0, 0, 0]
    expect(contains(lane, box), status).toBe(true)
  }
  expectApart(Object.values(phases), 8)
  expectApart([...Object.values(statuses), ...Object.values(starts)], 8)
  for (const box of [...Object.values(phases), ...Object.values(starts)]) {
    expect(contains([0, 0, width, height], box)).toBe(true)
  }
}

function expectLines(layout: Layout): void {
  const boxes: Readonly<Record<string, Box>> = { ...layout.statuses, ...layout.starts }
  for (const { name, from, to, line } of linesOf(layout)) {
    const points = pointsOf(line)
    expect(onEdge(boxes[from] ?? [0, 0, 0, 0], points[0]), name).toBe(true)
    expect(onEdge(boxes[to] ?? [0, 0, 0, 0], points.at(-1)), name).toBe(true)
    for (const segment of segmentsOf(line)) {
      const [[x1, y1], [x2, y2]] = segment
      expect((x1 === x2) !== (y1 === y2), name).toBe(true)
      for (const [other, box] of Object.entries(boxes)) {
        expect(crosses(segment, box), `${name} through ${other}`).toBe(false)
      }
    }
    const [before, end] = [points.at(-2) ?? [0, 0], points.at(-1) ?? [0, 0]]
    const last = Math.abs(end[0] - before[0]) + Math.abs(end[1] - before[1])
    expect(last, `${name}: room for an arrow`).toBeGreaterThanOrEqual(16)
  }
}

function expectCounts({ moves, statuses, starts, phases }: Layout): void {
  const spots = Object.values(moves).map(({ count }) => countBox(count))
  expectApart(spots, 0)
  const names = Object.entries(phases).map(
    ([name, [x, y]]): Box => [x + 12, y + 8, 9 * name.length, 14],
  )
  for (const spot of spots) {
    for (const box of [...names, ...Object.values(statuses), ...Object.values(starts)]) {
      expect(areApart(spot, box, 0), `${spot}`).toBe(true)
    }
  }
}

function linesOf({ moves, startLines }: Layout) {
  const lines = [
    ...Object.entries(moves).map(([name, { line }]) => ({ name, line })),
    ...Object.entries(startLines).map(([name, line]) => ({ name, line })),
  ]
  return lines.map(({ name, line }) => {
    const [from = '', to = ''] = name.split('>')
    return { name, line, from, to }
  })
}

function overlap(one: Line, other: Line): number {
  return Math.max(
    ...segmentsOf(one).flatMap((a) => segmentsOf(other).map((b) => sharedLength(a, b))),
  )
}

test('CALL_STATUSES is what the drawing has a place for', () => {
  expect(Object.keys(layoutOf(machineGraph(), {}).statuses).toSorted()).toEqual(
    CALL_STATUSES.toSorted(),
  )
})
