import type { EventDetails, HangupParty } from '../../call.ts'
import { readDurationMs, readText } from '../fields.ts'
import type { MessageKind, ParseResult, ProviderEvent } from '../message.ts'
import { readReason } from '../reason-text.ts'
import { parseTimestamp } from '../timestamp.ts'
import {
  type DialgenMessage,
  isDialgenMessage,
  type OpenedMessage,
  openMessage,
} from './message.ts'
import { DIALGEN_HANGUPS, type DialgenHangup, isDialgenError, statusOfDialgen } from './status.ts'

/** An event made of a Dialgen message. */
export interface DialgenEvent extends ProviderEvent {
  readonly provider: 'dialgen'
  readonly attempt: null
  readonly occurredAt: number | null
}

type Writable<Type> = { -readonly [Key in keyof Type]: Type[Key] }

/**
 * Reads any message of Dialgen about a call into an event. Pure; never throws.
 *
 * `kind` says what kind of message it is where the caller knows; an element of a batch's calls is a
 * `list-item`. Left out, the shape tells it: a body with `callData` or `event` is a webhook (a metrics
 * reply has the same shape as the former), one with `message` the reply to a dial request, everything
 * else a status response.
 *
 * A status word that is none of the five is no status and is kept in `word`, also where it is spelled
 * like one of ours: a lower-case `completed` is a status of a batch.
 *
 * `occurredAt` is the time of the status alone: `endTime` or `endedAt` of an end, `startTime` of
 * `ONGOING`, when the call was `initiated` at least. Otherwise it is null: no field says when a call
 * was queued, and start plus duration misses the end of Dialgen's own example by seconds. `attempt` is
 * null, since Dialgen never says it.
 *
 * @example
 * parseDialgenEvent({ callId: 'call_123', status: 'MISSED', error: 'BUSY' })
 * // { ok: true, value: { provider: 'dialgen', callId: 'call_123', status: 'busy', … } }
 */
export function parseDialgenEvent(body: unknown, kind?: MessageKind): ParseResult<DialgenEvent> {
  const opened = openMessage(body)
  if (!opened.ok) return opened
  return { ok: true, value: eventOf(opened.value, kind ?? kindOf(opened.value)) }
}

function kindOf({ call, envelope }: OpenedMessage): MessageKind {
  if (envelope !== null) return envelope === 'callData' ? 'webhook' : 'record'
  if (call.event !== undefined) return 'webhook'
  return call.message === undefined ? 'record' : 'call-reply'
}

function eventOf({ callId, word, call }: OpenedMessage, kind: MessageKind): DialgenEvent {
  const status = statusOfDialgen(word, call.error)
  const details = detailsOf(word, call)
  if (status === 'completed' || status === 'failed') {
    // A running call has not its last duration, and one that was not answered no talking time.
    const talkMs = readDurationMs(call.duration)
    if (talkMs !== null) details.talkMs = talkMs
  }
  return {
    provider: 'dialgen',
    callId,
    status,
    word,
    attempt: null,
    occurredAt: timeOf(word, call),
    kind,
    details,
  }
}

function timeOf(word: string, call: DialgenMessage): number | null {
  switch (word) {
    case 'ONGOING':
      return parseTimestamp(call.startTime)
    case 'COMPLETED':
    case 'MISSED':
    case 'FAILED':
      return parseTimestamp(call.endTime) ?? parseTimestamp(call.endedAt)
    default:
      return null
  }
}

function detailsOf(word: string, call: DialgenMessage): Writable<EventDetails> {
  const details: Writable<EventDetails> = { word }
  // The field is documented as a code and as a message.
  if (isDialgenError(call.error)) details.reasonCode = call.error
  else {
    const reason = readReason(readText(call.error))
    if (reason !== null) details.reason = reason
  }
  const hangup = hangupOf(call)
  if (hangup !== null) {
    details.reason ??= hangup
    const hangupBy = partyOf(hangup, call.direction)
    if (hangupBy !== null) details.hangupBy = hangupBy
  }
  return details
}

/**
 * The hangup code. The documents list its five values, "available in call metrics and webhook
 * payloads", but do not name the field: these two names are our reading, which can say nothing wrong,
 * since only the five documented values are taken.
 */
function hangupOf(call: DialgenMessage): DialgenHangup | null {
  const metrics = call.metricJson
  const value =
    call.hangupReason ??
    call.hangupStatus ??
    (isDialgenMessage(metrics) ? (metrics.hangupReason ?? metrics.hangupStatus) : undefined)
  return isDialgenHangup(value) ? value : null
}

function isDialgenHangup(value: unknown): value is DialgenHangup {
  return typeof value === 'string' && Object.hasOwn(DIALGEN_HANGUPS, value)
}

function partyOf(hangup: DialgenHangup, direction: unknown): HangupParty | null {
  const party = DIALGEN_HANGUPS[hangup]
  if (party !== 'callee-or-caller') return party
  if (direction === 'OUTBOUND') return 'callee'
  return direction === 'INBOUND' ? 'caller' : null
}
