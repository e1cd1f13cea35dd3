import type {
  Call,
  CallEvent,
  CallStatus,
  Decision,
  HangupParty,
  Outcome,
  OwnLifecycle,
} from 'callstate'
import type { Amount, FinalField } from 'callstate/providers'

// What the server tells the page, as JSON. Both are built from these types; nothing else crosses.
// Every time is in milliseconds since 1970. No telephone number and no transcript is in any of it: an
// event holds statuses, numbers and times, and a payload is asked for by itself and comes redacted.
//
// The page asks for `api/stream` and the others relative to its own address, which ends in a slash, so
// that it works under a prefix too. Keys and sequences stand in an address as `encodeURIComponent` gives
// them. A refusal is a `Failure` with the same status: 401 (no token), 403 (not from here), 404, 405, 500, 503.

/** Where the calls come from. */
export type SourceKind = 'tracker' | 'log' | 'actors'

/** `hello`: the first event of the stream, and again after a restart of the server. */
export interface Hello {
  readonly version: 1
  readonly source: {
    readonly kind: SourceKind
    /** For the head of the page: `callstate.db`, `week.ndjson`, `XState actors`. */
    readonly name: string
  }
  /** Another one after every restart: the page then forgets all that it holds. */
  readonly run: string
  /** The server's clock, by which `dueAt` is overdue; it may run faster than time. */
  readonly now: number
  /** How many times faster than time that clock runs; 1 for the usual one, 0 where it stands still (a log). */
  readonly speed: number
  readonly providers: readonly { readonly name: string; readonly title: string }[]
}

/** One call in the list. */
export interface CallRow {
  /** Names the call in the page and in addresses. */
  readonly key: string
  readonly provider: string
  readonly callId: string
  /** Null where no status of the table was heard. */
  readonly status: CallStatus | null
  readonly attempt: number
  readonly settled: boolean
  readonly outcome: Outcome
  /**
   * What contradicts itself, or is outside the table: events that were decided to contradict what was
   * known, and the words of the call that are no status, each once; of an XState actor also what its
   * machine refused.
   */
  readonly findings: number
  /** When silence about the call becomes suspicious; null where it never does. */
  readonly dueAt: number | null
  /** When data of an ended attempt that are expected and missing become overdue; null where none are. */
  readonly dataDueAt: number | null
  readonly events: number
  readonly firstReceivedAt: number
  readonly lastReceivedAt: number
}

/** What the chart shows in numbers. Words that are not there count as 0. */
export interface Counts {
  readonly calls: number
  readonly settled: number
  /** The findings of all calls together. */
  readonly findings: number
  /** Calls by their current status. */
  readonly statuses: Readonly<Partial<Record<CallStatus, number>>>
  /** Calls with no status of the table. */
  readonly unrecognized: number
  /** How often a legal move was heard, over all calls and attempts, under `from>to`. */
  readonly moves: Readonly<Record<string, number>>
  /** How often an event contradicted what was known, under `known>came`. */
  readonly conflicts: Readonly<Record<string, number>>
  /** Events and those of them that were heard in the last second, by the server's own time. */
  readonly events: number
  readonly eventsPerSecond: number
}

/** `rows`: the calls that there are when the page connects, in pieces; then `counts` once. */
export interface Rows {
  readonly rows: readonly CallRow[]
  /** Whether this was the last piece. */
  readonly done: boolean
}

/** `update`: what has changed since the last one; at most ten times a second. */
export interface Update {
  readonly rows: readonly CallRow[]
  /** Keys of calls that are gone. */
  readonly gone: readonly string[]
  readonly counts: Counts
  readonly now: number
}

/** The events of the stream `GET /api/stream` (server-sent events), by their names. */
export interface StreamEvents {
  readonly hello: Hello
  readonly rows: Rows
  readonly update: Update
}

/** `GET /api/calls/{key}`: one call, with everything that it takes to step through its events. */
export interface CallDetail {
  readonly row: CallRow
  /** In the order in which they came. Folding them with `observe` gives the call. */
  readonly events: readonly EventItem[]
  /** What is final of each attempt, the first one first; left out where the source does not keep it. */
  readonly attempts?: readonly AttemptItem[]
  /** How many events there are; more than `events`, which are the latest, where the history is very long. */
  readonly total: number
  /** What the events before `events` told, where there are more: the fold begins with it. */
  readonly before?: Call
  /** Whose moves are legal, where it is not the table of all statuses: the provider's own lifecycle. */
  readonly lifecycle?: OwnLifecycle
}

/** What is final of one attempt, without a word that somebody said. */
export interface AttemptItem {
  readonly attempt: number
  readonly status: CallStatus | null
  /** Null while the attempt goes on. A field of which nothing was said is null. */
  readonly final: {
    readonly durationMs: number | null
    readonly cost: Amount | null
    readonly hangupBy: HangupParty | null
    readonly voicemail: boolean | null
    readonly recording: ReferenceItem | null
    readonly transcript: ReferenceItem | null
    readonly extraction: ReferenceItem | null
  } | null
  /** Expected fields that are not there. */
  readonly missing: readonly FinalField[]
}

/** Where something stands in the messages of the call. */
export interface ReferenceItem {
  /** The event whose payload holds it. */
  readonly sequence: number
  /** A JSON pointer into the payload. */
  readonly pointer: string
  /** Whether the payload is gone. */
  readonly pruned: boolean
}

/** One event heard of the call. */
export interface EventItem {
  /** 1 for the first. */
  readonly sequence: number
  readonly receivedAt: number | null
  /** What was said, without details that could name a person; null where no message came. */
  readonly event: CallEvent | null
  /** The kind of message that said it, such as `webhook`; `actor` for an XState actor. */
  readonly kind: string | null
  /** Null for a message that tells no status, and where no message came: the call was folded anew. */
  readonly decision: Decision | null
  /** The decision as a sentence, with its reason. */
  readonly message: string
  /** Whether `GET /api/calls/{key}/events/{sequence}` has a payload to show. */
  readonly hasPayload: boolean
  /**
   * Only for XState actors: why the machine refused the event, such as `already-ended`. It changed
   * nothing, so it is left out of the fold; `decision` says what `observe` would make of it, and `message`
   * why it was refused.
   */
  readonly refused?: string
}

/** `GET /api/calls/{key}/events/{sequence}`: what is kept of the message, redacted. */
export interface PayloadDetail {
  readonly sequence: number
  /** JSON with redacted values replaced by `"[redacted]"`. */
  readonly payload: unknown
  /** Dotted paths of what was redacted. */
  readonly redacted: readonly string[]
}

/** Every refusal of the API. */
export interface Failure {
  readonly error: { readonly status: number; readonly message: string }
}
