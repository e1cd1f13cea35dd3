import {
  CALL_STATUSES,
  type CallStatus,
  type Direction,
  LIFECYCLE,
  type Phase,
  type StatusGroup,
} from '../lifecycle.ts'
import { isTerminal } from '../status.ts'
import type { Box, MoveName, Spot, StartName } from './drawing.ts'
import { MACHINE_DRAWING } from './machine-drawing.ts'
import type { MachineEdge } from './machine-graph.ts'
import { svgLine } from './svg-line.ts'

const { phases, groups, starts, startLines, statuses, moves } = MACHINE_DRAWING

/** The lanes of the phases with their names, and the names of the groups of ends. */
export function lanesSvg(): readonly string[] {
  const lanes = Object.entries(phases) as readonly (readonly [Phase, Box])[]
  const names = Object.entries(groups) as readonly (readonly [StatusGroup, Spot])[]
  return [
    ...lanes.map(([phase, box]) => {
      const name = `<text class="title" x="${box[0] + 12}" y="${box[1] + 20}">${phase}</text>`
      return `<rect class="lane" ${boxAttributes(box)} rx="10"/>${name}`
    }),
    ...names.map(
      ([group, [x, y]]) => `<text class="small quiet" x="${x}" y="${y}">${group}</text>`,
    ),
  ]
}

/** The marks where calls begin, with the lines to their first statuses. */
export function startsSvg(): readonly string[] {
  const lines = Object.keys(startLines) as readonly StartName[]
  const marks = Object.entries(starts) as readonly (readonly [Direction, Box])[]
  return [
    ...lines.map(
      (name) => `<path class="move begin" data-start="${name}" d="${svgLine(startLines[name])}"/>`,
    ),
    ...marks.map(([direction, box]) => startSvg(direction, box)),
  ]
}

/** The mark of a start. */
export function startSvg(name: string, [x, y, width, height]: Box): string {
  const box = boxAttributes([x, y, width, height])
  const text = `x="${x + width / 2}" y="${y + height / 2 + 4}">${name}</text>`
  return `<rect class="start" ${box} rx="${height / 2}"/><text class="small middle light" ${text}`
}

/** The moves, those of the happy path last and so on top. */
export function movesSvg(edges: readonly MachineEdge[]): readonly string[] {
  const order = ({ mark, happy }: MachineEdge) => (happy ? 9 : MARK_ORDER.indexOf(mark))
  return edges
    .toSorted((a, b) => order(a) - order(b))
    .map(({ from, to, mark, happy }) => {
      const line = svgLine(moves[`${from}>${to}` as MoveName].line)
      const title = `<title>${from} → ${to}: ${mark}</title>`
      const classes = `move ${mark}${happy ? ' happy' : ''}`
      return `<path class="${classes}" data-move="${from}>${to}" d="${line}">${title}</path>`
    })
}

const MARK_ORDER: readonly MachineEdge['mark'][] = ['inferred', 'stated', 'observed']

/** Where a page writes how many calls took each move. */
export function moveCountsSvg(edges: readonly MachineEdge[]): readonly string[] {
  return edges.map(({ from, to }) => {
    const name = `${from}>${to}` as MoveName
    const [x, y] = moves[name].count
    return `<text class="count" data-count="${name}" x="${x}" y="${y}"></text>`
  })
}

/** The boxes of all statuses. */
export function statesSvg(): readonly string[] {
  return CALL_STATUSES.map((status) => {
    const { class: statusClass, phase, group } = LIFECYCLE[status]
    const title = [status, statusClass, phase, ...(group === null ? [] : [group])].join(', ')
    const [x, y] = middleOf(status)
    const count = `<text class="count middle" data-count="${status}" x="${x}" y="${y + 12}"></text>`
    return stateSvg(status, '', `<title>${title}</title>`, [count, nameSvg(status, 5)])
  })
}

/** The box of one status: what stands before it, the box, and what stands on it. */
export function stateSvg(
  status: CallStatus,
  classes: string,
  before: string,
  inside: readonly string[],
): string {
  const box = statuses[status]
  const shape = isTerminal(status) ? ' end' : ''
  const radius = isTerminal(status) ? box[3] / 2 : 8
  const rect = `<rect class="box" ${boxAttributes(box)} rx="${radius}"/>`
  return `<g class="state${shape}${classes}" data-status="${status}">${before}${rect}${inside.join('')}</g>`
}

/** The name of a status in its box, so far below the middle. */
export function nameSvg(status: CallStatus, below: number): string {
  const [x, y] = middleOf(status)
  return `<text class="name middle" x="${x}" y="${y + below}">${status}</text>`
}

export function middleOf(status: CallStatus): Spot {
  const [x, y, width, height] = statuses[status]
  return [x + width / 2, y + height / 2]
}

export function boxAttributes([x, y, width, height]: Box): string {
  return `x="${x}" y="${y}" width="${width}" height="${height}"`
}
