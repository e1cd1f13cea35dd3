import type { Store } from '../store.ts'
import { numberOf, numberOrNull, wholeMs } from './rows.ts'
import { fromSafeText } from './safe-text.ts'
import type { Row, Run } from './session.ts'
import type { TableNames } from './table-names.ts'

/** What there is to watch over. */
export function countMethods(run: Run, names: TableNames): Pick<Store, 'counts'> {
  const overdue = `
select provider as name, count(*) as overdue from ${names.calls} where due_at <= $1 group by provider`
  const consumers = `
select consumer.name, waiting.calls as waiting, waiting.oldest, letters.dead
from ${names.consumers} as consumer
cross join lateral (
  select count(*) as calls, min(due_at) as oldest from ${names.cursors}
  where consumer = consumer.id and due_at is not null and head > position
) as waiting
cross join lateral (
  select count(*) as dead from ${names.deadLetters} where consumer = consumer.id
) as letters`
  return {
    async counts({ now }) {
      const [late, told] = await Promise.all([
        run('count overdue calls', overdue, [wholeMs(now)]),
        run('count what consumers have left', consumers),
      ])
      return {
        overdue: new Map(late.map((row) => [nameOf(row), numberOf(row['overdue'])])),
        consumers: new Map(
          told.map((row) => [
            nameOf(row),
            {
              waiting: numberOf(row['waiting']),
              oldestDueAt: numberOrNull(row['oldest']),
              deadLetters: numberOf(row['dead']),
            },
          ]),
        ),
      }
    },
  }
}

function nameOf(row: Row): string {
  return fromSafeText(String(row['name']))
}
