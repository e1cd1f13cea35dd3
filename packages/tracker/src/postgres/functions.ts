import { ASSERT_ISOLATION } from './assert-isolation.ts'
import { changesSql } from './changes-function.ts'
import { fillSql, firstWantedSql, registerSql } from './registration-functions.ts'
import { literal, type TableNames } from './table-names.ts'

/**
 * The functions of version 2. They are functions so that a session keeps their plans, and so that each
 * statement in them sees what was committed before it. A change of one gets a new name: processes of
 * two releases may run side by side. Those of 0.1 go, so that its processes cannot write.
 */
export function functionsSql(names: TableNames): string {
  const dropped = names.old.map((name) => `drop function if exists ${name};`)
  const made = [appendSql, loadSql, changesSql, registerSql, fillSql].map((sql) => sql(names))
  return [...dropped, ...made].join('\n')
}

// Calls come in a fixed order, so that two batches with the same calls cannot wait for each other. The
// revision is compared with the row that is locked, in its newest version, never with what a snapshot
// shows. Entries and cursors of a call are only written while its row is locked. The single statements
// are small, so that starting them costs little: most batches hold one event.
function appendSql(names: TableNames): string {
  const body = `
#variable_conflict use_column
declare
  fresh record;
  written_number bigint;
  -- By place in the batch: the call's number, 0 where it was not written.
  numbers bigint[] := array_fill(0::bigint, array[cardinality(p_providers)]);
begin
${ASSERT_ISOLATION}
  for fresh in
    select * from unnest(
      p_providers, p_call_ids, p_based_on, p_revisions, p_statuses, p_settled, p_due_at,
      p_data_due_at, p_ask_at, p_outcomes, p_events, p_first_received_at, p_last_received_at,
      p_forgotten_at, p_known, p_attempts, p_rules
    ) with ordinality as batch (
      provider, call_id, based_on, revision, status, settled, due_at,
      data_due_at, ask_at, outcome, events, first_received_at, last_received_at,
      forgotten_at, known, attempts, rules, place
    )
  loop
    if fresh.based_on = 0 then
      insert into ${names.calls} (
        provider, call_id, revision, status, settled, due_at, data_due_at, ask_at, next_poll_at, polls,
        outcome, events, first_received_at, last_received_at, forgotten_at, known, attempts, rules
      ) values (
        fresh.provider, fresh.call_id, fresh.revision, fresh.status, fresh.settled, fresh.due_at,
        fresh.data_due_at, fresh.ask_at, fresh.ask_at, 0, fresh.outcome, fresh.events,
        fresh.first_received_at, fresh.last_received_at, fresh.forgotten_at, fresh.known,
        fresh.attempts, fresh.rules
      )
      on conflict (provider, call_id) do nothing
      returning number into written_number;
    else
      update ${names.calls} set
        revision = fresh.revision, status = fresh.status, settled = fresh.settled,
        due_at = fresh.due_at, data_due_at = fresh.data_due_at, ask_at = fresh.ask_at,
        next_poll_at = case
          when ask_at is distinct from fresh.ask_at then fresh.ask_at else next_poll_at end,
        polls = case when ask_at is distinct from fresh.ask_at then 0 else polls end,
        outcome = fresh.outcome, events = fresh.events,
        first_received_at = fresh.first_received_at, last_received_at = fresh.last_received_at,
        forgotten_at = fresh.forgotten_at, known = fresh.known, attempts = fresh.attempts,
        rules = fresh.rules
      where provider = fresh.provider and call_id = fresh.call_id
        and revision = fresh.based_on
      returning number into written_number;
    end if;
    if written_number is not null then
      numbers[fresh.place] := written_number;
      return next fresh.place::int;
    end if;
  end loop;

  insert into ${names.entries} (
    call, sequence, type, received_at, key, event, decision, payload, decided, rules, kind, event_id,
    event_sequence
  )
  select numbers[place], sequence, type, received_at, key, event, decision, payload, decided, rules,
    kind, event_id, event_sequence
  from unnest(
    p_entry_places, p_sequences, p_types, p_received_at, p_keys, p_entry_events, p_decisions,
    p_payloads, p_decided, p_entry_rules, p_kinds, p_event_ids, p_event_sequences
  ) as entry (
    place, sequence, type, received_at, key, event, decision, payload, decided, rules, kind, event_id,
    event_sequence
  )
  where numbers[place] > 0;

  if not exists (select from ${names.consumers}) then return; end if;
  insert into ${names.cursors} as known (
    consumer, call, provider, call_id, position, head, due_at, tries
  )
  select consumer.number, numbers[place], provider, call_id,
    -- While a consumer is new, entries that it has to get can be there of which it knows nothing yet.
    case when consumer.filled or events = added then events - added
      else (select ${firstWantedSql(names, 'numbers[place]')}) - 1 end,
    events, p_now, 0
  from unnest(p_providers, p_call_ids, p_events, p_added)
    with ordinality as batch (provider, call_id, events, added, place)
  cross join ${names.consumers} as consumer
  where numbers[place] > 0
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
  p_statuses text[], p_settled boolean[], p_due_at bigint[], p_data_due_at bigint[],
  p_ask_at bigint[], p_outcomes text[], p_events int[], p_added int[],
  p_first_received_at bigint[], p_last_received_at bigint[], p_now bigint,
  p_forgotten_at bigint[], p_known text[], p_attempts text[], p_rules int[],
  p_entry_places int[], p_sequences int[], p_types text[], p_received_at bigint[], p_keys text[],
  p_entry_events text[], p_decisions text[], p_payloads text[], p_decided text[], p_entry_rules int[],
  p_kinds text[], p_event_ids text[], p_event_sequences double precision[]
) returns setof int language plpgsql as ${literal(body)};`
}

function loadSql(names: TableNames): string {
  const body = `
#variable_conflict use_column
begin
  return query
  select wanted.place::int, call.revision, call.settled, call.due_at, call.data_due_at, call.ask_at,
    call.outcome, call.events, call.first_received_at, call.last_received_at, call.forgotten_at,
    call.known, call.attempts, call.rules,
    array(select entry.key from ${names.entries} as entry where entry.call = call.number
      order by entry.sequence)
  from unnest(p_providers, p_call_ids) with ordinality as wanted (provider, call_id, place)
  join ${names.calls} as call on call.provider = wanted.provider and call.call_id = wanted.call_id;
end`
  return `
create function ${names.load}(p_providers text[], p_call_ids text[]) returns table (
  place int, revision bigint, settled boolean, due_at bigint, data_due_at bigint, ask_at bigint,
  outcome text, events int, first_received_at bigint, last_received_at bigint, forgotten_at bigint,
  known text, attempts text, rules int, keys text[]
) language plpgsql as ${literal(body)};`
}
