import type { CallStatus } from '../lifecycle.ts'
import { isTerminal } from '../status.ts'
import type { Box, Layout, Spot } from './drawing.ts'
import type { MachineEdge, MachineGraph } from './machine-graph.ts'
import { svgLine } from './svg-line.ts'

/** The lanes of the phases with their names, and the names of the groups of ends. */
export function lanesSvg({ phases, groups }: Layout): readonly string[] {
  return [
    ...Object.entries(phases).map(([phase, box]) => {
      const name = `<text class="title" x="${box[0] + 12}" y="${box[1] + 20}">${phase}</text>`
      return `<rect class="lane" ${boxAttributes(box)} rx="10"/>${name}`
    }),
    ...Object.entries(groups).map(
      ([group, [x, y]]) => `<text class="small quiet" x="${x}" y="${y}">${group}</text>`,
    ),
  ]
}

/** The marks where calls begin, with the lines to their first statuses. */
export function startsSvg({ starts, startLines }: Layout): readonly string[] {
  return [
    ...Object.entries(startLines).map(
      ([name, line]) => `<path class="move begin" data-start="${name}" d="${svgLine(line)}"/>`,
    ),
    ...Object.entries(starts).map(([direction, box]) => startSvg(direction, box)),
  ]
}

/** The mark of a start. */
export function startSvg(name: string, [x, y, width, height]: Box): string {
  const box = boxAttributes([x, y, width, height])
  const text = `x="${x + width / 2}" y="${y + height / 2 + 4}">${name}</text>`
  return `<rect class="start" ${box} rx="${height / 2}"/><text class="small middle light" ${text}`
}

/** The moves, those of the happy path last and so on top. */
export function movesSvg(layout: Layout, edges: readonly MachineEdge[]): readonly string[] {
  const order = ({ mark, happy }: MachineEdge) => (happy ? 9 : MARK_ORDER.indexOf(mark))
  return edges
    .toSorted((a, b) => order(a) - order(b))
    .flatMap(({ from, to, mark, happy }) => {
      const drawn = layout.moves[`${from}>${to}`]
      if (drawn === undefined) return []
      const title = `<title>${from} → ${to}: ${mark}</title>`
      const classes = `move ${mark}${happy ? ' happy' : ''}`
      const line = svgLine(drawn.line)
      return [`<path class="${classes}" data-move="${from}>${to}" d="${line}">${title}</path>`]
    })
}

const MARK_ORDER: readonly MachineEdge['mark'][] = ['inferred', 'stated', 'observed']

/** Where a page writes how many calls took each move. */
export function moveCountsSvg(layout: Layout, edges: readonly MachineEdge[]): readonly string[] {
  return edges.flatMap(({ from, to }) => {
    const name = `${from}>${to}`
    const [x, y] = layout.moves[name]?.count ?? []
    return x === undefined
      ? []
      : [`<text class="count" data-count="${name}" x="${x}" y="${y}"></text>`]
  })
}

/** The boxes of all statuses. */
export function statesSvg(layout: Layout, nodes: MachineGraph['nodes']): readonly string[] {
  return nodes.map(({ status, class: statusClass, phase, group }) => {
    const title = [status, statusClass, phase, ...(group === null ? [] : [group])].join(', ')
    const [x, y] = middleOf(layout, status)
    const count = `<text class="count middle" data-count="${status}" x="${x}" y="${y + 12}"></text>`
    const inside = [count, nameSvg(layout, status, 5)]
    return stateSvg(layout, status, { before: `<title>${title}</title>`, inside })
  })
}

/** The box of one status: what stands before it, the box, and what stands on it. */
export function stateSvg(
  layout: Layout,
  status: CallStatus,
  look: {
    readonly classes?: string
    readonly before?: string
    readonly inside: readonly string[]
  },
): string {
  const { classes = '', before = '', inside } = look
  const box = boxOf(layout, status)
  const shape = isTerminal(status) ? ' end' : ''
  const radius = isTerminal(status) ? box[3] / 2 : 8
  const rect = `<rect class="box" ${boxAttributes(box)} rx="${radius}"/>`
  return `<g class="state${shape}${classes}" data-status="${status}">${before}${rect}${inside.join('')}</g>`
}

/** The name of a status in its box, so far below the middle. */
export function nameSvg(layout: Layout, status: CallStatus, below: number): string {
  const [x, y] = middleOf(layout, status)
  return `<text class="name middle" x="${x}" y="${y + below}">${status}</text>`
}

export function middleOf(layout: Layout, status: CallStatus): Spot {
  const [x, y, width, height] = boxOf(layout, status)
  return [x + width / 2, y + height / 2]
}

/** Where a status stands; every status that is drawn has a place. */
export function boxOf({ statuses }: Layout, status: CallStatus): Box {
  return statuses[status] ?? [0, 0, 0, 0]
}

export function boxAttributes([x, y, width, height]: Box): string {
  return `x="${x}" y="${y}" width="${width}" height="${height}"`
}
