/** What the tests of drawings ask about places: plain geometry, apart from how the places are found. */
import { expect } from 'vitest'
import type { Box, Line } from './drawing.ts'

export type Point = readonly [x: number, y: number]
export type Segment = readonly [Point, Point]

export function pointsOf(line: Line): readonly Point[] {
  return Array.from({ length: line.length / 2 }, (_, n) => [
    line[2 * n] as number,
    line[2 * n + 1] as number,
  ])
}

export function segmentsOf(line: Line): readonly Segment[] {
  const points = pointsOf(line)
  return points.slice(1).map((point, place) => [points[place] as Point, point])
}

export function onEdge([x, y, w, h]: Box, point: Point | undefined): boolean {
  if (point === undefined) return false
  const [px, py] = point
  const upright = (px === x || px === x + w) && py > y && py < y + h
  const level = (py === y || py === y + h) && px > x && px < x + w
  return upright || level
}

/** Whether the segment has a point inside the box; its edge is none. */
export function crosses([[x1, y1], [x2, y2]]: Segment, [x, y, w, h]: Box): boolean {
  const [left, right] = [Math.min(x1, x2), Math.max(x1, x2)]
  const [top, bottom] = [Math.min(y1, y2), Math.max(y1, y2)]
  return right > x && left < x + w && bottom > y && top < y + h
}

/** How long two segments lie upon each other. */
export function sharedLength([a, b]: Segment, [c, d]: Segment): number {
  const isLevel = a[1] === b[1]
  if (isLevel !== (c[1] === d[1])) return 0
  const [along, across] = isLevel ? ([0, 1] as const) : ([1, 0] as const)
  if (a[across] !== c[across]) return 0
  const start = Math.max(Math.min(a[along], b[along]), Math.min(c[along], d[along]))
  const end = Math.min(Math.max(a[along], b[along]), Math.max(c[along], d[along]))
  return Math.max(0, end - start)
}

export function contains([x, y, w, h]: Box, [ix, iy, iw, ih]: Box): boolean {
  return ix >= x && iy >= y && ix + iw <= x + w && iy + ih <= y + h
}

export function areApart([ax, ay, aw, ah]: Box, [bx, by, bw, bh]: Box, distance: number): boolean {
  return (
    ax + aw + distance <= bx ||
    bx + bw + distance <= ax ||
    ay + ah + distance <= by ||
    by + bh + distance <= ay
  )
}

export function expectApart(boxes: readonly Box[], distance: number): void {
  for (const [place, a] of boxes.entries()) {
    for (const b of boxes.slice(place + 1)) {
      expect(areApart(a, b, distance), `${a} and ${b}`).toBe(true)
    }
  }
}

/** Three digits of a count. */
export function countBox([x, y]: Point): Box {
  return [x, y - 8, 20, 8]
}
