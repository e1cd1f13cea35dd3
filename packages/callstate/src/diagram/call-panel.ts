import type { CallStatus } from '../lifecycle.ts'
import { isTerminal } from '../status.ts'
import type { CallEdge, CallGraph, CallNode } from './call-graph.ts'
import type { AttemptBox } from './call-lines.ts'
import type { Layout, Line } from './drawing.ts'
import { boxOf, middleOf, nameSvg, stateSvg } from './machine-parts.ts'
import { cornersOf, svgLine } from './svg-line.ts'
import { svgText } from './svg-text.ts'

/** What was heard in one attempt, to be drawn over the faded machine. */
export function panelSvg(layout: Layout, box: AttemptBox, graph: CallGraph): readonly string[] {
  const byId = new Map(box.nodes.map(({ node }) => [node.id, node]))
  const heard = box.nodes.filter(({ node }) => node.status !== null)
  const steps = graph.edges.flatMap((edge): readonly Step[] => {
    const from = byId.get(edge.from)?.status
    const to = byId.get(edge.to)?.status
    return from && to ? [{ from, to, kind: edge.kind, skipped: edge.skipped }] : []
  })
  const inConflict = new Set(
    steps.filter((step) => step.kind === 'conflict').flatMap(({ from, to }) => [from, to]),
  )
  const told = new Set(heard.map(({ node }) => node.status))
  const skipped = new Set(steps.flatMap((step) => step.skipped).filter((s) => !told.has(s)))
  return [
    ...movesOf(layout, steps),
    ...steps.filter((step) => step.kind === 'conflict').map((step) => conflictSvg(layout, step)),
    ...[...skipped].map((status) =>
      stateSvg(layout, status, { classes: ' skipped', inside: [nameSvg(layout, status, 5)] }),
    ),
    ...heard.map(({ node, lines: [, when = ''] }, place) =>
      heardSvg(layout, node, { order: place + 1, when, inConflict }),
    ),
  ]
}

/** An edge between two statuses of the table. */
interface Step {
  readonly from: CallStatus
  readonly to: CallStatus
  readonly kind: CallEdge['kind']
  readonly skipped: readonly CallStatus[]
}

/** Each move once; where one was both heard and passed over, it was heard. */
function movesOf(layout: Layout, steps: readonly Step[]): readonly string[] {
  const moves = new Map<string, 'lit' | 'skipped'>()
  for (const { from, to, kind, skipped } of steps) {
    for (const [place, after] of [...skipped, to].entries()) {
      const before = skipped[place - 1] ?? from
      const name = `${before}>${after}`
      if (layout.moves[name] === undefined) continue
      if (kind === 'move' || !moves.has(name)) moves.set(name, kind === 'move' ? 'lit' : 'skipped')
    }
  }
  return [...moves].map(([name, looks]) => {
    const line = svgLine(layout.moves[name]?.line ?? [])
    // The gaps between dashes would show the line of the machine.
    const under = looks === 'skipped' ? `<path class="under" d="${line}"/>` : ''
    return `${under}<path class="move ${looks}" data-move="${name}" d="${line}"/>`
  })
}

function heardSvg(
  layout: Layout,
  { status, current }: CallNode,
  heard: {
    readonly order: number
    readonly when: string
    readonly inConflict: ReadonlySet<CallStatus>
  },
): string {
  const { order, when, inConflict } = heard
  if (status === null) return ''
  const [middle, y] = middleOf(layout, status)
  const [x, top, width] = boxOf(layout, status)
  const right = x + width - 4
  const conflict = inConflict.has(status)
  // A span of centuries is pressed together rather than let out of its box.
  const room = width - 12
  const pressed =
    when.length * LETTER_WIDTH > room ? ` textLength="${room}" lengthAdjust="spacingAndGlyphs"` : ''
  const classes = ` lit${conflict ? ' conflict' : ''}${current ? ' current' : ''}`
  const badge = `<circle class="badge${conflict ? ' alarm' : ''}" cx="${right}" cy="${top + 3}" r="9"/>`
  const inside = [
    nameSvg(layout, status, -1),
    `<text class="count middle" x="${middle}" y="${y + 12}"${pressed}>${svgText(when)}</text>`,
    `${badge}<text class="small middle light" x="${right}" y="${top + 7}">${order}</text>`,
  ]
  return stateSvg(layout, status, { classes, inside })
}

/** About as wide as a letter of a time is in the widest of the fonts. */
const LETTER_WIDTH = 6.4

/** The line of a move that the table does not have, with a cross on it. */
function conflictSvg(layout: Layout, { from, to }: Step): string {
  const line = conflictLine(layout, from, to)
  const corners = cornersOf(line)
  const [x1, y1] = corners[1] ?? [0, 0]
  const [x2, y2] = corners[2] ?? [0, 0]
  const [x, y] = [(x1 + x2) / 2, (y1 + y2) / 2]
  const cross = `M${x - 6} ${y - 6}l12 12M${x - 6} ${y + 6}l12-12`
  return `<path class="move conflict" data-conflict="${from}>${to}" d="${svgLine(line, false)}"/><path class="cross" d="${cross}"/>`
}

/** Down the column of the one and along the row of the other; between two ends, around their right. */
function conflictLine(layout: Layout, from: CallStatus, to: CallStatus): Line {
  const [x, , width] = boxOf(layout, to)
  const [, row] = middleOf(layout, to)
  const right = x + width
  const [left, top, , height] = boxOf(layout, from)
  const level = top + height / 2
  if (isTerminal(from)) {
    return [right, level, right + 14, level, right + 14, row, right, row]
  }
  const column = layout.columns[from] ?? left
  return [column, top + height, column, row, x, row]
}
