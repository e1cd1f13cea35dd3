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

/** What both engines name alike in a call. The JSON is made here, outside of what is timed. */
export function callValues({ row }: CallWrite) {
  const { provider, callId, knowledge, settled, dueAt, events, revision } = row
  const { firstReceivedAt, lastReceivedAt, forgottenAt } = row
  const times = [firstReceivedAt, lastReceivedAt, forgottenAt] as const
  const text = JSON.stringify(knowledge)
  return [provider, callId, row.status, settled, dueAt, events, ...times, revision, text] as const
}

/** The values of each entry of a call. */
export function entryValues({ entries }: CallWrite) {
  return entries.map(({ sequence, key, receivedAt, event, decision, payload }) => {
    const texts = [JSON.stringify(event), JSON.stringify(decision), payload] as const
    return [sequence, key, receivedAt, ...texts] as const
  })
}
