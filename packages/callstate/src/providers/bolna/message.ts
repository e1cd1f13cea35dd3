import { hasFields } from '../fields.ts'

// The fields of which an event is made, in each of the objects that have some; their kinds are not known
// yet. An object is any of these for who looks for its fields.

/** A webhook, a record, a row of a list or a reply. */
export interface BolnaMessage {
  readonly id?: unknown
  readonly execution_id?: unknown
  readonly status?: unknown
  readonly created_at?: unknown
  readonly updated_at?: unknown
  readonly scheduled_at?: unknown
  readonly rescheduled_at?: unknown
  readonly conversation_duration?: unknown
  readonly conversation_time?: unknown
  readonly total_cost?: unknown
  readonly answered_by_voice_mail?: unknown
  readonly termination_reason?: unknown
  readonly telephony_data?: unknown
  readonly retry_count?: unknown
  readonly retry_config?: unknown
  readonly retry_history?: unknown
  readonly [field: string]: unknown
}

/** `telephony_data`. */
export interface BolnaLine {
  readonly call_type?: unknown
  readonly ring_duration?: unknown
  readonly hangup_by?: unknown
  readonly hangup_reason?: unknown
  readonly hangup_provider_code?: unknown
  readonly hangup_code?: unknown
}

/** An entry of `retry_history`. */
export interface BolnaEarlierAttempt {
  readonly attempt?: unknown
  readonly status?: unknown
  readonly at?: unknown
}

/** `retry_config`. */
export interface BolnaRetrySettings {
  readonly enabled?: unknown
  readonly max_retries?: unknown
  readonly retry_on_statuses?: unknown
  readonly retry_on_voicemail?: unknown
  readonly retry_intervals_minutes?: unknown
}

/** A page of a list. */
export interface BolnaPage {
  readonly data?: unknown
  readonly has_more?: unknown
}

type Guard<Fields> = (value: unknown) => value is Fields

export const isBolnaMessage: Guard<BolnaMessage> = hasFields
export const isBolnaLine: Guard<BolnaLine> = hasFields
export const isBolnaEarlierAttempt: Guard<BolnaEarlierAttempt> = hasFields
export const isBolnaRetrySettings: Guard<BolnaRetrySettings> = hasFields
export const isBolnaPage: Guard<BolnaPage> = hasFields
