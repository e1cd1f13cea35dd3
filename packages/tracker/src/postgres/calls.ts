import { type CallRef, keyOfRef } from '../calls/tracked-call.ts'
import type { CallWrite, Store } from '../store.ts'
import { callOf, entryOf, numberOf, wholeMs, wholeMsOrNull } from './rows.ts'
import { fromSafeText, toSafeText } from './safe-text.ts'
import type { Row, Run } from './session.ts'
import type { TableNames } from './table-names.ts'

/** Calls and their histories: reading them, and writing them by compare-and-swap. */
export function callMethods(
  run: Run,
  names: TableNames,
): Pick<Store, 'load' | 'append' | 'replace' | 'history'> {
  const load = `select * from ${names.load}($1, $2)`
  const append = `select * from ${names.append}(${placeholders(21)}) as place`
  const replace = replaceSql(names)
  const history = historySql(names)
  return {
    async load(refs) {
      if (refs.length === 0) return []
      const rows = await run('read calls', load, refColumns(refs))
      const found = new Map(rows.map((row) => [numberOf(row['place']), row]))
      return refs.map((ref, index) => {
        const row = found.get(index + 1)
        return row && { row: callOf(ref, row), keys: keysOf(row) }
      })
    },

    async append(writes, { now }) {
      if (writes.length === 0) return []
      const sorted = writes.toSorted(byRef)
      const rows = await run('write calls', append, appendColumns(sorted, now))
      const written = new Set(rows.map((row) => sorted[numberOf(row['place']) - 1]))
      return writes.map((write) => written.has(write))
    },

    async replace(write) {
      return (await run('replace a call', replace, replaceValues(write))).length > 0
    },

    async history(ref, { after = 0, limit } = {}) {
      const values = [...refValues(ref), after, limit ?? null]
      return (await run("read a call's history", history, values)).map(entryOf)
    },
  }
}

/** The name of a call as two values of a statement. Pure. */
export function refValues({ provider, callId }: CallRef): [string, string] {
  return [toSafeText(provider), toSafeText(callId)]
}

function refColumns(refs: readonly CallRef[]): [string[], string[]] {
  return [refs.map((ref) => toSafeText(ref.provider)), refs.map((ref) => toSafeText(ref.callId))]
}

/** The same order in every process: whoever comes second waits, and nobody waits for each other. */
function byRef(a: CallWrite, b: CallWrite): number {
  const [keyA, keyB] = [keyOfRef(a.row), keyOfRef(b.row)]
  return keyA < keyB ? -1 : keyA > keyB ? 1 : 0
}

function appendColumns(writes: readonly CallWrite[], now: number): unknown[] {
  const rows = writes.map(({ row }) => row)
  const entries = writes.flatMap((write, index) =>
    write.entries.map((entry) => ({ entry, place: index + 1 })),
  )
  return [
    ...refColumns(rows),
    writes.map(({ basedOn }) => basedOn),
    rows.map(({ revision }) => revision),
    rows.map(({ status }) => status),
    rows.map(({ settled }) => settled),
    rows.map(({ dueAt }) => wholeMsOrNull(dueAt)),
    rows.map(({ events }) => events),
    writes.map((write) => write.entries.length),
    rows.map(({ firstReceivedAt }) => wholeMs(firstReceivedAt)),
    rows.map(({ lastReceivedAt }) => wholeMs(lastReceivedAt)),
    wholeMs(now),
    rows.map(({ forgottenAt }) => wholeMsOrNull(forgottenAt)),
    rows.map(({ knowledge }) => JSON.stringify(knowledge)),
    entries.map(({ place }) => place),
    entries.map(({ entry }) => entry.sequence),
    entries.map(({ entry }) => wholeMs(entry.receivedAt)),
    entries.map(({ entry }) => toSafeText(entry.key)),
    entries.map(({ entry }) => JSON.stringify(entry.event)),
    entries.map(({ entry }) => JSON.stringify(entry.decision)),
    entries.map(({ entry }) => entry.payload),
  ]
}

function replaceSql(names: TableNames): string {
  return `
with replaced as (
  update ${names.calls} set
    revision = $4, status = $5, settled = $6, due_at = $7::bigint,
    poll_at = case when due_at is distinct from $7::bigint then $7::bigint else poll_at end,
    polls = case when due_at is distinct from $7::bigint then 0 else polls end,
    events = $8, first_received_at = $9, last_received_at = $10, forgotten_at = $11, knowledge = $12
  where provider = $1 and call_id = $2 and revision = $3
  returning id
), changed as (
  update ${names.entries} as entry set
    received_at = fresh.received_at, key = fresh.key, event = fresh.event,
    decision = fresh.decision, payload = fresh.payload
  from replaced, unnest(
    $13::int[], $14::bigint[], $15::text[], $16::text[], $17::text[], $18::text[]
  ) as fresh (sequence, received_at, key, event, decision, payload)
  where entry.call = replaced.id and entry.sequence = fresh.sequence
), emptied as (
  update ${names.deadLetters} set error = ''
  where provider = $1 and call_id = $2 and exists (select from replaced)
)
select id from replaced`
}

function replaceValues(write: CallWrite): unknown[] {
  const { row, entries } = write
  return [
    ...refValues(row),
    write.basedOn,
    row.revision,
    row.status,
    row.settled,
    wholeMsOrNull(row.dueAt),
    row.events,
    wholeMs(row.firstReceivedAt),
    wholeMs(row.lastReceivedAt),
    wholeMsOrNull(row.forgottenAt),
    JSON.stringify(row.knowledge),
    entries.map((entry) => entry.sequence),
    entries.map((entry) => wholeMs(entry.receivedAt)),
    entries.map((entry) => toSafeText(entry.key)),
    entries.map((entry) => JSON.stringify(entry.event)),
    entries.map((entry) => JSON.stringify(entry.decision)),
    entries.map((entry) => entry.payload),
  ]
}

function historySql(names: TableNames): string {
  return `
select sequence, received_at, key, event, decision, payload
from ${names.entries}
where call = (select id from ${names.calls} where provider = $1 and call_id = $2)
  and sequence > $3::int
order by sequence
limit $4::bigint`
}

function keysOf(row: Row): string[] {
  const keys = row['keys']
  return Array.isArray(keys) ? keys.map((key) => fromSafeText(String(key))) : []
}

function placeholders(count: number): string {
  return Array.from({ length: count }, (_, index) => `$${index + 1}`).join(', ')
}
