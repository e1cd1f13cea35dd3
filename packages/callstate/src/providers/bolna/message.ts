import { hasFields } from '../fields.ts'

/** The fields of a Bolna message that an event is made of; their kinds are not known yet. */
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
  readonly max_retries?: unknown
  readonly retry_on_statuses?: unknown
  readonly retry_on_voicemail?: unknown
  readonly retry_intervals_minutes?: unknown
  readonly [field: string]: unknown
}

/** Whether a value is a JSON object, so that the fields above can be looked for. Pure. */
export const isBolnaMessage: (value: unknown) => value is BolnaMessage = hasFields
