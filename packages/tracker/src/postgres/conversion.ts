import { outcome } from 'callstate'
import {
  type Call01,
  callFrom01,
  type Decision01,
  type Event01,
  historyFrom01,
  RULES_OF_0_1,
} from '../migration/from-0.1.ts'
import { eventColumns } from './calls.ts'
import { numberOf } from './rows.ts'
import type { Row, Run } from './session.ts'
import type { TableNames } from './table-names.ts'

/** Calls that are read, converted and written at once. */
const BATCH_CALLS = 200

/** Before every number. */
const FIRST = '0'

/** A call as release 0.1 kept it. */
interface OldCall {
  readonly number: string
  readonly known: Call01
  readonly sequences: readonly number[]
  readonly entries: readonly { readonly event: Event01; readonly decision: Decision01 }[]
}

/**
 * Converts what release 0.1 wrote, in batches of calls, each a statement and so a transaction of its
 * own. A process that dies leaves whole calls converted; the next one goes on. Several at once do the
 * same work twice, and write each call once.
 */
export async function convertRows(run: Run, names: TableNames): Promise<void> {
  const read = readSql(names)
  const write = writeSql(names)
  // On from the last one, so that nobody looks again at what was converted; from the start once more at
  // the end, since it may be there that something is left.
  for (let after = FIRST; ; ) {
    const rows = await run('read the calls of release 0.1', read, [BATCH_CALLS, after])
    if (rows.length === 0 && after === FIRST) return
    const calls = rows.map(oldCallOf)
    if (calls.length > 0) {
      await run('convert the calls of release 0.1', write, convertedColumns(calls))
    }
    after = calls.at(-1)?.number ?? FIRST
  }
}

function readSql(names: TableNames): string {
  return `
select call.number, call.known,
  coalesce(array_agg(entry.sequence order by entry.sequence)
    filter (where entry.sequence is not null), '{}') as sequences,
  coalesce(array_agg(entry.event order by entry.sequence)
    filter (where entry.sequence is not null), '{}') as events,
  coalesce(array_agg(entry.decision order by entry.sequence)
    filter (where entry.sequence is not null), '{}') as decisions
from (
  select number, known from ${names.calls} where rules is null and number > $2
  order by number limit $1
) as call
left join ${names.entries} as entry on entry.call = call.number
group by call.number, call.known
order by call.number`
}

// Rows are locked in one order, and looked at again once they are: whoever comes second writes nothing.
function writeSql(names: TableNames): string {
  return `
with picked as materialized (
  select number from ${names.calls} where number = any($1::bigint[]) and rules is null
  order by number for update
), entries as (
  update ${names.entries} as entry set
    event = fresh.event, decision = fresh.decision, rules = ${RULES_OF_0_1}, kind = fresh.kind,
    event_id = fresh.event_id, event_sequence = fresh.event_sequence, xid = '0'
  from unnest(
    $4::bigint[], $5::int[], $6::text[], $7::text[], $8::text[], $9::text[], $10::double precision[]
  ) as fresh (call, sequence, event, decision, kind, event_id, event_sequence)
  where entry.call = fresh.call and entry.sequence = fresh.sequence
    and fresh.call in (select number from picked)
)
update ${names.calls} as call set
  known = fresh.known, outcome = fresh.outcome, rules = ${RULES_OF_0_1}, ask_at = call.due_at
from unnest($1::bigint[], $2::text[], $3::text[]) as fresh (number, known, outcome)
where call.number = fresh.number and call.number in (select number from picked)`
}

function oldCallOf(row: Row): OldCall {
  const decisions = textsOf(row['decisions'])
  return {
    number: String(row['number']),
    known: JSON.parse(String(row['known'])) as Call01,
    sequences: textsOf(row['sequences']).map(numberOf),
    entries: textsOf(row['events']).map((event, place) => ({
      event: JSON.parse(event) as Event01,
      decision: JSON.parse(decisions[place] ?? 'null') as Decision01,
    })),
  }
}

function convertedColumns(calls: readonly OldCall[]): unknown[][] {
  const known = calls.map((call) => callFrom01(call.known))
  const entries = calls.flatMap(({ number, sequences, entries: old }) =>
    historyFrom01(old).map((entry, place) => ({ ...entry, number, sequence: sequences[place] })),
  )
  return [
    calls.map(({ number }) => number),
    known.map((call) => JSON.stringify(call)),
    known.map((call) => outcome(call)),
    entries.map(({ number }) => number),
    entries.map(({ sequence }) => sequence),
    entries.map(({ event }) => JSON.stringify(event)),
    entries.map(({ decision }) => JSON.stringify(decision)),
    ...eventColumns(entries.map(({ event }) => event)),
  ]
}

function textsOf(column: unknown): string[] {
  return Array.isArray(column) ? column.map(String) : []
}
