import type { Decision } from 'callstate'
import {
  type Decided,
  type HistoryEntry,
  type StoredEvent,
  type TrackedCall,
  withStatus,
} from '../calls/tracked-call.ts'
import type { DeadLetter } from '../store.ts'
import type { Columns } from './engine.ts'

// Numbers go through `Number`: a driver that was told so gives bigints. What is read as JSON was
// written by this package, in this shape: that is the border.

/** The row of a call, read from its columns. */
export function rowOf(columns: Columns): TrackedCall {
  return {
    provider: String(columns['provider']),
    callId: String(columns['call_id']),
    ...withStatus(JSON.parse(String(columns['known']))),
    settled: Number(columns['settled']) === 1,
    dueAt: timeOf(columns['due_at']),
    dataDueAt: timeOf(columns['data_due_at']),
    outcome: String(columns['outcome']) as TrackedCall['outcome'],
    attempts: JSON.parse(String(columns['attempts'])),
    askAt: timeOf(columns['ask_at']),
    events: Number(columns['events']),
    firstReceivedAt: Number(columns['first_received_at']),
    lastReceivedAt: Number(columns['last_received_at']),
    forgottenAt: timeOf(columns['forgotten_at']),
    rules: Number(columns['rules']),
    revision: Number(columns['revision']),
  }
}

/** An entry of a history, read from its columns. */
export function entryOf(columns: Columns): HistoryEntry {
  const base = {
    sequence: Number(columns['sequence']),
    key: String(columns['key']),
    receivedAt: Number(columns['received_at']),
    payload: textOf(columns['payload']),
    decided: decidedOf(columns['decided']),
  }
  const event: StoredEvent = JSON.parse(String(columns['event']))
  switch (columns['type']) {
    case 'rebuilt':
      return { ...base, type: 'rebuilt', event: null, decision: null }
    case 'data':
      return { ...base, type: 'data', event, decision: null }
    default: {
      const decision: Decision = JSON.parse(String(columns['decision']))
      return { ...base, type: 'event', event, decision }
    }
  }
}

/** What was decided with an entry; null where nothing is kept. */
export function decidedOf(value: unknown): Decided | null {
  return value === null || value === undefined ? null : JSON.parse(String(value))
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
    at: Number(columns['failed_at']),
    replays: Number(columns['replays']),
    replayAt: timeOf(columns['due_at']),
  }
}

/** A time that may not be there. */
export function timeOf(value: unknown): number | null {
  return value === null ? null : Number(value)
}

function textOf(value: unknown): string | null {
  return value === null ? null : String(value)
}
