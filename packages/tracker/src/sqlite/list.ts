import type { TrackedCall } from '../calls/tracked-call.ts'
import type { StoreQuery } from '../store.ts'
import type { Engine, SqliteValue } from './engine.ts'
import { rowOf } from './rows.ts'

/** By why a call is overdue: when it is. */
const DUE_COLUMNS = { any: 'overdue_at', silent: 'due_at', data: 'data_due_at' } as const

export function listCalls(engine: Engine, query: StoreQuery): readonly TrackedCall[] {
  const { sql, values } = listStatement(query)
  return engine.single((statements) => statements.all(sql, ...values)).map(rowOf)
}

/**
 * The statement of a list. Its text depends on which limits there are and never on their values, so
 * that there are few to prepare. Pure.
 */
export function listStatement(query: StoreQuery): {
  readonly sql: string
  readonly values: readonly SqliteValue[]
} {
  const { provider, statuses, settled, openedFrom, openedBefore, quietSince, overdue } = query
  const { order, after, limit } = query
  const conditions: string[] = []
  const values: SqliteValue[] = []
  const where = (condition: string, ...bound: readonly SqliteValue[]) => {
    conditions.push(condition)
    values.push(...bound)
  }
  // The plus keeps SQLite from finding all calls of the provider first, to sort them afterwards.
  if (provider !== undefined) where('+provider = ?', provider)
  if (statuses !== undefined) {
    // IS, since null in the list stands for null in the column.
    const isListed = 'EXISTS (SELECT 1 FROM json_each(?) AS wanted WHERE wanted.value IS status)'
    where(isListed, JSON.stringify(statuses))
  }
  // Written out, so that the index of open calls is used.
  if (settled !== undefined) where(settled ? 'settled = 1' : 'settled = 0')
  if (openedFrom !== undefined) where('first_received_at >= ?', openedFrom)
  if (openedBefore !== undefined) where('first_received_at < ?', openedBefore)
  if (quietSince !== undefined) where('last_received_at <= ?', quietSince)
  const dueColumn = DUE_COLUMNS[overdue?.why ?? 'any']
  // There is one index, by the earlier of both: every update of a call pays for each.
  if (overdue !== undefined) {
    where('overdue_at <= ?', overdue.by)
    where(`${dueColumn} <= ?`, overdue.by)
  }

  const isNewest = order === 'newest'
  const [time, direction, follows] = isNewest
    ? ['first_received_at', 'DESC', '<']
    : [dueColumn, 'ASC', '>']
  if (!isNewest) {
    where('overdue_at IS NOT NULL')
    where(`${dueColumn} IS NOT NULL`)
  }
  if (after !== null) {
    const place = [after.at, after.provider, after.callId] as const
    where(`(${time}, provider, call_id) ${follows} (?, ?, ?)`, ...place)
  }
  const all = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`
  const columns = [time, 'provider', 'call_id'].map((column) => `${column} ${direction}`)
  const sql = `SELECT * FROM callstate_calls ${all} ORDER BY ${columns.join(', ')} LIMIT ?`
  return { sql, values: [...values, limit] }
}
