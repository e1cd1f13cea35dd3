import type { CallWithData, Data, DeadLetter, HistoryEntry, TrackedCall } from '@callstate/tracker'
import { type CallStatus, type Decision, type Durations, durations, nextStatuses } from 'callstate'
import type { MessageKind, Provider } from 'callstate/providers'
import { decisionText, looksLikeStatus } from 'callstate/text'
import { isoTime } from '../text/iso-time.ts'
import { type Standing, standingOf, type TimelineItem, timelineOf } from '../text/standing.ts'

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
export interface CallJson extends CallSummary {
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
  /** In which kind of message it was said. */
  readonly kind: MessageKind
  /** The provider's word: for the status, or for the kind of a message that tells none. */
  readonly word: string
  /** Null for a word outside the table, and for a message that tells no status. */
  readonly status: CallStatus | null
  /** Null for a message that tells no status. */
  readonly decision: Decision | null
  /** What it did, as a sentence for a person. */
  readonly message: string
  /** The message as it was kept; null where nothing was. */
  readonly payload: unknown
}

/** Reads a summary off a row. The order of the keys is part of the format. Pure. */
export function summaryOf(row: TrackedCall): CallSummary {
  const { provider, callId, knowledge, settled, dueAt, events } = row
  return {
    ...standingOf(provider, callId, knowledge, settled),
    dueAt: isoTime(dueAt),
    events,
    firstReceivedAt: isoTime(row.firstReceivedAt),
    lastReceivedAt: isoTime(row.lastReceivedAt),
    forgottenAt: isoTime(row.forgottenAt),
  }
}

/** Reads everything off a call; its provider's lifecycle says what may follow. Pure. */
export function callJsonOf(found: CallWithData, provider: Provider | undefined): CallJson {
  const { status, knowledge, data } = found
  return {
    ...summaryOf(found),
    durations: durations(knowledge),
    timeline: timelineOf(knowledge),
    next: status === null ? [] : nextStatuses(status as string, { provider }),
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
  const { occurredAt = null, kind, word, status } = event
  return {
    sequence,
    receivedAt: isoTime(receivedAt),
    occurredAt: isoTime(occurredAt),
    kind,
    word,
    status,
    decision,
    message: entryText(entry),
    payload: payload === null ? null : JSON.parse(payload),
  }
}

/** What an entry of a history did, as a sentence without a capital and a full stop. Pure. */
export function entryText({ event, decision }: HistoryEntry): string {
  if (decision !== null) return decisionText(decision)
  const word = looksLikeStatus(event.word) ? `"${event.word}"` : 'a message (its kind is not shown)'
  return `${word} tells no status; its data is kept`
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
