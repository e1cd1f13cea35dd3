import { type HistoryEntry, type TrackedCall, withStatus } from '../calls/tracked-call.ts'
import type { DeadLetter } from '../store.ts'
import type { Columns } from './engine.ts'

// Numbers go through `Number`: a driver that was told so gives bigints.

/** The row of a call, read from its columns. */
export function rowOf(columns: Columns): TrackedCall {
  return {
    provider: String(columns['provider']),
    callId: String(columns['call_id']),
    ...withStatus(JSON.parse(String(columns['call']))),
    settled: Number(columns['settled']) === 1,
    dueAt: timeOf(columns['due_at']),
    events: Number(columns['events']),
    firstReceivedAt: Number(columns['first_received_at']),
    lastReceivedAt: Number(columns['last_received_at']),
    forgottenAt: timeOf(columns['forgotten_at']),
    revision: Number(columns['revision']),
  }
}

/** An entry of a history, read from its columns. */
export function entryOf(columns: Columns): HistoryEntry {
  const { payload } = columns
  return {
    sequence: Number(columns['sequence']),
    key: String(columns['key']),
    receivedAt: Number(columns['received_at']),
    event: JSON.parse(String(columns['event'])),
    decision: JSON.parse(String(columns['decision'])),
    payload: payload === null ? null : String(payload),
  }
}

/** A dead letter, read from its columns. */
export function letterOf(columns: Columns): DeadLetter {
  return {
    id: String(columns['id']),
    consumer: String(columns['consumer']),
    provider: String(columns['provider']),
    callId: String(columns['call_id']),
    sequence: Number(columns['sequence']),
    error: String(columns['error']),
    at: Number(columns['at']),
    replays: Number(columns['replays']),
    replayAt: timeOf(columns['replay_at']),
  }
}

/** A time that may not be there. */
export function timeOf(value: unknown): number | null {
  return value === null ? null : Number(value)
}
