import { type CallStatus, type Direction, LIFECYCLE, type Mark, type Phase } from '../lifecycle.ts'
import type { LifecycleOptions } from '../own-lifecycle.ts'
import { isTerminal } from '../status.ts'
import { canTransition } from '../transition.ts'
import type { MachineEdge, MachineGraph } from './machine-graph.ts'

/** A line of the chart: from one status, or from the box of a phase for all statuses in it. */
export interface ChartLine {
  /** Where the line starts; for a box, the status in it that stands nearest to the happy path. */
  readonly from: CallStatus
  /** The box from which the line starts; null where it starts from the status itself. */
  readonly box: Phase | null
  readonly to: CallStatus
  readonly mark: Mark
  readonly happy: boolean
}

/** What the lines of a chart mean, for its legend. */
export const LEGEND: readonly string[] = [
  'Thick: seen in records of real calls (green: the way of a call that goes well).',
  'Thin: stated in documents. Dashed: our reading.',
  'A line from a box stands for every status in it that has no line of its own to the same end.',
]

/**
 * The edges as a chart draws them, those of the happy path first. Inferred moves from all statuses of
 * a phase to the same end become one line from the phase's box: 34 lines instead of 50 for the table,
 * none untrue.
 */
export function chartLines(
  { nodes, edges }: MachineGraph,
  { provider }: LifecycleOptions,
): readonly ChartLine[] {
  const inPhase = (phase: Phase) => nodes.filter((node) => node.phase === phase)
  const sharesBox = (edge: MachineEdge, other: MachineEdge) =>
    edge.to === other.to &&
    isTerminal(edge.to) &&
    [edge, other].every(({ mark, happy }) => mark === 'inferred' && !happy) &&
    phaseOf(other) === phaseOf(edge) &&
    // Also a move whose mark the chart does not show is legal.
    inPhase(phaseOf(edge)).every(({ status }) => canTransition(status, edge.to, { provider }))
  const lines = edges.flatMap((edge): readonly ChartLine[] => {
    const { from, to, mark, happy } = edge
    const together = edges.filter((other) => sharesBox(edge, other))
    if (together.length < 2) return [{ from, box: null, to, mark, happy }]
    if (edge !== together[0]) return []
    const box = phaseOf(edge)
    const anchor = edges.findLast((other) => other.happy && phaseOf(other) === box)
    return [{ from: anchor?.from ?? from, box, to, mark, happy }]
  })
  return [...lines.filter((line) => line.happy), ...lines.filter((line) => !line.happy)]
}

/** The phases in order, with their statuses. */
export function chartBoxes({ nodes }: MachineGraph) {
  const phases = [...new Set(nodes.map((node) => node.phase))]
  return phases.map((phase) => ({
    phase,
    nodes: nodes.filter((node) => node.phase === phase),
  }))
}

/**
 * The beginnings that a chart shows. Where a provider says nothing before the phone rings, a call may
 * also be first heard of by its end: lines to every end would hide the others.
 */
export function chartStarts({ nodes }: MachineGraph) {
  return nodes.flatMap(({ status, class: statusClass, starts }) =>
    statusClass === 'terminal'
      ? []
      : starts.map((direction): { direction: Direction; status: CallStatus } => ({
          direction,
          status,
        })),
  )
}

const phaseOf = ({ from }: MachineEdge): Phase => LIFECYCLE[from].phase
