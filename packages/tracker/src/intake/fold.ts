import type { RetryPolicy } from 'callstate'
import { attemptsOf, type Budgets, type Call, EMPTY_CALL, isSettled, observe } from 'callstate'
import type { Provider } from 'callstate/providers'
import { type Change, changeKeyOf } from '../calls/change.ts'
import type { HistoryEntry, StoredEvent, TrackedCall } from '../calls/tracked-call.ts'
import { dueOf } from './due.ts'
import type { Message } from './message.ts'
import { messageKey } from './message.ts'

/** What folding needs to know beside the call: all of it plain data and pure functions. */
export interface FoldRules {
  readonly provider: Provider
  readonly policy: RetryPolicy | undefined
  readonly budgets: Partial<Budgets>
}

/** One message and what it leads to. */
export interface Folded {
  readonly row: TrackedCall
  readonly entry: HistoryEntry
  readonly change: Change
}

/**
 * Takes one message into a call: the row after it, the entry for its history and the change. It does
 * not look whether the message was there before. Pure.
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
  const { event, payload } = heard
  const key = messageKey(heard, rules.provider)
  const known = before?.call ?? EMPTY_CALL
  const { call, decision } = observe(known, event, rules.provider.rules)
  const sequence = (before?.events ?? 0) + 1
  const policy = policyFor(call, rules.policy)
  const settled = isSettled(call, policy)
  const firstReceivedAt = Math.min(before?.firstReceivedAt ?? receivedAt, receivedAt)
  const lastReceivedAt = Math.max(before?.lastReceivedAt ?? receivedAt, receivedAt)
  const row: TrackedCall = {
    provider,
    callId,
    call,
    settled,
    dueAt: dueOf(call, { lastReceivedAt }, rules.budgets, policy),
    events: sequence,
    firstReceivedAt,
    lastReceivedAt,
    forgottenAt: before?.forgottenAt ?? null,
    revision: (before?.revision ?? 0) + 1,
  }
  const stored = storedEvent(event)
  const entry: HistoryEntry = { sequence, key, receivedAt, event: stored, decision, payload }
  const change: Change = {
    provider,
    callId,
    key: changeKeyOf(row, sequence, decision),
    sequence,
    receivedAt,
    event: stored,
    decision,
    before: known,
    call,
    settledBefore: before?.settled ?? false,
    settled,
  }
  return { row, entry, change }
}

/** The policy to judge a call by: the one that came with it goes before the one from the options. Pure. */
export function policyFor(call: Call, fallback: RetryPolicy | undefined): RetryPolicy | undefined {
  if (fallback === undefined) return undefined
  const brings = attemptsOf(call).some(({ seen }) =>
    seen.some(({ details }) => details?.retryPolicy !== undefined),
  )
  return brings ? undefined : fallback
}

/** The message without what may hold personal data: nothing but the event, and that without its free text. */
export function withoutPersonalData({ event }: Message): Message {
  return { event: withoutReason(event), payload: null, said: null, isWhole: false }
}

/** An event without the provider's free text. Pure. */
export function withoutReason<Event extends StoredEvent>(event: Event): Event {
  if (event.details?.reason === undefined) return event
  const { reason: _, ...details } = event.details
  return { ...event, details }
}

function storedEvent(event: Message['event']): StoredEvent {
  const { provider: _, callId: __, ...stored } = event
  return stored
}
