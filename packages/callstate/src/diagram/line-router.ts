import type { Box, Line } from './drawing.ts'
import { cornersOf, type Point } from './svg-line.ts'

/** Lines run along a grid of this width; its rows lie half a step off, where the happy path is. */
const STEP = 8

/** How far a line keeps from boxes that it does not join. */
const CLEARANCE = 8

/** How far a line runs straight out of a box and into one, at least: an arrow has room there. */
const STUB = 16

// What makes a way worse, in steps of the grid.
const TURN = 4
const CROSSING = 3
const TURN_ON_LINE = 20
const ALONG_LINE = 60

// The ways: right, down, left, up.
const AHEAD_X = [1, 0, -1, 0] as const
const AHEAD_Y = [0, 1, 0, -1] as const

// What lies on a cell, as bits.
const BOX = 1
const ON_LEVEL = 2
const ON_UPRIGHT = 4
const BESIDE_LEVEL = 8
const BESIDE_UPRIGHT = 16

/** Finds ways for lines, one after the other: each keeps off those before. */
export interface LineRouter {
  /** Says that a line is there. */
  keepOff(line: Line): void
  /**
   * A line of level and upright pieces from one box to the other: around all boxes, with few turns, and
   * not along other lines. Null where no way leads there.
   */
  route(from: Box, to: Box): Line | null
}

/** A router for lines between these boxes. The same boxes and lines give the same ways. */
export function createLineRouter(area: Box, boxes: readonly Box[]): LineRouter {
  const grid = gridOf(area)
  for (const [x, y, width, height] of boxes) {
    grid.mark([x, y], [x + width, y + height], CLEARANCE, BOX)
  }
  const keepOff = (line: Line) => {
    for (const [from, to] of piecesOf(line)) {
      const isLevel = from[1] === to[1]
      grid.mark(from, to, STEP / 2, isLevel ? ON_LEVEL : ON_UPRIGHT)
      grid.mark(from, to, STEP - 1, isLevel ? BESIDE_LEVEL : BESIDE_UPRIGHT)
    }
  }
  return { keepOff, route: (from, to) => shortestWay(grid, portsOf(grid, from), portsOf(grid, to)) }
}

/** A cell where a line may leave a box, its way out, and the point on the edge of the box. */
interface Port {
  readonly cell: number
  readonly way: number
  readonly edge: Point
}

const UNKNOWN = 0xffffffff

/** A plain shortest-way search. A state is a cell and the way in which the line runs there. */
function shortestWay(grid: Grid, starts: readonly Port[], ends: readonly Port[]): Line | null {
  const best = new Uint32Array(4 * grid.size).fill(UNKNOWN)
  const before = new Int32Array(4 * grid.size)
  const waiting: number[][] = []
  const visit = (state: number, cost: number, origin: number) => {
    if (cost >= (best[state] ?? 0)) return
    best[state] = cost
    before[state] = origin
    waiting[cost] ??= []
    waiting[cost].push(state)
  }
  const stateOf = ({ cell, way }: Port) => 4 * cell + way
  // A line enters where another one would leave, the other way round.
  const entries = new Map(ends.map((port) => [4 * port.cell + opposite(port.way), port]))
  for (const port of starts) visit(stateOf(port), 0, -1)
  // The list grows while it is walked: one bucket for each cost.
  for (let cost = 0; cost < waiting.length; cost++) {
    for (const state of waiting[cost] ?? []) {
      if (best[state] !== cost) continue
      const end = entries.get(state)
      if (end !== undefined) {
        const states = pathTo(state, before)
        const start = starts.find((port) => stateOf(port) === states[0])
        const points = states.map((one) => grid.pointOf(one >> 2))
        return withoutStraights([start?.edge ?? end.edge, ...points, end.edge]).flat()
      }
      const cell = state >> 2
      for (let turn = 0; turn < 4; turn++) {
        const way = (state + turn) & 3
        const next = turn === 2 ? null : grid.next(cell, way)
        if (next === null) continue
        const turning = turn === 0 ? 0 : costOfTurn(grid.at(cell))
        visit(4 * next + way, cost + 1 + turning + costOfStep(grid.at(next), way), state)
      }
    }
  }
  return null
}

function costOfTurn(there: number): number {
  return TURN + ((there & (ON_LEVEL | ON_UPRIGHT)) === 0 ? 0 : TURN_ON_LINE)
}

function costOfStep(there: number, way: number): number {
  const isLevel = way % 2 === 0
  const along = there & (isLevel ? BESIDE_LEVEL : BESIDE_UPRIGHT)
  const across = there & (isLevel ? ON_UPRIGHT : ON_LEVEL)
  return (along === 0 ? 0 : ALONG_LINE) + (across === 0 ? 0 : CROSSING)
}

function pathTo(state: number, before: Int32Array): readonly number[] {
  const path: number[] = []
  for (let at = state; at >= 0; at = before[at] ?? -1) path.push(at)
  return path.toReversed()
}

type Grid = ReturnType<typeof gridOf>

function gridOf([left, upper, width, height]: Box) {
  const top = upper + STEP / 2
  const columns = Math.floor(width / STEP)
  const rows = Math.floor(height / STEP)
  const cells = new Uint8Array(columns * rows)
  const cellAt = (x: number, y: number): number | null => {
    const [column, row] = [(x - left) / STEP, (y - top) / STEP]
    const isThere = column >= 0 && column < columns && row >= 0 && row < rows
    return isThere && Number.isInteger(column) && Number.isInteger(row)
      ? row * columns + column
      : null
  }
  const places = (start: number, end: number, origin: number, count: number) =>
    range(
      Math.max(0, Math.floor((start - origin) / STEP) + 1),
      Math.min(count, Math.ceil((end - origin) / STEP)),
    )
  return {
    size: cells.length,
    at: (cell: number) => cells[cell] ?? BOX,
    pointOf: (cell: number): Point => [
      left + (cell % columns) * STEP,
      top + Math.floor(cell / columns) * STEP,
    ],
    /** Marks the cells around the box between two points that are nearer than so. */
    mark([x1, y1]: Point, [x2, y2]: Point, distance: number, what: number): void {
      const rowsThere = places(Math.min(y1, y2) - distance, Math.max(y1, y2) + distance, top, rows)
      for (const column of places(
        Math.min(x1, x2) - distance,
        Math.max(x1, x2) + distance,
        left,
        columns,
      )) {
        for (const row of rowsThere) {
          const cell = row * columns + column
          cells[cell] = (cells[cell] ?? 0) | what
        }
      }
    },
    next(cell: number, way: number): number | null {
      const column = (cell % columns) + (AHEAD_X[way] ?? 0)
      if (column < 0 || column >= columns) return null
      const there = cell + (AHEAD_X[way] ?? 0) + (AHEAD_Y[way] ?? 0) * columns
      // Above and below the area there is no cell, which is as good as a box.
      return ((cells[there] ?? BOX) & BOX) === 0 ? there : null
    },
    free(x: number, y: number): number | null {
      const cell = cellAt(x, y)
      return cell !== null && ((cells[cell] ?? BOX) & BOX) === 0 ? cell : null
    },
    /** The places of the grid strictly between two edges, a step away from each. */
    xsBetween: (x1: number, x2: number) =>
      places(x1 + STEP - 1, x2 - STEP + 1, left, columns).map((column) => left + column * STEP),
    ysBetween: (y1: number, y2: number) =>
      places(y1 + STEP - 1, y2 - STEP + 1, top, rows).map((row) => top + row * STEP),
    /** The nearest place of the grid so far out from an edge, or further. */
    outOf: (edge: number, isBefore: boolean, isUpright: boolean) => {
      const origin = isUpright ? top : left
      const steps = isBefore
        ? Math.floor((edge - STUB - origin) / STEP)
        : Math.ceil((edge + STUB - origin) / STEP)
      return origin + steps * STEP
    },
  }
}

function portsOf(grid: Grid, [x, y, width, height]: Box): readonly Port[] {
  const [right, bottom] = [x + width, y + height]
  const out = grid.outOf
  const ways: readonly (readonly [at: Point, way: number, edge: Point])[] = [
    ...grid
      .xsBetween(x, right)
      .flatMap((px) => [
        [[px, out(y, true, true)], 3, [px, y]] as const,
        [[px, out(bottom, false, true)], 1, [px, bottom]] as const,
      ]),
    ...grid
      .ysBetween(y, bottom)
      .flatMap((py) => [
        [[out(x, true, false), py], 2, [x, py]] as const,
        [[out(right, false, false), py], 0, [right, py]] as const,
      ]),
  ]
  return ways.flatMap(([[px, py], way, edge]) => {
    const cell = grid.free(px, py)
    return cell === null ? [] : [{ cell, way, edge }]
  })
}

const opposite = (way: number) => (way + 2) % 4

function range(start: number, end: number): readonly number[] {
  return Array.from({ length: Math.max(0, end - start) }, (_, n) => start + n)
}

function piecesOf(line: Line): readonly (readonly [Point, Point])[] {
  const corners = cornersOf(line)
  return corners.slice(1).map((to, place) => [corners[place] ?? to, to] as const)
}

function withoutStraights(points: readonly Point[]): readonly Point[] {
  return points.filter(([x, y], place) => {
    const [before, after] = [points[place - 1], points[place + 1]]
    if (before === undefined || after === undefined) return true
    const isStraight = (before[0] === x && after[0] === x) || (before[1] === y && after[1] === y)
    return !isStraight
  })
}
