import type { Store } from '../store.ts'
import { refuseUnsaidBegin } from '../unsaid-begin.ts'
import { refValues } from './calls.ts'
import { numberOf, refOf, wholeMs } from './rows.ts'
import { toSafeText } from './safe-text.ts'
import type { Run } from './session.ts'
import type { TableNames } from './table-names.ts'

/** Consumers and their cursors. A cursor's `due_at` is the end of its claim while there is one. */
export function consumerMethods(
  run: Run,
  names: TableNames,
): Pick<
  Store,
  'registerConsumer' | 'fillConsumer' | 'removeConsumer' | 'claimCalls' | 'endClaim' | 'keepClaim'
> {
  const register = `select ${names.register}($1, $2, $3) as how`
  const fill = `select ${names.fill}($1, $2, $3) as has_more`
  const remove = removeSql(names)
  const claim = claimSql(names)
  const end = endSql(names)
  const keep = keepSql(names)
  return {
    async registerConsumer(name, { from }) {
      const rows = await run('register a consumer', register, [
        toSafeText(name),
        fromAtOf(from),
        from === null,
      ])
      if (rows[0]?.['how'] === 'refused') refuseUnsaidBegin(name)
    },

    async fillConsumer(name, { limit, now }) {
      const values = [toSafeText(name), limit, wholeMs(now)]
      const rows = await run('make calls known to a consumer', fill, values)
      return rows[0]?.['has_more'] === true
    },

    async removeConsumer(name) {
      await run('remove a consumer', remove, [toSafeText(name)])
    },

    async claimCalls(consumer, { now, until, limit, owner, latest }) {
      const times = [wholeMs(now), wholeMs(until)]
      // Where the bounds cross, no call is found twice.
      const ahead = wholeMs(Math.max(now, latest))
      const values = [toSafeText(consumer), ...times, limit, toSafeText(owner), ahead]
      const rows = await run('claim calls', claim, values)
      return rows.map((row) => ({
        ...refOf(row),
        position: numberOf(row['position']),
        tries: numberOf(row['tries']),
      }))
    },

    async endClaim(consumer, ref, owner, { position, tries, nextAt, deadLetter }) {
      const rows = await run('end a claim', end, [
        toSafeText(consumer),
        ...refValues(ref),
        toSafeText(owner),
        position,
        tries,
        wholeMs(nextAt),
        deadLetter?.sequence ?? null,
        deadLetter === undefined ? null : toSafeText(deadLetter.error),
        deadLetter === undefined ? null : wholeMs(deadLetter.at),
      ])
      return rows.length > 0
    },

    async keepClaim(consumer, ref, owner, { position, until }) {
      const rows = await run('keep a claim', keep, [
        toSafeText(consumer),
        ...refValues(ref),
        toSafeText(owner),
        position,
        wholeMs(until),
      ])
      return rows.length > 0
    },
  }
}

/** Before every time that there is. */
const START_AT = '-9223372036854775808'

/** From which time on a consumer gets entries; null: those that are written from now on. */
function fromAtOf(from: 'start' | 'now' | number | null): string | number | null {
  // Without a word there are no calls yet; one that is being written is wanted.
  if (from === 'start' || from === null) return START_AT
  return from === 'now' ? null : wholeMs(from)
}

// A batch that is being written meanwhile can leave a cursor behind. Nobody sees it: a consumer that
// registers again under the name has another id.
function removeSql(names: TableNames): string {
  return `
with removed as (
  delete from ${names.consumers} where name = $1 returning number
), without_cursors as (
  delete from ${names.cursors} where consumer in (select number from removed)
)
delete from ${names.deadLetters} where consumer in (select number from removed)`
}

// A search in the index for each bound; one for both would look at all that lies between. What is ahead
// comes after all that is due.
function claimSql(names: TableNames): string {
  const select = `select consumer, call, due_at from ${names.cursors}
  where consumer = (select number from ${names.consumers} where name = $1)`
  return `
with due as materialized (
  ${select} and due_at <= $2
  order by due_at, call limit $4 for update skip locked
), ahead as materialized (
  ${select} and due_at > $6
  order by due_at, call limit $4 - (select count(*) from due) for update skip locked
), picked as (
  select * from due union all select * from ahead
), claimed as (
  update ${names.cursors} as known set
    due_at = $3, owner = $5, tries = known.tries + (known.owner is not null)::int
  from picked where known.consumer = picked.consumer and known.call = picked.call
  returning known.provider, known.call_id, known.position, known.tries, picked.due_at as since,
    known.call
)
select provider, call_id, position, tries from claimed order by since, call`
}

// Whether entries are left is read off the cursor's own row: it is the only one whose newest version
// this statement is sure to see.
function endSql(names: TableNames): string {
  return `
with ended as (
  update ${names.cursors} set
    position = $5, tries = $6, owner = null,
    due_at = case when head > $5 then $7::bigint end
  where ${ownClaim(names)}
  returning consumer, provider, call_id
), set_aside as (
  insert into ${names.deadLetters} (consumer, provider, call_id, sequence, error, failed_at, replays)
  select consumer, provider, call_id, $8::int, $9::text, $10::bigint, 0
  from ended where $8::int is not null
)
select 1 from ended`
}

function keepSql(names: TableNames): string {
  return `
update ${names.cursors} set
  tries = case when position = $5::int then tries else 0 end, position = $5::int, due_at = $6
where ${ownClaim(names)}
returning 1`
}

function ownClaim(names: TableNames): string {
  return `consumer = (select number from ${names.consumers} where name = $1)
    and call = (select number from ${names.calls} where provider = $2 and call_id = $3)
    and owner = $4`
}
