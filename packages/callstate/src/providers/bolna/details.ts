import type { EarlierStatus, EventDetails } from '../../call.ts'
import type { CallStatus } from '../../lifecycle.ts'
import { parseStatus, phaseOf } from '../../status.ts'
import {
  emptyAsNull,
  isStatusWord,
  readBoolean,
  readDurationMs,
  readNumber,
  readText,
} from '../fields.ts'
import { readReason } from '../reason-text.ts'
import { parseTimestamp } from '../timestamp.ts'
import { readHangup } from './hangup.ts'
import { type BolnaLine, type BolnaMessage, isBolnaEarlierAttempt, isBolnaLine } from './message.ts'
import { readRetryPolicy } from './retry-policy.ts'

type Draft = { -readonly [Key in keyof EventDetails]: EventDetails[Key] }

const NO_FIELDS: BolnaLine = {}

/** How many entries of a `retry_history` are read. Bolna retries at most three times. */
export const MAX_RETRY_HISTORY = 32

/**
 * What a message says beside its status, as far as it means something at that status; undefined where
 * it says nothing. A record keeps what an earlier attempt left in it and holds zeros before anything
 * happened, so:
 * - what ended the call is read once the line is down or the attempt has ended;
 * - so are durations; a zero counts at `completed` alone, since it stands in every record from the
 *   start and the documents call it "not final" at `call-disconnected`;
 * - when a call is to be placed is read while it waits.
 * Pure.
 */
export function readDetails(
  message: BolnaMessage,
  word: string,
  status: CallStatus | null,
  occurredAt: number | null,
): EventDetails | undefined {
  const details: Draft = {}
  const phase = phaseOf(status ?? word)
  if (status !== null && status !== word) details.word = word
  if (phase === 'wrapping-up' || phase === 'ended') addEnd(details, message, status)
  if (phase === 'waiting') {
    const plan = readPlan(message, occurredAt)
    if (plan !== null) details.scheduledFor = plan
  }
  const retryPolicy = readRetryPolicy(message.retry_config)
  if (retryPolicy !== undefined) details.retryPolicy = retryPolicy
  return Object.keys(details).length === 0 ? undefined : details
}

/**
 * The ends of earlier attempts in a `retry_history`; undefined where there is none. Entries without an
 * attempt number or a status say nothing and are left out. Pure.
 */
export function readEarlier(history: unknown): readonly EarlierStatus[] | undefined {
  if (!Array.isArray(history)) return undefined
  const earlier: EarlierStatus[] = []
  for (const entry of history.slice(0, MAX_RETRY_HISTORY) as readonly unknown[]) {
    if (!isBolnaEarlierAttempt(entry) || !isStatusWord(entry.status)) continue
    const attempt = readNumber(entry.attempt) ?? 0
    if (!Number.isSafeInteger(attempt) || attempt < 1) continue
    const { status, word } = parseStatus(entry.status)
    const said = { attempt, status, occurredAt: parseTimestamp(entry.at) }
    earlier.push(status === word ? said : { ...said, word })
  }
  return earlier.length === 0 ? undefined : earlier
}

function addEnd(details: Draft, message: BolnaMessage, status: CallStatus | null): void {
  const line = isBolnaLine(message.telephony_data) ? message.telephony_data : NO_FIELDS
  const isFinal = status === 'completed'
  const talk = emptyAsNull(message.conversation_duration) ?? message.conversation_time
  const talkMs = readDuration(talk, isFinal)
  if (talkMs !== null) details.talkMs = talkMs
  const ringMs = readDuration(line.ring_duration, isFinal)
  if (ringMs !== null) details.ringMs = ringMs

  // A machine may also be told by the reason; a flag that says no does not outweigh it.
  const isDetected = line.hangup_reason === 'voicemail_detected'
  const voicemail = isDetected || readBoolean(message.answered_by_voice_mail)
  if (voicemail !== null) details.voicemail = voicemail

  const code = readCode(line.hangup_provider_code) ?? readCode(line.hangup_code)
  const reason = readReason(line.hangup_reason)
  const { by } = readHangup({
    by: readText(line.hangup_by),
    reason,
    code,
    direction: readText(line.call_type),
  })
  if (by !== 'unknown') details.hangupBy = by
  // `error_message` is never read: it is written for people and repeats numbers.
  const said = readReason(message.termination_reason) ?? reason
  if (said !== null) details.reason = said
  if (code !== null) details.reasonCode = code
}

/** Seconds as milliseconds; null where nothing is stated. */
function readDuration(value: unknown, isFinal: boolean): number | null {
  return readNumber(value) === 0 && !isFinal ? null : readDurationMs(value)
}

/** Codes are three to five digits; whatever is longer is no code. */
const CODE = /^\w{1,6}$/

function readCode(value: unknown): string | null {
  if (typeof value !== 'number' && typeof value !== 'string') return null
  const code = String(value)
  return CODE.test(code) ? code : null
}

/**
 * When a waiting call is to be placed. Whether `rescheduled_at` holds the new time or the moment of
 * the change is documented nowhere: one that is not after the record's last change is the moment.
 */
function readPlan(message: BolnaMessage, occurredAt: number | null): number | null {
  const scheduled = parseTimestamp(message.scheduled_at)
  const moved = parseTimestamp(message.rescheduled_at)
  if (moved === null || moved <= (occurredAt ?? 0)) return scheduled
  return Math.max(scheduled ?? moved, moved)
}
