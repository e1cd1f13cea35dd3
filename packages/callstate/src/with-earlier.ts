import { attemptsOf, recordOf } from './attempts.ts'
import { bitOf } from './bits.ts'
import type { Call, EarlierStatus } from './call.ts'
import type { Decision, Observation } from './decision.ts'
import type { Legality } from './legality.ts'
import { observeOne } from './observe-one.ts'
import { skippedBetween } from './skipped.ts'

type DecisionOf<Kind extends Decision['kind']> = Extract<Decision, { kind: Kind }>
type Conflict = DecisionOf<'conflicting'>
type Movement = DecisionOf<'advanced' | 'retried'>

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
  const movement = hasMoved ? decisions.findLast(isMovement) : undefined
  if (movement !== undefined) return movementOf(movement, before, call, legality)
  return own.kind === 'unrecognized' ? own : atRest(own, before, call)
}

const isConflict = (decision: Decision): decision is Conflict => decision.kind === 'conflicting'

const isMovement = (decision: Decision): decision is Movement =>
  decision.kind === 'advanced' || decision.kind === 'retried'

/** The whole way that the call has gone, of which `last` was the last step. */
function movementOf(last: Movement, before: Call, after: Call, legality: Legality): Movement {
  const { attempt, status } = last
  const { status: from } = before
  const bits = recordOf(after.heard, attempt)?.bits ?? 0
  const isRetry = before.attempt !== after.attempt
  const [kind, start, starts] = isRetry
    ? (['retried', null, 'outboundStarts'] as const)
    : (['advanced', from, 'anyStarts'] as const)
  const skipped = skippedBetween(start, bitOf(status), bits, starts, legality)
  return { kind, attempt, status, from, skipped }
}

/** What the event's own status did where, all taken together, the call has not moved. */
function atRest(
  { attempt, status }: Exclude<Decision, DecisionOf<'unrecognized'>>,
  before: Call,
  after: Call,
): Decision {
  return sightingsIn(after) === sightingsIn(before)
    ? { kind: 'duplicate', attempt, status, enriched: true }
    : { kind: 'late', attempt, status }
}

function sightingsIn(call: Call): number {
  return attemptsOf(call).reduce((count, { seen }) => count + seen.length, 0)
}
