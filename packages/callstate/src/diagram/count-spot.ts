import type { Box, Line, Spot } from './drawing.ts'
import { cornersOf } from './svg-line.ts'

/** As much room as three digits of a count take. */
const WIDTH = 20
const HEIGHT = 8

/**
 * Where the count of a move stands beside its line, and the room that it takes: clear of all others, and
 * where it is wanted if that is.
 */
export function countSpot(
  line: Line,
  taken: readonly Box[],
  wanted?: Spot,
): { readonly spot: Spot; readonly box: Box } {
  const spots = [...(wanted === undefined ? [] : [wanted]), ...spotsAlong(line)]
  const free = spots.find((spot) => taken.every((box) => areApart(boxOf(spot), box)))
  const spot = free ?? spots[0] ?? [0, 0]
  return { spot, box: boxOf(spot) }
}

/** Above the level pieces of a line, the last one first, then right of the upright ones. */
function spotsAlong(line: Line): readonly Spot[] {
  const corners = cornersOf(line)
  const pieces = corners.slice(1).map((to, place) => [corners[place] ?? to, to] as const)
  const level = pieces.filter(([from, to]) => from[1] === to[1]).toReversed()
  const upright = pieces.filter(([from, to]) => from[1] !== to[1])
  return [
    ...level.flatMap(([[x1, y], [x2]]) =>
      range(Math.min(x1, x2) + 4, Math.max(x1, x2) - WIDTH - 4).map((x): Spot => [x, y - 6]),
    ),
    ...upright.flatMap(([[x, y1], [, y2]]) =>
      range(Math.min(y1, y2) + HEIGHT, Math.max(y1, y2)).map((y): Spot => [x + 4, y]),
    ),
  ]
}

function range(from: number, to: number): readonly number[] {
  return Array.from(
    { length: Math.max(0, Math.floor((to - from) / 4) + 1) },
    (_, n) => from + 4 * n,
  )
}

function boxOf([x, y]: Spot): Box {
  return [x, y - HEIGHT, WIDTH, HEIGHT]
}

function areApart([ax, ay, aw, ah]: Box, [bx, by, bw, bh]: Box): boolean {
  return ax + aw <= bx || bx + bw <= ax || ay + ah <= by || by + bh <= ay
}
