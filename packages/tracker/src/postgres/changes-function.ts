import { literal, type TableNames } from './table-names.ts'

/** Up to so many pages of entries are sorted; from more of them on, all entries are gone through in order. */
const SORTED_PAGES = 20

/**
 * The entries that one snapshot shows and an earlier one does not, by call and sequence, after a place in
 * that order; without an earlier snapshot all that it shows. Those of one call are in their order, also
 * where a transaction that began first ended last.
 *
 * Not visible in a snapshot is a transaction that it names as running, or that is not older than its
 * `xmax`: the index finds both halves, and a transaction that stays open for hours costs nothing, which
 * it would where the search began at `xmin`. The function is stable, so it reads what the statement
 * around it reads.
 */
export function changesSql(names: TableNames): string {
  const page = (from: string, where: string) => `
    return query
    select call.provider, call.call_id, entry.call, entry.sequence, entry.type, entry.received_at,
      entry.key, entry.event, entry.decision, entry.payload, entry.decided, before.decided
    from (
      select call, sequence from ${from}
      where ${where}pg_visible_in_snapshot(xid, p_until) and (call, sequence) > (p_call, p_sequence)
      order by call, sequence limit p_limit
    ) as place
    join ${names.entries} as entry
      on entry.call = place.call and entry.sequence = place.sequence
    join ${names.calls} as call on call.number = entry.call
    left join ${names.entries} as before
      on before.call = entry.call and before.sequence = entry.sequence - 1
    order by place.call, place.sequence;`
  const body = `
#variable_conflict use_column
begin
  if p_after is not null then
    perform from ${names.entries} where xid >= pg_snapshot_xmax(p_after)
      offset p_limit * ${SORTED_PAGES} limit 1;
  end if;
  if p_after is null or found then
${page(names.entries, '(p_after is null or not pg_visible_in_snapshot(xid, p_after)) and ')}
  else
${page(
  `(
        select call, sequence, xid from ${names.entries} where xid >= pg_snapshot_xmax(p_after)
        union all
        select call, sequence, xid from ${names.entries}
        where xid = any (array(select pg_snapshot_xip(p_after)))
        offset 0
      ) as fresh`,
  '',
)}
  end if;
end`
  return `
create function ${names.changes}(
  p_after pg_snapshot, p_until pg_snapshot, p_call bigint, p_sequence int, p_limit int
) returns table (
  provider text, call_id text, call bigint, sequence int, type text, received_at bigint, key text,
  event text, decision text, payload text, decided text, decided_before text
)
-- What was added last is found by the index, whatever the statistics say of it.
language plpgsql stable set enable_seqscan = off as ${literal(body)};`
}
