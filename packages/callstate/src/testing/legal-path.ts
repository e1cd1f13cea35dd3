import fc from 'fast-check'
import {
  type CallStatus,
  type Direction,
  TERMINAL_STATUSES,
  type TerminalStatus,
} from '../lifecycle.ts'
import { type LifecycleOptions, startsOf } from '../own-lifecycle.ts'
import { isTerminal } from '../status.ts'
import { type Ways, waysOf } from './ways.ts'

const DEFAULT_MAX_LENGTH = 12

/** Which legal paths of one attempt are wanted; with `provider`, those of its own lifecycle. */
export interface LegalPathConstraints extends LifecycleOptions {
  /** Who placed the call; either, when left out. */
  readonly direction?: Direction
  /** Whether every path runs to an end (the default) or may stop at any status. */
  readonly complete?: boolean
  /** The most statuses in a path; 12 when left out. */
  readonly maxLength?: number
  /** The ends to which paths lead; all that there are when left out. */
  readonly ends?: readonly TerminalStatus[]
}

/**
 * A legal path of one attempt, from a start to an end, as the table or the provider has it.
 *
 * Weighted: the end is drawn first, `completed` three times as often as each other one, and the walk
 * then takes moves that lead there. A walk that takes any legal move ends in `completed` about once
 * in 500 times. Shrinks towards the shortest way to the same end, then to `completed`.
 *
 * Throws a RangeError where no path satisfies the constraints.
 *
 * @example
 * fc.assert(
 *   fc.property(legalPath({ direction: 'inbound' }), (path) => isTerminal(path.at(-1) ?? '')),
 * )
 */
export function legalPath(
  constraints: LegalPathConstraints = {},
): fc.Arbitrary<readonly CallStatus[]> {
  const { complete = true, maxLength = DEFAULT_MAX_LENGTH } = constraints
  const ways = waysOf(constraints)
  const starts = startsFor(constraints)
  // A path that is cut off afterwards may be longer before.
  const walkLength = complete ? maxLength : Math.max(maxLength, DEFAULT_MAX_LENGTH)
  const leadsTo = (end: CallStatus) =>
    starts.filter((start) => ways.steps(start, end) <= walkLength)
  const ends = endsFor(constraints).filter((end) => leadsTo(end).length > 0)
  if (ends.length === 0 || maxLength < 1) {
    throw new RangeError(
      `No legal path has at most ${maxLength} statuses and one of the wanted ends; raise maxLength or name other ends.`,
    )
  }
  const weighted = ends.map((end) => ({
    arbitrary: fc.constant(end),
    weight: end === 'completed' ? 3 : 1,
  }))
  return fc
    .record({
      end: fc.oneof({ withCrossShrink: true }, ...weighted),
      start: choice(),
      moves: fc.array(choice(), { minLength: walkLength, maxLength: walkLength }),
      cut: choice(),
    })
    .map(({ end, start, moves, cut }) => {
      const path = walk(ways, pick(leadsTo(end), start), end, moves)
      return complete ? path : path.slice(0, 1 + (cut % Math.min(path.length, maxLength)))
    })
}

/**
 * Every legal path of one attempt, lazily: 10,181 complete ones of up to 12 statuses (the waiting
 * statuses go back and forth, so longer ones exist). With `complete: false`, every beginning of one
 * as well.
 *
 * @example
 * for (const path of allLegalPaths({ maxLength: 8 })) {
 *   replay(eventsOf(path)).call.status === path.at(-1) // true
 * }
 */
export function* allLegalPaths(
  constraints: LegalPathConstraints = {},
): Generator<readonly CallStatus[]> {
  const { complete = true, maxLength = DEFAULT_MAX_LENGTH } = constraints
  const { next, steps } = waysOf(constraints)
  const ends = endsFor(constraints)
  function* from(path: readonly CallStatus[], last: CallStatus): Generator<readonly CallStatus[]> {
    const nearest = Math.min(...ends.map((end) => steps(last, end)))
    const length = complete ? path.length - 1 + nearest : path.length
    if (length > maxLength || nearest === Number.POSITIVE_INFINITY) return
    if (!complete || isTerminal(last)) yield path
    for (const status of next(last)) yield* from([...path, status], status)
  }
  for (const start of startsFor(constraints)) yield* from([start], start)
}

/** What a set of paths did not visit. */
export interface Unvisited {
  readonly statuses: readonly CallStatus[]
  readonly moves: readonly (readonly [from: CallStatus, to: CallStatus])[]
}

/**
 * The statuses and the legal moves of the table that none of the paths visits: both empty when the
 * paths cover it. Steps that are no legal moves count for nothing. `provider` asks for its own
 * lifecycle. Pure.
 *
 * @example
 * unvisited(allLegalPaths({ maxLength: 8 })) // { statuses: [], moves: [] }
 */
export function unvisited(
  paths: Iterable<readonly CallStatus[]>,
  options: LifecycleOptions = {},
): Unvisited {
  const ways = waysOf(options)
  const statuses = new Set<CallStatus>()
  const moves = new Set<string>()
  for (const path of paths) {
    for (const [place, status] of path.entries()) {
      statuses.add(status)
      moves.add(`${path[place - 1]} ${status}`)
    }
  }
  return {
    statuses: ways.statuses.filter((status) => !statuses.has(status)),
    moves: ways.statuses.flatMap((from) =>
      ways
        .next(from)
        .filter((to) => !moves.has(`${from} ${to}`))
        .map((to) => [from, to] as const),
    ),
  }
}

// A multiple of every number up to ten: `pick` draws evenly from lists of at most so many.
const CHOICES = 2520

function choice(): fc.Arbitrary<number> {
  // Without bias: fast-check would favour 0, which takes the shortest way.
  return fc.noBias(fc.nat({ max: CHOICES - 1 }))
}

function pick<Item>(items: readonly Item[], choice: number): Item {
  return items[choice % items.length] as Item
}

function startsFor({ direction, provider }: LegalPathConstraints): readonly CallStatus[] {
  if (direction !== undefined) return startsOf(direction, provider)
  // A provider that lacks the usual starts may have one that is the same for both directions.
  return [...new Set([...startsOf('outbound', provider), ...startsOf('inbound', provider)])]
}

function endsFor(constraints: LegalPathConstraints): readonly TerminalStatus[] {
  const { statuses } = waysOf(constraints)
  return (constraints.ends ?? TERMINAL_STATUSES).filter((end) => statuses.includes(end))
}

/** Walks to the end by at most so many moves as there are choices. The choice 0 takes the shortest way. */
function walk(
  { next, steps }: Ways,
  start: CallStatus,
  end: CallStatus,
  choices: readonly number[],
): readonly CallStatus[] {
  const path = [start]
  let last = start
  for (const [place, choice] of choices.entries()) {
    if (last === end) break
    const left = choices.length - place - 1
    const ways = next(last)
      .filter((status) => steps(status, end) <= left)
      .toSorted((a, b) => steps(a, end) - steps(b, end))
    last = pick(ways, choice)
    path.push(last)
  }
  return path
}
