import type { CallStatus } from '../../lifecycle.ts'
import type { MessageKind } from '../message.ts'
import type { Moment, Tell, ToldMessage } from '../tell.ts'
import type { DialgenError, DialgenStatus } from './status.ts'

/**
 * Dialgen's messages for a call's story, in the layout of its documents. Its five words say seven of our
 * statuses; of the others it tells nothing. Webhooks tell ends alone, in the shape of the page on
 * webhooks (the page on the status of calls shows another one, without times); records are the live and
 * the persistent status, a row of a list is an element of a batch's calls. The reply to a dial request
 * says `ONGOING`; there is none to a request that stops a call.
 */
export const tellDialgen: Tell = (moment, kind) => {
  const said = SAID[moment.status]
  if (said === undefined) return []
  switch (kind) {
    case 'webhook':
      return isEnd(said.word) ? [told(kind, webhookOf(moment, said))] : []
    case 'record':
      return [liveStatusOf(moment, said), persistentStatusOf(moment, said)].map((body) =>
        told(kind, body),
      )
    case 'list-item':
      return [told(kind, batchItemOf(moment, said))]
    case 'call-reply':
      return moment.status === 'initiated' && moment.attempt === 1
        ? [told(kind, dialReplyOf(moment))]
        : []
    case 'stop-reply':
      return []
    default:
      return kind satisfies never
  }
}

const told = (kind: MessageKind, body: object): ToldMessage => ({
  kind,
  contentType: 'application/json',
  body: JSON.stringify(body),
})

interface Said {
  readonly word: DialgenStatus
  readonly error: DialgenError | null
}

/** What Dialgen says without a loss that changes the status: a word, and a code where the word alone means another. */
const SAID: Readonly<Partial<Record<CallStatus, Said>>> = {
  queued: { word: 'SCHEDULED', error: null },
  initiated: { word: 'ONGOING', error: null },
  completed: { word: 'COMPLETED', error: null },
  'no-answer': { word: 'MISSED', error: 'NO_ANSWER' },
  busy: { word: 'MISSED', error: 'BUSY' },
  failed: { word: 'FAILED', error: null },
  'balance-low': { word: 'FAILED', error: 'INSUFFICIENT_CREDITS' },
}

// Made up, as every identifier here that the story does not have.
const CONTACT_ID = 'contact_1'
const AGENT_ID = 'agent_1'
const CALL_SID = 'CA00000000000000000000000000000001'

/** The webhook of the page on webhooks. */
function webhookOf(moment: Moment, { word, error }: Said) {
  const { callId, facts, occurredAt } = moment
  const createdAt = createdAtOf(moment)
  return {
    success: true,
    callData: {
      id: callId,
      contactId: CONTACT_ID,
      agentId: AGENT_ID,
      callSid: startTimeOf(moment) === null ? null : CALL_SID,
      // Stated: text without a character for a call that was dialed singly.
      batchId: '',
      direction: directionOf(moment),
      status: word,
      startTime: startTimeOf(moment),
      endTime: iso(occurredAt),
      duration: durationOf(moment, word),
      phoneNumber: numberOf(moment),
      contactName: null,
      transcription: transcriptionOf(moment, word),
      recordingUrl: recordingUrlOf(moment, word),
      summary: word === 'COMPLETED' && facts.transcript ? 'An invented call.' : null,
      metricJson: word === 'COMPLETED' ? (facts.extraction ?? null) : null,
      createdAt,
      callDate: createdAt,
      ...(error === null ? {} : { error }),
    },
    metricSchema: {},
  }
}

/** `GET /api/v1/status/call`. */
function liveStatusOf(moment: Moment, said: Said) {
  return { ...batchItemOf(moment, said), contactId: CONTACT_ID, batchId: null }
}

/** `GET /api/v1/call/check-status`. */
function persistentStatusOf(moment: Moment, { word, error }: Said) {
  return {
    success: true,
    data: {
      id: moment.callId,
      status: word,
      direction: directionOf(moment),
      duration: durationOf(moment, word),
      createdAt: createdAtOf(moment),
      endedAt: isEnd(word) ? iso(moment.occurredAt) : null,
      contact: { name: null, phoneNumber: numberOf(moment) },
      agent: null,
      recordingUrl: recordingUrlOf(moment, word),
      transcription: transcriptionOf(moment, word),
      ...(error === null ? {} : { error }),
    },
  }
}

/** An element of `calls` in `GET /api/v1/status/batch`. */
function batchItemOf(moment: Moment, { word, error }: Said) {
  return {
    callId: moment.callId,
    status: word,
    startTime: word === 'SCHEDULED' ? null : startTimeOf(moment),
    phoneNumber: numberOf(moment),
    error,
    duration: durationOf(moment, word),
    recordingUrl: recordingUrlOf(moment, word),
  }
}

function dialReplyOf({ callId }: Moment) {
  return {
    message: 'Call initiated successfully',
    callId,
    contactId: CONTACT_ID,
    status: 'ONGOING',
  }
}

function isEnd(word: DialgenStatus): boolean {
  return word === 'COMPLETED' || word === 'MISSED' || word === 'FAILED'
}

const directionOf = ({ direction }: Moment) => (direction === 'inbound' ? 'INBOUND' : 'OUTBOUND')

const createdAtOf = (moment: Moment): string => iso((moment.steps[0] ?? moment).occurredAt)

const recordingUrlOf = ({ facts }: Moment, word: DialgenStatus): string | null =>
  word === 'COMPLETED' ? (facts.recordingUrl ?? null) : null

/** The other person's. */
function numberOf({ direction, facts }: Moment): string {
  return direction === 'inbound' ? facts.from : facts.to
}

/** When the attempt was placed. */
function startTimeOf({ attempt, steps }: Moment): string | null {
  const start = steps.find((step) => step.attempt === attempt && step.status === 'initiated')
  return start === undefined ? null : iso(start.occurredAt)
}

/** Seconds; null until the end. In the documents a missed call has some too: those of its ringing (our reading). */
function durationOf({ facts }: Moment, word: DialgenStatus): number | null {
  const ms = word === 'COMPLETED' ? facts.talkMs : word === 'MISSED' ? facts.ringMs : null
  return ms === null || ms === undefined ? null : Math.round(ms / 1000)
}

/** Stated of a missed call: no transcript. */
function transcriptionOf({ facts }: Moment, word: DialgenStatus) {
  const content = word === 'COMPLETED' ? (facts.transcript ?? '') : ''
  return content === '' ? [] : [{ role: 'assistant', content }]
}

/** A time as all of Dialgen's are. */
const iso = (time: number): string => new Date(time).toISOString()
