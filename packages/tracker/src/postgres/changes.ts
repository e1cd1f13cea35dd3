import type { Store, StoredChange } from '../store.ts'
import { decidedOf, entryOf, numberOf, refOf } from './rows.ts'
import type { Row, Run } from './session.ts'
import type { TableNames } from './table-names.ts'

/** Where a reader is: what it has read, and how far it is in the page after that. */
interface Position {
  /** The database and the system that it belongs to. */
  readonly origin: string
  /** Everything that this snapshot shows was read; null: nothing yet. */
  readonly after: string | null
  /** In the midst of what this one shows beside it: up to this place. */
  readonly page: { readonly until: string; readonly call: string; readonly sequence: number } | null
}

/**
 * Which changes a reader has not read yet. A position is a snapshot, not a number: numbers are given
 * before the commit, so that one who began earlier and commits later would be passed over.
 */
export function changeMethods(
  run: Run,
  names: TableNames,
  restored: () => Promise<void>,
): Pick<Store, 'position' | 'changes'> {
  const origin = `
  select database.value || '.' || system.system_identifier as origin,
    place.value <> system.system_identifier::text as is_restored,
    pg_current_snapshot() as now
  from ${names.meta} as database, ${names.meta} as place, pg_control_system() as system
  where database.name = 'database' and place.name = 'system'`
  const position = `select origin, is_restored, now::text from (${origin}) as origin`
  const changes = changesSql(names, origin)

  /** The rows of a statement about a database that is where it was. */
  async function rowsOf(doing: string, text: string, values: unknown[]): Promise<readonly Row[]> {
    const rows = await run(doing, text, values)
    if (rows[0]?.['is_restored'] !== true) return rows
    await restored()
    return run(doing, text, values)
  }

  return {
    async position() {
      const [row] = await rowsOf('read the position', position, [])
      return textOf({ origin: String(row?.['origin']), after: String(row?.['now']), page: null })
    },

    async changes(after, { limit }) {
      const from = positionOf(after)
      const rows = await rowsOf('read changes', changes, [
        from?.origin ?? '',
        from?.after ?? null,
        from?.page?.until ?? null,
        from?.page?.call ?? 0,
        from?.page?.sequence ?? 0,
        limit,
      ])
      const found = rows.filter((row) => row['call'] !== null)
      return {
        changes: found.map(changeOf),
        ...nextOf(rows[0], found.at(-1), found.length < limit),
      }
    },
  }
}

// A position of another database, or one that is ahead of this one because it was set back to an earlier
// state, begins anew.
function changesSql(names: TableNames, origin: string): string {
  return `
with origin as materialized (${origin}
), known as materialized (
  select origin.*,
    $1 = origin.origin and coalesce(
      greatest(pg_snapshot_xmax($2::pg_snapshot), pg_snapshot_xmax($3::pg_snapshot))
        <= pg_snapshot_xmax(origin.now),
      true
    ) as is_ours
  from origin
), wanted as materialized (
  select origin, is_restored, case when is_ours then $2::pg_snapshot end as after,
    case when is_ours then coalesce($3::pg_snapshot, now) else now end as until,
    case when is_ours then $4::bigint else 0 end as from_call,
    case when is_ours then $5::int else 0 end as from_sequence
  from known
)
select origin, is_restored, after::text, until::text, change.*
from wanted left join lateral ${names.changes}(after, until, from_call, from_sequence, $6::int) as change
  on true
order by change.call, change.sequence`
}

function nextOf(head: Row | undefined, last: Row | undefined, isDone: boolean) {
  const origin = String(head?.['origin'])
  const until = String(head?.['until'])
  if (isDone || last === undefined) {
    return { position: textOf({ origin, after: until, page: null }), hasMore: false }
  }
  const page = { until, call: String(last['call']), sequence: numberOf(last['sequence']) }
  const after = head?.['after']
  return {
    position: textOf({ origin, after: typeof after === 'string' ? after : null, page }),
    hasMore: true,
  }
}

function changeOf(row: Row): StoredChange {
  return { ...refOf(row), entry: entryOf(row), before: decidedOf(row['decided_before']) }
}

/** Stands for no snapshot. */
const NOTHING = '-'
const SNAPSHOT = String.raw`\d{1,20}:\d{1,20}:(?:\d{1,20}(?:,\d{1,20})*)?`
const POSITION = new RegExp(
  String.raw`^([0-9a-f]{32}\.\d{1,20})/(-|${SNAPSHOT})(?:/(${SNAPSHOT})/(\d{1,18})/(\d{1,9}))?$`,
)

function textOf({ origin, after, page }: Position): string {
  const parts = page === null ? [] : [page.until, page.call, page.sequence]
  return [origin, after ?? NOTHING, ...parts].join('/')
}

/** The position in a text; null where no store of this kind wrote it. */
function positionOf(text: string): Position | null {
  const match = POSITION.exec(text)
  if (match === null) return null
  const [, origin = '', after = '', until, call = '', sequence] = match
  const page = until === undefined ? null : { until, call, sequence: Number(sequence) }
  return { origin, after: after === NOTHING ? null : after, page }
}
