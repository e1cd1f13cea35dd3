import { fictionalNumber, timestamp } from './bolna-payload.ts'

const AT = (seconds: number) => timestamp(seconds, 'Z').replace('Z', '.123Z')

interface Live {
  readonly callId: string
  readonly status: string
  readonly startTime?: number
  readonly error?: string
  readonly duration?: number
}

/** The reply of the live status endpoint. */
function live({ callId, status, startTime, error, duration }: Live): string {
  return JSON.stringify({
    callId,
    status,
    startTime: startTime === undefined ? null : AT(startTime),
    phoneNumber: fictionalNumber(callId),
    contactId: `contact_${callId.slice(5)}`,
    batchId: null,
    error: error ?? null,
    duration: duration ?? null,
    recordingUrl: status === 'COMPLETED' ? `https://recordings.dialgen.example/${callId}` : null,
  })
}

/** The flat webhook of a finished call. */
function flatWebhook(callId: string, status: string, duration: number): string {
  return JSON.stringify({
    event: 'call.completed',
    callId,
    status,
    duration,
    contactId: `contact_${callId.slice(5)}`,
    summary: 'The person asked for a brochure.',
    recordingUrl: `https://recordings.dialgen.example/${callId}`,
  })
}

/** The other webhook of a finished call, as the batch documentation shows it. */
function batchWebhook(callId: string, status: string, start: number, end: number): string {
  return JSON.stringify({
    success: true,
    callData: {
      id: callId,
      callSid: `sid_${callId}`,
      status,
      startTime: AT(start),
      endTime: AT(end),
      duration: end - start,
    },
    metricSchema: {},
  })
}

/** A day on which polling and webhooks agree. */
export function dialgenCleanDay(): readonly string[] {
  return [
    live({ callId: 'call_101', status: 'SCHEDULED' }),
    live({ callId: 'call_101', status: 'ONGOING', startTime: 60 }),
    live({ callId: 'call_102', status: 'ONGOING', startTime: 70 }),
    flatWebhook('call_101', 'COMPLETED', 180),
    live({ callId: 'call_102', status: 'MISSED', startTime: 70, error: 'NO_ANSWER' }),
    live({ callId: 'call_103', status: 'SCHEDULED' }),
    live({ callId: 'call_103', status: 'ONGOING', startTime: 200 }),
    live({ callId: 'call_103', status: 'FAILED', startTime: 200, error: 'BUSY' }),
    live({ callId: 'call_104', status: 'FAILED', error: 'INSUFFICIENT_CREDITS' }),
    live({ callId: 'call_105', status: 'FAILED', error: 'INVALID_NUMBER' }),
    batchWebhook('call_106', 'COMPLETED', 300, 420),
  ]
}

/** A day with repeats, a late poll, a new word, two ends and damage. */
export function dialgenBadDay(): readonly string[] {
  return [
    live({ callId: 'call_201', status: 'SCHEDULED' }),
    flatWebhook('call_201', 'COMPLETED', 95),
    flatWebhook('call_201', 'COMPLETED', 95),
    live({ callId: 'call_201', status: 'ONGOING', startTime: 30 }),
    live({ callId: 'call_202', status: 'ONGOING', startTime: 50 }),
    live({ callId: 'call_202', status: 'MISSED', startTime: 50 }),
    batchWebhook('call_202', 'COMPLETED', 50, 130),
    live({ callId: 'call_203', status: 'PAUSED' }),
    '{"event":"call.completed","callId":"call_204","status":"COMP',
    JSON.stringify({ event: 'call.completed', status: 'COMPLETED', duration: 12 }),
  ]
}
