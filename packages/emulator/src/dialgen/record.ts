import type { DialgenCall } from './calls.ts'
import { conversationOf } from './conversation.ts'
import { errorOf, isEnd, wordOf } from './status.ts'

// One call in all of Dialgen's messages, which differ in their fields and in the names of them. What
// they show is derived from the call at that moment, so that a webhook and a poll agree. The documents
// show no webhook and no persistent status of a call that was missed or failed: that they have the
// `error` of the live status is our reading.

type Message = Readonly<Record<string, unknown>>

/** `GET /api/v1/status/call`. Pure. */
export function liveStatusOf(dialed: DialgenCall): Message {
  const { call, contact, batchId } = dialed
  return {
    callId: call.id,
    status: wordOf(dialed),
    startTime: startTimeOf(dialed),
    phoneNumber: call.destination,
    contactId: contact.id,
    batchId,
    error: errorOf(dialed),
    duration: durationOf(dialed),
    recordingUrl: conversationOf(dialed).recordingUrl,
  }
}

/** An element of `calls` in `GET /api/v1/status/batch`. Pure. */
export function batchItemOf(dialed: DialgenCall): Message {
  const { contactId, batchId, ...item } = liveStatusOf(dialed)
  return item
}

/** An element of `recentCalls` in `GET /api/v1/batch/check-status`. Pure. */
export function recentCallOf(dialed: DialgenCall): Message {
  const { call, contact } = dialed
  return {
    id: call.id,
    callSid: callSidOf(dialed),
    status: wordOf(dialed),
    duration: durationOf(dialed),
    createdAt: iso(call.createdAt),
    phoneNumber: call.destination,
    contactName: contact.name,
    ...errorField(dialed),
  }
}

/** `GET /api/v1/call/check-status`. Pure. */
export function persistentStatusOf(dialed: DialgenCall): Message {
  const { call, contact } = dialed
  const { recordingUrl, transcription } = conversationOf(dialed)
  return {
    success: true,
    data: {
      id: call.id,
      status: wordOf(dialed),
      direction: 'OUTBOUND',
      duration: durationOf(dialed),
      createdAt: iso(call.createdAt),
      endedAt: endTimeOf(dialed),
      contact: { name: contact.name, phoneNumber: call.destination },
      agent: 'Emulated agent',
      recordingUrl,
      transcription,
      ...errorField(dialed),
    },
  }
}

/** The webhook of the pages on webhooks and on dialing, and `GET /api/v1/call/get-metric`. Pure. */
export function dataMessageOf(dialed: DialgenCall): Message {
  const { call, contact, agentId, batchId } = dialed
  const createdAt = iso(call.createdAt)
  return {
    success: true,
    callData: {
      id: call.id,
      contactId: contact.id,
      agentId,
      callSid: callSidOf(dialed),
      // Stated: text without a character for a call that was dialed singly.
      batchId: batchId ?? '',
      direction: 'OUTBOUND',
      status: wordOf(dialed),
      startTime: startTimeOf(dialed),
      endTime: endTimeOf(dialed),
      duration: durationOf(dialed),
      phoneNumber: call.destination,
      contactName: contact.name,
      ...conversationOf(dialed),
      createdAt,
      callDate: createdAt,
      ...errorField(dialed),
    },
    metricSchema: {},
  }
}

/** The webhook of the page on the status of calls. It has this one name of an event for every end (our reading). Pure. */
export function eventMessageOf(dialed: DialgenCall): Message {
  const { call, contact } = dialed
  const { summary, recordingUrl } = conversationOf(dialed)
  return {
    event: 'call.completed',
    callId: call.id,
    status: wordOf(dialed),
    duration: durationOf(dialed),
    contactId: contact.id,
    summary,
    recordingUrl,
    ...errorField(dialed),
  }
}

/** A time as all of Dialgen's are. Pure. */
export const iso = (time: number): string => new Date(time).toISOString()

/** When dialing began in the current attempt. The documents' examples fit dialing and answering: our reading. */
function startTimeOf({ call }: DialgenCall): string | null {
  return call.initiatedAt === null ? null : iso(call.initiatedAt)
}

/** When the line went down, which is before the data are final; without a line, when the call ended. Our reading. */
function endTimeOf(dialed: DialgenCall): string | null {
  if (!isEnd(wordOf(dialed))) return null
  const { attempt, history } = dialed.call
  const changes = history.filter((change) => change.attempt === attempt)
  const end = changes.find(({ status }) => status === 'call-disconnected') ?? changes.at(-1)
  return end === undefined ? null : iso(end.at)
}

/** Seconds; null until the end. In the documents a missed call has some too: those of its ringing (our reading). */
function durationOf(dialed: DialgenCall): number | null {
  const { call } = dialed
  switch (wordOf(dialed)) {
    case 'COMPLETED':
      return Math.round(call.line.talkMs / 1000)
    case 'MISSED':
      return Math.round(call.line.ringMs / 1000)
    default:
      return null
  }
}

function callSidOf({ call }: DialgenCall): string | null {
  return call.initiatedAt === null ? null : `CA${call.random(`carrier ${call.attempt}`).hex(32)}`
}

function errorField(dialed: DialgenCall): { readonly error?: string } {
  const error = errorOf(dialed)
  return error === null ? {} : { error }
}
