import type { Store } from '../store.ts'
import { refValues } from './calls.ts'
import { CALL_COLUMNS, callOf, numberOf, refOf, wholeMs, wholeMsOrNull } from './rows.ts'
import type { Run } from './session.ts'
import type { TableNames } from './table-names.ts'

/** Calls that are to be asked about. The end of a claim is kept as the time of the next asking. */
export function silenceMethods(
  run: Run,
  names: TableNames,
): Pick<Store, 'claimSilent' | 'postponePoll'> {
  const claim = `
with picked as materialized (
  select number, next_poll_at as since from ${names.calls}
  where next_poll_at <= $1 and provider = $4 order by next_poll_at, number limit $3 for update skip locked
), claimed as (
  update ${names.calls} as call set next_poll_at = $2
  from picked where call.number = picked.number
  returning call.*, picked.since
)
select provider, call_id, polls, ${CALL_COLUMNS} from claimed order by since, number`
  const postpone = `
update ${names.calls} set next_poll_at = $4, polls = $5
where provider = $1 and call_id = $2 and ask_at is not distinct from $3`
  return {
    async claimSilent({ provider, now, until, limit }) {
      const values = [wholeMs(now), wholeMs(until), limit, provider]
      const rows = await run('claim silent calls', claim, values)
      return rows.map((row) => ({ row: callOf(refOf(row), row), asked: numberOf(row['polls']) }))
    },

    async postponePoll(ref, { askAt, at, asked }) {
      const values = [...refValues(ref), wholeMsOrNull(askAt), wholeMsOrNull(at), asked]
      await run('postpone the asking about a call', postpone, values)
    },
  }
}
