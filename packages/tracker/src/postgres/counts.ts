import type { ConsumerCounts, Store, StoreCounts } from '../store.ts'
import { numberOf, numberOrNull, wholeMs } from './rows.ts'
import { fromSafeText } from './safe-text.ts'
import type { Row, Run } from './session.ts'
import type { TableNames } from './table-names.ts'

/** What there is to watch over. */
export function countMethods(run: Run, names: TableNames): Pick<Store, 'counts'> {
  const overdue = `
select provider as name, count(*) filter (where due_at <= $1) as silent,
  count(*) filter (where data_due_at <= $1) as data
from ${names.calls} where due_at <= $1 or data_due_at <= $1 group by provider`
  const consumers = `
with counted as (
  select consumer, provider, count(*) as waiting, min(due_at) as oldest, 0 as dead
  from ${names.cursors} where due_at is not null and head > position
  group by consumer, provider
  union all
  select consumer, provider, 0, null, count(*) from ${names.deadLetters}
  group by consumer, provider
)
select consumer.name, counted.provider, coalesce(sum(counted.waiting), 0) as waiting,
  min(counted.oldest) as oldest, coalesce(sum(counted.dead), 0) as dead
from ${names.consumers} as consumer left join counted on counted.consumer = consumer.number
group by consumer.name, counted.provider`
  return {
    async counts({ now }) {
      const [late, told] = await Promise.all([
        run('count overdue calls', overdue, [wholeMs(now)]),
        run('count what consumers have left', consumers),
      ])
      return {
        overdue: new Map(
          late.map((row) => [
            nameOf(row),
            { silent: numberOf(row['silent']), data: numberOf(row['data']) },
          ]),
        ),
        consumers: consumersOf(told),
      }
    },
  }
}

function consumersOf(rows: readonly Row[]): StoreCounts['consumers'] {
  const consumers = new Map<string, Map<string, ConsumerCounts>>()
  for (const row of rows) {
    const counts = consumers.get(nameOf(row)) ?? new Map<string, ConsumerCounts>()
    consumers.set(nameOf(row), counts)
    // A consumer with nothing left has one row, without a provider.
    if (typeof row['provider'] !== 'string') continue
    counts.set(fromSafeText(row['provider']), {
      waiting: numberOf(row['waiting']),
      oldestDueAt: numberOrNull(row['oldest']),
      deadLetters: numberOf(row['dead']),
    })
  }
  return consumers
}

function nameOf(row: Row): string {
  return fromSafeText(String(row['name']))
}
