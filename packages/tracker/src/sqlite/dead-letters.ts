import type { DeadLetter, Store } from '../store.ts'
import { claimRows } from './claim-rows.ts'
import type { Engine, SqliteValue } from './engine.ts'
import { letterOf } from './rows.ts'

export function deadLettersOf(
  engine: Engine,
  { consumer, after, limit }: Parameters<Store['deadLetters']>[0],
): readonly DeadLetter[] {
  const conditions: string[] = []
  const values: SqliteValue[] = []
  if (consumer !== undefined) {
    conditions.push('consumer = ?')
    values.push(consumer)
  }
  if (after) {
    conditions.push('(failed_at, id) > (?, cast(? AS INTEGER))')
    values.push(after.at, idOf(after.id))
  }
  const all = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`
  const sql = `SELECT * FROM callstate_dead_letters ${all} ORDER BY failed_at, id LIMIT ?`
  return engine.single((statements) => statements.all(sql, ...values, limit)).map(letterOf)
}

export function reviveDeadLettersOf(
  engine: Engine,
  consumer: string,
  { id, now }: Parameters<Store['reviveDeadLetters']>[1],
): number {
  return engine.single((statements) =>
    id === undefined
      ? statements.run(REVIVE_ALL, now, consumer)
      : statements.run(`${REVIVE_ALL} AND id = cast(? AS INTEGER)`, now, consumer, idOf(id)),
  )
}

export function claimDeadLettersOf(
  engine: Engine,
  consumer: string,
  { now, until, limit }: Parameters<Store['claimDeadLetters']>[1],
): readonly DeadLetter[] {
  const claimed = claimRows(engine, SELECT_ASKED, [consumer, now, limit], (statements, columns) =>
    statements.run(CLAIM, until, Number(columns['id'])),
  )
  return claimed.map((columns) => ({ ...letterOf(columns), replayAt: until }))
}

export function endDeadLetterOf(
  engine: Engine,
  id: string,
  end: Parameters<Store['endDeadLetter']>[1],
): void {
  engine.single((statements) =>
    end.handled
      ? statements.run(REMOVE, idOf(id))
      : statements.run(SET_ASIDE, end.error, end.at, idOf(id)),
  )
}

/** An id as SQLite gave it out; what cannot be one stands for none, as a cast would take its first digits. */
function idOf(id: string): string {
  return /^[1-9]\d{0,17}$/.test(id) ? id : '0'
}

/** One that was asked for is left alone: a worker may have it. */
const REVIVE_ALL =
  'UPDATE callstate_dead_letters SET due_at = ? WHERE consumer = ? AND due_at IS NULL'

const SELECT_ASKED = `
  SELECT * FROM callstate_dead_letters WHERE consumer = ? AND due_at <= ?
  ORDER BY failed_at, id LIMIT ?`

const CLAIM = 'UPDATE callstate_dead_letters SET due_at = ? WHERE id = ?'

const REMOVE = 'DELETE FROM callstate_dead_letters WHERE id = cast(? AS INTEGER)'

const SET_ASIDE = `
  UPDATE callstate_dead_letters SET error = ?, failed_at = ?, replays = replays + 1, due_at = NULL
  WHERE id = cast(? AS INTEGER)`
