import { isTerminal, type TerminalStatus } from 'callstate'
import { DIALGEN_WORDS, type DialgenError } from 'callstate/internal/providers/dialgen'
import type { DialgenStatus } from 'callstate/providers/dialgen'
import { stageOf } from '../stage.ts'
import type { DialgenCall } from './calls.ts'

/**
 * Dialgen's word for where a call stands: that of its status. Between two attempts it waits, and so is
 * `SCHEDULED`, unless the end of every attempt is told. Pure.
 */
export function wordOf({ call, isEveryEndTold }: DialgenCall): DialgenStatus {
  const waitsForRetry = isTerminal(call.status) && !call.isSettled
  return waitsForRetry && !isEveryEndTold ? 'SCHEDULED' : DIALGEN_WORDS[call.status].word
}

/** Whether a word is an end. Pure. */
export function isEnd(word: DialgenStatus): boolean {
  return word === 'COMPLETED' || word === 'MISSED' || word === 'FAILED'
}

/** Null where no code is documented. A failure has one of two. */
const ERRORS = {
  completed: null,
  busy: 'BUSY',
  'no-answer': 'NO_ANSWER',
  'balance-low': 'INSUFFICIENT_CREDITS',
  canceled: null,
  stopped: null,
  failed: null,
  error: null,
} as const satisfies Record<TerminalStatus, DialgenError | null>

/** Our reading: a call that was taken out of the queue has no word and no code of its own. */
const CANCELLED = 'Batch was cancelled'

/**
 * The error of a call that was missed or failed; null for all others. The documents list the codes and
 * show a sentence in the same field: that it holds the code is our reading, and that a number which
 * rang was a valid one. Pure.
 *
 * Source: https://docs.dialgen.ai/guides/call-management/call-status
 */
export function errorOf(dialed: DialgenCall): string | null {
  const word = wordOf(dialed)
  if (word !== 'MISSED' && word !== 'FAILED') return null
  const { call } = dialed
  if (call.status === 'canceled') return CANCELLED
  if (call.status !== 'failed') return isTerminal(call.status) ? ERRORS[call.status] : null
  const code: DialgenError = stageOf(call).wasRinging ? 'NETWORK_ERROR' : 'INVALID_NUMBER'
  return code
}
