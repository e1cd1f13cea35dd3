import type { CallRef, HistoryEntry, TrackedCall } from '../calls/tracked-call.ts'
import { RULES_OF_0_1 } from '../migration/from-0.1.ts'
import type { AppendOptions, CallWrite, StoredCall } from '../store.ts'
import { beginOf, consumersIn } from './consumer-begin.ts'
import type { Engine, Statements } from './engine.ts'
import { entryOf, rowOf } from './rows.ts'

/** The number of a call by its name. */
export const CALL_BY_NAME = '(SELECT id FROM callstate_calls WHERE provider = ? AND call_id = ?)'

export function loadCalls(
  engine: Engine,
  refs: readonly CallRef[],
): readonly (StoredCall | undefined)[] {
  if (refs.length === 0) return []
  return engine.read((statements) =>
    refs.map(({ provider, callId }) => {
      const columns = statements.get(SELECT_CALL, provider, callId)
      if (columns === undefined) return undefined
      const keys = statements.all(SELECT_KEYS, Number(columns['id']))
      return { row: rowOf(columns), keys: keys.map((one) => String(one['key'])) }
    }),
  )
}

export function appendCalls(
  engine: Engine,
  writes: readonly CallWrite[],
  { now }: AppendOptions,
): readonly boolean[] {
  if (writes.length === 0) return []
  return engine.write((statements) => {
    const consumers = consumersIn(statements)
    return writes.map(({ row, basedOn, entries }) => {
      const id = basedOn === 0 ? insertCall(statements, row) : updateCall(statements, row, basedOn)
      if (id === null) return false
      const { events } = row
      const before = events - entries.length
      for (const consumer of consumers) {
        const position = beginOf(statements, consumer, id, before)
        statements.run(UPSERT_CURSOR, consumer.name, id, events, position, now)
      }
      for (const entry of entries) {
        statements.run(INSERT_ENTRY, ...entryValues(entry), id, entry.sequence)
      }
      return true
    })
  })
}

export function replaceCall(engine: Engine, { row, basedOn, entries }: CallWrite): boolean {
  return engine.write((statements) => {
    const id = updateCall(statements, row, basedOn)
    if (id === null) return false
    statements.run(EMPTY_LETTERS, row.provider, row.callId)
    for (const entry of entries) {
      statements.run(UPDATE_ENTRY, ...entryValues(entry), id, entry.sequence)
    }
    return true
  })
}

export function historyOf(
  engine: Engine,
  { provider, callId }: CallRef,
  { after = 0, limit = -1 }: { readonly after?: number; readonly limit?: number } = {},
): readonly HistoryEntry[] {
  return engine
    .single((statements) => statements.all(SELECT_HISTORY, provider, callId, after, limit))
    .map(entryOf)
}

const SELECT_CALL = 'SELECT * FROM callstate_calls WHERE provider = ? AND call_id = ?'

const SELECT_KEYS = 'SELECT key FROM callstate_entries WHERE call_row = ? ORDER BY sequence'

const SELECT_HISTORY = `
  SELECT sequence, key, received_at, type, event, decision, decided, payload FROM callstate_entries
  WHERE call_row = ${CALL_BY_NAME} AND sequence > ? ORDER BY sequence LIMIT ?`

const INSERT_CALL = `
  INSERT INTO callstate_calls (
    first_received_at, status, settled, due_at, data_due_at, outcome, attempts, events,
    last_received_at, forgotten_at, rules, revision, known, ask_at, next_poll_at, polls, provider,
    call_id
  ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?)
  ON CONFLICT (provider, call_id) DO NOTHING RETURNING id`

/** Every expression reads the row as it was: a time to ask that stays keeps what was postponed. */
const UPDATE_CALL = `
  UPDATE callstate_calls SET
    status = ?, settled = ?, due_at = ?, data_due_at = ?, outcome = ?, attempts = ?, events = ?,
    last_received_at = ?, forgotten_at = ?, rules = ?, revision = ?, known = ?, ask_at = ?,
    next_poll_at = CASE WHEN ask_at IS ? THEN next_poll_at ELSE ? END,
    polls = CASE WHEN ask_at IS ? THEN polls ELSE 0 END
  WHERE provider = ? AND call_id = ? AND revision = ? RETURNING id, first_received_at`

/** By itself, since to name the column is to write its index anew. */
const UPDATE_FIRST = 'UPDATE callstate_calls SET first_received_at = ? WHERE id = ?'

const INSERT_ENTRY = `
  INSERT INTO callstate_entries (
    key, received_at, type, event, decision, decided, rules, kind, event_id, event_sequence, payload,
    call_row, sequence
  ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

const UPDATE_ENTRY = `
  UPDATE callstate_entries SET
    key = ?, received_at = ?, type = ?, event = ?, decision = ?, decided = ?, rules = ?, kind = ?,
    event_id = ?, event_sequence = ?, payload = ?
  WHERE call_row = ? AND sequence = ?`

const EMPTY_LETTERS =
  "UPDATE callstate_dead_letters SET error = '' WHERE provider = ? AND call_id = ?"

/** A claim and a pause keep their end. */
const UPSERT_CURSOR = `
  INSERT INTO callstate_cursors (consumer, call_row, head, position, due_at, owner, tries)
  VALUES (?, ?, ?, ?, ?, NULL, 0)
  ON CONFLICT (consumer, call_row) DO UPDATE
  SET head = excluded.head, due_at = CASE
    WHEN due_at IS NULL THEN excluded.due_at
    WHEN owner IS NULL AND tries = 0 THEN min(due_at, excluded.due_at)
    ELSE due_at END`

/** The number of the new call; null where there is one of its name. */
function insertCall(statements: Statements, row: TrackedCall): number | null {
  const { provider, callId, askAt, firstReceivedAt } = row
  return idOf(
    statements.get(INSERT_CALL, firstReceivedAt, ...valuesOf(row), askAt, provider, callId),
  )
}

/** The number of the updated call; null where its revision is another one. */
function updateCall(statements: Statements, row: TrackedCall, basedOn: number): number | null {
  const { provider, callId, askAt, firstReceivedAt } = row
  const polling = [askAt, askAt, askAt] as const
  const values = [...valuesOf(row), ...polling, provider, callId, basedOn] as const
  const updated = statements.get(UPDATE_CALL, ...values)
  const id = idOf(updated)
  if (id !== null && Number(updated?.['first_received_at']) !== firstReceivedAt) {
    statements.run(UPDATE_FIRST, firstReceivedAt, id)
  }
  return id
}

/** What the columns of a call hold, in the order of both statements. */
function valuesOf(row: TrackedCall) {
  const { status, settled, dueAt, dataDueAt, outcome, attempts, events } = row
  const { lastReceivedAt, forgottenAt, rules, revision, knowledge, askAt } = row
  return [
    status,
    settled ? 1 : 0,
    dueAt,
    dataDueAt,
    outcome,
    JSON.stringify(attempts),
    events,
    lastReceivedAt,
    forgottenAt,
    rules,
    revision,
    JSON.stringify(knowledge),
    askAt,
  ] as const
}

/** What the columns of an entry hold, in the order of both statements. */
function entryValues({ key, receivedAt, type, event, decision, decided, payload }: HistoryEntry) {
  return [
    key,
    receivedAt,
    type,
    JSON.stringify(event),
    JSON.stringify(decision),
    decided === null ? null : JSON.stringify(decided),
    decided?.rules ?? RULES_OF_0_1,
    event?.kind ?? null,
    event?.eventId ?? null,
    event?.sequence ?? null,
    payload,
  ] as const
}

function idOf(columns: Readonly<Record<string, unknown>> | undefined): number | null {
  return columns === undefined ? null : Number(columns['id'])
}
