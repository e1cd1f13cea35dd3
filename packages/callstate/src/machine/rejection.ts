import type { CallStatus } from '../lifecycle.ts'
import { phaseOf } from '../status.ts'
import type { TransitionRefusal } from '../transition.ts'

/** What the table of legal moves cannot say about one attempt, and a guard of `callMachine` does. */
export type CallGuard = 'guardrailsConfigured' | 'isOutbound' | 'notOlder'

/** Why a guard refused a move that the table allows. */
export type GuardRefusal =
  /** `rescheduled` where no calling guardrails are configured: nothing else puts a call off. */
  | 'guardrails-not-configured'
  /** A waiting status of a call that the person placed: inbound calls are never queued. */
  | 'not-outbound'
  /** The event's provider time lies before the time of the current status. */
  | 'older-than-state'
  /** A guard that was exchanged by `provide`, for a reason of its own. */
  | 'guard'

/** Why `callMachine` refused an event. */
export type CallRejectionReason = TransitionRefusal | GuardRefusal

/** An event that `callMachine` refused: it changed nothing. */
export interface CallRejection {
  readonly type: 'rejected'
  readonly from: CallStatus
  /** The type of the refused event as it came; a status, or text outside the table. */
  readonly to: string
  readonly reason: CallRejectionReason
}

/** By the name that the chart shows: the guards that stand before a move. The first that fails is the reason. */
export const MOVE_GUARDS = {
  mayReschedule: ['guardrailsConfigured', 'isOutbound', 'notOlder'],
  mayWait: ['isOutbound', 'notOlder'],
  notOlder: ['notOlder'],
} as const satisfies Record<string, readonly CallGuard[]>

/** The name of a guard that stands before a move. */
export type MoveGuard = keyof typeof MOVE_GUARDS

/** The guard of every move to this status. */
export function moveGuard(to: CallStatus): MoveGuard {
  if (to === 'rescheduled') return 'mayReschedule'
  return phaseOf(to) === 'waiting' ? 'mayWait' : 'notOlder'
}

/** The first part of this guard that does not let the event pass; `passes` answers for one part. */
export function failedPart(
  guard: MoveGuard,
  passes: (part: CallGuard) => boolean,
): CallGuard | undefined {
  const parts: readonly CallGuard[] = MOVE_GUARDS[guard]
  return parts.find((part) => !passes(part))
}

/** What each of our guards says by refusing. */
export const GUARD_REFUSALS = {
  guardrailsConfigured: 'guardrails-not-configured',
  isOutbound: 'not-outbound',
  notOlder: 'older-than-state',
} as const satisfies Record<CallGuard, GuardRefusal>
