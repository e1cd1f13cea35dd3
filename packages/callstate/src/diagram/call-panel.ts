import type { CallStatus } from '../lifecycle.ts'
import { isTerminal } from '../status.ts'
import { canTransition } from '../transition.ts'
import type { CallEdge, CallGraph, CallNode } from './call-graph.ts'
import type { AttemptBox } from './call-lines.ts'
import type { Line, MoveName } from './drawing.ts'
import { MACHINE_DRAWING } from './machine-drawing.ts'
import { middleOf, nameSvg, stateSvg } from './machine-parts.ts'
import { cornersOf, svgLine } from './svg-line.ts'
import { svgText } from './svg-text.ts'

/** What was heard in one attempt, to be drawn over the faded machine. */
export function panelSvg(box: AttemptBox, graph: CallGraph): readonly string[] {
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
    ...movesOf(steps),
    ...steps.filter((step) => step.kind === 'conflict').map(conflictSvg),
    ...[...skipped].map((status) => stateSvg(status, ' skipped', '', [nameSvg(status, 5)])),
    ...heard.map(({ node, lines: [, when = ''] }, place) =>
      heardSvg(node, place + 1, when, inConflict),
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
function movesOf(steps: readonly Step[]): readonly string[] {
  const moves = new Map<MoveName, 'lit' | 'skipped'>()
  for (const { from, to, kind, skipped } of steps) {
    for (const [place, after] of [...skipped, to].entries()) {
      const before = skipped[place - 1] ?? from
      if (!canTransition(before, after)) continue
      const name = `${before}>${after}` as MoveName
      if (kind === 'move' || !moves.has(name)) moves.set(name, kind === 'move' ? 'lit' : 'skipped')
    }
  }
  return [...moves].map(([name, looks]) => {
    const line = svgLine(MACHINE_DRAWING.moves[name].line)
    // The gaps between dashes would show the line of the machine.
    const under = looks === 'skipped' ? `<path class="under" d="${line}"/>` : ''
    return `${under}<path class="move ${looks}" data-move="${name}" d="${line}"/>`
  })
}

function heardSvg(
  node: CallNode,
  order: number,
  when: string,
  inConflict: ReadonlySet<CallStatus>,
): string {
  const { status, current } = node
  if (status === null) return ''
  const [middle, y] = middleOf(status)
  const [x, top, width] = MACHINE_DRAWING.statuses[status]
  const right = x + width - 4
  const conflict = inConflict.has(status)
  // A span of centuries is pressed together rather than let out of its box.
  const room = width - 12
  const pressed =
    when.length * LETTER_WIDTH > room ? ` textLength="${room}" lengthAdjust="spacingAndGlyphs"` : ''
  const classes = ` lit${conflict ? ' conflict' : ''}${current ? ' current' : ''}`
  const badge = `<circle class="badge${conflict ? ' alarm' : ''}" cx="${right}" cy="${top + 3}" r="9"/>`
  return stateSvg(status, classes, '', [
    nameSvg(status, -1),
    `<text class="count middle" x="${middle}" y="${y + 12}"${pressed}>${svgText(when)}</text>`,
    `${badge}<text class="small middle light" x="${right}" y="${top + 7}">${order}</text>`,
  ])
}

/** About as wide as a letter of a time is in the widest of the fonts. */
const LETTER_WIDTH = 6.4

/** The line of a move that the table does not have, with a cross on it. */
function conflictSvg({ from, to }: Step): string {
  const line = conflictLine(from, to)
  const corners = cornersOf(line)
  const [x1, y1] = corners[1] ?? [0, 0]
  const [x2, y2] = corners[2] ?? [0, 0]
  const [x, y] = [(x1 + x2) / 2, (y1 + y2) / 2]
  const cross = `M${x - 6} ${y - 6}l12 12M${x - 6} ${y + 6}l12-12`
  return `<path class="move conflict" data-conflict="${from}>${to}" d="${svgLine(line, false)}"/><path class="cross" d="${cross}"/>`
}

/** Down the column of the one and along the row of the other; between two ends, around their right. */
function conflictLine(from: CallStatus, to: CallStatus): Line {
  const [x, , width] = MACHINE_DRAWING.statuses[to]
  const [, row] = middleOf(to)
  const right = x + width
  if (isTerminal(from))
    return [right, middleOf(from)[1], right + 14, middleOf(from)[1], right + 14, row, right, row]
  const [column = 0, bottom = 0] = MACHINE_DRAWING.moves[`${from}>error`].line
  return [column, bottom, column, row, x, row]
}
