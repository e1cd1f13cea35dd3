import type { StoredChange, StoredChanges } from '../store.ts'
import type { Columns, Engine, Statements } from './engine.ts'
import { decidedOf, entryOf } from './rows.ts'

/**
 * Entries are numbered in the order in which their transactions were committed, as SQLite has one
 * writer at a time. A position is the database's id, the number of the last entry before it, and what
 * that entry is: after a backup was restored, another entry may get the same number.
 */
export function positionNow(engine: Engine): string {
  return engine.read((statements) => {
    const last = statements.get(`${SELECT_MARK} ORDER BY id DESC LIMIT 1`)
    return positionOf(databaseOf(statements), last)
  })
}

export function changesAfter(engine: Engine, after: string, limit: number): StoredChanges {
  return engine.read((statements) => {
    const database = databaseOf(statements)
    const number = numberOf(statements, database, after)
    const rows = statements.all(SELECT_CHANGES, number, limit + 1)
    const page = rows.slice(0, limit)
    const last = page.at(-1)
    // A page of nothing keeps the place, of which the mark was looked at.
    const position =
      last === undefined ? markAt(statements, database, number) : positionOf(database, last)
    return { changes: page.map(changeOf), position, hasMore: rows.length > limit }
  })
}

function changeOf(columns: Columns): StoredChange {
  return {
    provider: String(columns['provider']),
    callId: String(columns['call_id']),
    entry: entryOf(columns),
    before: decidedOf(columns['decided_before']),
  }
}

function databaseOf(statements: Statements): string {
  return String(statements.get('SELECT id FROM callstate_database')?.['id'])
}

/** The number after which to go on: 0 where the position is another database's, or of its own past. */
function numberOf(statements: Statements, database: string, position: string): number {
  const number = Number(position.split('/')[1])
  if (!Number.isSafeInteger(number) || number < 1) return 0
  return markAt(statements, database, number) === position ? number : 0
}

function markAt(statements: Statements, database: string, number: number): string {
  return positionOf(database, statements.get(`${SELECT_MARK} WHERE id = ?`, number))
}

function positionOf(database: string, mark: Columns | undefined): string {
  if (mark === undefined) return `${database}/0`
  const { id, call_row, sequence, received_at } = mark
  return [database, id, call_row, sequence, received_at].map(String).join('/')
}

const SELECT_MARK = 'SELECT id, call_row, sequence, received_at FROM callstate_entries'

const SELECT_CHANGES = `
  SELECT entries.*, provider, call_id, previous.decided AS decided_before
  FROM callstate_entries AS entries
    JOIN callstate_calls AS calls ON calls.id = entries.call_row
    LEFT JOIN callstate_entries AS previous
      ON previous.call_row = entries.call_row AND previous.sequence = entries.sequence - 1
  WHERE entries.id > ? ORDER BY entries.id LIMIT ?`
