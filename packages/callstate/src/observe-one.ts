import { latestOf, placeOf, recordOf } from './attempts.ts'
import { bitOf, furthestOf, numberOf, type StatusBits, TERMINAL_BITS } from './bits.ts'
import type { Call, CallEvent, Sighting } from './call.ts'
import type { ConflictReason, Decision, Observation } from './decision.ts'
import { addRecord, addSighting, addUnrecognized, recordWith, sightingOf } from './knowledge.ts'
import type { Legality } from './legality.ts'
import type { CallStatus } from './lifecycle.ts'
import { movementOf } from './movement.ts'
import { readOff } from './reading.ts'
import { attemptNumber, timeOrNull } from './said.ts'
import { isTerminal, parseStatus } from './status.ts'

/** Takes in the status of one event, without the earlier statuses that it mentions. Pure; never throws. */
export function observeOne(known: Call, event: CallEvent, legality: Legality): Observation {
  const said = attemptNumber(event?.attempt)
  const at = timeOrNull(event?.occurredAt)
  const exact = bitOf(event?.status)
  const status = exact === 0 ? statusOfAlias(event?.status) : event.status
  if (status === null) return observeUnrecognized(known, event, said, at)

  const bit = exact || bitOf(status)
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
  if (call.attempt === known.attempt) {
    const from = known.status
    if (call.status === from) {
      const decision: Decision = isNew
        ? { kind: 'late', attempt, status }
        : { kind: 'duplicate', attempt, status, enriched: true }
      return { call, decision }
    }
    // Where every event said its attempt, nothing can be read anew.
    const isMixed = heard.length > 1 && heard[0]?.attempt === null
    if (from !== null && (isMixed || call.status !== status)) {
      const reason = conflictIn(known, call, attempt, bit, from, isMixed, isNew)
      if (reason !== null)
        return { call, decision: conflictOf(call, attempt, status, from, reason) }
    }
  }
  // A later attempt opened, and what had named none is read into it: nobody sent the status that counts.
  if (call.attempt !== known.attempt && call.status !== status) {
    const conflictsWith = known.status ?? status
    return { call, decision: conflictOf(call, attempt, status, conflictsWith, 'read-anew') }
  }
  return { call, decision: movementOf(known, call, attempt, status, bit, bitsBefore, legality) }
}

/** Why the status of the call did not simply move on from `from` to that of the event; null where it did. */
function conflictIn(
  known: Call,
  call: Call,
  attempt: number,
  bit: StatusBits,
  from: CallStatus,
  isMixed: boolean,
  isNew: boolean,
): ConflictReason | null {
  const isOfLatest = attempt === call.attempt
  const counts = bitOf(call.status)
  if (isMixed) {
    const isGone = ((latestOf(call.heard)?.bits ?? 0) & bitOf(from)) === 0
    const before = (latestOf(known.heard)?.bits ?? 0) | bit
    if (!isOfLatest || isGone || (before & counts) === 0) return 'read-anew'
  }
  // An end that was known already, and that counts now for what is read beside it.
  if (counts === bit) return isTerminal(from) && !isNew ? 'two-ends' : null
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
function statusOfAlias(status: unknown): CallStatus | null {
  return typeof status === 'string' ? parseStatus(status).status : null
}
