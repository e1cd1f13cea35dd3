import type { Call, CallStatus, Decision } from 'callstate'
import { attemptsOf } from 'callstate/internal'

/** How long a call stayed in a status that it has left. */
export interface TimeInStatus {
  readonly status: CallStatus
  readonly ms: number
}

/**
 * The status that a change ended, and how long it lasted by the provider's clock; nothing where the
 * change moved nothing, a time is unknown, or the clock ran backwards. Pure.
 */
export function timeInStatusOf(
  before: Call,
  call: Call,
  decision: Decision | null,
): readonly TimeInStatus[] {
  if (decision?.kind !== 'advanced' || decision.from === null) return []
  const status = decision.from
  const since = firstAt(before, decision.attempt, status)
  const until = firstAt(call, decision.attempt, decision.status)
  return since === null || until === null || until < since ? [] : [{ status, ms: until - since }]
}

function firstAt(call: Call, attempt: number, status: CallStatus): number | null {
  const record = attemptsOf(call).find((one) => one.attempt === attempt)
  return record?.seen.find((sighting) => sighting.status === status)?.firstAt ?? null
}
