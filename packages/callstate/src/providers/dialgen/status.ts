import type { HangupParty } from '../../call.ts'
import type { CallStatus } from '../../lifecycle.ts'
import type { ProviderMove } from '../../own-lifecycle.ts'
import type { StatusMeaning } from '../provider.ts'

/**
 * Dialgen's five statuses of a call, what they mean, and what the translation loses. `MISSED` and
 * `FAILED` are refined by the error code (see `DIALGEN_ERRORS`).
 *
 * `ONGOING` becomes `initiated`, although Dialgen calls it "connected and conversation is active": the
 * reply to a dial request says it at once, and the documented lifecycle goes through it to `MISSED`
 * too. That the call was placed is all it proves. As `in-progress` it would turn every missed call
 * into a contradiction, and every failed one into a conversation.
 *
 * Source: https://docs.dialgen.ai/guides/call-management/call-status; the mapping is our reading.
 */
export const DIALGEN_STATUSES = {
  SCHEDULED: {
    status: 'queued',
    loss: 'Dialgen does not tell a call that waits in the queue from one that waits for its time.',
  },
  ONGOING: {
    status: 'initiated',
    loss: 'Dialgen does not tell dialing, ringing and talking apart; only that the call was placed is certain.',
  },
  COMPLETED: {
    status: 'completed',
    loss: 'No call-disconnected comes before it, and it does not prove that a person spoke.',
  },
  MISSED: {
    status: 'no-answer',
    loss: 'Without an error code, a busy line, a declined call and one that rang out are the same.',
  },
  FAILED: {
    status: 'failed',
    loss: 'Without an error code, the call may never have been placed.',
  },
} as const satisfies Record<string, StatusMeaning>

const CALL_STATUS_PAGE = 'https://docs.dialgen.ai/guides/call-management/call-status'

/** The statuses that no word of Dialgen's means, with or without an error code. */
export const DIALGEN_LACKS = [
  'scheduled',
  'prepared',
  'rescheduled',
  'ringing',
  'in-progress',
  'call-disconnected',
  'canceled',
  'stopped',
  'error',
] as const satisfies readonly CallStatus[]

/**
 * The moves that Dialgen's page draws: `SCHEDULED` to `ONGOING`, and that to each of its ends. The reply to
 * a dial request says `ONGOING` at once, before the credits turn out to be short.
 */
export const DIALGEN_MOVES = [
  { from: 'queued', to: 'initiated', mark: 'stated', source: CALL_STATUS_PAGE },
  { from: 'initiated', to: 'completed', mark: 'stated', source: CALL_STATUS_PAGE },
  { from: 'initiated', to: 'no-answer', mark: 'stated', source: CALL_STATUS_PAGE },
  { from: 'initiated', to: 'failed', mark: 'stated', source: CALL_STATUS_PAGE },
  { from: 'initiated', to: 'balance-low', mark: 'inferred', source: null },
] as const satisfies readonly ProviderMove[]

/** One of Dialgen's five statuses of a call. */
export type DialgenStatus = keyof typeof DIALGEN_STATUSES

/**
 * Dialgen's error codes, what a `MISSED` or `FAILED` call with such a code is, and what the
 * translation loses. The code goes before the word, because the documents leave open which of the two
 * words a busy line gets. Beside any other status a code changes nothing. It stands in
 * `details.reasonCode`; any other text in `error` is a reason, and stands in `details.reason`.
 *
 * Source: https://docs.dialgen.ai/guides/call-management/call-status; the mapping is our reading.
 */
export const DIALGEN_ERRORS = {
  INVALID_NUMBER: {
    status: 'failed',
    loss: 'That the number was wrong, so that no retry will help.',
  },
  BUSY: { status: 'busy', loss: null },
  NO_ANSWER: { status: 'no-answer', loss: 'Whether it rang out or was declined.' },
  NETWORK_ERROR: {
    status: 'failed',
    loss: 'Whether the network failed before or during the call; "error" could be defended too.',
  },
  INSUFFICIENT_CREDITS: { status: 'balance-low', loss: null },
} as const satisfies Record<string, StatusMeaning>

/** One of Dialgen's error codes. */
export type DialgenError = keyof typeof DIALGEN_ERRORS

/**
 * Dialgen's five hangup codes and who hung up; null where the code does not say. `USER_HANGUP` is the
 * person, who is the callee of an outbound and the caller of an inbound call; `callee-or-caller` leaves
 * that to the direction. Silence is a rule of the agent, the longest duration one of the platform.
 *
 * Source: https://docs.dialgen.ai/guides/call-management/hangup-detection; who hung up is our reading.
 */
export const DIALGEN_HANGUPS = {
  COMPLETED: null,
  USER_HANGUP: 'callee-or-caller',
  SILENCE: 'agent',
  TIMEOUT: 'provider',
  FAILED: null,
} as const satisfies Record<string, HangupParty | 'callee-or-caller' | null>

/** One of Dialgen's hangup codes. */
export type DialgenHangup = keyof typeof DIALGEN_HANGUPS

/**
 * Whether `value` is one of Dialgen's five statuses of a call, spelled exactly so. Pure; never throws.
 *
 * @example
 * isDialgenStatus('MISSED') // true
 * isDialgenStatus('completed') // false: a status of a batch
 */
export function isDialgenStatus(value: unknown): value is DialgenStatus {
  return typeof value === 'string' && Object.hasOwn(DIALGEN_STATUSES, value)
}

/**
 * Our status for a Dialgen status and error code; null for a word that is not one of the five. Pure;
 * never throws.
 *
 * @example
 * statusOfDialgen('MISSED', 'BUSY') // 'busy'
 * statusOfDialgen('COMPLETED', 'BUSY') // 'completed': the code refines MISSED and FAILED alone
 * statusOfDialgen('PAUSED') // null
 */
export function statusOfDialgen(word: unknown, error?: unknown): CallStatus | null {
  if (!isDialgenStatus(word)) return null
  const isRefined = (word === 'MISSED' || word === 'FAILED') && isDialgenError(error)
  return isRefined ? DIALGEN_ERRORS[error].status : DIALGEN_STATUSES[word].status
}

/** Whether `value` is one of Dialgen's error codes, spelled exactly so. Pure; never throws. */
export function isDialgenError(value: unknown): value is DialgenError {
  return typeof value === 'string' && Object.hasOwn(DIALGEN_ERRORS, value)
}
