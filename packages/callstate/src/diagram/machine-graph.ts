import {
  CALL_STATUSES,
  type CallStatus,
  type Direction,
  LIFECYCLE,
  type Mark,
  type Move,
  type Phase,
  START_STATUSES,
  type StatusClass,
  type StatusGroup,
} from '../lifecycle.ts'
import { canReach } from '../transition.ts'

/** One status of the chart. */
export interface MachineNode {
  readonly status: CallStatus
  readonly class: StatusClass
  readonly phase: Phase
  readonly group: StatusGroup | null
  /** The directions of calls that may begin here; empty for most. */
  readonly starts: readonly Direction[]
}

/** One legal move of the chart. */
export interface MachineEdge {
  readonly from: CallStatus
  readonly to: CallStatus
  readonly mark: Mark
  /** Address of the document that says so; null for our own reading. */
  readonly source: string | null
  /** Whether the move lies on the way of a call that goes well, as the provider draws it. */
  readonly happy: boolean
}

/** The lifecycle of one attempt as plain data that survives JSON. */
export interface MachineGraph {
  readonly nodes: readonly MachineNode[]
  readonly edges: readonly MachineEdge[]
}

/** What a chart of the machine shows. */
export interface MachineOptions {
  /** Only moves that are known in these ways; all moves when left out. */
  readonly marks?: readonly Mark[]
}

/**
 * The machine of one attempt as nodes and edges, in the order of the table: what the charts draw, for
 * other tools to draw in their own way. Pure.
 *
 * @example
 * machineGraph().nodes.length // 16
 * machineGraph({ marks: ['observed'] }).edges.length // 7
 */
export function machineGraph(options: MachineOptions = {}): MachineGraph {
  const edges = CALL_STATUSES.flatMap((from) =>
    Object.entries(LIFECYCLE[from].next as Readonly<Record<string, Move>>).map(
      ([to, { mark, source }]) => ({
        from,
        to: to as CallStatus,
        mark,
        source,
        happy: mark === 'observed' && canReach(to, 'completed'),
      }),
    ),
  )
  const { marks } = options
  return {
    nodes: CALL_STATUSES.map((status) => ({
      status,
      class: LIFECYCLE[status].class,
      phase: LIFECYCLE[status].phase,
      group: LIFECYCLE[status].group,
      starts: DIRECTIONS.filter((direction) => isStart(direction, status)),
    })),
    edges: edges.filter(({ mark }) => marks === undefined || marks.includes(mark)),
  }
}

const DIRECTIONS = Object.keys(START_STATUSES) as readonly Direction[]

function isStart(direction: Direction, status: CallStatus): boolean {
  const starts: readonly CallStatus[] = START_STATUSES[direction]
  return starts.includes(status)
}
