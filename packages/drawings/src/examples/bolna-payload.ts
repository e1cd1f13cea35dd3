import { createHash } from 'node:crypto'

/** A made-up call: what stays the same in all its webhooks. */
export interface BolnaCall {
  readonly name: string
  /** Seconds since the start of the day at which the call was placed. */
  readonly placedAt: number
  readonly carrier: 'plivo' | 'twilio'
  readonly direction?: 'inbound' | 'outbound'
  /** Number of retries so far; left out of the payload where the account has no auto-retry. */
  readonly retryCount?: number
  readonly retryHistory?: readonly {
    readonly attempt: number
    readonly status: string
    readonly at: string
  }[]
}

/** What one webhook says: the status, when (seconds after the call was placed) and what is filled by then. */
export interface BolnaStage {
  readonly status: string
  readonly at: number
  readonly talked?: number
  readonly rang?: number
  readonly voicemail?: true
  readonly hangup?: readonly [by: string | null, reason: string | null, code: number | null]
  readonly extraction?: unknown
  readonly scheduledAt?: number
}

const DAY = Date.UTC(2026, 2, 2, 9, 0, 0)

/** Time of day as Bolna writes it: with an offset, or naive, both in one record. */
export function timestamp(seconds: number, form: 'offset' | 'naive' | 'Z'): string {
  const iso = new Date(DAY + Math.round(seconds * 1000)).toISOString().slice(0, -1)
  const micro = `${iso}${String(Math.round(seconds * 7919) % 1000).padStart(3, '0')}`
  return form === 'Z' ? `${iso.slice(0, 19)}Z` : form === 'naive' ? micro : `${micro}+00:00`
}

export function uuid(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex')
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-')
}

/** A number from the range that is reserved for fiction. */
export function fictionalNumber(name: string): string {
  const last =
    Number.parseInt(createHash('sha256').update(name).digest('hex').slice(0, 4), 16) % 100
  return `+120255501${String(last).padStart(2, '0')}`
}

/** The webhook body of one stage, with the fields that real records have at that stage. */
export function bolnaBody(call: BolnaCall, stage: BolnaStage): Record<string, unknown> {
  const { placedAt, carrier } = call
  const isInbound = call.direction === 'inbound'
  const isOver = stage.hangup !== undefined
  const isFinal = stage.status === 'completed'
  const talked = stage.talked ?? 0
  return {
    id: uuid(call.name),
    agent_id: uuid('agent'),
    batch_id: null,
    conversation_duration: talked === 0 ? 0 : talked,
    total_cost: isFinal
      ? Math.round(talked * 38) / 100
      : isOver && talked > 0
        ? Math.round(talked * 11) / 100
        : 0,
    status: stage.status,
    smart_status: stage.status,
    error_message: null,
    answered_by_voice_mail: stage.voicemail ?? null,
    transcript:
      isOver && talked > 0 ? 'assistant: Hello!\nuser: Hello.\nassistant: Goodbye!\n' : null,
    created_at: timestamp(placedAt, 'offset'),
    updated_at: timestamp(placedAt + stage.at, carrier === 'twilio' ? 'naive' : 'offset'),
    scheduled_at:
      stage.scheduledAt === undefined ? null : timestamp(placedAt + stage.scheduledAt, 'offset'),
    rescheduled_at: null,
    initiated_at: isInbound ? null : timestamp(placedAt + 1.5, 'naive'),
    ...(call.retryCount !== undefined && {
      retry_config: {
        enabled: true,
        max_retries: 3,
        retry_on_statuses: ['no-answer', 'busy', 'failed'],
        retry_intervals_minutes: [30, 60, 120],
      },
      retry_count: call.retryCount,
      retry_history: call.retryHistory ?? [],
    }),
    cost_breakdown:
      isOver && talked > 0
        ? {
            llm: 1.2,
            network: isFinal ? 3.1 : 0,
            platform: isFinal ? 2 : 0,
            synthesizer: 2.4,
            transcriber: 1.9,
          }
        : null,
    telephony_data: {
      duration: isFinal && talked > 0 ? String(Math.ceil(talked)) : '0.0',
      to_number: isInbound ? fictionalNumber('agent') : fictionalNumber(call.name),
      from_number: isInbound ? fictionalNumber(call.name) : fictionalNumber('agent'),
      recording_url:
        isFinal && talked > 0
          ? `https://api.bolna.ai/recordings/call/${uuid(call.name)}`
          : isOver && talked > 0
            ? ''
            : null,
      hosted_telephony: true,
      provider_call_id: uuid(`${call.name} leg ${call.retryCount ?? 0}`),
      call_type: isInbound ? 'inbound' : 'outbound',
      provider: carrier,
      hangup_by: stage.hangup?.[0] ?? null,
      hangup_reason: stage.hangup?.[1] ?? null,
      hangup_provider_code: stage.hangup?.[2] ?? null,
      ring_duration: isOver ? (stage.rang ?? null) : null,
      post_dial_delay: isOver ? 2 : null,
      to_number_carrier: null,
    },
    transfer_call_data: null,
    batch_run_details: null,
    extracted_data: null,
    agent_extraction: stage.extraction ?? null,
    context_details: {
      recipient_data: {},
      recipient_phone_number: fictionalNumber(isInbound ? 'agent' : call.name),
    },
  }
}
