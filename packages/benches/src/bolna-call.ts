// Webhook bodies with the fields, types and timings of real ones (naive and offset times in one record,
// numbers as text, an empty recording address before the recording exists) and invented contents.

/** Numbers from 0 to 1, the same ones for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export interface Delivery {
  /** Milliseconds since 1970. */
  readonly at: number
  readonly body: string
}

interface Step {
  readonly status: string
  readonly afterMs: number
}

const DIAL: readonly Step[] = [
  { status: 'queued', afterMs: 0 },
  { status: 'initiated', afterMs: 3_500 },
  { status: 'ringing', afterMs: 1_500 },
]

const RETRY_DELAY_MS = 30 * 60_000

const UNANSWERED: Readonly<Record<string, { reason: string; code: number }>> = {
  busy: { reason: 'Call recipient was busy', code: 3010 },
  'no-answer': { reason: 'Call was unanswered', code: 3000 },
}

const SENTENCES = [
  'assistant: Hello, this is a courtesy call about your delivery tomorrow morning.\n',
  'user: Yes, I remember. Which time will it be?\n',
  'assistant: Between nine and eleven. Does that still suit you?\n',
  'user: A little later would be better, after ten if that is possible.\n',
  'assistant: I have noted that the driver should come after ten.\n',
  'user: Thank you, that is all I wanted to know.\n',
]

/** All webhooks of one call that begins at `start`: answered, or not answered and tried once more. */
export function bolnaCall(random: () => number, start: number): readonly Delivery[] {
  const call = {
    id: uuid(random),
    agent_id: uuid(random),
    to_number: `+1202555${String(100 + Math.floor(random() * 100)).padStart(4, '0')}`,
    start,
  }
  const deliveries: Delivery[] = []
  let at = start
  const tell = (steps: readonly Step[], retry: Retry | null) => {
    for (const { status, afterMs } of steps) {
      at += afterMs
      deliveries.push({ at, body: JSON.stringify(bodyOf(call, status, at, retry, random)) })
    }
  }
  const ringMs = 4_000 + Math.floor(random() * 20_000)
  const talkMs = 10_000 + Math.floor(random() * 90_000)
  const answered: readonly Step[] = [
    { status: 'in-progress', afterMs: ringMs },
    { status: 'call-disconnected', afterMs: talkMs },
    { status: 'completed', afterMs: 12_000 },
  ]
  const fate = random()
  if (fate < 0.75) {
    tell([...DIAL, ...answered], null)
    return deliveries
  }
  const end = fate < 0.85 ? 'busy' : 'no-answer'
  tell([...DIAL, { status: end, afterMs: ringMs }], null)
  if (fate < 0.95) {
    const retry = { count: 1, after: end, endedAt: at }
    tell([{ status: 'scheduled', afterMs: 1_000 }], retry)
    at += RETRY_DELAY_MS
    tell([...DIAL, ...answered], retry)
  }
  return deliveries
}

interface Retry {
  readonly count: number
  readonly after: string
  readonly endedAt: number
}

function bodyOf(
  call: { id: string; agent_id: string; to_number: string; start: number },
  status: string,
  at: number,
  retry: Retry | null,
  random: () => number,
) {
  const isOver = status === 'call-disconnected' || status === 'completed'
  const isDone = status === 'completed'
  const unanswered = UNANSWERED[status]
  const first = Math.floor(random() * SENTENCES.length)
  const transcript = Array.from(
    { length: 8 },
    (_, line) => SENTENCES[(first + line) % SENTENCES.length],
  ).join('')
  return {
    id: call.id,
    agent_id: call.agent_id,
    batch_id: null,
    conversation_duration: isOver ? 48.6 : 0,
    total_cost: isDone ? 22.99 : isOver ? 6.66 : 0,
    status,
    smart_status: status,
    error_message: null,
    answered_by_voice_mail: null,
    transcript: isOver ? transcript : null,
    created_at: `${iso(call.start)}+00:00`,
    updated_at: `${iso(at)}+00:00`,
    scheduled_at: null,
    rescheduled_at: null,
    initiated_at: status === 'queued' ? null : iso(call.start + 3_500),
    cost_breakdown: {
      llm: isOver ? 1.42 : 0,
      network: isDone ? 4.1 : 0,
      platform: isDone ? 12.2 : 0,
      synthesizer: isOver ? 4.3 : 0,
      transcriber: isOver ? 0.97 : 0,
    },
    usage_breakdown: {
      synthesizer_characters: isOver ? 612 : 0,
      synthesizer_model: 'polly',
      transcriber_duration: isOver ? 47.1 : 0,
      transcriber_model: 'deepgram',
      llmModel: { 'gpt-4.1-mini': { input: isOver ? 9_826 : 0, output: isOver ? 228 : 0 } },
      provider_source: { llm: 'openai', synthesizer: 'polly', transcriber: 'deepgram' },
    },
    latency_data: isOver
      ? { stream_id: call.id, time_to_first_audio: 412.6, region: 'in', rag: null }
      : null,
    telephony_data: {
      duration: isDone ? '49' : '0.0',
      to_number: call.to_number,
      from_number: '+12025550100',
      recording_url: isDone ? `https://recordings.example/call/${call.id}` : isOver ? '' : null,
      hosted_telephony: true,
      provider_call_id: `${call.id.slice(0, 24)}${retry?.count ?? 0}`,
      call_type: 'outbound',
      provider: 'plivo',
      hangup_by: isOver ? 'Callee' : unanswered ? 'Carrier' : null,
      hangup_reason: isOver ? 'Call recipient hungup' : (unanswered?.reason ?? null),
      hangup_provider_code: isOver ? 4000 : (unanswered?.code ?? null),
      ring_duration: isOver || unanswered ? 6 : null,
      post_dial_delay: isOver || unanswered ? 1 : null,
      to_number_carrier: 'Example Mobile',
    },
    transfer_call_data: null,
    batch_run_details: null,
    extracted_data: isDone ? { delivery_confirmed: true, wanted_time: 'after ten' } : null,
    agent_extraction: isDone ? '{"delivery_confirmed": true, "wanted_time": "after ten"}' : null,
    custom_extractions: null,
    context_details: {
      recipient_data: { order: 'A-1017', city: 'Springfield', language: 'en' },
      recipient_phone_number: call.to_number,
    },
    retry_config: {
      enabled: true,
      max_retries: 1,
      retry_on_statuses: ['no-answer', 'busy', 'failed'],
      retry_on_voicemail: false,
      retry_intervals_minutes: [30, 60, 120],
    },
    retry_count: retry?.count ?? 0,
    retry_history: retry ? [{ attempt: 1, status: retry.after, at: `${iso(retry.endedAt)}Z` }] : [],
    extraction_webhook_status: null,
    deleted: false,
  }
}

/** A time as the provider writes it, without a zone. */
function iso(at: number): string {
  return new Date(at).toISOString().slice(0, -1)
}

function uuid(random: () => number): string {
  const hex = Array.from({ length: 32 }, () => Math.floor(random() * 16).toString(16)).join('')
  return [8, 12, 16, 20, 32].map((end, part) => hex.slice([0, 8, 12, 16, 20][part], end)).join('-')
}
