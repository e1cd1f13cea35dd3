import { CALL_STATUSES, type CallStatus, LIFECYCLE, type Phase } from '../lifecycle.ts'
import type { Box, Line } from './drawing.ts'
import { MACHINE_DRAWING } from './machine-drawing.ts'

/** The drawing of the table without the strips in which nothing is left: places before and after. */
export interface CutOut {
  x(place: number): number
  y(place: number): number
  box(box: Box): Box
  line(line: Line): Line
  /** Whether what stood at this place from the left is cut out with its lane. */
  isGone(x: number): boolean
}

type Strip = readonly [start: number, end: number]

/** How far apart lanes stand. */
const GAP = 8

/** As much of the first lane stays as the mark of an outbound call takes. */
const FIRST_LANE_WIDTH = 128

/** Cuts out the lanes and rows of the statuses that are not said. */
export function cutOut(said: ReadonlySet<CallStatus>): CutOut {
  const lanes = emptyLanes(said)
  const rows = emptyRows(said)
  const x = without(lanes)
  const y = without(rows)
  return {
    x,
    y,
    box: ([left, top, width, height]) => [
      x(left),
      y(top),
      x(left + width) - x(left),
      y(top + height) - y(top),
    ],
    line: (line) => line.map((place, index) => (index % 2 === 0 ? x(place) : y(place))),
    isGone: (place) => lanes.some(([start, end]) => place >= start && place < end),
  }
}

function without(strips: readonly Strip[]): (place: number) => number {
  return (place) =>
    strips.reduce(
      (left, [start, end]) => left - Math.min(Math.max(place - start, 0), end - start),
      place,
    )
}

function emptyLanes(said: ReadonlySet<CallStatus>): readonly Strip[] {
  const isEmpty = (phase: Phase) =>
    !CALL_STATUSES.some((status) => LIFECYCLE[status].phase === phase && said.has(status))
  return (Object.keys(MACHINE_DRAWING.phases) as Phase[]).filter(isEmpty).map((phase): Strip => {
    const [left, , width] = MACHINE_DRAWING.phases[phase]
    return [phase === 'waiting' ? left + FIRST_LANE_WIDTH : left, left + width + GAP]
  })
}

/** A row of each end that is not said; where none of a group is left, the name of the group goes too. */
function emptyRows(said: ReadonlySet<CallStatus>): readonly Strip[] {
  const ends = CALL_STATUSES.filter(
    (status) => LIFECYCLE[status].class === 'terminal' && LIFECYCLE[status].group !== 'successful',
  )
  return [...new Set(ends.map((status) => LIFECYCLE[status].group))].flatMap((group) => {
    const rows = ends.filter((status) => LIFECYCLE[status].group === group)
    const strips = rows.filter((status) => !said.has(status)).map(rowOf)
    if (strips.length < rows.length) return strips
    const [top, bottom] = [
      Math.min(...strips.map(([start]) => start)),
      Math.max(...strips.map(([, end]) => end)),
    ]
    return [[top - 20, bottom - 4] as const]
  })
}

const ROW_GAP = 4

function rowOf(status: CallStatus): Strip {
  const [, top, , height] = MACHINE_DRAWING.statuses[status]
  return [top - ROW_GAP, top + height + ROW_GAP]
}
