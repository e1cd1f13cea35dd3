import { EMPTY_CALL } from 'callstate'
import type { DecidedEntry } from '../calls/change.ts'
import { type FoldRules, foldEntry } from '../calls/fold-entry.ts'
import { type TimeInStatus, timeInStatusOf } from '../calls/time-in-status.ts'
import type { StoredEvent, TrackedCall } from '../calls/tracked-call.ts'
import type { Message } from './message.ts'
import { messageKey } from './message-key.ts'

/** One message and what it leads to. */
export interface Folded {
  readonly row: TrackedCall
  readonly entry: DecidedEntry
  /** The status that it ended, and how long that lasted by the provider's clock. */
  readonly timeInStatus: readonly TimeInStatus[]
}

/**
 * Takes one message into a call: the row after it, and the entry for its history. It does
 * not look whether the message was there before. The row must have been folded by the rules of today. Pure.
 */
export function fold(
  before: TrackedCall | undefined,
  message: Message,
  receivedAt: number,
  rules: FoldRules,
): Folded {
  const { provider, callId } = message.event
  const isForgotten = before !== undefined && before.forgottenAt !== null
  const heard = isForgotten ? withoutPersonalData(message) : message
  const { type, payload } = heard
  const sequence = (before?.events ?? 0) + 1
  const told = { sequence, key: messageKey(heard), receivedAt, payload, event: storedEvent(heard) }
  const folded = foldEntry(before, { ...told, type, kept: heard.kept }, rules)
  const row: TrackedCall = {
    provider,
    callId,
    ...folded.row,
    events: sequence,
    forgottenAt: before?.forgottenAt ?? null,
    revision: (before?.revision ?? 0) + 1,
  }
  const { decision, decided } = folded
  const entry: DecidedEntry =
    decision === null
      ? { ...told, type: 'data', decision, decided }
      : { ...told, type: 'event', decision, decided }
  return {
    row,
    entry,
    timeInStatus: timeInStatusOf(before?.knowledge ?? EMPTY_CALL, row.knowledge, decision),
  }
}

/** An event without the provider's free text. Pure. */
export function withoutReason<Event extends StoredEvent>(event: Event): Event {
  const { details, final } = event
  return {
    ...event,
    ...(details?.reason !== undefined && { details: without(details) }),
    ...(final?.reason !== undefined && { final: without(final) }),
  }
}

function without<Fields extends { readonly reason?: string }>(
  fields: Fields,
): Omit<Fields, 'reason'> {
  const { reason: _, ...others } = fields
  return others
}

/** The message without what may hold personal data: nothing but the event, and that without its free text. */
function withoutPersonalData({ type, event, final }: Message): Message {
  const kept = { payload: null, kept: nothing, digest: null, isWhole: false, sameAs: null }
  return { type, event: withoutReason(event), final: without(final), ...kept }
}

const nothing = () => undefined

function storedEvent({ event, final }: Message): StoredEvent {
  const { provider: _, callId: __, ...stored } = event
  return Object.keys(final).length === 0 ? stored : { ...stored, final }
}
