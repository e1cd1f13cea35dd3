import type { Call, Decision, Outcome } from 'callstate'
import type { AttemptLedger } from '../calls/final-data.ts'
import {
  type CallRef,
  type Decided,
  type HistoryEntry,
  type StoredEvent,
  type TrackedCall,
  withStatus,
} from '../calls/tracked-call.ts'
import type { DeadLetter } from '../store.ts'
import { fromSafeText } from './safe-text.ts'
import type { Row } from './session.ts'

/** A number of a row: `pg` gives a bigint as text, PGlite as a number or, where it is large, a bigint. */
export function numberOf(value: unknown): number {
  return Number(value)
}

/** A number, or null. */
export function numberOrNull(value: unknown): number | null {
  return value === null ? null : Number(value)
}

/** A time as it is stored: whole milliseconds. */
export function wholeMs(ms: number): number {
  return Math.round(ms)
}

/** A time as it is stored, or null. */
export function wholeMsOrNull(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms)
}

/** The name in a row. */
export function refOf(row: Row): CallRef {
  return {
    provider: fromSafeText(String(row['provider'])),
    callId: fromSafeText(String(row['call_id'])),
  }
}

/** The columns that `callOf` reads, beside the name. */
export const CALL_COLUMNS = `revision, settled, due_at, data_due_at, ask_at, outcome, events,
  first_received_at, last_received_at, forgotten_at, known, attempts, rules`

/** The call in a row. */
export function callOf(ref: CallRef, row: Row): TrackedCall {
  return {
    provider: ref.provider,
    callId: ref.callId,
    ...withStatus(JSON.parse(String(row['known'])) as Call),
    attempts: JSON.parse(String(row['attempts'])) as AttemptLedger[],
    settled: row['settled'] === true,
    outcome: String(row['outcome']) as Outcome,
    dueAt: numberOrNull(row['due_at']),
    dataDueAt: numberOrNull(row['data_due_at']),
    askAt: numberOrNull(row['ask_at']),
    events: numberOf(row['events']),
    firstReceivedAt: numberOf(row['first_received_at']),
    lastReceivedAt: numberOf(row['last_received_at']),
    forgottenAt: numberOrNull(row['forgotten_at']),
    rules: numberOf(row['rules']),
    revision: numberOf(row['revision']),
  }
}

/** The entry in a row. */
export function entryOf(row: Row): HistoryEntry {
  const payload = row['payload']
  const base = {
    sequence: numberOf(row['sequence']),
    key: fromSafeText(String(row['key'])),
    receivedAt: numberOf(row['received_at']),
    payload: payload === null ? null : String(payload),
    decided: decidedOf(row['decided']),
  }
  const event = JSON.parse(String(row['event'])) as StoredEvent
  switch (row['type']) {
    case 'rebuilt':
      return { type: 'rebuilt', ...base, event: null, decision: null }
    case 'data':
      return { type: 'data', ...base, event, decision: null }
    default:
      return {
        type: 'event',
        ...base,
        event,
        decision: JSON.parse(String(row['decision'])) as Decision,
      }
  }
}

/** What was decided, as a column holds it; null in entries of release 0.1. */
export function decidedOf(column: unknown): Decided | null {
  return typeof column === 'string' ? (JSON.parse(column) as Decided) : null
}

/** The dead letter in a row. */
export function deadLetterOf(row: Row): DeadLetter {
  return {
    ...refOf(row),
    id: String(row['id']),
    consumer: fromSafeText(String(row['consumer'])),
    sequence: numberOf(row['sequence']),
    error: fromSafeText(String(row['error'])),
    at: numberOf(row['failed_at']),
    replays: numberOf(row['replays']),
    replayAt: numberOrNull(row['due_at']),
  }
}
