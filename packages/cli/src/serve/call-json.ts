import type { CallWithData, Data, DeadLetter, HistoryEntry, TrackedCall } from '@callstate/tracker'
import { type CallStatus, type Decision, type Durations, durations, nextStatuses } from 'callstate'
import type { EventSource } from 'callstate/providers'
import { decisionText } from 'callstate/text'
import { isoTime } from '../iso-time.ts'
import { type Standing, standingOf, type TimelineItem, timelineOf } from '../standing.ts'

/** A call in a list, as the read API and `--format json` say it. Times are ISO 8601 in UTC, or null. */
export interface CallSummary extends Standing {
  /** When silence becomes suspicious; null where it never does. */
  readonly dueAt: string | null
  readonly events: number
  readonly firstReceivedAt: string | null
  readonly lastReceivedAt: string | null
  readonly forgottenAt: string | null
}

/** Everything known of one call. */
export interface CallDetail extends CallSummary {
  readonly durations: Durations
  readonly timeline: readonly TimelineItem[]
  /** Statuses that may legally follow in this attempt. */
  readonly next: readonly CallStatus[]
  /** The fields of all its messages, merged. */
  readonly data: Data
}

/** One entry of a call's history. */
export interface HistoryItem {
  readonly sequence: number
  readonly receivedAt: string | null
  readonly occurredAt: string | null
  readonly source: EventSource | null
  readonly status: string
  readonly decision: Decision
  /** The decision as a sentence for a person. */
  readonly message: string
  /** The message as it was kept; null where nothing was. */
  readonly payload: unknown
}

/** Reads a summary off a row. The order of the keys is part of the format. Pure. */
export function summaryOf(row: TrackedCall): CallSummary {
  const { provider, callId, call, settled, dueAt, events } = row
  return {
    ...standingOf(provider, callId, call, settled),
    dueAt: isoTime(dueAt),
    events,
    firstReceivedAt: isoTime(row.firstReceivedAt),
    lastReceivedAt: isoTime(row.lastReceivedAt),
    forgottenAt: isoTime(row.forgottenAt),
  }
}

/** Reads everything off a call. Pure. */
export function detailOf(found: CallWithData): CallDetail {
  const { call, data } = found
  return {
    ...summaryOf(found),
    durations: durations(call),
    timeline: timelineOf(call),
    next: call.status === null ? [] : nextStatuses(call.status as string),
    data,
  }
}

/** A call of the list of overdue ones. Pure. */
export function overdueOf(row: TrackedCall, now: number): CallSummary & { overdueMs: number } {
  return { ...summaryOf(row), overdueMs: Math.max(0, now - (row.dueAt ?? now)) }
}

/** Reads an entry of a history. Pure. */
export function historyItemOf(entry: HistoryEntry): HistoryItem {
  const { sequence, receivedAt, event, decision, payload } = entry
  return {
    sequence,
    receivedAt: isoTime(receivedAt),
    occurredAt: isoTime(event.occurredAt ?? null),
    source: event.source ?? null,
    status: event.status,
    decision,
    message: decisionText(decision),
    payload: payload === null ? null : JSON.parse(payload),
  }
}

/** A dead letter with readable times. */
export type DeadLetterItem = Omit<DeadLetter, 'at' | 'replayAt'> & {
  readonly at: string | null
  readonly replayAt: string | null
}

/** Reads a dead letter. Pure. */
export function deadLetterOf(letter: DeadLetter): DeadLetterItem {
  const { id, consumer, provider, callId, sequence, error, replays } = letter
  const [at, replayAt] = [isoTime(letter.at), isoTime(letter.replayAt)]
  return { id, consumer, provider, callId, sequence, error, at, replays, replayAt }
}
