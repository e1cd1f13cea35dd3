import {
  type CallRef,
  type HistoryEntry,
  keyOfRef,
  type StoredEvent,
} from '../calls/tracked-call.ts'
import { RULES_OF_0_1 } from '../migration/from-0.1.ts'
import type { CallWrite, Store } from '../store.ts'
import { callOf, entryOf, numberOf, wholeMs, wholeMsOrNull } from './rows.ts'
import { fromSafeText, toSafeText } from './safe-text.ts'
import type { Row, Run } from './session.ts'
import type { TableNames } from './table-names.ts'

/** Calls and their histories: reading them, and writing them by compare-and-swap. */
export function callMethods(
  run: Run,
  names: TableNames,
  /** Called after something was written. */
  onWritten: () => void,
): Pick<Store, 'load' | 'append' | 'replace' | 'history'> {
  const load = `select * from ${names.load}($1, $2)`
  const append = `select * from ${names.append}(${placeholders(32)}) as place`
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
      if (written.size > 0) onWritten()
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
  const entries = writes.flatMap((write) => write.entries)
  return [
    ...refColumns(rows),
    writes.map(({ basedOn }) => basedOn),
    rows.map(({ revision }) => revision),
    rows.map(({ status }) => status),
    rows.map(({ settled }) => settled),
    rows.map(({ dueAt }) => wholeMsOrNull(dueAt)),
    rows.map(({ dataDueAt }) => wholeMsOrNull(dataDueAt)),
    rows.map(({ askAt }) => wholeMsOrNull(askAt)),
    rows.map(({ outcome }) => outcome),
    rows.map(({ events }) => events),
    writes.map((write) => write.entries.length),
    rows.map(({ firstReceivedAt }) => wholeMs(firstReceivedAt)),
    rows.map(({ lastReceivedAt }) => wholeMs(lastReceivedAt)),
    wholeMs(now),
    rows.map(({ forgottenAt }) => wholeMsOrNull(forgottenAt)),
    rows.map(({ knowledge }) => JSON.stringify(knowledge)),
    rows.map(({ attempts }) => JSON.stringify(attempts)),
    rows.map(({ rules }) => rules),
    writes.flatMap((write, index) => write.entries.map(() => index + 1)),
    ...entryColumns(entries),
  ]
}

function entryColumns(entries: readonly HistoryEntry[]): unknown[][] {
  return [
    entries.map(({ sequence }) => sequence),
    entries.map(({ type }) => type),
    entries.map(({ receivedAt }) => wholeMs(receivedAt)),
    entries.map(({ key }) => toSafeText(key)),
    entries.map(({ event }) => JSON.stringify(event)),
    entries.map(({ decision }) => JSON.stringify(decision)),
    entries.map(({ payload }) => payload),
    entries.map(({ decided }) => (decided === null ? null : JSON.stringify(decided))),
    entries.map(({ decided }) => decided?.rules ?? RULES_OF_0_1),
    ...eventColumns(entries.map(({ event }) => event)),
  ]
}

/** What an entry can be found by. */
export function eventColumns(events: readonly (StoredEvent | null)[]): unknown[][] {
  return [
    events.map((event) => event?.kind ?? null),
    events.map((event) => (event?.eventId === undefined ? null : toSafeText(event.eventId))),
    events.map((event) => event?.sequence ?? null),
  ]
}

// Which transaction added an entry stays as it is: what is replaced is no change.
function replaceSql(names: TableNames): string {
  return `
with replaced as (
  update ${names.calls} set
    revision = $4, status = $5, settled = $6, due_at = $7, data_due_at = $8, ask_at = $9::bigint,
    next_poll_at = case when ask_at is distinct from $9::bigint then $9::bigint else next_poll_at end,
    polls = case when ask_at is distinct from $9::bigint then 0 else polls end,
    outcome = $10, events = $11, first_received_at = $12, last_received_at = $13, forgotten_at = $14,
    known = $15, attempts = $16, rules = $17
  where provider = $1 and call_id = $2 and revision = $3
  returning number
), changed as (
  update ${names.entries} as entry set
    type = fresh.type, received_at = fresh.received_at, key = fresh.key, event = fresh.event,
    decision = fresh.decision, payload = fresh.payload, decided = fresh.decided, rules = fresh.rules,
    kind = fresh.kind, event_id = fresh.event_id, event_sequence = fresh.event_sequence
  from replaced, unnest(
    $18::int[], $19::text[], $20::bigint[], $21::text[], $22::text[], $23::text[], $24::text[],
    $25::text[], $26::int[], $27::text[], $28::text[], $29::double precision[]
  ) as fresh (
    sequence, type, received_at, key, event, decision, payload, decided, rules, kind, event_id,
    event_sequence
  )
  where entry.call = replaced.number and entry.sequence = fresh.sequence
), emptied as (
  update ${names.deadLetters} set error = ''
  where provider = $1 and call_id = $2 and exists (select from replaced)
)
select number from replaced`
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
    wholeMsOrNull(row.dataDueAt),
    wholeMsOrNull(row.askAt),
    row.outcome,
    row.events,
    wholeMs(row.firstReceivedAt),
    wholeMs(row.lastReceivedAt),
    wholeMsOrNull(row.forgottenAt),
    JSON.stringify(row.knowledge),
    JSON.stringify(row.attempts),
    row.rules,
    ...entryColumns(entries),
  ]
}

function historySql(names: TableNames): string {
  return `
select sequence, type, received_at, key, event, decision, payload, decided
from ${names.entries}
where call = (select number from ${names.calls} where provider = $1 and call_id = $2)
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
