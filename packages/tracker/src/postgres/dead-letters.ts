import type { Store } from '../store.ts'
import { deadLetterOf, wholeMs } from './rows.ts'
import { toSafeText } from './safe-text.ts'
import type { Run } from './session.ts'
import type { TableNames } from './table-names.ts'

/** Entries that were set aside. The end of a claim is kept as the time of the next replay. */
export function deadLetterMethods(
  run: Run,
  names: TableNames,
): Pick<Store, 'deadLetters' | 'reviveDeadLetters' | 'claimDeadLetters' | 'endDeadLetter'> {
  const list = listSql(names)
  const revive = reviveSql(names)
  const claim = claimSql(names)
  const handled = `delete from ${names.deadLetters} where id = $1`
  const failed = `
update ${names.deadLetters} set error = $2, failed_at = $3, replays = replays + 1, due_at = null
where id = $1`
  return {
    async deadLetters({ consumer, after, limit }) {
      const rows = await run('list dead letters', list, [
        consumer === undefined ? null : toSafeText(consumer),
        after ? wholeMs(after.at) : null,
        after ? idOf(after.id) : null,
        limit,
      ])
      return rows.map(deadLetterOf)
    },

    async reviveDeadLetters(consumer, { id, now }) {
      const values = [toSafeText(consumer), id === undefined ? null : idOf(id), wholeMs(now)]
      return (await run('revive dead letters', revive, values)).length
    },

    async claimDeadLetters(consumer, { now, until, limit }) {
      const values = [toSafeText(consumer), wholeMs(now), wholeMs(until), limit]
      return (await run('claim dead letters', claim, values)).map(deadLetterOf)
    },

    async endDeadLetter(id, end) {
      if (end.handled) await run('end a dead letter', handled, [idOf(id)])
      else {
        const values = [idOf(id), toSafeText(end.error), wholeMs(end.at)]
        await run('end a dead letter', failed, values)
      }
    },
  }
}

const NO_ID = '0'

/** An id as PostgreSQL reads it. What cannot be one stands for none: it may come from an address. Pure. */
function idOf(id: string): string {
  return /^[1-9]\d{0,17}$/.test(id) ? id : NO_ID
}

const COLUMNS = `letter.id, consumer.name as consumer, letter.provider, letter.call_id,
  letter.sequence, letter.error, letter.failed_at, letter.replays, letter.due_at`

function listSql(names: TableNames): string {
  return `
select ${COLUMNS}
from ${names.deadLetters} as letter
join ${names.consumers} as consumer on consumer.number = letter.consumer
where ($1::text is null or letter.consumer = (select number from ${names.consumers} where name = $1))
  and ($2::bigint is null or (letter.failed_at, letter.id) > ($2::bigint, $3::bigint))
order by letter.failed_at, letter.id
limit $4`
}

function reviveSql(names: TableNames): string {
  return `
update ${names.deadLetters} set due_at = $3
where consumer = (select number from ${names.consumers} where name = $1)
  and ($2::bigint is null or id = $2::bigint) and due_at is null
returning id`
}

function claimSql(names: TableNames): string {
  return `
with picked as materialized (
  select id from ${names.deadLetters}
  where consumer = (select number from ${names.consumers} where name = $1) and due_at <= $2
  order by failed_at, id limit $4 for update skip locked
), letter as (
  update ${names.deadLetters} as letter set due_at = $3
  from picked where letter.id = picked.id
  returning letter.*
)
select ${COLUMNS}
from letter join ${names.consumers} as consumer on consumer.number = letter.consumer
order by letter.failed_at, letter.id`
}
