import type { EventDetails, HangupParty } from '../../call.ts'
import type { EventSource, ParseResult, ProviderEvent } from '../provider.ts'
import { parseTimestamp } from '../timestamp.ts'
import {
  type Fields,
  isFields,
  type OpenedMessage,
  openMessage,
  secondsOf,
  textOf,
} from './message.ts'
import { DIALGEN_HANGUPS, type DialgenHangup, statusOfDialgen } from './status.ts'

type Writable<Type> = { -readonly [Key in keyof Type]: Type[Key] }

/**
 * Reads any message of Dialgen about a call into an event, telling the kinds apart by shape: a body
 * with `callData` or `event` is a webhook (a metrics reply has the same shape as the former), one with
 * `message` the reply to a dial request, everything else a status response. Pure; never throws.
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
export function parseDialgenEvent(body: unknown): ParseResult<ProviderEvent> {
  return parseFrom(null, body)
}

/** Reads a webhook body of either shape. Pure; never throws. */
export function parseDialgenWebhook(body: unknown): ParseResult<ProviderEvent> {
  return parseFrom('webhook', body)
}

/** Reads a live status, persistent status or metrics response. Pure; never throws. */
export function parseDialgenRecord(body: unknown): ParseResult<ProviderEvent> {
  return parseFrom('record', body)
}

/** Reads one element of `calls` or `recentCalls` in a batch's status response. Pure; never throws. */
export function parseDialgenListItem(body: unknown): ParseResult<ProviderEvent> {
  return parseFrom('list-item', body)
}

/** Reads the reply to a dial request, which says `ONGOING` at once. Pure; never throws. */
export function parseDialgenCallReply(body: unknown): ParseResult<ProviderEvent> {
  return parseFrom('call-reply', body)
}

/**
 * A key that is the same for two events of which the second says nothing new: call, attempt, status,
 * time and details. Dialgen's own sample uses the call's identifier alone, which would swallow every
 * message after the first. Two attempts that end in the same way, said without a time, have one key:
 * nothing in the messages tells them apart. Pure.
 */
export function dialgenDedupeKey(event: ProviderEvent): string {
  const { callId, attempt, status, occurredAt, details } = event
  return JSON.stringify([
    callId,
    attempt,
    status,
    occurredAt,
    details?.rawStatus,
    details?.reasonCode,
    details?.reason,
    details?.hangupBy,
    details?.talkMs,
  ])
}

/** `source` is null where the caller leaves it to the shape. */
function parseFrom(source: EventSource | null, body: unknown): ParseResult<ProviderEvent> {
  const opened = openMessage(body)
  if (!opened.ok) return opened
  return { ok: true, value: eventOf(opened.value, source ?? sourceOf(opened.value)) }
}

function sourceOf({ call, envelope }: OpenedMessage): EventSource {
  if (envelope !== null) return envelope === 'callData' ? 'webhook' : 'record'
  if (call.event !== undefined) return 'webhook'
  return call.message === undefined ? 'record' : 'call-reply'
}

function eventOf({ callId, word, call }: OpenedMessage, source: EventSource): ProviderEvent {
  const status = statusOfDialgen(word, call.error)
  const details = detailsOf(word, call)
  if (status === 'completed' || status === 'failed') {
    // A running call has not its last duration, and one that was not answered no talking time.
    const seconds = secondsOf(call.duration)
    if (seconds !== null) details.talkMs = Math.round(seconds * 1000)
  }
  return {
    provider: 'dialgen',
    callId,
    status: status ?? word,
    attempt: null,
    occurredAt: timeOf(word, call),
    source,
    details,
  }
}

function timeOf(word: string, call: Fields): number | null {
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

function detailsOf(word: string, call: Fields): Writable<EventDetails> {
  const details: Writable<EventDetails> = { rawStatus: word }
  const error = textOf(call.error)
  if (error !== null) {
    // The field is documented as a code and as a message: a code is one word in capitals.
    if (/^[A-Z][A-Z0-9_]*$/.test(error)) details.reasonCode = error
    else details.reason = error
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
function hangupOf(call: Fields): DialgenHangup | null {
  const metrics = call.metricJson
  const value =
    call.hangupReason ??
    call.hangupStatus ??
    (isFields(metrics) ? (metrics.hangupReason ?? metrics.hangupStatus) : undefined)
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
