/** The box of a status in the drawing, in its units. */
export interface LineBox {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** A curve as the data of an SVG path, and the point where its label stands. */
export interface OverlayCurve {
  readonly path: string
  readonly label: readonly [x: number, y: number]
}

/** How far an arc between two ends stands out, per unit of their distance, and at most. */
const ARC = { share: 0.22, least: 18, most: 72 } as const

/** How far below the middle of its box a line arrives, beside the legal moves that arrive there. */
const BESIDE = 9

/** How far from the box on its way into an end a line runs level. */
const RUN_IN = 130

/** How far below the boxes a line between two statuses of a row hangs. */
const SAG = 52

/**
 * A line that the drawing of legal moves has no place for. Between statuses that stand below each
 * other it is an arc at their right side; between statuses of about a row, one below them; otherwise it
 * falls from below the left one and comes in from the left, beside the legal moves. Pure.
 */
export function lineBetween(from: LineBox, to: LineBox): OverlayCurve {
  if (Math.abs(middleX(from) - middleX(to)) < Math.max(from.width, to.width) / 2) {
    return arcAtTheSide(from, to)
  }
  const [left, right] = from.x < to.x ? [from, to] : [to, from]
  if (Math.abs(middleY(left) - middleY(right)) < 3 * left.height) return arcBelow(left, right)
  const x1 = middleX(left) + BESIDE
  const y1 = left.y + left.height
  const y2 = middleY(right) + BESIDE
  const c1: Point = [x1 + BESIDE, (y1 + y2) / 2]
  const c2: Point = [right.x - RUN_IN, y2]
  return curve([x1, y1], c1, c2, [right.x, y2])
}

function arcAtTheSide(from: LineBox, to: LineBox): OverlayCurve {
  const x1 = from.x + from.width
  const x2 = to.x + to.width
  const [y1, y2] = [middleY(from), middleY(to)]
  const out = Math.min(ARC.most, Math.max(ARC.least, Math.abs(y2 - y1) * ARC.share))
  const x = Math.max(x1, x2) + out
  return curve([x1, y1], [x, y1], [x, y2], [x2, y2])
}

function arcBelow(left: LineBox, right: LineBox): OverlayCurve {
  const [x1, x2] = [middleX(left) + BESIDE, middleX(right) - BESIDE]
  const [y1, y2] = [left.y + left.height, right.y + right.height]
  const y = Math.max(y1, y2) + SAG
  return curve([x1, y1], [x1, y], [x2, y], [x2, y2])
}

type Point = readonly [x: number, y: number]

/** Where on its way a line has its label: nearer to the end, since many begin at the same place. */
const LABEL_AT = 0.7

function curve(a: Point, c1: Point, c2: Point, b: Point): OverlayCurve {
  const at = (place: 0 | 1) => {
    const [t, rest] = [LABEL_AT, 1 - LABEL_AT]
    const corners = 3 * rest * rest * t * c1[place] + 3 * rest * t * t * c2[place]
    return Math.round(rest ** 3 * a[place] + corners + t ** 3 * b[place])
  }
  return {
    path: `M${a[0]} ${a[1]}C${c1[0]} ${c1[1]} ${c2[0]} ${c2[1]} ${b[0]} ${b[1]}`,
    label: [at(0), at(1)],
  }
}

function middleX({ x, width }: LineBox): number {
  return x + width / 2
}

function middleY({ y, height }: LineBox): number {
  return y + height / 2
}
