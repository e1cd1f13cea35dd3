import {
  type AttemptRecord,
  type Call,
  type CallStatus,
  type Decision,
  type EarlierStatus,
  EMPTY_CALL,
  type EventDetails,
  observe,
  parseStatus,
  type Sighting,
} from 'callstate'
import type { MessageKind } from 'callstate/providers'
import type { StoredEvent } from '../calls/tracked-call.ts'

/** The version of the rules by which release 0.1 decided. */
export const RULES_OF_0_1 = 1

/** The kind of a message of which release 0.1 was not told it. */
const UNSAID_KIND: MessageKind = 'webhook'

/** What release 0.1 kept of a call, as its JSON says it. */
export interface Call01 {
  readonly status: CallStatus | null
  readonly attempt: number
  readonly heard: readonly Record01[]
  readonly unrecognized: readonly {
    readonly raw: string
    readonly attempt: number | null
    readonly firstAt: number | null
    readonly lastAt: number | null
  }[]
}

interface Record01 {
  /** 0 gathers what did not say its attempt. */
  readonly attempt: number
  /** The statuses seen: bit n stands for the n-th of the table, which is now the status of this number. */
  readonly bits: number
  readonly seen: readonly (Omit<Sighting, 'details'> & { readonly details?: Details01 })[]
}

type Details01 = Omit<EventDetails, 'word'> & { readonly rawStatus?: string }

/** An event as release 0.1 kept it. */
export interface Event01 {
  /** A status, another spelling of one, or the provider's own word. */
  readonly status?: unknown
  /** Says that the provider does not have this word, even where it is spelled like a status. */
  readonly unrecognized?: boolean
  readonly attempt?: number | null
  readonly occurredAt?: number | null
  readonly details?: Details01
  readonly earlier?: readonly {
    readonly attempt: number
    readonly status: unknown
    readonly occurredAt?: number | null
  }[]
  readonly source?: MessageKind
  readonly eventId?: string
}

/** What release 0.1 decided of an event. */
export type Decision01 =
  | Exclude<Decision, { readonly kind: 'conflicting' | 'unrecognized' }>
  | {
      readonly kind: 'conflicting'
      readonly attempt: number
      readonly status: CallStatus
      readonly with: CallStatus
      readonly reason: 'two-ends' | 'no-path'
    }
  | { readonly kind: 'unrecognized'; readonly attempt: number | null; readonly raw: string }

/** An entry's event and decision, as release 0.1 kept them. */
export interface Entry01 {
  readonly event: Event01
  readonly decision: Decision01
}

/** What became of an entry of release 0.1. */
export interface EntryFrom01 {
  readonly event: StoredEvent
  readonly decision: Decision
}

/**
 * What release 0.1 knew of a call, in the words and the shape of today. It says the same. Pure.
 *
 * @example
 * callFrom01(JSON.parse(columns.call)).heard
 */
export function callFrom01({ status, attempt, heard, unrecognized }: Call01): Call {
  return {
    status,
    attempt,
    heard: heard.map(recordFrom01),
    unrecognized: unrecognized.map(({ raw, ...rest }) => ({ word: raw, ...rest })),
  }
}

/**
 * The whole history of one call of release 0.1, from its first entry on, in the words and the shape of
 * today. What was decided is said as it was; beside a conflict stands the status that the call had after
 * it, which 0.1 did not keep: the events before tell it. Pure.
 *
 * @example
 * historyFrom01(rows.map(({ event, decision }) => ({ event: JSON.parse(event), decision: JSON.parse(decision) })))
 */
export function historyFrom01(entries: readonly Entry01[]): readonly EntryFrom01[] {
  // Folding costs more than all the rest, and few calls conflict.
  const hasConflict = entries.some(({ decision }) => decision.kind === 'conflicting')
  let call = EMPTY_CALL
  return entries.map((entry) => {
    const event = eventFrom01(entry.event)
    if (hasConflict) call = observe(call, event).call
    return { event, decision: decisionFrom01(entry.decision, call.status) }
  })
}

/** One event of release 0.1 in the words and the shape of today. Pure. */
export function eventFrom01({
  status: said,
  unrecognized,
  details,
  earlier,
  source = UNSAID_KIND,
  ...rest
}: Event01): StoredEvent {
  const { status, word } = parseStatus(said)
  const isForeign = unrecognized === true || status === null
  return {
    ...rest,
    status: isForeign ? null : status,
    word: isForeign ? word : (details?.rawStatus ?? word),
    kind: source,
    ...(details !== undefined && { details: detailsFrom01(details) }),
    ...(earlier !== undefined && { earlier: earlier.map(earlierFrom01) }),
  }
}

function decisionFrom01(decision: Decision01, after: CallStatus | null): Decision {
  switch (decision.kind) {
    case 'conflicting': {
      const { kind, attempt, status, with: conflictsWith, reason } = decision
      return { kind, attempt, status, conflictsWith, counts: after ?? status, reason }
    }
    case 'unrecognized': {
      const { kind, attempt, raw } = decision
      return { kind, attempt, word: raw }
    }
    default:
      return decision
  }
}

function recordFrom01({ attempt, bits, seen }: Record01): AttemptRecord {
  return { attempt: attempt === 0 ? null : attempt, bits, seen: seen.map(sightingFrom01) }
}

function sightingFrom01({ details, ...rest }: Record01['seen'][number]): Sighting {
  return details === undefined ? rest : { ...rest, details: detailsFrom01(details) }
}

function detailsFrom01({ rawStatus, ...rest }: Details01): EventDetails {
  return rawStatus === undefined ? rest : { word: rawStatus, ...rest }
}

function earlierFrom01({
  status: said,
  ...rest
}: NonNullable<Event01['earlier']>[number]): EarlierStatus {
  const { status, word } = parseStatus(said)
  return status === null ? { ...rest, status, word } : { ...rest, status }
}
