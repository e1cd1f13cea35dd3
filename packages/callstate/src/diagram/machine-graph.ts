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
import { type Lifecycle, type LifecycleOptions, lifecycleOf, startsOf } from '../own-lifecycle.ts'
import { STATUSES_BY_RANK } from '../rank.ts'
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
  /** Whether the move lies on the way of a call that goes well. */
  readonly happy: boolean
}

/** The lifecycle of one attempt as plain data that survives JSON. */
export interface MachineGraph {
  readonly nodes: readonly MachineNode[]
  readonly edges: readonly MachineEdge[]
}

/** What a chart of the machine shows: the table, or with `provider` the provider's own lifecycle. */
export interface MachineOptions extends LifecycleOptions {
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
export function machineGraph({ provider, marks }: MachineOptions = {}): MachineGraph {
  const lifecycle: Lifecycle = provider === undefined ? LIFECYCLE : lifecycleOf(provider)
  const starts = DIRECTIONS.map((direction) => [direction, startsOf(direction, provider)] as const)
  const way = HAPPY_WAY.filter((status) => lifecycle[status] !== undefined)
  return {
    nodes: CALL_STATUSES.flatMap((status) => {
      const entry = lifecycle[status]
      if (entry === undefined) return []
      const { class: statusClass, phase, group } = entry
      const begins = starts.filter(([, statuses]) => statuses.includes(status))
      return [
        {
          status,
          class: statusClass,
          phase,
          group,
          starts: begins.map(([direction]) => direction),
        },
      ]
    }),
    edges: movesOf(lifecycle)
      .filter(({ mark }) => marks === undefined || marks.includes(mark))
      .map(({ from, to, mark, source }) => {
        const place = way.indexOf(from)
        return { from, to, mark, source, happy: place >= 0 && way[place + 1] === to }
      }),
  }
}

const DIRECTIONS = Object.keys(START_STATUSES) as readonly Direction[]

interface NamedMove extends Move {
  readonly from: CallStatus
  readonly to: CallStatus
}

function movesOf(lifecycle: Lifecycle): readonly NamedMove[] {
  return CALL_STATUSES.flatMap((from) =>
    CALL_STATUSES.flatMap((to) => {
      const move = lifecycle[from]?.next[to]
      return move === undefined ? [] : [{ from, to, ...move }]
    }),
  )
}

/** The statuses of a call that goes well, as Bolna draws it: a provider's own way is what it says of these. */
const HAPPY_WAY: readonly CallStatus[] = /* @__PURE__ */ STATUSES_BY_RANK.filter((status) =>
  movesOf(LIFECYCLE).some(
    ({ from, to, mark }) =>
      mark === 'observed' && canReach(to, 'completed') && (from === status || to === status),
  ),
)
