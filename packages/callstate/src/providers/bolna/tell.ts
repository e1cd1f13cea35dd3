import type { HangupParty } from '../../call.ts'
import type { CallStatus } from '../../lifecycle.ts'
import { isTerminal, phaseOf } from '../../status.ts'
import type { MessageKind } from '../message.ts'
import type { Moment, Tell, ToldMessage } from '../tell.ts'

/**
 * Bolna's messages for a call's story, in the layout of public records of calls over Plivo: which field
 * is null, `""`, 0, in part or final at which status, and which of three forms a time has, is as it was
 * observed there. Every status can be said in a webhook, a record and a row of a list; the replies say
 * `queued` to who places a call, and `stopped` to who stops one that waits.
 */
export const tellBolna: Tell = (moment, kind) => {
  switch (kind) {
    case 'webhook':
    case 'record':
      return [told(kind, recordOf(moment))]
    case 'list-item':
      return [told(kind, rowOf(moment))]
    case 'call-reply':
      return isJustPlaced(moment) ? [told(kind, replyOf(moment))] : []
    case 'stop-reply':
      return isStopped(moment) ? [told(kind, replyOf(moment))] : []
    default:
      return kind satisfies never
  }
}

const told = (kind: MessageKind, body: object): ToldMessage => ({
  kind,
  contentType: 'application/json',
  body: JSON.stringify(body),
})

/** Made up, as every identifier here that the story does not have. */
const AGENT_ID = '00000000-0000-4000-8000-000000000001'

const CARRIER = 'plivo'

/**
 * Which part of a cost is whose, network aside, which has the rest: made up, but for that three of ten
 * parts were said at `call-disconnected`, where network and platform were still 0 (observed: 6.66 cents
 * of 22.99).
 */
const COST_SHARES = { llm: 0.15, platform: 0.4, synthesizer: 0.1, transcriber: 0.05 } as const

/** Texts in the manner of those that were seen. No number stands in them. */
const ERROR_MESSAGES: Readonly<Partial<Record<CallStatus, string>>> = {
  failed: 'Call failed to connect',
  error: 'provider auth failed',
  'balance-low': 'Insufficient wallet balance to place call',
}

function recordOf(moment: Moment) {
  const { callId, attempt, direction, status, steps, facts } = moment
  const { isDown, isTalkedOut, isFinal } = stageOf(moment)
  const [first = moment] = steps
  const initiated = steps.find((step) => step.attempt === attempt && step.status === 'initiated')
  const { total, breakdown } = costOf(moment)
  const extraction = (isFinal && facts.extraction) || null
  const plan = phaseOf(status) === 'waiting' ? (facts.scheduledFor ?? null) : null
  return {
    id: callId,
    agent_id: AGENT_ID,
    batch_id: null,
    conversation_duration: isTalkedOut ? secondsIn(facts.talkMs) : 0,
    total_cost: total,
    status,
    smart_status: status,
    error_message: ERROR_MESSAGES[status] ?? null,
    // Observed: null, never false.
    answered_by_voice_mail: isDown && facts.voicemail === true ? true : null,
    termination_reason: null,
    transcript: isTalkedOut ? (facts.transcript ?? null) : null,
    summary: null,
    created_at: recorded(first.occurredAt),
    updated_at: recorded(moment.occurredAt),
    scheduled_at: plan === null || status === 'rescheduled' ? null : recorded(plan),
    rescheduled_at: plan === null || status !== 'rescheduled' ? null : naive(plan),
    initiated_at: initiated === undefined ? null : naive(initiated.occurredAt),
    extracted_data: extraction,
    // Observed over Plivo: JSON text.
    agent_extraction: extraction && JSON.stringify(extraction),
    custom_extractions: null,
    cost_breakdown: breakdown,
    latency_data: null,
    usage_breakdown: null,
    retry_count: attempt - 1,
    retry_config: null,
    retry_history: retryHistory(moment),
    workflow_retries: 0,
    campaign_id: null,
    // Seen in records, and their values are not known.
    arq_job_id: null,
    lid_data: null,
    agent_context_details: null,
    price_breakdown: null,
    processing_status: null,
    extraction_webhook_status: null,
    deleted: false,
    billing_settled: isFinal,
    provider: CARRIER,
    user_number: direction === 'inbound' ? facts.from : facts.to,
    agent_number: direction === 'inbound' ? facts.to : facts.from,
    batch_run_details: null,
    transfer_call_data: null,
    // Observed for inbound calls: the agent's number.
    context_details: { recipient_data: null, recipient_phone_number: facts.to },
    telephony_data: telephonyData(moment),
  }
}

/** The fields that the documents promise of a row. Source: Bolna's page on the payload. */
function rowOf(moment: Moment) {
  const { id, status, conversation_duration, created_at } = recordOf(moment)
  const { duration, to_number, from_number, call_type, provider } = telephonyData(moment)
  return {
    id,
    status,
    conversation_duration,
    created_at,
    telephony_data: { duration, to_number, from_number, call_type, provider },
  }
}

function telephonyData(moment: Moment) {
  const { attempt, direction, facts } = moment
  const { isDown, wasUp, isTalkedOut, isFinal } = stageOf(moment)
  const seconds = secondsIn(facts.talkMs)
  return {
    // Text; whole seconds at the end, and this before.
    duration: isFinal && seconds !== null ? String(Math.ceil(seconds)) : '0.0',
    to_number: facts.to,
    from_number: facts.from,
    recording_url: isTalkedOut ? (isFinal && facts.recordingUrl) || '' : null,
    hosted_telephony: false,
    provider_call_id: `carrier-call-${attempt}`,
    call_type: direction,
    provider: CARRIER,
    ...(isDown ? hangupOf(moment) : hangup(null, null, null)),
    ring_duration: wasUp || isDown ? roundedSecondsIn(facts.ringMs) : 0,
    post_dial_delay: 0,
    to_number_carrier: 'Example Telecom',
  }
}

/** Who, why and code go together as Bolna's page on hangups lists them. */
const HANGUPS = {
  caller: hangup('Caller', 'Normal Hangup', 4000),
  callee: hangup('Callee', 'Call recipient hungup', 4000),
  agent: hangup('API Request', 'llm_prompted_hangup', 4000),
  api: hangup('API Request', null, 4000),
  carrier: hangup('Carrier', null, null),
  provider: hangup('Plivo', null, null),
  unknown: hangup('Unknown', 'Unknown', 0),
} as const satisfies Record<HangupParty, object>

function hangupOf({ status, facts }: Moment) {
  const by = facts.hangupBy ?? null
  if (by === null) return hangup(null, null, null)
  if (by === 'carrier' && status === 'busy')
    return hangup('Carrier', 'Call recipient was busy', 3010)
  if (by === 'carrier' && status === 'no-answer') return hangup('Carrier', 'Call unanswered', 3000)
  return HANGUPS[by]
}

function hangup(by: string | null, reason: string | null, code: number | null) {
  return { hangup_by: by, hangup_reason: reason, hangup_provider_code: code }
}

/** How far the line has come in this attempt. */
function stageOf({ attempt, status, steps }: Moment) {
  const phase = phaseOf(status)
  const isDown = phase === 'wrapping-up' || phase === 'ended'
  const wasUp = steps.some(
    (step) => step.attempt === attempt && LINE_WAS_UP.includes(phaseOf(step.status)),
  )
  const isTalkedOut = status === 'completed' || (isDown && wasUp)
  // What an end says is final: only `call-disconnected` says it in part.
  return { isDown, wasUp, isTalkedOut, isFinal: isTalkedOut && phase === 'ended' }
}

const LINE_WAS_UP: readonly unknown[] = ['connected', 'wrapping-up']

/** Nothing until the line is down, then in part (observed), final at the end of what was up. */
function costOf(moment: Moment) {
  const { isTalkedOut, isFinal } = stageOf(moment)
  const cost = isTalkedOut ? (moment.facts.cost ?? null) : 0
  if (cost === null) return { total: null, breakdown: null }
  const llm = rounded(cost * COST_SHARES.llm)
  const synthesizer = rounded(cost * COST_SHARES.synthesizer)
  const transcriber = rounded(cost * COST_SHARES.transcriber)
  const partial = rounded(llm + synthesizer + transcriber)
  const platform = isFinal ? rounded(cost * COST_SHARES.platform) : 0
  const network = isFinal ? rounded(cost - partial - platform) : 0
  const breakdown = { llm, network, platform, synthesizer, transcriber }
  return { total: isFinal ? cost : partial, breakdown }
}

/** Hundredths of a cent. */
function rounded(cents: number): number {
  return Math.round(cents * 100) / 100
}

/** The ends of the attempts before this one. */
function retryHistory({ attempt, steps }: Moment) {
  const ends = steps.filter((step) => step.attempt < attempt && isTerminal(step.status))
  if (ends.length === 0) return null
  return ends.map((end) => ({ attempt: end.attempt, status: end.status, at: zulu(end.occurredAt) }))
}

function replyOf({ callId, status }: Moment) {
  return { message: 'done', status, execution_id: callId }
}

/** `POST /call` is answered with `queued` always. */
function isJustPlaced({ attempt, direction, status, steps }: Moment): boolean {
  return direction === 'outbound' && status === 'queued' && attempt === 1 && steps.length === 1
}

/** `POST /call/{id}/stop` takes queued and scheduled calls only. */
function isStopped({ attempt, status, steps }: Moment): boolean {
  const before = steps.at(-2)
  const isWaiting = before?.status === 'queued' || before?.status === 'scheduled'
  return status === 'stopped' && isWaiting && before.attempt === attempt
}

function secondsIn(ms: number | null | undefined): number | null {
  return ms === null || ms === undefined ? null : ms / 1000
}

function roundedSecondsIn(ms: number | null | undefined): number | null {
  const seconds = secondsIn(ms)
  return seconds === null ? null : Math.round(seconds)
}

// The three forms in which times stand in one record, side by side (observed).

const zulu = (time: number): string => new Date(time).toISOString()
const naive = (time: number): string => zulu(time).replace('Z', '000')
const recorded = (time: number): string => `${naive(time)}+00:00`
