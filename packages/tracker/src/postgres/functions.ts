import { REFUSALS } from './session.ts'
import { literal, type TableNames } from './table-names.ts'

/**
 * The functions of version 1. They are functions so that a session keeps their plans, and so that
 * registering takes its lock before it looks. A change of one gets a new name: processes of two
 * releases may run side by side.
 */
export function functionsSql(names: TableNames): string {
  return [appendSql(names), loadSql(names), registerSql(names)].join('\n')
}

/**
 * Refuses any isolation but PostgreSQL's default. Writing and registering rely on it: each statement of
 * a function sees what was committed before it, and not only what was before the function.
 */
export const ASSERT_ISOLATION = `
  if current_setting('transaction_isolation') not in ('read committed', 'read uncommitted') then
    raise exception using errcode = '${REFUSALS.isolation}', message =
      'The store needs read committed isolation: leave default_transaction_isolation as PostgreSQL has it.';
  end if;`

// Calls come in a fixed order, so that two batches with the same calls cannot wait for each other. The
// revision is compared with the row that is locked, in its newest version, never with what a snapshot
// shows. Entries and cursors of a call are only written while its row is locked. The single statements
// are small, so that starting them costs little: most batches hold one event.
function appendSql(names: TableNames): string {
  const body = `
#variable_conflict use_column
declare
  fresh record;
  written_id bigint;
  -- By place in the batch: the call's id, 0 where it was not written.
  ids bigint[] := array_fill(0::bigint, array[cardinality(p_providers)]);
begin
${ASSERT_ISOLATION}
  for fresh in
    select * from unnest(
      p_providers, p_call_ids, p_based_on, p_revisions, p_statuses, p_settled, p_due_at, p_events,
      p_first_received_at, p_last_received_at, p_forgotten_at, p_knowledge
    ) with ordinality as batch (
      provider, call_id, based_on, revision, status, settled, due_at, events,
      first_received_at, last_received_at, forgotten_at, knowledge, place
    )
  loop
    if fresh.based_on = 0 then
      insert into ${names.calls} (
        provider, call_id, revision, status, settled, due_at, poll_at, polls, events,
        first_received_at, last_received_at, forgotten_at, knowledge
      ) values (
        fresh.provider, fresh.call_id, fresh.revision, fresh.status, fresh.settled, fresh.due_at,
        fresh.due_at, 0, fresh.events, fresh.first_received_at, fresh.last_received_at,
        fresh.forgotten_at, fresh.knowledge
      )
      on conflict (provider, call_id) do nothing
      returning id into written_id;
    else
      update ${names.calls} set
        revision = fresh.revision, status = fresh.status, settled = fresh.settled,
        due_at = fresh.due_at,
        poll_at = case when due_at is distinct from fresh.due_at then fresh.due_at else poll_at end,
        polls = case when due_at is distinct from fresh.due_at then 0 else polls end,
        events = fresh.events, first_received_at = fresh.first_received_at,
        last_received_at = fresh.last_received_at, forgotten_at = fresh.forgotten_at,
        knowledge = fresh.knowledge
      where provider = fresh.provider and call_id = fresh.call_id
        and revision = fresh.based_on
      returning id into written_id;
    end if;
    if written_id is not null then
      ids[fresh.place] := written_id;
      return next fresh.place::int;
    end if;
  end loop;

  insert into ${names.entries} (call, sequence, received_at, key, event, decision, payload)
  select ids[place], sequence, received_at, key, event, decision, payload
  from unnest(
    p_entry_places, p_sequences, p_received_at, p_keys, p_entry_events, p_decisions, p_payloads
  ) as entry (place, sequence, received_at, key, event, decision, payload)
  where ids[place] > 0;

  if not exists (select from ${names.consumers}) then return; end if;
  insert into ${names.cursors} as known (
    consumer, call, provider, call_id, position, head, due_at, tries
  )
  select consumer.id, ids[place], provider, call_id, events - added, events, p_now, 0
  from unnest(p_providers, p_call_ids, p_events, p_added)
    with ordinality as batch (provider, call_id, events, added, place)
  cross join ${names.consumers} as consumer
  where ids[place] > 0
  on conflict (consumer, call) do update set
    head = excluded.head,
    due_at = case
      when known.due_at is null then excluded.due_at
      -- A claim and a pause keep their end.
      when known.owner is null and known.tries = 0 then least(known.due_at, excluded.due_at)
      else known.due_at
    end;
end`
  return `
create function ${names.append}(
  p_providers text[], p_call_ids text[], p_based_on bigint[], p_revisions bigint[],
  p_statuses text[], p_settled boolean[], p_due_at bigint[], p_events int[], p_added int[],
  p_first_received_at bigint[], p_last_received_at bigint[], p_now bigint,
  p_forgotten_at bigint[], p_knowledge text[], p_entry_places int[], p_sequences int[], p_received_at bigint[],
  p_keys text[], p_entry_events text[], p_decisions text[], p_payloads text[]
) returns setof int language plpgsql as ${literal(body)};`
}

function loadSql(names: TableNames): string {
  const body = `
#variable_conflict use_column
begin
  return query
  select wanted.place::int, call.revision, call.settled, call.due_at, call.events,
    call.first_received_at, call.last_received_at, call.forgotten_at, call.knowledge,
    array(select entry.key from ${names.entries} as entry where entry.call = call.id
      order by entry.sequence)
  from unnest(p_providers, p_call_ids) with ordinality as wanted (provider, call_id, place)
  join ${names.calls} as call on call.provider = wanted.provider and call.call_id = wanted.call_id;
end`
  return `
create function ${names.load}(p_providers text[], p_call_ids text[]) returns table (
  place int, revision bigint, settled boolean, due_at bigint, events int, first_received_at bigint,
  last_received_at bigint, forgotten_at bigint, knowledge text, keys text[]
) language plpgsql as ${literal(body)};`
}

// A batch that is being written does not see a consumer that registers meanwhile. The lock waits for
// it to end and holds the next ones up, so that each either sees the consumer or is seen by it. The lock
// has to be there before a snapshot is taken, hence a function.
function registerSql(names: TableNames): string {
  const body = `
declare
  new_id int;
begin
  if exists (select from ${names.consumers} where name = p_name) then return; end if;
${ASSERT_ISOLATION}
  lock table ${names.calls} in share row exclusive mode;
  insert into ${names.consumers} (name) values (p_name)
    on conflict (name) do nothing returning id into new_id;
  if new_id is null or not p_from_start then return; end if;
  insert into ${names.cursors} (
    consumer, call, provider, call_id, position, head, due_at, tries
  )
  select new_id, id, provider, call_id, 0, events, p_now, 0
  from ${names.calls};
end`
  return `
create function ${names.register}(p_name text, p_from_start boolean, p_now bigint)
returns void language plpgsql as ${literal(body)};`
}
