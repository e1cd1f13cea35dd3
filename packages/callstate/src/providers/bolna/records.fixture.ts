import type { CallStatus } from '../../lifecycle.ts'

// Messages in the shapes that were seen in public logs and documents of Bolna, with invented values.

export const CALL_ID = '5b0c7d3e-1f2a-4c6b-9d8e-0a1b2c3d4e5f'
export const START = Date.UTC(2026, 0, 26, 10, 0, 0)

/** A time `seconds` after the start of the call, with six digits and an offset, as records have it. */
export function after(seconds: number): string {
  return `${naive(seconds)}+00:00`
}

/** The same without a zone, as other fields of the same records have it. */
export function naive(seconds: number): string {
  return new Date(START + seconds * 1000).toISOString().replace('Z', '417')
}

type Fields = Record<string, unknown>

/** What every record of a call holds from its first webhook on. */
export function record(status: string, seconds: number, fields: Fields = {}): Fields {
  const { telephony_data: line, ...rest } = fields
  return {
    id: CALL_ID,
    agent_id: '9f8e7d6c-5b4a-4321-8765-0fedcba98765',
    batch_id: null,
    conversation_duration: 0,
    total_cost: 0,
    status,
    smart_status: status,
    error_message: null,
    answered_by_voice_mail: null,
    transcript: null,
    summary: null,
    created_at: after(0),
    updated_at: after(seconds),
    scheduled_at: null,
    rescheduled_at: null,
    initiated_at: naive(2),
    extracted_data: null,
    agent_extraction: null,
    custom_extractions: null,
    cost_breakdown: { llm: 0, network: 0, platform: 0, synthesizer: 0, transcriber: 0 },
    latency_data: null,
    usage_breakdown: null,
    retry_count: 0,
    retry_config: null,
    retry_history: null,
    workflow_retries: 0,
    campaign_id: null,
    deleted: false,
    batch_run_details: null,
    transfer_call_data: null,
    context_details: { recipient_data: null, recipient_phone_number: '+12025550123' },
    ...rest,
    telephony_data:
      line === null
        ? null
        : {
            duration: '0.0',
            to_number: '+12025550123',
            from_number: '+12025550100',
            recording_url: null,
            hosted_telephony: false,
            provider_call_id: 'carrier-call-1',
            call_type: 'outbound',
            provider: 'plivo',
            hangup_by: null,
            hangup_reason: null,
            hangup_provider_code: null,
            ring_duration: 0,
            post_dial_delay: 0,
            to_number_carrier: 'Example Telecom',
            ...(line as Fields | undefined),
          },
  }
}

const byCallee = {
  hangup_by: 'Callee',
  hangup_reason: 'Call recipient hungup',
  hangup_provider_code: 4000,
}
const wasBusy = {
  hangup_by: 'Carrier',
  hangup_reason: 'Call recipient was busy',
  hangup_provider_code: 3010,
}
const usage = {
  synthesizer_characters: 312,
  synthesizer_model: 'polly',
  transcriber_duration: 27.4,
  transcriber_model: 'deepgram',
  llmModel: { 'model-a': { input: 900, output: 40 } },
  llmTokens: 940,
  voice_id: 'voice-1',
  buffer_size: 200,
}
const latency = {
  stream_id: 12.5,
  time_to_first_audio: 410.2,
  region: 'region-1',
  transcriber: { time_to_connect: 80, turns: [{ turn: 1, latency: 120 }] },
  llm: { time_to_connect: null, turns: [] },
  synthesizer: { time_to_connect: 90, turns: -1 },
  rag: null,
  interruption_stats: {},
}
const talk = 'assistant: Good morning, this is an invented call.\nuser: Good morning.'

export interface Sequence {
  readonly title: string
  readonly messages: readonly unknown[]
  readonly status: CallStatus
  readonly attempt: number
  readonly outcome: 'reached' | 'voicemail' | 'not-reached' | 'not-placed' | 'unknown'
  readonly settled: boolean
}

const plivoDisconnected = record('call-disconnected', 33, {
  conversation_duration: 27.2,
  transcript: talk,
  telephony_data: { recording_url: '', ...byCallee },
})

export const plivoCompleted = record('completed', 13 * 60, {
  conversation_duration: 27.2,
  total_cost: 9.87,
  transcript: talk,
  agent_extraction: '{"interested": true}',
  usage_breakdown: usage,
  latency_data: latency,
  telephony_data: {
    duration: '28',
    recording_url: 'https://recordings.example/1.mp3',
    ring_duration: 3,
    ...byCallee,
  },
})

export const twilioDisconnected = {
  ...record('call-disconnected', 70, {
    conversation_duration: 59.4,
    total_cost: 4.32,
    transcript: talk,
    cost_breakdown: { llm: 1.1, network: 0, platform: 0, synthesizer: 2.1, transcriber: 1.12 },
    telephony_data: { provider: 'twilio', recording_url: '' },
  }),
  created_at: naive(0),
  updated_at: naive(70),
}

export const retryScheduled = {
  id: CALL_ID,
  status: 'scheduled',
  retry_count: 1,
  retry_config: { enabled: true, max_retries: 3 },
  retry_history: [{ attempt: 1, status: 'no-answer', at: '2026-01-26T10:00:46Z' }],
  scheduled_at: '2026-01-26T10:30:00Z',
}

const retry = { retry_config: { enabled: true, max_retries: 1 } }
const second = {
  ...retry,
  retry_count: 1,
  retry_history: [{ attempt: 1, status: 'busy', at: '2026-01-26T10:00:24Z' }],
}

/** Whole lives of calls, in the order in which they were heard. */
export const SEQUENCES: readonly Sequence[] = [
  {
    title: 'answered over Plivo: completed comes 13 minutes after the line is down',
    messages: [
      record('initiated', 0),
      record('ringing', 2),
      record('in-progress', 5),
      plivoDisconnected,
      plivoCompleted,
    ],
    status: 'completed',
    attempt: 1,
    outcome: 'reached',
    settled: true,
  },
  {
    title: 'line down, completed never came',
    messages: [record('initiated', 0), record('in-progress', 5), plivoDisconnected],
    status: 'call-disconnected',
    attempt: 1,
    outcome: 'unknown',
    settled: false,
  },
  {
    title: 'rejected by the recipient: no-answer, said by the carrier',
    messages: [
      record('initiated', 0),
      record('ringing', 2),
      record('no-answer', 46, {
        telephony_data: { hangup_by: 'Carrier', hangup_reason: 'Call recipient rejected' },
      }),
    ],
    status: 'no-answer',
    attempt: 1,
    outcome: 'not-reached',
    settled: true,
  },
  {
    title: 'busy',
    messages: [
      record('initiated', 0),
      record('ringing', 2),
      record('busy', 24, { telephony_data: { ring_duration: 19, ...wasBusy } }),
    ],
    status: 'busy',
    attempt: 1,
    outcome: 'not-reached',
    settled: true,
  },
  {
    title: 'a full record alone, completed 76 seconds after it was created',
    messages: [
      record('completed', 76, {
        conversation_duration: 48.6,
        initiated_at: naive(5.5),
        telephony_data: { duration: '49', ring_duration: 6, ...byCallee },
      }),
    ],
    status: 'completed',
    attempt: 1,
    outcome: 'reached',
    settled: true,
  },
  {
    title: 'answered over Twilio: partial costs when the line is down, nobody says who hung up',
    messages: [
      record('initiated', 0, { telephony_data: { provider: 'twilio' } }),
      record('ringing', 3, { telephony_data: { provider: 'twilio' } }),
      record('in-progress', 10, { telephony_data: { provider: 'twilio' } }),
      twilioDisconnected,
      record('completed', 200, {
        conversation_duration: 59.4,
        total_cost: 15.5,
        agent_extraction: { interested: true },
        telephony_data: { provider: 'twilio', duration: '60' },
      }),
    ],
    status: 'completed',
    attempt: 1,
    outcome: 'reached',
    settled: true,
  },
  {
    title: 'inbound: nothing before the end was heard',
    messages: [
      record('completed', 78.5, {
        conversation_duration: 68.4,
        initiated_at: null,
        telephony_data: {
          duration: '69',
          call_type: 'inbound',
          hangup_by: 'Caller',
          hangup_reason: 'Call recipient hungup',
        },
      }),
    ],
    status: 'completed',
    attempt: 1,
    outcome: 'reached',
    settled: true,
  },
  {
    title: 'a rejected call that arrives as completed',
    messages: [record('initiated', 0), record('completed', 30)],
    status: 'completed',
    attempt: 1,
    outcome: 'not-reached',
    settled: true,
  },
  {
    title: 'a machine answered',
    messages: [
      record('in-progress', 5),
      record('completed', 60, { conversation_duration: 11, answered_by_voice_mail: true }),
    ],
    status: 'completed',
    attempt: 1,
    outcome: 'voicemail',
    settled: true,
  },
  {
    title: 'a batch call that guardrails move to the morning',
    messages: [
      record('prepared', 0),
      record('queued', 1),
      record('rescheduled', 2, { rescheduled_at: '2026-01-27T03:30:00Z' }),
    ],
    status: 'rescheduled',
    attempt: 1,
    outcome: 'unknown',
    settled: false,
  },
  {
    title: 'stopped while it was queued: two replies and no webhook',
    messages: [
      { message: 'done', status: 'queued', execution_id: CALL_ID },
      { message: 'done', status: 'stopped', execution_id: CALL_ID },
    ],
    status: 'stopped',
    attempt: 1,
    outcome: 'not-placed',
    settled: true,
  },
  {
    title: 'stopped while it was queued, with a record full of zeros',
    messages: [record('queued', 0), record('stopped', 9)],
    status: 'stopped',
    attempt: 1,
    outcome: 'not-placed',
    settled: true,
  },
  {
    title: 'tools that post the record in mid-call, and a second end that brings the extraction',
    messages: [
      record('in-progress', 5),
      record('in-progress', 5, { order_number: 17 }),
      record('completed', 60, { conversation_duration: 40 }),
      record('completed', 61, { conversation_duration: 40, extracted_data: { interested: true } }),
    ],
    status: 'completed',
    attempt: 1,
    outcome: 'reached',
    settled: true,
  },
  {
    title: 'no answer, then a retry is planned',
    messages: [record('ringing', 2), record('no-answer', 46), retryScheduled],
    status: 'scheduled',
    attempt: 2,
    outcome: 'unknown',
    settled: false,
  },
  {
    title: 'busy, with a retry to come',
    messages: [
      record('ringing', 2, retry),
      record('busy', 24, { ...retry, telephony_data: wasBusy }),
    ],
    status: 'busy',
    attempt: 1,
    outcome: 'not-reached',
    settled: false,
  },
  {
    title: 'busy, retried, busy again: no retry is left',
    messages: [
      record('busy', 24, { ...retry, telephony_data: wasBusy }),
      { ...retryScheduled, ...second },
      record('initiated', 1830, { ...second, telephony_data: wasBusy }),
      record('busy', 1850, { ...second, telephony_data: wasBusy }),
    ],
    status: 'busy',
    attempt: 2,
    outcome: 'not-reached',
    settled: true,
  },
]
