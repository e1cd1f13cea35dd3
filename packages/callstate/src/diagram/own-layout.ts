import {
  type CallStatus,
  type Direction,
  LIFECYCLE,
  type Phase,
  type StatusGroup,
  TERMINAL_STATUSES,
} from '../lifecycle.ts'
import type { LifecycleOptions } from '../own-lifecycle.ts'
import { countSpot } from './count-spot.ts'
import { type CutOut, cutOut } from './cut-out.ts'
import type { Box, DrawnMove, Layout, Line, Spot } from './drawing.ts'
import { createLineRouter } from './line-router.ts'
import { chartStarts } from './machine-chart.ts'
import { MACHINE_DRAWING } from './machine-drawing.ts'
import type { MachineGraph } from './machine-graph.ts'

const { phases, groups, statuses, starts } = MACHINE_DRAWING
const startLines: Readonly<Record<string, Line>> = MACHINE_DRAWING.startLines
const moves: Readonly<Record<string, DrawnMove>> = MACHINE_DRAWING.moves

/** Where everything stands: in the drawing of the table, or for a provider in one of its own. */
export function layoutOf(graph: MachineGraph, { provider }: LifecycleOptions): Layout {
  if (provider !== undefined) return ownLayout(graph)
  return { ...MACHINE_DRAWING, columns: columnsOf(graph.nodes, (x) => x) }
}

/**
 * Where everything stands of a machine that is not the table's. Statuses keep their places in the drawing of
 * the table, and so do the lines of the moves that the table has; lanes and rows in which nothing is left
 * are cut out. Of the other moves, those to an end take the column of their status and the row of their end,
 * those between neighbours of the happy path are straight, and the rest are routed around the boxes.
 * Pure: the same graph gives the same layout.
 */
export function ownLayout({ nodes, edges }: MachineGraph): Layout {
  const said = new Set(nodes.map(({ status }) => status))
  const cut = cutOut(said)
  const boxes = new Map(nodes.map(({ status }) => [status, cut.box(statuses[status])]))
  const pills = pillsOf({ nodes, edges }, cut, boxes)
  const lines = new Map<string, Line>()
  const open: { readonly name: string; readonly from: Box; readonly to: Box }[] = []
  const draw = (name: string, from: Box, to: Box, known: Line | undefined) => {
    const line = known ?? straightLine(from, to, [...boxes.values(), ...pills.values()])
    if (line === null) open.push({ name, from, to })
    else lines.set(name, line)
  }
  const startNames = chartStarts({ nodes, edges }).map(({ direction, status }) => {
    const [pill, box] = [pills.get(direction), boxes.get(status)]
    const name = `${direction}>${status}`
    const inTable = startLines[name]
    const isInPlace = pill !== undefined && areEqual(pill, cut.box(starts[direction]))
    if (pill && box) draw(name, pill, box, isInPlace && inTable ? cut.line(inTable) : undefined)
    return name
  })
  for (const { from, to, happy } of edges) {
    const [box, end] = [boxes.get(from), boxes.get(to)]
    // The happy path is straight, also where the table goes around a status that is left out here.
    const known = happy ? undefined : lineInTable(from, to, cut)
    if (box && end) draw(`${from}>${to}`, box, end, known)
  }
  const area: Box = [24, 40, cut.x(MACHINE_DRAWING.width) - 48, cut.y(272) - 40]
  const frames = framesOf(nodes, cut)
  const obstacles = [...boxes.values(), ...pills.values(), ...namesIn(frames)]
  const router = createLineRouter(area, obstacles)
  for (const line of lines.values()) router.keepOff(line)
  for (const { name, from, to } of open.toSorted((a, b) => lengthOf(a) - lengthOf(b))) {
    const line = router.route(from, to) ?? elbow(from, to)
    router.keepOff(line)
    lines.set(name, line)
  }
  return {
    ...frames,
    columns: columnsOf(nodes, cut.x),
    statuses: Object.fromEntries(boxes),
    starts: Object.fromEntries(pills),
    startLines: Object.fromEntries(startNames.map((name) => [name, lines.get(name) ?? []])),
    moves: drawnMoves(edges, lines, cut, obstacles),
  }
}

function columnsOf(nodes: MachineGraph['nodes'], moved: (x: number) => number): Layout['columns'] {
  const columns: { [Status in CallStatus]?: number } = {}
  for (const { status } of nodes) {
    const column = columnOf(status)
    if (column !== undefined) columns[status] = moved(column)
  }
  return columns
}

function columnOf(status: CallStatus): number | undefined {
  return moves[`${status}>error`]?.line[0]
}

/** The marks where calls begin: in their places, unless their lane is gone. */
function pillsOf(
  graph: MachineGraph,
  cut: CutOut,
  boxes: ReadonlyMap<CallStatus, Box>,
): ReadonlyMap<Direction, Box> {
  const pills = new Map<Direction, Box>()
  for (const { direction, status } of chartStarts(graph)) {
    const [x, , width, height] = starts[direction]
    const box = boxes.get(status)
    if (pills.has(direction) || box === undefined) continue
    const isGone = cut.isGone(x)
    // Above the first status at which such a call may begin.
    const above: Box = [box[0] + 8 * Math.floor((box[2] - width) / 16), box[1] - 40, width, height]
    pills.set(direction, isGone ? above : cut.box(starts[direction]))
  }
  return pills
}

function lineInTable(from: CallStatus, to: CallStatus, cut: CutOut): Line | undefined {
  const known = moves[`${from}>${to}`]?.line
  if (known !== undefined) return cut.line(known)
  const column = columnOf(from)
  if (column === undefined || to === 'completed' || LIFECYCLE[to].class !== 'terminal') {
    return undefined
  }
  const [, y, , height] = statuses[from]
  const [left, top, , endHeight] = statuses[to]
  const row = top + endHeight / 2
  return cut.line([column, y + height, column, row, left, row])
}

/** A line to a box further right in the same row or right below, where nothing stands between. */
function straightLine(from: Box, to: Box, boxes: readonly Box[]): Line | null {
  const [level, upright] = [from[1] + from[3] / 2, from[0] + from[2] / 2]
  const line =
    level === to[1] + to[3] / 2
      ? [from[0] + from[2], level, to[0], level]
      : [upright, from[1] + from[3], upright, to[1]]
  const [left = 0, top = 0, right = 0, bottom = 0] = line
  const leads =
    left === right ? right > to[0] && right < to[0] + to[2] && bottom > top : right > left
  const isFree = !boxes.some(
    ([x, y, width, height]) => x < right && x + width > left && y < bottom && y + height > top,
  )
  return leads && isFree ? line : null
}

/** Where no way leads around the boxes: straight up and across, whatever is there. */
function elbow(from: Box, to: Box): Line {
  const [x, y] = [from[0] + from[2] / 2, to[1] + to[3] / 2]
  return [x, from[1], x, y, to[0], y]
}

function lengthOf({ from, to }: { readonly from: Box; readonly to: Box }): number {
  return Math.abs(from[0] - to[0]) + Math.abs(from[1] - to[1])
}

function areEqual(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((place, index) => place === b[index])
}

function framesOf(nodes: MachineGraph['nodes'], cut: CutOut) {
  const inPhase = new Set(nodes.map(({ phase }) => phase))
  const ofEnds = nodes.filter(({ status }) => TERMINAL_STATUSES.some((end) => end === status))
  const inGroup = new Set(ofEnds.map(({ group }) => group))
  const keep = <Key extends string, Value>(
    all: Readonly<Record<Key, Value>>,
    kept: ReadonlySet<Key | null>,
    move: (value: Value) => Value,
  ) => {
    const found: Partial<Record<Key, Value>> = {}
    for (const key of Object.keys(all) as Key[]) if (kept.has(key)) found[key] = move(all[key])
    return found
  }
  return {
    width: cut.x(MACHINE_DRAWING.width),
    height: cut.y(MACHINE_DRAWING.height),
    phases: keep<Phase, Box>(phases, inPhase, cut.box),
    groups: keep<StatusGroup, readonly [number, number]>(groups, inGroup, ([x, y]) => [
      cut.x(x),
      cut.y(y),
    ]),
  }
}

/** About as much room as the names of phases and groups take. */
function namesIn({ phases, groups }: Pick<Layout, 'phases' | 'groups'>): readonly Box[] {
  return [
    ...Object.entries(phases).map(([name, [x, y]]): Box => [x + 12, y + 8, 9 * name.length, 14]),
    ...Object.entries(groups).map(([name, [x, y]]): Box => [x, y - 12, 6 * name.length, 14]),
  ]
}

/** The moves with their lines and counts. A count stands where the table has it, where that is free. */
function drawnMoves(
  edges: MachineGraph['edges'],
  lines: ReadonlyMap<string, Line>,
  cut: CutOut,
  obstacles: readonly Box[],
): Layout['moves'] {
  const taken = [...obstacles]
  const drawn: Record<string, DrawnMove> = {}
  for (const { from, to } of edges) {
    const name = `${from}>${to}`
    const line = lines.get(name)
    if (line === undefined) continue
    const known = moves[name]
    const isAsInTable = known !== undefined && areEqual(line, cut.line(known.line))
    const wanted: Spot | undefined = isAsInTable
      ? [cut.x(known.count[0]), cut.y(known.count[1])]
      : undefined
    const { spot, box } = countSpot(line, taken, wanted)
    taken.push(box)
    drawn[name] = { line, count: spot }
  }
  return drawn
}
