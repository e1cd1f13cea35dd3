import type { Call, Decision } from 'callstate'
import {
  type CallRef,
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

/** The call in a row. */
export function callOf(ref: CallRef, row: Row): TrackedCall {
  return {
    provider: ref.provider,
    callId: ref.callId,
    ...withStatus(JSON.parse(String(row['knowledge'])) as Call),
    settled: row['settled'] === true,
    dueAt: numberOrNull(row['due_at']),
    events: numberOf(row['events']),
    firstReceivedAt: numberOf(row['first_received_at']),
    lastReceivedAt: numberOf(row['last_received_at']),
    forgottenAt: numberOrNull(row['forgotten_at']),
    revision: numberOf(row['revision']),
  }
}

/** The entry in a row. */
export function entryOf(row: Row): HistoryEntry {
  const payload = row['payload']
  return {
    sequence: numberOf(row['sequence']),
    key: fromSafeText(String(row['key'])),
    receivedAt: numberOf(row['received_at']),
    event: JSON.parse(String(row['event'])) as StoredEvent,
    decision: JSON.parse(String(row['decision'])) as Decision | null,
    payload: payload === null ? null : String(payload),
  }
}

/** The dead letter in a row. */
export function deadLetterOf(row: Row): DeadLetter {
  return {
    ...refOf(row),
    id: String(row['id']),
    consumer: fromSafeText(String(row['consumer'])),
    sequence: numberOf(row['sequence']),
    error: fromSafeText(String(row['error'])),
    at: numberOf(row['at']),
    replays: numberOf(row['replays']),
    replayAt: numberOrNull(row['replay_at']),
  }
}
