import type { CallStatus } from 'callstate'
import { stageOf, talkSeconds } from '../stage.ts'
import { conversationOf } from './conversation.ts'
import { costOf } from './cost.ts'
import type { CostCorrection, Execution } from './execution.ts'
import { hangupOf } from './hangup.ts'
import { createClockFace } from './timestamp.ts'

/**
 * The record of an execution at this moment: the body of its webhooks and of `GET /executions/{id}`.
 * What is null, `""`, partial or final, and which of three forms a time has, is as it was observed in
 * public records of real calls; fields that were seen there and no document lists are here too. Pure.
 */
export function recordOf(execution: Execution): Record<string, unknown> {
  const { call, agentId, batchId, userData, retryConfig, carrier } = execution
  const { isFinal, isDown, wasUp } = stageOf(call)
  const time = createClockFace(call, carrier)
  const correction = execution.correction?.attempt === call.attempt ? execution.correction : null
  const updatedAt = Math.max(
    call.history.at(-1)?.at ?? call.createdAt,
    execution.extractedAt ?? 0,
    correction?.at ?? 0,
  )
  const cost = correction?.cost ?? costOf(call)
  return {
    id: call.id,
    agent_id: agentId,
    batch_id: batchId,
    conversation_duration: talkSeconds(call),
    total_cost: cost.total,
    status: call.status,
    smart_status: call.status,
    error_message: ERROR_MESSAGES[call.status] ?? null,
    // Observed: null, never false.
    answered_by_voice_mail: isDown && wasUp && call.line.isVoicemail ? true : null,
    // Null until the call is over, and its words are not known.
    termination_reason: null,
    ...conversationOf(execution),
    created_at: time.recorded(call.createdAt),
    updated_at: time.recorded(updatedAt),
    scheduled_at: scheduledAt(execution),
    rescheduled_at: call.rescheduledFor === null ? null : time.naive(call.rescheduledFor),
    initiated_at: call.initiatedAt === null ? null : time.naive(call.initiatedAt),
    cost_breakdown: cost.breakdown,
    retry_count: call.attempt - 1,
    retry_config: retryConfig,
    retry_history: retryHistory(execution),
    workflow_retries: 0,
    campaign_id: null,
    // Seen in records, and their values are not known.
    arq_job_id: null,
    lid_data: null,
    agent_context_details: null,
    price_breakdown: null,
    processing_status: null,
    extraction_webhook_status: execution.extractedAt === null ? null : true,
    deleted: false,
    billing_settled: isFinal,
    provider: carrier,
    user_number: call.destination,
    agent_number: execution.agentNumber,
    batch_run_details:
      batchId === null
        ? null
        : {
            status: call.status,
            created_at: time.recorded(call.createdAt),
            updated_at: time.recorded(updatedAt),
            retried: call.attempt - 1,
          },
    transfer_call_data: null,
    context_details: {
      recipient_data: userData,
      // Observed for inbound calls: the agent's number.
      recipient_phone_number:
        call.direction === 'inbound' ? execution.agentNumber : call.destination,
    },
    telephony_data: telephonyData(execution),
  }
}

/**
 * The record of an attempt whose cost is corrected after another one has begun: what it was, with the cost
 * and its time. Our reading. Pure.
 */
export function correctedRecord(
  record: Readonly<Record<string, unknown>>,
  { call, carrier }: Execution,
  { at, cost }: CostCorrection,
): Record<string, unknown> {
  const updated_at = createClockFace(call, carrier).recorded(at)
  return { ...record, total_cost: cost.total, cost_breakdown: cost.breakdown, updated_at }
}

/** A row of a list: the fields that the documents promise. Source: Bolna's page on the payload. Pure. */
export function rowOf(execution: Execution): Record<string, unknown> {
  const { id, status, conversation_duration, created_at } = recordOf(execution)
  const { duration, to_number, from_number, call_type, provider } = telephonyData(execution)
  return {
    id,
    status,
    conversation_duration,
    created_at,
    telephony_data: { duration, to_number, from_number, call_type, provider },
  }
}

/** Texts in the manner of those that were seen. No number stands in them. */
const ERROR_MESSAGES: Readonly<Partial<Record<CallStatus, string>>> = {
  failed: 'Call failed to connect',
  error: 'provider auth failed',
  'balance-low': 'Insufficient wallet balance to place call',
}

function telephonyData(execution: Execution) {
  const { call, agentNumber, carrier } = execution
  const { isFinal, isDown, wasUp, wasRinging } = stageOf(call)
  const isInbound = call.direction === 'inbound'
  const wasDialed = call.initiatedAt !== null || isInbound
  const seconds = talkSeconds(call)
  const recording = `https://api.bolna.ai/recordings/call/${call.id}`
  return {
    // Text; whole seconds at the end, and this before.
    duration: isFinal && seconds > 0 ? String(Math.ceil(seconds)) : '0.0',
    to_number: isInbound ? agentNumber : call.destination,
    from_number: isInbound ? call.destination : agentNumber,
    recording_url: !(wasUp && isDown) ? null : isFinal && seconds > 0 ? recording : '',
    hosted_telephony: true,
    provider_call_id: wasDialed ? call.random(`carrier ${call.attempt}`).uuid() : null,
    call_type: call.direction,
    provider: carrier,
    ...hangupOf(execution),
    ring_duration: wasRinging && (wasUp || isDown) ? Math.round(call.line.ringMs / 1000) : 0,
    post_dial_delay: wasRinging ? Math.round(call.line.postDialMs / 1000) : 0,
    to_number_carrier: 'Example Telecom',
  }
}

/** Retries have the form of the documents' example; a time that the user set has the record's own. */
function scheduledAt({ call, carrier }: Execution): string | null {
  if (call.scheduledFor === null) return null
  const time = createClockFace(call, carrier)
  return call.attempt > 1 ? time.zulu(call.scheduledFor) : time.recorded(call.scheduledFor)
}

function retryHistory({ call, carrier }: Execution) {
  const time = createClockFace(call, carrier)
  const earlier = call.ended.filter(({ attempt }) => attempt < call.attempt)
  if (earlier.length === 0) return null
  return earlier.map(({ attempt, status, occurredAt }) => ({
    attempt,
    status,
    at: occurredAt === null ? null : time.zulu(occurredAt),
  }))
}
