import { attemptsOf, placeOf, recordOf } from './attempts.ts'
import { bitOf, highestStatus, placeOfBit, type StatusBits, TERMINAL_BITS } from './bits.ts'
import type { Call, CallEvent, EarlierStatus, Sighting } from './call.ts'
import { statusByEvidence } from './evidence.ts'
import { addRecord, addSighting, addUnrecognized, recordWith, sightingOf } from './knowledge.ts'
import { type Legality, legalityOf } from './legality.ts'
import type { CallStatus } from './lifecycle.ts'
import { type LifecycleOptions, pathIn } from './own-lifecycle.ts'
import { attemptNumber, timeOrNull } from './said.ts'
import { isTerminal, parseStatus } from './status.ts'

/** Why no legal path holds a status together with what is known. */
export type ConflictReason =
  /** The attempt ended in two ways, or did already and this status decides which of them counts. */
  | 'two-ends'
  /** The two statuses exclude each other, such as `busy` and `in-progress`. */
  | 'no-path'
  /** The event showed that something heard before belongs to another attempt, and that moved the call. */
  | 'read-anew'

/** What came with an event beside its own status and moved the call, whatever that status was. */
interface Beside {
  /** The event's own word, where it is no status and an earlier status that came with it moved the call. */
  readonly unrecognized?: string
}

/** What one event did. Every event gets exactly one decision. */
export type Decision =
  /**
   * `advanced`: the status moved forward. `retried`: a later attempt opened. `from` is the status
   * before; `skipped` lists the legal statuses on the way that were not heard and that the provider
   * could have said.
   */
  | (Beside & {
      readonly kind: 'advanced' | 'retried'
      readonly attempt: number
      readonly status: CallStatus
      readonly from: CallStatus | null
      readonly skipped: readonly CallStatus[]
    })
  /** A status that the call has already passed; the timeline gains it. */
  | (Beside & { readonly kind: 'late'; readonly attempt: number; readonly status: CallStatus })
  /** Known already. `enriched` says that it brought another time or newer details. */
  | (Beside & {
      readonly kind: 'duplicate'
      readonly attempt: number
      readonly status: CallStatus
      readonly enriched: boolean
    })
  /**
   * No legal path holds this together with `conflictsWith`, or it changed how that is read; the evidence
   * rule decides the status. `counts` is the status of the call after it.
   */
  | (Beside & {
      readonly kind: 'conflicting'
      readonly attempt: number
      readonly status: CallStatus
      readonly conflictsWith: CallStatus
      readonly counts: CallStatus
      readonly reason: ConflictReason
    })
  /** A word that is no status, kept as it came. */
  | { readonly kind: 'unrecognized'; readonly attempt: number | null; readonly word: string }

/**
 * Every kind of decision, for a table or a filter over all of them.
 *
 * @example
 * DECISION_KINDS.includes('late') // true
 */
export const DECISION_KINDS = [
  'advanced',
  'retried',
  'late',
  'duplicate',
  'conflicting',
  'unrecognized',
] as const satisfies readonly Decision['kind'][]

/** The answer of `observe`. */
export interface Observation {
  readonly call: Call
  readonly decision: Decision
}

/**
 * The call of which nothing has been heard yet: what `observe` begins with where there is none.
 *
 * @example
 * EMPTY_CALL.status // null
 */
export const EMPTY_CALL: Call = { status: null, attempt: 1, heard: [], unrecognized: [] }

const NONE: readonly CallStatus[] = []

/**
 * Takes in one event and says what it did. The new call depends on the set of events heard so far,
 * never on their order or number; the decision belongs to this event at this place in the order.
 * Pure: no clock, the call that came in is not changed. Never throws: a status that is not in the
 * table, whatever it is, is kept as unrecognized. `provider` says whose lifecycle the event is judged
 * by: what it reports together by design, and what it has no word for. It is named in options: what has no
 * `provider` in it, a bare provider too, names none, and the table counts.
 *
 * @example
 * const { call, decision } = observe(undefined, { status: 'ringing' })
 * call.status // 'ringing'
 * decision.kind // 'advanced'
 */
export function observe(
  before: Call | null | undefined,
  event: CallEvent,
  options?: LifecycleOptions,
): Observation {
  const legality = legalityOf(options?.provider)
  const own = observeOne(before ?? EMPTY_CALL, event, legality)
  if (!Array.isArray(event?.earlier)) return own

  let { call, decision } = own
  for (const entry of event.earlier as readonly EarlierStatus[]) {
    const earlier = observeOne(call, entry, legality)
    const { kind } = earlier.decision
    if (decision.kind === 'duplicate' && earlier.call !== call) {
      const { attempt, status } = decision
      const isOnlyDated = kind === 'duplicate' || kind === 'unrecognized'
      decision = isOnlyDated ? { ...decision, enriched: true } : { kind: 'late', attempt, status }
    }
    if (kind === 'conflicting' && decision.kind !== 'unrecognized') decision = earlier.decision
    call = earlier.call
  }
  return { call, decision }
}

/**
 * Folds events, in the order in which they came, into a call and a history that holds every event
 * with its decision. Pure; never throws.
 *
 * @example
 * const { call } = replay([{ status: 'completed' }, { status: 'ringing' }])
 * call.status // 'completed'
 */
export function replay<Event extends CallEvent>(
  events: Iterable<Event>,
  options?: LifecycleOptions,
): {
  readonly call: Call
  readonly history: readonly { readonly event: Event; readonly decision: Decision }[]
} {
  let call = EMPTY_CALL
  const history: { event: Event; decision: Decision }[] = []
  for (const event of events) {
    const observed = observe(call, event, options)
    call = observed.call
    history.push({ event, decision: observed.decision })
  }
  return { call, history }
}

/**
 * Joins what two observers know of the same call. Commutative, associative and idempotent: shards and
 * replicas may be merged in any order and any number of times. Pure.
 *
 * @example
 * merge(replay([{ status: 'queued' }]).call, replay([{ status: 'busy' }]).call).status // 'busy'
 */
export function merge(a: Call, b: Call): Call {
  const heard = b.heard.reduce(addRecord, a.heard)
  return readOff(heard, b.unrecognized.reduce(addUnrecognized, a.unrecognized))
}

function observeOne(known: Call, event: CallEvent, legality: Legality): Observation {
  const said = attemptNumber(event?.attempt)
  const at = timeOrNull(event?.occurredAt)
  const bit = bitOf(event?.status) || bitOfAlias(event?.status)
  if (bit === 0) return observeUnrecognized(known, event, said, at)

  const status = highestStatus(bit)
  const sighting = sightingOf(status, at, at, event.details)
  const heard = addHeard(known.heard, said, sighting, bit)
  const attempt = said ?? placeOf(heard, status, at)
  if (heard === known.heard) {
    return { call: known, decision: { kind: 'duplicate', attempt, status, enriched: false } }
  }

  const call = readOff(heard, known.unrecognized)
  const bitsBefore = recordOf(known.heard, attempt)?.bits ?? 0
  const isNew = (bitsBefore & bit) === 0
  const others = isNew ? bitsBefore & (legality.incompatible[placeOfBit(bit)] as StatusBits) : 0
  if (others !== 0)
    return { call, decision: conflictOf(attempt, status, others, call.status ?? status) }
  const from = known.status
  const movesElsewhere = call.status !== from && call.status !== status
  if (movesElsewhere && attempt === known.attempt && from !== null && isTerminal(from)) {
    return {
      call,
      decision: {
        kind: 'conflicting',
        attempt,
        status,
        conflictsWith: from,
        counts: call.status ?? status,
        reason: 'two-ends',
      },
    }
  }
  if (attempt > known.attempt) {
    const skipped = skippedBetween(null, bit, bitsBefore, 'outboundStarts', legality)
    return { call, decision: { kind: 'retried', attempt, status, from, skipped } }
  }
  if (call.status !== from && call.status === status) {
    const skipped = skippedBetween(from, bit, bitsBefore, 'anyStarts', legality)
    return { call, decision: { kind: 'advanced', attempt, status, from, skipped } }
  }
  return isNew
    ? { call, decision: { kind: 'late', attempt, status } }
    : { call, decision: { kind: 'duplicate', attempt, status, enriched: true } }
}

function observeUnrecognized(
  known: Call,
  event: CallEvent,
  attempt: number | null,
  at: number | null,
): Observation {
  const { word } = parseStatus(event?.word ?? event?.status)
  const sighting = { word, attempt, firstAt: at, lastAt: at }
  const unrecognized = addUnrecognized(known.unrecognized, sighting)
  const call = unrecognized === known.unrecognized ? known : { ...known, unrecognized }
  return { call, decision: { kind: 'unrecognized', attempt, word } }
}

function readOff(heard: Call['heard'], unrecognized: Call['unrecognized']): Call {
  const latest = heard.length > 1 ? attemptsOf({ heard }).at(-1) : heard[0]
  const status = latest ? statusByEvidence(latest) : null
  return { status, attempt: latest?.attempt ?? 1, heard, unrecognized }
}

function addHeard(
  heard: Call['heard'],
  attempt: number | null,
  sighting: Sighting,
  bit: StatusBits,
): Call['heard'] {
  // The common cases, the first status and another one of the only attempt, are answered at once.
  const only = heard[0]
  if (only === undefined) return [recordWith(attempt, sighting, bit)]
  if (heard.length > 1 || only.attempt !== attempt) {
    return addRecord(heard, recordWith(attempt, sighting, bit))
  }
  const joined = addSighting(only, sighting, bit)
  return joined === only ? heard : [joined]
}

/** The conflict with the statuses that exclude this one. */
function conflictOf(
  attempt: number,
  status: CallStatus,
  others: StatusBits,
  counts: CallStatus,
): Decision {
  const ends = others & TERMINAL_BITS
  const reason: ConflictReason = ends !== 0 && isTerminal(status) ? 'two-ends' : 'no-path'
  return {
    kind: 'conflicting',
    attempt,
    status,
    conflictsWith: highestStatus(ends || others),
    counts,
    reason,
  }
}

/** The statuses between that were not heard and that the provider could have said. */
function skippedBetween(
  from: CallStatus | null,
  bit: StatusBits,
  heard: StatusBits,
  starts: 'outboundStarts' | 'anyStarts',
  legality: Legality,
): readonly CallStatus[] {
  // The common case, a legal move, is answered here: engines inline what is short.
  const isMove = from !== null && ((legality.next[placeOfBit(bitOf(from))] as number) & bit) !== 0
  return isMove ? NONE : passedOver(from, bit, heard, starts, legality)
}

function passedOver(
  from: CallStatus | null,
  bit: StatusBits,
  heard: StatusBits,
  starts: 'outboundStarts' | 'anyStarts',
  legality: Legality,
): readonly CallStatus[] {
  const ends = bitOf(from) | bit
  // What the provider was said to lack and what came all the same is judged by the table.
  const judge = (ends & legality.lacked) === 0 ? legality : legalityOf()
  const to = highestStatus(bit)
  if (from === null && judge[starts].includes(to)) return NONE
  const path = pathIn(judge.lifecycle, from === null ? judge[starts] : [from], to)
  const told = heard | ends | legality.lacked
  return path?.filter((status) => (told & bitOf(status)) === 0) ?? NONE
}

/** Callers without types may hand in other spellings; a null, which is no word, costs nothing. */
function bitOfAlias(status: unknown): StatusBits {
  return typeof status === 'string' ? bitOf(parseStatus(status).status) : 0
}
