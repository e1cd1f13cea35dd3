import { attemptsOf, recordOf } from './attempts.ts'
import { bitOf } from './bits.ts'
import type { Call, EarlierStatus } from './call.ts'
import type { Decision, Observation } from './decision.ts'
import type { Legality } from './legality.ts'
import { type Movement, movementOf } from './movement.ts'
import { observeOne } from './observe-one.ts'

type Conflict = Extract<Decision, { kind: 'conflicting' }>

/**
 * Takes in the earlier statuses that an event mentions after its own. The decision is what all of it did: a
 * conflict goes first, then what moved the call, be it the event's own status or an earlier one. A word that
 * is no status stays the decision where nothing moved. Pure.
 */
export function withEarlier(
  before: Call,
  own: Observation,
  earlier: readonly EarlierStatus[],
  legality: Legality,
): Observation {
  let { call } = own
  const decisions: [Decision, ...Decision[]] = [own.decision]
  for (const entry of earlier) {
    const observed = observeOne(call, entry, legality)
    call = observed.call
    decisions.push(observed.decision)
  }
  if (call === own.call) return own
  const decision = decisionOf(decisions, before, call, legality)
  if (own.decision.kind !== 'unrecognized' || decision.kind === 'unrecognized') {
    return { call, decision }
  }
  return { call, decision: { ...decision, unrecognized: own.decision.word } }
}

function decisionOf(
  decisions: readonly [Decision, ...Decision[]],
  before: Call,
  call: Call,
  legality: Legality,
): Decision {
  const [own] = decisions
  const hasMoved = before.status !== call.status || before.attempt !== call.attempt
  if (own.kind === 'unrecognized' && !hasMoved) return own
  const conflict = decisions.findLast(isConflict)
  if (conflict !== undefined) return { ...conflict, counts: call.status ?? conflict.counts }
  const last = hasMoved ? decisions.findLast(isMovement) : undefined
  if (last !== undefined) {
    const { attempt, status } = last
    const bits = recordOf(call.heard, attempt)?.bits ?? 0
    return movementOf(before, call, attempt, status, bitOf(status), bits, legality)
  }
  if (own.kind === 'unrecognized') return own
  const { attempt, status } = own
  return knownIn(call) === knownIn(before)
    ? { kind: 'duplicate', attempt, status, enriched: true }
    : { kind: 'late', attempt, status }
}

const isConflict = (decision: Decision): decision is Conflict => decision.kind === 'conflicting'

const isMovement = (decision: Decision): decision is Movement =>
  decision.kind === 'advanced' || decision.kind === 'retried'

/** How many statuses are known, in whatever attempt. */
function knownIn(call: Call): number {
  return attemptsOf(call).flatMap(({ seen }) => seen).length
}
