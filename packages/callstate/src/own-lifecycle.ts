import { bitOf, bitsOf, WAITING_BITS } from './bits.ts'
import { CallstateError } from './error.ts'
import {
  CALL_STATUSES,
  type CallStatus,
  type Direction,
  LIFECYCLE,
  type Move,
  type Phase,
  START_STATUSES,
  type StatusClass,
  type StatusGroup,
} from './lifecycle.ts'
import { rankOf, STATUSES_BY_RANK } from './rank.ts'

/** A move that a provider's documents state or recordings show. */
export interface ProviderMove extends Move {
  readonly from: CallStatus
  readonly to: CallStatus
}

/** What a provider says of its own lifecycle; every `Provider` is one. */
export interface OwnLifecycle {
  /** What its words mean: where `lacks` is left out, it lacks every status that none of them leads to. */
  readonly statuses?: Readonly<Record<string, { readonly status: CallStatus }>>
  /** The statuses of the table that this provider has no word for. */
  readonly lacks?: readonly CallStatus[]
  /**
   * The moves that are known of this provider; all others of its lifecycle are our reading. One that the
   * table does not have is added where it leads on: out of no end, and not back. What a
   * provider says after an end by design stands in `habits.reportsBoth`.
   */
  readonly moves?: readonly ProviderMove[]
  readonly habits?: {
    /**
     * Pairs of statuses that this provider reports of one attempt by design, although no legal path
     * holds both (Vonage sends `completed` after `busy`). Such a pair is no conflict; the evidence rule
     * decides the status all the same.
     */
    readonly reportsBoth?: readonly (readonly [CallStatus, CallStatus])[]
  }
}

/** Whose lifecycle counts: the provider's own, or the table of all statuses where none is named. */
export interface LifecycleOptions {
  readonly provider?: OwnLifecycle | undefined
}

/** One status of a lifecycle, with its legal moves. */
export interface LifecycleEntry {
  /** The permanent number of the status, by which calls are stored. */
  readonly number: number
  readonly class: StatusClass
  readonly phase: Phase
  readonly group: StatusGroup | null
  readonly next: Readonly<Partial<Record<CallStatus, Move>>>
}

/** Statuses and their legal moves, in the order of the table; without those that a provider lacks. */
export type Lifecycle = Readonly<Partial<Record<CallStatus, LifecycleEntry>>>

/**
 * A provider's own lifecycle: the table, in which the statuses that the provider has no word for are
 * contracted. Where nobody says `call-disconnected`, `in-progress` to `completed` is a legal move.
 *
 * A move that the provider's `moves` name has their mark and source, also one that the table does not
 * have; every other move is our reading, since the table's sources speak of another provider. Pure; the
 * same provider gives the same object, so keep it in a constant. A declaration that `defineProvider` has not
 * seen has the lifecycle of the provider that it makes. Throws a `CallstateError` with code
 * `invalid-provider` where `lacks` or `moves` is no list of such things.
 *
 * @example
 * lifecycleOf({ lacks: ['call-disconnected'] })['in-progress']?.next.completed?.mark // 'inferred'
 */
export function lifecycleOf(provider: OwnLifecycle): Lifecycle {
  const wrong = wrongIn(provider)
  if (wrong === null) return lifecycleAsSaid(provider)
  const message = `A lifecycle cannot be made of this provider: ${wrong}.`
  throw new CallstateError('invalid-provider', message)
}

/**
 * The same for those who never throw: what is no list of statuses or moves counts as not said, and what
 * is no provider at all has the table. Pure; never throws.
 */
export function lifecycleAsSaid(provider: OwnLifecycle | undefined): Lifecycle {
  if (!isObject(provider)) return LIFECYCLE
  const known = LIFECYCLES.get(provider)
  if (known !== undefined) return known
  const made = contracted(provider)
  LIFECYCLES.set(provider, made)
  return made
}

/**
 * The statuses that a provider does not say: its `lacks` or, left out, those that none of its words leads
 * to; none where it has no words. Pure; never throws.
 *
 * @example
 * lacksOf({ statuses: { DONE: { status: 'completed' } } }).length // 15
 */
export function lacksOf(provider: OwnLifecycle | undefined): readonly CallStatus[] {
  if (!isObject(provider)) return NONE
  const { lacks, statuses } = provider
  if (isListOf(lacks, isStatus)) return lacks
  const said = bitsOf(Object.values(Object(statuses)).map((meaning) => Object(meaning).status))
  return said === 0 ? NONE : CALL_STATUSES.filter((status) => (said & bitOf(status)) === 0)
}

/**
 * The statuses at which an attempt of this provider may begin, the usual one first: those of the table,
 * and for each that the provider lacks those that follow it. Ends stand last: a call that ended before the
 * provider had a word for it is first heard of by its end. Pure.
 *
 * @example
 * startsOf('outbound', { lacks: ['queued', 'scheduled', 'prepared', 'rescheduled'] })[0] // 'initiated'
 */
export function startsOf(direction: Direction, provider?: OwnLifecycle): readonly CallStatus[] {
  const starts: CallStatus[] = [...START_STATUSES[direction]]
  const lacks = new Set(lacksOf(provider))
  // The list grows while it is walked, by what follows a start that nobody says.
  for (const start of starts) {
    if (!lacks.has(start)) continue
    for (const next of nextIn(LIFECYCLE, start)) if (!starts.includes(next)) starts.push(next)
  }
  const isSaidAs = (wanted: StatusClass) => (status: CallStatus) =>
    !lacks.has(status) && LIFECYCLE[status].class === wanted
  return [...starts.filter(isSaidAs('intermediate')), ...starts.filter(isSaidAs('terminal'))]
}

/** The statuses that may follow in one move, the least far along first: the table writes them so. */
export function nextIn(lifecycle: Lifecycle, from: CallStatus): readonly CallStatus[] {
  return Object.keys(lifecycle[from]?.next ?? {}) as CallStatus[]
}

/**
 * A shortest legal way to `to` from whichever of `starts` is nearest; both ends included. Of several, the one
 * through statuses that are less far along.
 */
export function pathIn(
  lifecycle: Lifecycle,
  starts: readonly CallStatus[],
  to: string,
): readonly CallStatus[] | null {
  const ways = starts.map((start): readonly CallStatus[] => [start])
  const visited = new Set<CallStatus>(starts)
  // The list grows while it is walked: a breadth-first search over at most 16 statuses.
  for (const way of ways) {
    const last = way.at(-1) as CallStatus
    if (last === to) return way
    for (const next of nextIn(lifecycle, last)) {
      if (visited.has(next)) continue
      visited.add(next)
      ways.push([...way, next])
    }
  }
  return null
}

/**
 * Every move of the table with its mark and source, as a provider lists its own: the table is Bolna's
 * vocabulary, and its marks speak of Bolna. Pure.
 */
export function movesOfTable(): readonly ProviderMove[] {
  return CALL_STATUSES.flatMap((from) =>
    Object.entries<Move>(LIFECYCLE[from].next).map(([to, move]) => ({
      from,
      to: to as CallStatus,
      ...move,
    })),
  )
}

/**
 * Whether a move leads on: out of no end, and to a status that is further along, or from one
 * waiting status to another. Only such moves can be put in order by what was heard, whatever order it
 * came in: an attempt is as far along as the furthest status heard. Pure; never throws.
 *
 * @example
 * leadsOn('in-progress', 'busy') // true, though the table does not have this move
 * leadsOn('in-progress', 'ringing') // false
 */
export function leadsOn(from: CallStatus, to: CallStatus): boolean {
  const [before, after] = [bitOf(from), bitOf(to)]
  if (before === 0 || after === 0 || before === after) return false
  const bothWait = ((before | after) & ~WAITING_BITS) === 0
  return bothWait || (rankOf(to) > rankOf(from) && LIFECYCLE[from].class !== 'terminal')
}

const LIFECYCLES = /* @__PURE__ */ new WeakMap<OwnLifecycle, Lifecycle>()

const OUR_READING: Move = { mark: 'inferred', source: null }

const NONE: readonly CallStatus[] = []

/** What is wrong with a provider, of which a lifecycle is to be made. */
function wrongIn(provider: OwnLifecycle): string | null {
  if (!isObject(provider) || Array.isArray(provider)) return 'expected an object'
  const { lacks, moves } = provider
  if (lacks !== undefined && !isListOf(lacks, isStatus)) return 'lacks: expected a list of statuses'
  if (moves !== undefined && !isListOf(moves, isObject)) return 'moves: expected a list of moves'
  return null
}

// Callers without types may hand in anything.
const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null
const isStatus = (value: unknown) => bitOf(value) !== 0

function isListOf<Element>(
  list: readonly Element[] | undefined,
  isElement: (element: unknown) => boolean,
): list is readonly Element[] {
  return Array.isArray(list) && list.every(isElement)
}

function contracted(provider: OwnLifecycle): Lifecycle {
  const lacks = lacksOf(provider)
  const moves = isListOf(provider.moves, isObject) ? provider.moves : []
  const next = new Map(CALL_STATUSES.map((from) => [from, new Set(nextIn(LIFECYCLE, from))]))
  for (const lacked of lacks) {
    const beyond = next.get(lacked) ?? []
    next.delete(lacked)
    for (const [from, reached] of next) {
      if (!reached.delete(lacked)) continue
      for (const to of beyond) if (to !== from) reached.add(to)
    }
  }
  const known = new Map<string, Move>()
  for (const { from, to, mark, source } of moves) {
    known.set(`${from} ${to}`, { mark, source })
    if (next.has(to) && leadsOn(from, to)) next.get(from)?.add(to)
  }
  const own: { [Status in CallStatus]?: LifecycleEntry } = {}
  for (const [from, reached] of next) {
    const ways: { [Status in CallStatus]?: Move } = {}
    for (const to of STATUSES_BY_RANK) {
      if (reached.has(to)) ways[to] = known.get(`${from} ${to}`) ?? OUR_READING
    }
    own[from] = { ...LIFECYCLE[from], next: ways }
  }
  return own
}
