import { attemptsOf, placeOf } from './attempts.ts'
import { COMPATIBLE_BITS, indexOfStatus, type StatusBits, TERMINAL_BITS } from './bits.ts'
import type { AttemptRecord, Call, CallEvent, EarlierStatus, EventDetails } from './call.ts'
import { statusByEvidence } from './evidence.ts'
import { addRecord, addSighting, addUnrecognized, joinRecords, sightingOf } from './knowledge.ts'
import { CALL_STATUSES, type CallStatus, START_STATUSES } from './lifecycle.ts'
import { isNeverRetried } from './retry-policy.ts'
import { parseStatus } from './status.ts'
import { canTransition, pathFrom } from './transition.ts'

/** Why no legal path holds a status together with what is known. */
export type ConflictReason =
  /** The attempt ended in another way already: two ends of one attempt. */
  | 'two-ends'
  /** The two statuses exclude each other, such as `busy` and `in-progress`. */
  | 'no-path'
  /** Another attempt follows an end that is never retried: `canceled`, `stopped`, `balance-low`. */
  | 'final-end-retried'

/** What one event did. Every event gets exactly one decision. */
export type Decision =
  /** The status moved forward; `skipped` lists legal statuses on the way that were not heard. */
  | {
      readonly kind: 'advanced'
      readonly attempt: number
      readonly from: CallStatus | null
      readonly to: CallStatus
      readonly skipped: readonly CallStatus[]
    }
  /** A later attempt opened. */
  | {
      readonly kind: 'retried'
      readonly attempt: number
      readonly from: CallStatus | null
      readonly to: CallStatus
      readonly skipped: readonly CallStatus[]
    }
  /** A status that the call has already passed; the timeline gains it. */
  | { readonly kind: 'late'; readonly attempt: number; readonly status: CallStatus }
  /** Known already. `enriched` says that it brought another time or newer details. */
  | {
      readonly kind: 'duplicate'
      readonly attempt: number
      readonly status: CallStatus
      readonly enriched: boolean
    }
  /** No legal path holds this together with `with`; the evidence rule decides the status. */
  | {
      readonly kind: 'conflicting'
      readonly attempt: number
      readonly status: CallStatus
      readonly with: CallStatus
      readonly reason: ConflictReason
    }
  /** A status outside the table, kept with its raw text. */
  | { readonly kind: 'unrecognized'; readonly attempt: number | null; readonly raw: string }

/** The six kinds of decision, in the order in which the documentation names them. */
export const DECISIONS = [
  'advanced',
  'retried',
  'late',
  'duplicate',
  'conflicting',
  'unrecognized',
] as const satisfies readonly Decision['kind'][]

/** What a provider declares about its own habits. */
export interface ObserveRules {
  /**
   * Pairs of statuses that this provider reports of one attempt by design, although no legal path
   * holds both (Vonage sends `completed` after `busy`). Such a pair is no conflict; the evidence rule
   * decides the status all the same.
   */
  readonly reportsBoth?: readonly (readonly [CallStatus, CallStatus])[]
}

/** The call of which nothing has been heard yet. */
export const EMPTY_CALL: Call = {
  status: null,
  attempt: 1,
  attempts: [],
  unplaced: { attempt: 1, bits: 0, seen: [] },
  unrecognized: [],
}

const NONE: readonly CallStatus[] = []

/**
 * Takes in one event and says what it did. The new call depends on the set of events heard so far,
 * never on their order or number; the decision belongs to this event at this place in the order.
 * Pure: no clock, the call that came in is not changed. Never throws: a status that is not in the
 * table, whatever it is, is kept as unrecognized.
 *
 * @example
 * const { call, decision } = observe(undefined, { status: 'ringing' })
 * call.status // 'ringing'
 * decision.kind // 'advanced'
 */
export function observe(
  before: Call | null | undefined,
  event: CallEvent,
  rules?: ObserveRules,
): { readonly call: Call; readonly decision: Decision } {
  const known = before ?? EMPTY_CALL
  const said = attemptNumber(event?.attempt)
  const at = timeOrNull(event?.occurredAt)
  const index = indexOfStatus(event?.status) ?? indexOfStatus(parseStatus(event?.status).status)
  if (index === undefined) return observeUnrecognized(known, event, said, at)

  const status = CALL_STATUSES[index] as CallStatus
  const sighting = sightingOf(status, at, detailsOf(event))
  const unplaced = said === null ? addSighting(known.unplaced, sighting) : known.unplaced
  const ownAttempts = said === null ? known.attempts : addToAttempt(known.attempts, said, sighting)
  const attempts = learnEarlier(ownAttempts, event.earlier)
  if (attempts === known.attempts && unplaced === known.unplaced) {
    const attempt = said ?? placeOf(attempts, sighting, at)
    return { call: known, decision: { kind: 'duplicate', attempt, status, enriched: false } }
  }

  const records = attemptsOf({ attempts, unplaced })
  const call = readOff(records, attempts, unplaced, known.unrecognized)
  const attempt = said ?? placeOf(attempts, sighting, at)
  const bitsBefore = bitsOfAttempt(attemptsOf(known), attempt)
  const isNew = (bitsBefore & (1 << index)) === 0

  const conflict =
    (isNew && conflictOf(status, index, bitsBefore, rules, attempt)) ||
    (isNew && finalEndRetried(records, attempt, status, known.attempt)) ||
    (attempts !== ownAttempts && earlierConflict(known, event.earlier, rules))
  if (conflict) return { call, decision: conflict }

  if (call.attempt > known.attempt && attempt === call.attempt) {
    const skipped = skippedBetween(null, status, bitsBefore, START_STATUSES.outbound)
    return {
      call,
      decision: { kind: 'retried', attempt, from: known.status, to: status, skipped },
    }
  }
  if (call.status !== known.status && call.status === status) {
    const skipped = skippedBetween(known.status, status, bitsBefore, ANY_START)
    return {
      call,
      decision: { kind: 'advanced', attempt, from: known.status, to: status, skipped },
    }
  }
  if (isNew || attempts !== ownAttempts)
    return { call, decision: { kind: 'late', attempt, status } }
  return { call, decision: { kind: 'duplicate', attempt, status, enriched: true } }
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
  rules?: ObserveRules,
): {
  readonly call: Call
  readonly history: readonly { readonly event: Event; readonly decision: Decision }[]
} {
  let call = EMPTY_CALL
  const history: { event: Event; decision: Decision }[] = []
  for (const event of events) {
    const observed = observe(call, event, rules)
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
  const attempts = b.attempts.reduce(addRecord, a.attempts)
  const unplaced = joinRecords(a.unplaced, b.unplaced)
  const unrecognized = b.unrecognized.reduce(addUnrecognized, a.unrecognized)
  return readOff(attemptsOf({ attempts, unplaced }), attempts, unplaced, unrecognized)
}

/** A sentence for a person about a conflicting decision. Pure. */
export function explainConflict(decision: Extract<Decision, { kind: 'conflicting' }>): string {
  const { attempt, status, reason } = decision
  const other = decision.with
  switch (reason) {
    case 'two-ends':
      return `attempt ${attempt} is said to have ended as ${status} and as ${other}`
    case 'no-path':
      return `no call can be ${status} and ${other} in one attempt (attempt ${attempt})`
    case 'final-end-retried':
      return `${other} is never retried, yet there is an attempt after it (${status}, attempt ${attempt})`
    default:
      return reason satisfies never
  }
}

const ANY_START: readonly CallStatus[] = [
  'queued',
  'in-progress',
  'ringing',
  'scheduled',
  'prepared',
]

function readOff(
  records: readonly AttemptRecord[],
  attempts: readonly AttemptRecord[],
  unplaced: AttemptRecord,
  unrecognized: Call['unrecognized'],
): Call {
  const last = records.at(-1)
  return {
    status: last === undefined ? null : statusByEvidence(last),
    attempt: last === undefined ? 1 : last.attempt,
    attempts,
    unplaced,
    unrecognized,
  }
}

function addToAttempt(
  attempts: readonly AttemptRecord[],
  attempt: number,
  sighting: Parameters<typeof addSighting>[1],
): readonly AttemptRecord[] {
  return addRecord(attempts, addSighting({ attempt, bits: 0, seen: [] }, sighting))
}

function learnEarlier(
  attempts: readonly AttemptRecord[],
  earlier: CallEvent['earlier'],
): readonly AttemptRecord[] {
  return earlierSightings(earlier).reduce(
    (known, { attempt, sighting }) => addToAttempt(known, attempt, sighting),
    attempts,
  )
}

function earlierSightings(earlier: CallEvent['earlier']) {
  if (!Array.isArray(earlier)) return []
  return earlier.flatMap((entry: EarlierStatus | null | undefined) => {
    const { status } = parseStatus(entry?.status)
    const attempt = attemptNumber(entry?.attempt)
    if (status === null || attempt === null) return []
    return [{ attempt, sighting: sightingOf(status, timeOrNull(entry?.occurredAt), undefined) }]
  })
}

function earlierConflict(
  known: Call,
  earlier: CallEvent['earlier'],
  rules: ObserveRules | undefined,
): Decision | null {
  const records = attemptsOf(known)
  for (const { attempt, sighting } of earlierSightings(earlier)) {
    const index = indexOfStatus(sighting.status) as number
    const bits = bitsOfAttempt(records, attempt)
    const conflict = conflictOf(sighting.status, index, bits, rules, attempt)
    if ((bits & (1 << index)) === 0 && conflict !== null) return conflict
  }
  return null
}

function conflictOf(
  status: CallStatus,
  index: number,
  bits: StatusBits,
  rules: ObserveRules | undefined,
  attempt: number,
): Decision | null {
  let others = bits & ~(COMPATIBLE_BITS[index] as StatusBits)
  if (others === 0) return null
  for (const [one, other] of rules?.reportsBoth ?? []) {
    if (one === status) others &= ~(1 << (indexOfStatus(other) as number))
    if (other === status) others &= ~(1 << (indexOfStatus(one) as number))
  }
  if (others === 0) return null
  const ends = others & TERMINAL_BITS
  const twoEnds = ends !== 0 && (TERMINAL_BITS & (1 << index)) !== 0
  const other = CALL_STATUSES[31 - Math.clz32(ends !== 0 ? ends : others)] as CallStatus
  const reason: ConflictReason = twoEnds ? 'two-ends' : 'no-path'
  return { kind: 'conflicting', attempt, status, with: other, reason }
}

function finalEndRetried(
  records: readonly AttemptRecord[],
  attempt: number,
  status: CallStatus,
  attemptBefore: number,
): Decision | null {
  const latest = records.at(-1)?.attempt ?? 1
  const isFinalEndOfPassedAttempt = attempt < latest && isNeverRetried(status)
  const opensAttempt = attempt > attemptBefore
  if (!isFinalEndOfPassedAttempt && !opensAttempt) return null
  for (const record of records) {
    if (record.attempt >= latest) break
    const end = statusByEvidence(record)
    if (end !== null && isNeverRetried(end)) {
      return { kind: 'conflicting', attempt, status, with: end, reason: 'final-end-retried' }
    }
  }
  return null
}

function skippedBetween(
  from: CallStatus | null,
  to: CallStatus,
  heard: StatusBits,
  starts: readonly CallStatus[],
): readonly CallStatus[] {
  if (from === null ? starts.includes(to) : canTransition(from, to)) return NONE
  const path = from === null ? pathFrom(starts, to) : (pathFrom([from], to)?.slice(1) ?? null)
  const skipped = path?.filter(
    (status) => status !== to && (heard & (1 << (indexOfStatus(status) as number))) === 0,
  )
  return skipped ?? NONE
}

function observeUnrecognized(
  known: Call,
  event: CallEvent,
  attempt: number | null,
  at: number | null,
): { readonly call: Call; readonly decision: Decision } {
  const { raw } = parseStatus(event?.status)
  const unrecognized = addUnrecognized(known.unrecognized, {
    raw,
    attempt,
    firstAt: at,
    lastAt: at,
  })
  const attempts = learnEarlier(known.attempts, event?.earlier)
  const unchanged = unrecognized === known.unrecognized && attempts === known.attempts
  const { unplaced } = known
  const call = unchanged
    ? known
    : readOff(attemptsOf({ attempts, unplaced }), attempts, unplaced, unrecognized)
  return { call, decision: { kind: 'unrecognized', attempt, raw } }
}

function bitsOfAttempt(records: readonly AttemptRecord[], attempt: number): StatusBits {
  return records.find((record) => record.attempt === attempt)?.bits ?? 0
}

function attemptNumber(value: unknown): number | null {
  return Number.isSafeInteger(value) && (value as number) >= 1 ? (value as number) : null
}

function timeOrNull(value: unknown): number | null {
  // Adding zero turns -0 into 0, which JSON does not tell apart.
  return typeof value === 'number' && Number.isFinite(value) ? value + 0 : null
}

function detailsOf(event: CallEvent): EventDetails | undefined {
  const { details } = event
  return typeof details === 'object' && details !== null ? details : undefined
}
