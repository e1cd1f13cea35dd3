import type {
  CallWithData,
  Data,
  DeadLetter,
  HistoryEntry,
  OverdueCall,
  TrackedCall,
} from '@callstate/tracker'
import { type CallStatus, type Decision, type Durations, durations, nextStatuses } from 'callstate'
import type { MessageKind, Provider } from 'callstate/providers'
import { decisionText, looksLikeStatus } from 'callstate/text'
import { isoTime } from '../text/iso-time.ts'
import { type Standing, standingOf, type TimelineItem, timelineOf } from '../text/standing.ts'

/** A call in a list, as the read API and `--format json` say it. Times are ISO 8601 in UTC, or null. */
export interface CallSummary extends Standing {
  /** When silence becomes suspicious; null where it never does. */
  readonly dueAt: string | null
  /** When data of an ended attempt that are expected and missing become overdue; null where none are. */
  readonly dataDueAt: string | null
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
  /** By attempt, the first one first: its data and what of it is final. */
  readonly attempts: CallWithData['attempts']
  /** The fields of the messages of the latest attempt, merged. */
  readonly data: Data
}

/** A call of the list of overdue ones. */
export interface OverdueJson extends CallSummary, Pick<OverdueCall, 'why' | 'missing'> {
  /** For how long, by whichever reason is the older one. */
  readonly overdueMs: number
}

/** One entry of a call's history. */
export interface HistoryItem {
  readonly sequence: number
  /** `rebuilt` where no message came: the call was folded anew by other rules. */
  readonly type: HistoryEntry['type']
  /** The attempt into which it was read; null in what release 0.1 wrote. */
  readonly attempt: number | null
  readonly receivedAt: string | null
  readonly occurredAt: string | null
  /** In which kind of message it was said; null where no message came. */
  readonly kind: MessageKind | null
  /** The provider's word: for the status, or for the kind of a message that tells none. */
  readonly word: string | null
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
export function summaryOf(row: Omit<TrackedCall, 'attempts'>): CallSummary {
  const { provider, callId, events } = row
  return {
    ...standingOf(provider, callId, row),
    dueAt: isoTime(row.dueAt),
    dataDueAt: isoTime(row.dataDueAt),
    events,
    firstReceivedAt: isoTime(row.firstReceivedAt),
    lastReceivedAt: isoTime(row.lastReceivedAt),
    forgottenAt: isoTime(row.forgottenAt),
  }
}

/** Reads everything off a call; its provider's lifecycle says what may follow. Pure. */
export function callJsonOf(found: CallWithData, provider: Provider | undefined): CallJson {
  const { status, knowledge, attempts, data } = found
  return {
    ...summaryOf(found),
    durations: durations(knowledge),
    timeline: timelineOf(knowledge),
    next: status === null ? [] : nextStatuses(status as string, { provider }),
    attempts,
    data,
  }
}

/** A call of the list of overdue ones. Pure. */
export function overdueOf(item: OverdueCall, now: number): OverdueJson {
  const { why, missing, dueAt, dataDueAt } = item
  const since = [
    ...(why.includes('silent') ? [dueAt ?? now] : []),
    ...(why.includes('data') ? [dataDueAt ?? now] : []),
  ]
  const overdueMs = Math.max(0, now - Math.min(now, ...since))
  return { ...summaryOf(item), why, missing, overdueMs }
}

/** Reads an entry of a history. Pure. */
export function historyItemOf(entry: HistoryEntry): HistoryItem {
  const { sequence, type, receivedAt, event, decision, decided, payload } = entry
  const { occurredAt = null, kind = null, word = null, status = null } = event ?? {}
  return {
    sequence,
    type,
    attempt: decided?.of ?? null,
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
  if (event === null) return 'what was heard was read anew, by newer rules'
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
