import type {
  Call,
  CallEvent,
  Decision,
  EarlierStatus,
  EventDetails,
  OwnLifecycle,
} from 'callstate'
import { decisionText, looksLikeStatus } from 'callstate/text'
import type { EventItem } from './wire.ts'

/** Stands for a status word that is not shown: it may be anything, a phone number too. */
export const NOT_SHOWN = '(not shown)'

/** An event of a call's history, as a source has it. */
export interface HeardEvent {
  readonly sequence: number
  readonly receivedAt: number | null
  /** Null where no message came: the call was folded anew by other rules. */
  readonly event: CallEvent | null
  readonly kind: string | null
  /** Null for a message that tells no status. */
  readonly decision: Decision | null
  readonly hasPayload: boolean
}

/** What the page is told of an event: statuses, numbers and times. Pure. */
export function eventItemOf(heard: HeardEvent): EventItem {
  const { sequence, receivedAt, event, kind, decision, hasPayload } = heard
  return {
    sequence,
    receivedAt,
    event: event === null ? null : shownEvent(event),
    kind,
    decision: decision === null ? null : shownDecision(decision),
    message: messageOf(heard),
    hasPayload,
  }
}

function messageOf({ event, decision }: HeardEvent): string {
  if (decision !== null) return decisionText(decision)
  return event === null ? 'what was heard was read anew, by newer rules' : 'tells no status'
}

/** What is known of a call, as its events are shown. Pure. */
export function shownCall(call: Call): Call {
  return {
    ...call,
    heard: call.heard.map((record) => ({
      ...record,
      seen: record.seen.map(({ details, ...sighting }) => ({
        ...sighting,
        ...(details !== undefined && { details: shownDetails(details) }),
      })),
    })),
    unrecognized: call.unrecognized.map((sighting) => ({
      ...sighting,
      word: shownWord(sighting.word),
    })),
  }
}

/** A word outside the table, where it looks like a status; otherwise a fixed text. Pure. */
export function shownWord(word: string): string {
  return looksLikeStatus(word) ? word : NOT_SHOWN
}

function shownEvent(event: CallEvent): CallEvent {
  const { status, word, attempt, occurredAt, details, earlier } = event
  return {
    status,
    ...(word !== undefined && { word: shownWord(word) }),
    ...(attempt !== undefined && { attempt }),
    ...(occurredAt !== undefined && { occurredAt }),
    ...(details !== undefined && { details: shownDetails(details) }),
    ...(earlier !== undefined && { earlier: earlier.map(shownEarlier) }),
  }
}

/** Named one by one, so that a further one has to be thought about. `reason` is free text. */
function shownDetails(details: EventDetails): EventDetails {
  const { word, reasonCode, hangupBy, voicemail, talkMs, ringMs, scheduledFor } = details
  return {
    ...(word !== undefined && looksLikeStatus(word) && { word }),
    ...(reasonCode !== undefined && REASON_CODE.test(reasonCode) && { reasonCode }),
    ...(hangupBy !== undefined && { hangupBy }),
    ...(voicemail !== undefined && { voicemail }),
    ...(talkMs !== undefined && { talkMs }),
    ...(ringMs !== undefined && { ringMs }),
    ...(scheduledFor !== undefined && { scheduledFor }),
    ...(details.retryPolicy !== undefined && { retryPolicy: details.retryPolicy }),
  }
}

/** A SIP or Q.850 code, or one of Bolna's; more digits may be a phone number. */
const REASON_CODE = /^\d{1,4}$|^[A-Za-z][A-Za-z_-]{0,39}$/

function shownEarlier({ attempt, status, word, occurredAt }: EarlierStatus): EarlierStatus {
  return {
    attempt,
    status,
    ...(word !== undefined && { word: shownWord(word) }),
    ...(occurredAt !== undefined && { occurredAt }),
  }
}

function shownDecision(decision: Decision): Decision {
  if (decision.kind === 'unrecognized') return { ...decision, word: shownWord(decision.word) }
  const { unrecognized } = decision
  return unrecognized === undefined
    ? decision
    : { ...decision, unrecognized: shownWord(unrecognized) }
}

/** What the page is told of a provider's own lifecycle: the moves without the documents that state them. Pure. */
export function shownLifecycle({ lacks, moves, habits }: OwnLifecycle): OwnLifecycle {
  return {
    ...(lacks !== undefined && { lacks }),
    ...(moves !== undefined && { moves: moves.map((move) => ({ ...move, source: null })) }),
    ...(habits?.reportsBoth !== undefined && { habits: { reportsBoth: habits.reportsBoth } }),
  }
}

/** The earliest and the latest provider time that is known of a call; null where there is none. Pure. */
export function providerTimesOf(
  call: Call,
): { readonly first: number; readonly last: number } | null {
  const sightings = [...call.heard.flatMap(({ seen }) => seen), ...call.unrecognized]
  const first = sightings.flatMap(({ firstAt }) => firstAt ?? [])
  const last = sightings.flatMap(({ lastAt }) => lastAt ?? [])
  if (first.length === 0 || last.length === 0) return null
  return { first: Math.min(...first), last: Math.max(...last) }
}
