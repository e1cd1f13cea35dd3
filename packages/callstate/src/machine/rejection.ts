import type { CallStatus } from '../lifecycle.ts'
import { isCallStatus, parseStatus, phaseOf } from '../status.ts'
import { checkTransition, type TransitionRefusal } from '../transition.ts'

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

/** The guard of every move to this status. */
export function moveGuard(to: CallStatus): keyof typeof MOVE_GUARDS {
  if (to === 'rescheduled') return 'mayReschedule'
  return phaseOf(to) === 'waiting' ? 'mayWait' : 'notOlder'
}

/** Says why an event was refused that was refused; `passes` answers for one guard. */
export function rejectionOf(
  from: CallStatus,
  eventType: unknown,
  passes: (guard: CallGuard) => boolean,
): CallRejection {
  const to = parseStatus(eventType).raw
  return { type: 'rejected', from, to, reason: reasonOf(from, eventType, passes) }
}

function reasonOf(
  from: CallStatus,
  to: unknown,
  passes: (guard: CallGuard) => boolean,
): CallRejectionReason {
  if (!isCallStatus(to)) return 'unrecognized-status'
  const check = checkTransition(from, to)
  if (!check.ok) return check.reason
  const guards: readonly CallGuard[] = MOVE_GUARDS[moveGuard(to)]
  // The move is legal and was refused all the same, so one of its guards does not pass.
  return REFUSALS[guards.find((guard) => !passes(guard)) as CallGuard]
}

const REFUSALS = {
  guardrailsConfigured: 'guardrails-not-configured',
  isOutbound: 'not-outbound',
  notOlder: 'older-than-state',
} as const satisfies Record<CallGuard, GuardRefusal>
