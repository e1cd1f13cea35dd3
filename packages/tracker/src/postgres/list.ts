import type { Store, StoreQuery } from '../store.ts'
import { refValues } from './calls.ts'
import { CALL_COLUMNS, callOf, refOf, wholeMs } from './rows.ts'
import { toSafeText } from './safe-text.ts'
import type { Run } from './session.ts'
import type { TableNames } from './table-names.ts'

/** A condition and the values that its `?` stand for. */
interface Condition {
  readonly sql: string
  readonly values: readonly unknown[]
}

/** A time by which calls are due. */
type DueColumn = 'due_at' | 'data_due_at'

/** The due times that a query is about, by why. */
const DUE_COLUMNS = {
  silent: ['due_at'],
  data: ['data_due_at'],
  either: ['due_at', 'data_due_at'],
} as const satisfies Record<string, readonly DueColumn[]>

/** Lists of calls. */
export function listMethods(run: Run, names: TableNames): Pick<Store, 'list'> {
  return {
    async list(query) {
      const { text, values } = listStatement(names, query)
      return (await run('list calls', text, values)).map((row) => callOf(refOf(row), row))
    },
  }
}

/** The statement of a list: only the limits that are there, so that the planner sees through them. Pure. */
export function listStatement(
  names: TableNames,
  query: StoreQuery,
): { readonly text: string; readonly values: unknown[] } {
  const values: unknown[] = []
  const select = (column: string, direction: string, conditions: readonly Condition[]) => {
    const where = conditions.map((condition) => numbered(condition, values))
    values.push(query.limit)
    return `
select provider, call_id, ${CALL_COLUMNS}
from ${names.calls}
${where.length === 0 ? '' : `where ${where.join('\n  and ')}`}
order by ${column} ${direction}, provider ${direction}, call_id ${direction}
limit $${values.length}`
  }
  if (query.order === 'newest') {
    const after = afterOf('first_received_at', '<', query)
    const conditions = [...limitsOf(query), ...overdueOf(query), ...after]
    return { text: select('first_received_at', 'desc', conditions), values }
  }
  // Each call is listed by its earlier time only, so that an index serves each half.
  const columns = dueColumnsOf(query)
  const halves = columns.map((column) =>
    select(column, 'asc', [
      ...limitsOf(query),
      ...dueFirstOf(column, columns),
      ...(query.overdue === undefined ? [] : [dueBy(column, query.overdue.by)]),
      ...afterOf(column, '>', query),
    ]),
  )
  if (halves.length === 1) return { text: halves.join(''), values }
  values.push(query.limit)
  return {
    text: `
select * from (${halves.map((half) => `(${half})`).join(' union all ')}) as due
order by least(due_at, data_due_at), provider, call_id
limit $${values.length}`,
    values,
  }
}

function dueColumnsOf({ overdue }: StoreQuery): readonly DueColumn[] {
  return DUE_COLUMNS[overdue?.why ?? 'either']
}

/** That a call has this time and, where both are asked for, that it comes before the other. */
function dueFirstOf(column: DueColumn, columns: readonly DueColumn[]): readonly Condition[] {
  const isThere: Condition = { sql: `${column} is not null`, values: [] }
  const [other] = columns.filter((one) => one !== column)
  if (other === undefined) return [isThere]
  const beyond = column === 'due_at' ? '>=' : '>'
  const isFirst = `(${other} is null or ${other} ${beyond} ${column})`
  return [isThere, { sql: isFirst, values: [] }]
}

function dueBy(column: DueColumn, by: number): Condition {
  return { sql: `${column} <= ?`, values: [wholeMs(by)] }
}

function overdueOf(query: StoreQuery): readonly Condition[] {
  const { overdue } = query
  if (overdue === undefined) return []
  const either = dueColumnsOf(query).map((column) => dueBy(column, overdue.by))
  const sql = `(${either.map((one) => one.sql).join(' or ')})`
  return [{ sql, values: either.flatMap((one) => one.values) }]
}

function afterOf(column: string, beyond: string, { after }: StoreQuery): readonly Condition[] {
  if (after === null) return []
  const values = [wholeMs(after.at), ...refValues(after)]
  return [{ sql: `(${column}, provider, call_id) ${beyond} (?, ?, ?)`, values }]
}

function limitsOf(query: StoreQuery): readonly Condition[] {
  const conditions: Condition[] = []
  const add = (sql: string, ...values: unknown[]) => conditions.push({ sql, values })
  if (query.provider !== undefined) add('provider = ?', toSafeText(query.provider))
  if (query.statuses !== undefined) {
    const named = query.statuses.filter((status) => status !== null)
    const orNone = query.statuses.includes(null) ? ' or status is null' : ''
    add(`(status = any(?::text[])${orNone})`, named)
  }
  // Written out, and not a value, so that the index of open calls serves it.
  if (query.settled !== undefined) add(query.settled ? 'settled' : 'not settled')
  if (query.openedFrom !== undefined) add('first_received_at >= ?', wholeMs(query.openedFrom))
  if (query.openedBefore !== undefined) add('first_received_at < ?', wholeMs(query.openedBefore))
  if (query.quietSince !== undefined) add('last_received_at <= ?', wholeMs(query.quietSince))
  return conditions
}

/** A condition whose values are added to those of the statement. */
function numbered({ sql, values: own }: Condition, values: unknown[]): string {
  let place = values.length
  values.push(...own)
  return sql.replaceAll('?', () => {
    place += 1
    return `$${place}`
  })
}
