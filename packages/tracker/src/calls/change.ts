import type { Call, Decision } from 'callstate'
import type { CallRef, HistoryEntry, StoredEvent } from './tracked-call.ts'

/** What one message changed about a call. */
export interface Change extends CallRef {
  /**
   * The idempotency key: the same for every delivery of this change to a handler, different for every
   * other change. Made of the call, its attempt, the decision and its place in the history.
   */
  readonly key: string
  /** Its place in the call's history, 1 for the first. */
  readonly sequence: number
  readonly receivedAt: number
  readonly event: StoredEvent
  /** Null for a message that tells no status and brings data. */
  readonly decision: Decision | null
  /** What was known before and after. */
  readonly before: Call
  readonly call: Call
  readonly settledBefore: boolean
  readonly settled: boolean
}

/** The idempotency key of an entry of a history. Pure. */
export function changeKeyOf(
  { provider, callId }: CallRef,
  { sequence, event, decision }: Pick<HistoryEntry, 'sequence' | 'event' | 'decision'>,
): string {
  const attempt = decision === null ? event.attempt : decision.attempt
  return [provider, callId, attempt ?? 0, decision?.kind ?? 'data', sequence].join('/')
}
