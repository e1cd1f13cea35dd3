import type { Run } from './session.ts'
import type { TableNames } from './table-names.ts'

/** Entries that are written at once. */
const BATCH_ENTRIES = 10_000

/**
 * Makes tables that came from another system at home in this one: transactions have other numbers here,
 * so entries say 0, which every snapshot shows, and consumers that did not know all their calls yet
 * begin anew to learn them. Whoever does so holds the row that names the system, and looks at it again
 * once he has it: nothing that was written here is touched. Safe with several processes and at any end.
 */
export async function settleIn(run: Run, names: TableNames): Promise<void> {
  const forget = forgetSql(names)
  const finish = finishSql(names)
  for (;;) {
    const rows = await run('settle in a new system', forget, [BATCH_ENTRIES])
    if (rows.length > 0) continue
    await run('settle in a new system', finish, [])
    return
  }
}

function movedSql(names: TableNames): string {
  return `moved as materialized (
  select name from ${names.meta} where name = 'system'
    and value <> (select system_identifier::text from pg_control_system())
  for update
)`
}

function forgetSql(names: TableNames): string {
  return `
with ${movedSql(names)}, picked as materialized (
  select call, sequence from ${names.entries} where xid > '0' and exists (select from moved) limit $1
)
update ${names.entries} as entry set xid = '0'
from picked where entry.call = picked.call and entry.sequence = picked.sequence
returning 1`
}

function finishSql(names: TableNames): string {
  return `
with ${movedSql(names)}, begun as (
  update ${names.consumers} set
    before_snapshot = pg_current_snapshot(), seen_from = null, blind_writers = null,
    fill_provider = case when from_at is not null then '' end,
    fill_call_id = case when from_at is not null then '' end, fill_skipped = '{}'
  where not filled and exists (select from moved)
)
update ${names.meta} set value = (select system_identifier::text from pg_control_system())
where name in (select name from moved)`
}
