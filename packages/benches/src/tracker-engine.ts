import type { CallWrite, Store } from '@callstate/tracker'
import type { Release01, Store01 } from '../../tracker/test/fixtures/release-0.1.ts'

/** A database engine for a comparison: the tracker's store, and what one would write without it. */
export interface BenchEngine {
  readonly title: string
  /** A new, empty store. */
  openStore(): Promise<Store>
  /** A new, empty store of release 0.1, with the same settings. */
  openStore01(release: Release01): Promise<Store01>
  /** A writer of rows into new tables, which are those of a store. */
  openBare(): Promise<BareWriter>
  /** Inserts one row for a webhook into a new table. */
  openInsert(): Promise<(callId: string, status: string, body: string) => Promise<void>>
  close(): Promise<void>
}

/**
 * Writes rows that are known already: makes the values of one transaction ready to be bound, and
 * returns what writes them, with prepared statements.
 */
export type BareWriter = (transaction: readonly CallWrite[]) => () => Promise<void>

/** What both engines hold of a call, in the order of `CALL_COLUMNS`. The JSON is made here, outside of what is timed. */
export function callValues({ row }: CallWrite) {
  const { provider, callId, status, settled, dueAt, dataDueAt, askAt, outcome, events } = row
  const { firstReceivedAt, lastReceivedAt, forgottenAt, rules, revision } = row
  const standing = [provider, callId, status, settled, dueAt, dataDueAt, askAt, outcome] as const
  const times = [events, firstReceivedAt, lastReceivedAt, forgottenAt, rules, revision] as const
  const texts = [JSON.stringify(row.knowledge), JSON.stringify(row.attempts)] as const
  return [...standing, ...times, ...texts] as const
}

/** What both engines hold of each entry of a call, in the order of `ENTRY_COLUMNS`. */
export function entryValues({ entries }: CallWrite) {
  return entries.map(({ sequence, key, receivedAt, type, event, decision, decided, payload }) => {
    const texts = [event, decision, decided].map((value) => JSON.stringify(value))
    const { kind = null, eventId = null, sequence: order = null } = event ?? {}
    const found = [decided?.rules ?? null, kind, eventId, order, payload] as const
    return [sequence, key, receivedAt, type, ...texts, ...found] as const
  })
}

/** The columns of a call but for `known` and what asking needs, which the engines name each in its own way. */
export const CALL_COLUMNS = [
  'provider',
  'call_id',
  'status',
  'settled',
  'due_at',
  'data_due_at',
  'ask_at',
  'outcome',
  'events',
  'first_received_at',
  'last_received_at',
  'forgotten_at',
  'rules',
  'revision',
] as const

/** The columns of an entry but for its call. */
export const ENTRY_COLUMNS = [
  'sequence',
  'key',
  'received_at',
  'type',
  'event',
  'decision',
  'decided',
  'rules',
  'kind',
  'event_id',
  'event_sequence',
  'payload',
] as const

/** What a call that is there gets from `excluded`. */
export function setsOf(columns: readonly string[]): string {
  const kept = ['provider', 'call_id', 'first_received_at']
  return columns
    .filter((column) => !kept.includes(column))
    .map((column) => `${column} = excluded.${column}`)
    .join(', ')
}
