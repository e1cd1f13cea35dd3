/** The fields of a Bolna message that an event is made of; their kinds are not known yet. */
export interface MessageFields {
  readonly id?: unknown
  readonly execution_id?: unknown
  readonly status?: unknown
  readonly created_at?: unknown
  readonly updated_at?: unknown
  readonly scheduled_at?: unknown
  readonly rescheduled_at?: unknown
  readonly conversation_duration?: unknown
  readonly conversation_time?: unknown
  readonly answered_by_voice_mail?: unknown
  readonly termination_reason?: unknown
  readonly telephony_data?: unknown
  readonly retry_count?: unknown
  readonly retry_config?: unknown
  readonly retry_history?: unknown
  /** Of `telephony_data`. */
  readonly call_type?: unknown
  readonly ring_duration?: unknown
  readonly hangup_by?: unknown
  readonly hangup_reason?: unknown
  readonly hangup_provider_code?: unknown
  readonly hangup_code?: unknown
  /** Of one entry of `retry_history`. */
  readonly attempt?: unknown
  readonly at?: unknown
  /** Of `retry_config`. */
  readonly enabled?: unknown
  /** Of a Dialgen message. */
  readonly callId?: unknown
  readonly callData?: unknown
  readonly [field: string]: unknown
}

/** The longest identifier and the longest status word that are read, in characters. */
export const MAX_ID_LENGTH = 256
export const MAX_STATUS_LENGTH = 128

/** Whether a value is a JSON object, so that its fields can be read. Pure. */
export function hasFields(value: unknown): value is MessageFields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What is expected of an identifier, for messages. */
export const ID_EXPECTED = `text of 1 to ${MAX_ID_LENGTH} characters or a whole number`

/**
 * Reads the identifier of an execution; null for what cannot be one. Pure.
 *
 * Bolna sends a UUID; its documents show a number; before December 2024 it was `agent#time`. A number
 * beyond 2^53 was rounded when the JSON was parsed and might name another call: it is refused.
 */
export function readId(value: unknown): string | null {
  if (typeof value === 'string') {
    return value !== '' && value.length <= MAX_ID_LENGTH ? value : null
  }
  return Number.isSafeInteger(value) && (value as number) >= 0 ? String(value) : null
}

/** What is expected of a status word, for messages. */
export const STATUS_EXPECTED = `a status word of 1 to ${MAX_STATUS_LENGTH} characters`

/** Whether a value can be a status word, known or not. Pure. */
export function isStatusWord(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= MAX_STATUS_LENGTH
}

const NUMERIC_TEXT = /^-?\d{1,15}(?:\.\d{1,15})?$/

/**
 * Reads a number that may have come as text; null for anything else. Pure.
 *
 * Bolna sends `telephony_data.duration` as `"49"` and `"0.0"`, where its documents show a number.
 */
export function readNumber(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  return typeof value === 'string' && NUMERIC_TEXT.test(value) ? Number(value) : null
}
