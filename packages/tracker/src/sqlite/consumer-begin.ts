import type { Store } from '../store.ts'
import { refuseUnsaidBegin } from '../unsaid-begin.ts'
import type { Engine, Statements } from './engine.ts'

/** A time before every other. */
const START = Number.MIN_SAFE_INTEGER

export function registerConsumerOf(
  engine: Engine,
  name: string,
  { from }: Parameters<Store['registerConsumer']>[1],
): void {
  engine.write((statements) => {
    if (statements.get(SELECT_CONSUMER, name) !== undefined) return
    const last = Number(statements.get('SELECT max(id) AS id FROM callstate_calls')?.['id'] ?? 0)
    if (from === null && last > 0) refuseUnsaidBegin(name)
    const begins = from === 'now' ? null : typeof from === 'number' ? from : START
    statements.run(INSERT_CONSUMER, name, begins, begins === null ? 0 : last)
  })
}

export function fillConsumerOf(
  engine: Engine,
  name: string,
  { limit, now }: Parameters<Store['fillConsumer']>[1],
): boolean {
  const isLeft = (statements: Statements) => statements.get(SELECT_UNFILLED, name)
  // Who finds nothing to do is in nobody's way.
  if (engine.single(isLeft) === undefined) return false
  return engine.write((statements) => {
    const left = isLeft(statements)
    if (left === undefined) return false
    const [from, until] = [Number(left['filled_to']), Number(left['fill_until'])]
    const end = statements.get(SELECT_BATCH_END, from, until, limit - 1)
    const to = end === undefined ? until : Number(end['id'])
    statements.run(INSERT_CURSORS, name, now, Number(left['begins_at']), from, to)
    statements.run('UPDATE callstate_consumers SET filled_to = ? WHERE consumer = ?', to, name)
    return to < until
  })
}

/** A consumer, as a write has to know it. */
export interface KnownConsumer {
  readonly name: string
  /** When it begins, while it does not know every call that was there before it; else null. */
  readonly fillsFrom: number | null
}

export function consumersIn(statements: Statements): readonly KnownConsumer[] {
  return statements.all('SELECT * FROM callstate_consumers').map((columns) => ({
    name: String(columns['consumer']),
    fillsFrom:
      Number(columns['filled_to']) < Number(columns['fill_until'])
        ? Number(columns['begins_at'])
        : null,
  }))
}

/** The position at which a consumer begins with a call that is not known to it yet. */
export function beginOf(
  statements: Statements,
  { fillsFrom }: KnownConsumer,
  call: number,
  before: number,
): number {
  if (fillsFrom === null || before === 0) return before
  return Number(statements.get(SELECT_BEGIN, call, fillsFrom)?.['position'] ?? before)
}

const SELECT_CONSUMER = 'SELECT consumer FROM callstate_consumers WHERE consumer = ?'

const INSERT_CONSUMER = `
  INSERT INTO callstate_consumers (consumer, begins_at, filled_to, fill_until) VALUES (?, ?, 0, ?)`

const SELECT_UNFILLED = `
  SELECT begins_at, filled_to, fill_until FROM callstate_consumers
  WHERE consumer = ? AND filled_to < fill_until`

const SELECT_BATCH_END = `
  SELECT id FROM callstate_calls WHERE id > ? AND id <= ? ORDER BY id LIMIT 1 OFFSET ?`

const SELECT_BEGIN = `
  SELECT sequence - 1 AS position FROM callstate_entries
  WHERE call_row = ? AND received_at >= ? ORDER BY sequence LIMIT 1`

/** Those that were written since are known already. */
const INSERT_CURSORS = `
  INSERT INTO callstate_cursors (consumer, call_row, head, position, due_at, owner, tries)
  SELECT consumer, id, events, position, due_at, NULL, 0 FROM (
    SELECT ? AS consumer, id, events, ? AS due_at, (
      SELECT sequence - 1 FROM callstate_entries
      WHERE call_row = calls.id AND received_at >= ? ORDER BY sequence LIMIT 1
    ) AS position
    FROM callstate_calls AS calls WHERE id > ? AND id <= ?
  ) WHERE position < events
  ON CONFLICT (consumer, call_row) DO NOTHING`
