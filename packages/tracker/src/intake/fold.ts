import {
  type Budgets,
  type Call,
  type Decision,
  EMPTY_CALL,
  isSettled,
  observe,
  type RetryPolicy,
} from 'callstate'
import { retryPolicyFor } from 'callstate/internal'
import type { Provider } from 'callstate/providers'
import { type Change, changeKeyOf } from '../calls/change.ts'
import type { HistoryEntry, StoredEvent, TrackedCall } from '../calls/tracked-call.ts'
import { dueOf } from './due.ts'
import type { Message } from './message.ts'
import { messageKey } from './message-key.ts'

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
 * not look whether the message was there before. One that tells no status changes nothing that is known
 * of the call, and whether it is settled: it is heard, that is all. Pure.
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
  const known = before?.knowledge ?? EMPTY_CALL
  const { call, decision } = observed(known, heard, rules)
  const sequence = (before?.events ?? 0) + 1
  const policy = retryPolicyFor(call, rules.provider, rules.policy)
  const settledBefore = before?.settled ?? false
  const settled = decision === null ? settledBefore : isSettled(call, policy)
  const firstReceivedAt = Math.min(before?.firstReceivedAt ?? receivedAt, receivedAt)
  const lastReceivedAt = Math.max(before?.lastReceivedAt ?? receivedAt, receivedAt)
  const row: TrackedCall = {
    provider,
    callId,
    status: call.status,
    attempt: call.attempt,
    knowledge: call,
    settled,
    dueAt: dueOf(call, { lastReceivedAt }, rules.budgets, policy),
    events: sequence,
    firstReceivedAt,
    lastReceivedAt,
    forgottenAt: before?.forgottenAt ?? null,
    revision: (before?.revision ?? 0) + 1,
  }
  const key = messageKey(heard)
  const stored = storedEvent(event)
  const entry: HistoryEntry = { sequence, key, receivedAt, event: stored, decision, payload }
  const change: Change = {
    provider,
    callId,
    key: changeKeyOf(row, entry),
    sequence,
    receivedAt,
    event: stored,
    decision,
    before: known,
    call,
    settledBefore,
    settled,
  }
  return { row, entry, change }
}

/** An event without the provider's free text. Pure. */
export function withoutReason<Event extends StoredEvent>(event: Event): Event {
  if (event.details?.reason === undefined) return event
  const { reason: _, ...details } = event.details
  return { ...event, details }
}

function observed(
  known: Call,
  { type, event }: Message,
  { provider }: FoldRules,
): { readonly call: Call; readonly decision: Decision | null } {
  return type === 'data' ? { call: known, decision: null } : observe(known, event, { provider })
}

/** The message without what may hold personal data: nothing but the event, and that without its free text. */
function withoutPersonalData({ type, event }: Message): Message {
  const kept = { payload: null, said: null, isWhole: false, sameAs: null }
  return { type, event: withoutReason(event), ...kept }
}

function storedEvent(event: Message['event']): StoredEvent {
  const { provider: _, callId: __, ...stored } = event
  return stored
}
