import { describe, expect, test } from 'vitest'
import { CALL_STATUSES, type CallStatus, LIFECYCLE, nextStatuses } from '../index.ts'
import type { Box, Line } from './drawing.ts'
import {
  areApart,
  contains,
  countBox,
  crosses,
  expectApart,
  onEdge,
  type Point,
  pointsOf,
  segmentsOf,
} from './geometry.fixture.ts'
import { MACHINE_DRAWING } from './machine-drawing.ts'

const { width, height, phases, groups, statuses, starts, startLines, moves } = MACHINE_DRAWING

describe('the places of the drawing', () => {
  test('are there for every status and every legal move of the table, and for nothing else', () => {
    const legal = CALL_STATUSES.flatMap((from) => nextStatuses(from).map((to) => `${from}>${to}`))
    expect(Object.keys(statuses).toSorted()).toEqual(CALL_STATUSES.toSorted())
    expect(Object.keys(moves).toSorted()).toEqual(legal.toSorted())
  })

  test('each status stands in the lane of its phase, lanes stand side by side on the sheet', () => {
    for (const status of CALL_STATUSES) {
      expect(contains(phases[LIFECYCLE[status].phase], statuses[status]), status).toBe(true)
    }
    expectApart(Object.values(phases), 8)
    for (const lane of Object.values(phases)) {
      expect(contains([0, 0, width, height], lane)).toBe(true)
    }
  })

  test('boxes do not overlap, and keep a distance', () => {
    expectApart([...Object.values(statuses), ...Object.values(starts)], 8)
  })

  test('names fit into their boxes, even in a wide font', () => {
    for (const status of CALL_STATUSES) {
      expect(status.length * 0.6 * 13, status).toBeLessThan(statuses[status][2] - 6)
    }
    for (const [name, box] of Object.entries(starts)) {
      expect(name.length * 0.62 * 11, name).toBeLessThan(box[2] - 6)
    }
  })

  test('a line begins at the edge of its status and ends at the edge of the other', () => {
    for (const { name, from, to, line } of allLines()) {
      const points = pointsOf(line)
      expect(onEdge(from, points[0]), name).toBe(true)
      expect(onEdge(to, points.at(-1)), name).toBe(true)
    }
  })

  test('lines are level or upright, and leave room for an arrow', () => {
    for (const { name, line } of allLines()) {
      for (const [[x1, y1], [x2, y2]] of segmentsOf(line)) {
        expect((x1 === x2) !== (y1 === y2), name).toBe(true)
        expect(Math.abs(x2 - x1) + Math.abs(y2 - y1), name).toBeGreaterThanOrEqual(16)
      }
    }
  })

  test('no line runs through a box', () => {
    const boxes = [...Object.entries(statuses), ...Object.entries(starts)]
    for (const { name, line } of allLines()) {
      for (const segment of segmentsOf(line)) {
        for (const [other, box] of boxes) {
          expect(crosses(segment, box), `${name} through ${other}`).toBe(false)
        }
      }
    }
  })

  test('counts stand apart from each other, from boxes and from names of phases', () => {
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
  })

  test('where the line of a status meets the row of an end, the status can end so', () => {
    const legal = new Set(Object.keys(moves))
    const rows = allLines().filter(({ line, to }) => line.length === 6 && line[4] === to[0])
    const toEnds = rows.filter(({ name }) => legal.has(name) && !name.endsWith('queued'))
    expect(toEnds).toHaveLength(36)
    for (const a of toEnds) {
      for (const b of toEnds) {
        const [, row] = segmentsOf(a.line)
        const [column] = segmentsOf(b.line)
        if (row === undefined || column === undefined || !meet(row, column)) continue
        const joint = `${b.name.split('>')[0]}>${a.name.split('>')[1]}`
        expect(legal.has(joint), `${a.name} meets ${b.name}`).toBe(true)
      }
    }
  })

  test('the happy path is one level line', () => {
    const way: readonly CallStatus[] = [
      'queued',
      'initiated',
      'ringing',
      'in-progress',
      'call-disconnected',
      'completed',
    ]
    const middles = way.map((status) => statuses[status][1] + statuses[status][3] / 2)
    expect(new Set(middles).size).toBe(1)
    expect(way.map((status) => statuses[status][0])).toEqual(
      way.map((status) => statuses[status][0]).toSorted((a, b) => a - b),
    )
  })

  test('ends stand under the name of their group', () => {
    for (const status of CALL_STATUSES) {
      const { class: statusClass, group } = LIFECYCLE[status]
      if (statusClass !== 'terminal' || group === null) continue
      const above = Object.entries(groups)
        .filter(([, [, y]]) => y < statuses[status][1])
        .toSorted(([, [, a]], [, [, b]]) => b - a)
      expect(above[0]?.[0], status).toBe(group)
    }
  })

  test('dashes of lines that share a piece fall on each other: columns and rows keep to their length', () => {
    for (const { name, line } of allLines().filter(({ line }) => line.length === 6)) {
      if (!name.endsWith('queued') && !name.startsWith('inbound') && !name.endsWith('initiated')) {
        expect(
          line.map((place) => place % 8),
          name,
        ).toEqual([0, 0, 0, 0, 0, 0])
      }
    }
  })
})

function allLines(): readonly { name: string; from: Box; to: Box; line: Line }[] {
  const lines = [
    ...Object.entries(moves).map(([name, { line }]) => ({ name, line })),
    ...Object.entries(startLines).map(([name, line]) => ({ name, line })),
  ]
  const boxes: Readonly<Record<string, Box>> = { ...statuses, ...starts }
  return lines.map(({ name, line }) => {
    const [from = '', to = ''] = name.split('>')
    return { name, line, from: boxes[from] as Box, to: boxes[to] as Box }
  })
}

/** Whether an upright piece goes through a level one. */
function meet(
  [[x1, y], [x2]]: readonly [Point, Point],
  [[x, y1], [, y2]]: readonly [Point, Point],
) {
  return x > x1 && x < x2 && y > y1 && y < y2
}
