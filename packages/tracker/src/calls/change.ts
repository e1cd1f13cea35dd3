import type { Call, CallEvent, Decision } from 'callstate'
import type { CallRef } from './tracked-call.ts'

/** What one event changed about a call. */
export interface Change extends CallRef {
  /**
   * The idempotency key: the same for every delivery of this change to a handler, different for every
   * other change. Made of the call, its attempt, the decision and its place in the history.
   */
  readonly key: string
  /** Its place in the call's history, 1 for the first. */
  readonly sequence: number
  readonly receivedAt: number
  readonly event: CallEvent
  readonly decision: Decision
  /** What was known before and after. */
  readonly before: Call
  readonly call: Call
  readonly settledBefore: boolean
  readonly settled: boolean
}

/** The idempotency key of an entry of a history. Pure. */
export function changeKeyOf(ref: CallRef, sequence: number, decision: Decision): string {
  return [ref.provider, ref.callId, decision.attempt ?? 0, decision.kind, sequence].join('/')
}
