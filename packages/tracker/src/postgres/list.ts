import type { ListOrder, Store, StoreQuery } from '../store.ts'
import { refValues } from './calls.ts'
import { callOf, refOf, wholeMs } from './rows.ts'
import { toSafeText } from './safe-text.ts'
import type { Run } from './session.ts'
import type { TableNames } from './table-names.ts'

/** A condition and the values that its `?` stand for. */
interface Condition {
  readonly sql: string
  readonly values: readonly unknown[]
}

const ORDERS = {
  newest: { column: 'first_received_at', direction: 'desc', beyond: '<' },
  due: { column: 'due_at', direction: 'asc', beyond: '>' },
} as const satisfies Record<ListOrder, object>

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
  const where = conditionsOf(query).map((condition) => {
    values.push(...condition.values)
    let place = values.length - condition.values.length
    return condition.sql.replaceAll('?', () => {
      place += 1
      return `$${place}`
    })
  })
  values.push(query.limit)
  const { column, direction } = ORDERS[query.order]
  return {
    text: `
select provider, call_id, revision, settled, due_at, events, first_received_at, last_received_at,
  forgotten_at, knowledge
from ${names.calls}
${where.length === 0 ? '' : `where ${where.join('\n  and ')}`}
order by ${column} ${direction}, provider ${direction}, call_id ${direction}
limit $${values.length}`,
    values,
  }
}

function conditionsOf(query: StoreQuery): Condition[] {
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
  if (query.dueBy !== undefined) add('due_at <= ?', wholeMs(query.dueBy))
  if (query.order === 'due') add('due_at is not null')
  if (query.after !== null) {
    const { column, beyond } = ORDERS[query.order]
    const { at } = query.after
    add(
      `(${column}, provider, call_id) ${beyond} (?, ?, ?)`,
      wholeMs(at),
      ...refValues(query.after),
    )
  }
  return conditions
}
