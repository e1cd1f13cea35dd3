import type { TerminalStatus } from '../lifecycle.ts'
import { isTerminal, parseStatus } from '../status.ts'

/** A state of `callJobMachine`. */
export type CallJobState = 'attempting' | 'waiting-for-retry' | 'settled'

/** The attempt that goes on reached a terminal status. */
export interface AttemptEnded {
  readonly type: 'attempt-ended'
  readonly status: TerminalStatus
  /** Number of the attempt; left out or null where it is not said, which means the current one. */
  readonly attempt?: number | null
  /** Whether a machine answered; false by default. */
  readonly voicemail?: boolean
  /** The provider's time in milliseconds since 1970; left out or null where unknown. */
  readonly occurredAt?: number | null
}

/** The next attempt began: placed by the provider, or by us because its time had come. */
export interface AttemptOpened {
  readonly type: 'attempt-opened'
  /** Number of the new attempt; left out or null where it is not said, which means the next one. */
  readonly attempt?: number | null
}

/** Nobody wants a further attempt. One that goes on still ends by `attempt-ended`. */
export interface JobCanceled {
  readonly type: 'canceled'
}

/** An event of `callJobMachine`. */
export type CallJobEvent = AttemptEnded | AttemptOpened | JobCanceled

/** Why `callJobMachine` refused an event. */
export type CallJobRefusal =
  /** The event's type is none of the three. */
  | 'unrecognized-event'
  /** The job is over. */
  | 'already-settled'
  /** `attempt-opened` while an attempt goes on. */
  | 'attempt-running'
  /** `attempt-ended` while none goes on. */
  | 'no-attempt-running'
  /** `attempt-ended` with a status that ends no attempt. */
  | 'not-an-end'
  /** The event speaks of another attempt than the one that can end or open now. */
  | 'other-attempt'
  /** A guard that was exchanged by `provide`, for a reason of its own. */
  | 'guard'

/** An event that `callJobMachine` refused: it changed nothing. */
export interface CallJobRejection {
  readonly type: 'rejected'
  readonly from: CallJobState
  /** The type of the refused event as it came. */
  readonly to: string
  readonly reason: CallJobRefusal
}

/** Whether `event` is of a type that the machine knows, whatever else it holds. Never throws. */
export function isJobEvent(event: { readonly type: unknown } | null | undefined): boolean {
  const type = event?.type
  return typeof type === 'string' && Object.hasOwn(JOB_EVENTS, type)
}

/** Why the event is refused in this state, with `attempt` as the number of the latest attempt; null where it is not. */
export function jobRefusal(
  state: CallJobState,
  attempt: number,
  event: CallJobEvent,
): CallJobRefusal | null {
  const isSettled = state === 'settled'
  switch (event?.type) {
    case 'attempt-ended':
      if (isSettled) return 'already-settled'
      if (state !== 'attempting') return 'no-attempt-running'
      if (!isTerminal(event.status)) return 'not-an-end'
      return (event.attempt ?? attempt) === attempt ? null : 'other-attempt'
    case 'attempt-opened':
      if (isSettled) return 'already-settled'
      if (state !== 'waiting-for-retry') return 'attempt-running'
      return (event.attempt ?? attempt + 1) === attempt + 1 ? null : 'other-attempt'
    case 'canceled':
      return isSettled ? 'already-settled' : null
    default:
      return 'unrecognized-event'
  }
}

/** The rejection of an event for this reason. */
export function jobRejection(
  from: CallJobState,
  event: { readonly type: string },
  reason: CallJobRefusal,
): CallJobRejection {
  return { type: 'rejected', from, to: parseStatus(event?.type).word, reason }
}

const JOB_EVENTS = {
  'attempt-ended': true,
  'attempt-opened': true,
  canceled: true,
} as const satisfies Record<CallJobEvent['type'], true>
