import { latestOf, placeOf, recordOf } from './attempts.ts'
import { bitOf, furthestOf, numberOf, type StatusBits, statusOf, TERMINAL_BITS } from './bits.ts'
import type { Call, CallEvent, Sighting } from './call.ts'
import type { ConflictReason, Decision, Observation } from './decision.ts'
import { addRecord, addSighting, addUnrecognized, recordWith, sightingOf } from './knowledge.ts'
import type { Legality } from './legality.ts'
import type { CallStatus } from './lifecycle.ts'
import { readOff } from './reading.ts'
import { attemptNumber, timeOrNull } from './said.ts'
import { skippedBetween } from './skipped.ts'
import { isTerminal, parseStatus } from './status.ts'

/** Takes in the status of one event, without the earlier statuses that it mentions. Pure; never throws. */
export function observeOne(known: Call, event: CallEvent, legality: Legality): Observation {
  const said = attemptNumber(event?.attempt)
  const at = timeOrNull(event?.occurredAt)
  const bit = bitOf(event?.status) || bitOfAlias(event?.status)
  if (bit === 0) return observeUnrecognized(known, event, said, at)

  const status = statusOf(bit)
  const sighting = sightingOf(status, at, at, event.details)
  const heard = addHeard(known.heard, said, sighting, bit)
  const attempt = said ?? placeOf(heard, status, at)
  if (heard === known.heard) {
    return { call: known, decision: { kind: 'duplicate', attempt, status, enriched: false } }
  }

  const call = readOff(heard, known.unrecognized)
  const bitsBefore = recordOf(known.heard, attempt)?.bits ?? 0
  const isNew = (bitsBefore & bit) === 0
  const others = isNew ? bitsBefore & (legality.incompatible[numberOf(bit)] as StatusBits) : 0
  if (others !== 0) {
    const ends = others & TERMINAL_BITS
    const reason = ends !== 0 && isTerminal(status) ? 'two-ends' : 'no-path'
    const conflictsWith = furthestOf(ends || others) ?? status
    return { call, decision: conflictOf(call, attempt, status, conflictsWith, reason) }
  }
  const from = known.status
  if (call.attempt !== known.attempt) {
    const skipped = skippedBetween(null, bit, bitsBefore, 'outboundStarts', legality)
    return { call, decision: { kind: 'retried', attempt, status, from, skipped } }
  }
  if (call.status === from) {
    const decision: Decision = isNew
      ? { kind: 'late', attempt, status }
      : { kind: 'duplicate', attempt, status, enriched: true }
    return { call, decision }
  }
  const reason = from === null ? null : conflictIn(known, call, attempt, bit, from)
  if (reason !== null) {
    return { call, decision: conflictOf(call, attempt, status, from ?? status, reason) }
  }
  const skipped = skippedBetween(from, bit, bitsBefore, 'anyStarts', legality)
  return { call, decision: { kind: 'advanced', attempt, status, from, skipped } }
}

/** Why the status of the call did not simply move on from `from` to that of the event; null where it did. */
function conflictIn(
  known: Call,
  call: Call,
  attempt: number,
  bit: StatusBits,
  from: CallStatus,
): ConflictReason | null {
  const isOfLatest = attempt === call.attempt
  const counts = bitOf(call.status)
  // In a single record nothing can be read anew.
  if (call.heard.length > 1) {
    const isGone = ((latestOf(call.heard)?.bits ?? 0) & bitOf(from)) === 0
    const before = (latestOf(known.heard)?.bits ?? 0) | bit
    if (!isOfLatest || isGone || (before & counts) === 0) return 'read-anew'
  }
  if (counts === bit) return null
  return isTerminal(from) ? 'two-ends' : 'read-anew'
}

function conflictOf(
  call: Call,
  attempt: number,
  status: CallStatus,
  conflictsWith: CallStatus,
  reason: ConflictReason,
): Decision {
  const counts = call.status ?? status
  return { kind: 'conflicting', attempt, status, conflictsWith, counts, reason }
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

/** Callers without types may hand in other spellings; a null, which is no word, costs nothing. */
function bitOfAlias(status: unknown): StatusBits {
  return typeof status === 'string' ? bitOf(parseStatus(status).status) : 0
}
