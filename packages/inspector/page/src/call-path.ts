import {
  type CallStatus,
  canTransition,
  isTerminal,
  type LifecycleOptions,
  timeline,
} from 'callstate'
import { pathBetween } from 'callstate/internal'
import { type Conflict, conflictsOf, type Step } from './time-travel.ts'

/** What the chart lights of one call: one attempt, as far as it was known by then. */
export interface CallPath {
  readonly attempt: number
  readonly status: CallStatus | null
  /** Statuses that were heard. */
  readonly heard: ReadonlySet<CallStatus>
  /** Statuses that lie between them on the shortest legal way, and were not heard. */
  readonly skipped: ReadonlySet<CallStatus>
  /** Legal moves from one heard status to the next, as `from>to`. */
  readonly moves: ReadonlySet<string>
  /** Legal moves by way of a status that was not heard. */
  readonly gaps: ReadonlySet<string>
  readonly conflicts: readonly Conflict[]
  /** Where the last event pointed, against the order of the lifecycle: it came late. */
  readonly late: { readonly from: CallStatus; readonly to: CallStatus } | null
}

/**
 * The path of the latest attempt after the last of these steps, by the provider's own moves where they
 * are known; null where there is none. Pure.
 */
export function pathOf(steps: readonly Step[], options: LifecycleOptions = {}): CallPath | null {
  const last = steps.at(-1)
  if (last === undefined) return null
  const { call } = last
  const path = {
    moves: new Set<string>(),
    gaps: new Set<string>(),
    skipped: new Set<CallStatus>(),
  }
  const story = timeline(call)
    .filter(({ attempt }) => attempt === call.attempt)
    .map(({ status }) => status)
  const way = story.filter((status) => !isTerminal(status))
  for (const [place, to] of way.slice(1).entries()) {
    lightWay(path, way[place] as CallStatus, to, options)
  }
  // Of several ends, each that can be reached was.
  const lastBeforeEnd = way.at(-1)
  for (const end of story.filter((status) => isTerminal(status))) {
    if (lastBeforeEnd !== undefined) lightWay(path, lastBeforeEnd, end, options)
  }
  return {
    ...path,
    attempt: call.attempt,
    status: call.status,
    heard: new Set(story),
    conflicts: conflictsOf(steps).filter(({ attempt }) => attempt === call.attempt),
    late: lateMove(last),
  }
}

function lightWay(
  path: { moves: Set<string>; gaps: Set<string>; skipped: Set<CallStatus> },
  from: CallStatus,
  to: CallStatus,
  { provider }: LifecycleOptions,
): void {
  // What the provider has no word for and came all the same is judged by the table.
  const isLacked = provider?.lacks?.some((status) => status === from || status === to) === true
  const judge = { provider: isLacked ? undefined : provider }
  if (canTransition(from, to, judge)) {
    path.moves.add(moveKey(from, to))
    return
  }
  const way = pathBetween(from, to, judge) ?? []
  for (const status of way.slice(1, -1)) path.skipped.add(status)
  for (const [place, next] of way.slice(1).entries()) {
    path.gaps.add(moveKey(way[place] as CallStatus, next))
  }
}

function lateMove({ item, before, call }: Step): CallPath['late'] {
  const { decision, refused } = item
  if (refused !== undefined || decision?.kind !== 'late') return null
  if (decision.attempt !== call.attempt) return null
  if (before.status === null || before.attempt !== call.attempt) return null
  return { from: before.status, to: decision.status }
}

/** The name of a move, as the chart and the counts have it. Pure. */
export function moveKey(from: CallStatus, to: CallStatus): string {
  return `${from}>${to}`
}
