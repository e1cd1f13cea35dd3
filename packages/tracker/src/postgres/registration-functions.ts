import { ASSERT_ISOLATION } from './assert-isolation.ts'
import { literal, type TableNames } from './table-names.ts'

/**
 * The sequence of the first entry of a call that `consumer` has to get, as a select list; null where it
 * has to get none. The row of the consumer is in scope under that name.
 */
export function firstWantedSql(names: TableNames, call: string): string {
  return `(
        select min(wanted.sequence) from ${names.entries} as wanted
        where wanted.call = ${call} and case
          when consumer.from_at is null
            then not pg_visible_in_snapshot(wanted.xid, consumer.before_snapshot)
          else wanted.received_at >= consumer.from_at end
      )`
}

/**
 * Adds a consumer and nothing else. `added`, `known` where it was there, `refused` where nobody said from
 * where it begins and there are calls.
 */
export function registerSql(names: TableNames): string {
  const body = `
declare
  new_number int;
begin
${ASSERT_ISOLATION}
  if exists (select from ${names.consumers} where name = p_name) then return 'known'; end if;
  if p_must_be_first and exists (select from ${names.calls}) then return 'refused'; end if;
  insert into ${names.consumers} (name, from_at, filled, before_snapshot, fill_provider, fill_call_id)
    values (
      p_name, p_from_at, false, pg_current_snapshot(),
      case when p_from_at is not null then '' end, case when p_from_at is not null then '' end
    )
    on conflict (name) do nothing returning number into new_number;
  return case when new_number is null then 'known' else 'added' end;
end`
  return `
create function ${names.register}(p_name text, p_from_at bigint, p_must_be_first boolean)
returns text language plpgsql as ${literal(body)};`
}

/**
 * Makes the next calls known to a consumer, and what was being written while it was registered; whether
 * there is more to do.
 *
 * A batch that was being written then may not see the consumer: it makes no cursor. Such a batch held its
 * lock on the table of calls before it looked for consumers, so whoever holds that lock in a statement
 * after the registration is told by `pg_locks`; once all of those have ended, everything they wrote is
 * found by its transaction: not visible before the registration, and older than this function's first
 * run. A transaction that wrote no call is waited for by nobody.
 *
 * Rows of calls are locked for a moment, and those that are locked already are passed over and tried
 * again: whoever writes them waits for nothing that this one waits for.
 */
export function fillSql(names: TableNames): string {
  const body = `
#variable_conflict use_column
declare
  consumer record;
  batch bigint[];
  left_over bigint[];
  next record;
  are_blind_done boolean;
begin
${ASSERT_ISOLATION}
  select * into consumer from ${names.consumers} where name = p_name for update;
  if not found or consumer.filled then return false; end if;
  if consumer.seen_from is null then
    update ${names.consumers} set
      seen_from = pg_current_xact_id(), blind_writers = ${writersSql(names)}
    where number = consumer.number returning * into consumer;
  end if;

  if consumer.fill_provider is not null then
    select coalesce(array_agg(number), '{}') as numbers, array_agg(provider) as providers,
      array_agg(call_id) as call_ids
    into next from (
      select number, provider, call_id from ${names.calls}
      where (provider, call_id) > (consumer.fill_provider, consumer.fill_call_id)
      order by provider, call_id limit p_limit
    ) as next_calls;
    batch := next.numbers;
${fillCallsSql(names, 'consumer.fill_skipped || batch')}
    update ${names.consumers} set
      fill_skipped = left_over, fill_provider = next.providers[cardinality(batch)],
      fill_call_id = next.call_ids[cardinality(batch)]
    where number = consumer.number;
    return true;
  end if;

  -- Looked at before the statement that reads what they wrote.
  are_blind_done := not (consumer.blind_writers && ${writersSql(names)});
  select coalesce(array_agg(distinct call), '{}') into batch from ${names.entries}
  where xid = any (array(select pg_snapshot_xip(consumer.before_snapshot)))
    or (xid >= pg_snapshot_xmax(consumer.before_snapshot) and xid < consumer.seen_from);
${fillCallsSql(names, 'consumer.fill_skipped || batch')}
  update ${names.consumers} set
    fill_skipped = left_over, filled = are_blind_done and left_over = '{}'
  where number = consumer.number returning * into consumer;
  return not consumer.filled;
end`
  return `
create function ${names.fill}(p_name text, p_limit int, p_now bigint)
returns boolean
-- Calls are found by their index, also where nothing is known of the lengths of lists.
language plpgsql set enable_seqscan = off as ${literal(body)};`
}

/** The transactions that hold the lock of those who write calls, as an array of texts. */
function writersSql(names: TableNames): string {
  return `array(
    select running.transactionid::text
    from pg_locks as running join pg_locks as writes
      on writes.virtualtransaction = running.virtualtransaction
    where running.locktype = 'transactionid' and running.mode = 'ExclusiveLock' and running.granted
      and writes.locktype = 'relation' and writes.relation = ${literal(names.calls)}::regclass
      and writes.database = (select oid from pg_database where datname = current_database())
      and writes.mode = 'RowExclusiveLock' and writes.granted
  )`
}

/** Makes these calls known; the numbers of those that are locked are left over. */
function fillCallsSql(names: TableNames, numbers: string): string {
  return `
    with wanted as materialized (
      select distinct number from unnest(${numbers}) as number
    ), free as materialized (
      select call.number, call.provider, call.call_id, call.events from ${names.calls} as call
      where call.number in (select number from wanted) for share skip locked
    ), made as (
      insert into ${names.cursors} as known (
        consumer, call, provider, call_id, position, head, due_at, tries
      )
      select consumer.number, free.number, free.provider, free.call_id, first.sequence - 1,
        free.events, p_now, 0
      from free cross join lateral (select ${firstWantedSql(names, 'free.number')} as sequence) as first
      where first.sequence is not null
      on conflict (consumer, call) do update set
        head = excluded.head, due_at = coalesce(known.due_at, excluded.due_at)
      where known.head < excluded.head
    )
    select coalesce(array_agg(number), '{}') into left_over from wanted
    where number not in (select number from free);`
}
