import { bitOf, numberOf, type StatusBits } from './bits.ts'
import type { Call } from './call.ts'
import type { Decision } from './decision.ts'
import { type Legality, legalityOf } from './legality.ts'
import type { CallStatus } from './lifecycle.ts'
import { pathIn } from './own-lifecycle.ts'

/** A decision that moved the call. */
export type Movement = Extract<Decision, { kind: 'advanced' | 'retried' }>

const NONE: readonly CallStatus[] = []

/** How a call has moved to this status, in whose attempt the statuses of `heard` were heard. */
export function movementOf(
  before: Call,
  after: Call,
  attempt: number,
  status: CallStatus,
  bit: StatusBits,
  heard: StatusBits,
  legality: Legality,
): Movement {
  const { status: from } = before
  const isRetry = before.attempt !== after.attempt
  const start = isRetry ? null : from
  // The common case, a legal move, is answered here: engines inline what is short.
  const next = start === null ? 0 : (legality.next[numberOf(bitOf(start))] as StatusBits)
  const skipped = (next & bit) === 0 ? passedOver(start, status, heard, isRetry, legality) : NONE
  return { kind: isRetry ? 'retried' : 'advanced', attempt, status, from, skipped }
}

/** The statuses between that were not heard and that the provider could have said. */
function passedOver(
  from: CallStatus | null,
  to: CallStatus,
  heard: StatusBits,
  isRetry: boolean,
  legality: Legality,
): readonly CallStatus[] {
  const ends = bitOf(from) | bitOf(to)
  // What the provider was said to lack and what came all the same is judged by the table.
  const judge = (ends & legality.lacked) === 0 ? legality : legalityOf()
  const starts = isRetry ? judge.outboundStarts : judge.anyStarts
  if (from === null && starts.includes(to)) return NONE
  const path = pathIn(judge.lifecycle, from === null ? starts : [from], to)
  const told = heard | ends | legality.lacked
  return path?.filter((status) => (told & bitOf(status)) === 0) ?? NONE
}
