import type { Line } from './drawing.ts'

/** How wide the arc is that replaces a corner, where there is room. */
const RADIUS = 16

/** How long an arrow's head is: the line ends where its head begins, else a thick line would show its edges. */
export const HEAD_LENGTH = 8

/** The line as the data of an SVG path, with round corners. With `head` it leaves room for one. */
export function svgLine(line: Line, head = true): string {
  const corners = cornersOf(line)
  return corners
    .map(([x, y], place) => {
      const before = corners[place - 1]
      const after = corners[place + 1]
      if (before === undefined) return `M${x} ${y}`
      if (after === undefined)
        return straightTo(before, head ? towards([x, y], before, HEAD_LENGTH) : [x, y])
      const radius = Math.min(RADIUS, length(before, [x, y]) / 2, length([x, y], after) / 2)
      const start = towards([x, y], before, radius)
      const end = towards([x, y], after, radius)
      return `${straightTo(before, start)}Q${x} ${y} ${end[0]} ${end[1]}`
    })
    .join('')
}

/** A point of the drawing. */
export type Point = readonly [x: number, y: number]

/** The corners of a line, its two ends among them. */
export function cornersOf(line: Line): readonly Point[] {
  return line.flatMap((x, place): readonly Point[] => {
    const y = line[place + 1]
    return place % 2 === 0 && y !== undefined ? [[x, y]] : []
  })
}

function straightTo(from: Point, [x, y]: Point): string {
  return from[1] === y ? `H${x}` : `V${y}`
}

/** The point at this distance from `from` on the way to `to`. */
function towards([x, y]: Point, to: Point, distance: number): Point {
  return [x + Math.sign(to[0] - x) * distance, y + Math.sign(to[1] - y) * distance]
}

function length(from: Point, to: Point): number {
  return Math.abs(to[0] - from[0]) + Math.abs(to[1] - from[1])
}
