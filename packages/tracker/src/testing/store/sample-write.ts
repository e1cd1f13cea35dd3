import { EMPTY_CALL, isSettled, observe, parseStatus } from 'callstate'
import {
  type HistoryEntry,
  type StoredEvent,
  type TrackedCall,
  withStatus,
} from '../../calls/tracked-call.ts'
import type { CallWrite, Store } from '../../store.ts'

/** When the calls of this suite begin: 1 March 2026, 00:00 UTC. */
export const START_AT = 1_772_323_200_000

/** The provider of a sample, unless it names another. */
export const PROVIDER = 'acme'

/** What is to be written; everything has a default. */
export interface SampleOptions {
  readonly provider?: string
  /** The row as it is stored; left out for a new call. */
  readonly before?: TrackedCall | undefined
  /** One entry is written for each; a word outside the table is unrecognized. */
  readonly statuses?: readonly string[]
  /** When the entries come. */
  readonly at?: number
  readonly dueAt?: number | null
  readonly payload?: string | null
}

/** A write as a tracker makes it: events folded into the row, and an entry for each. */
export function sampleWrite(callId: string, options: SampleOptions = {}): CallWrite {
  const { provider = PROVIDER, before, statuses = ['ringing'], at = START_AT } = options
  const { dueAt = null, payload = '{"sample":true}' } = options
  let call = before?.knowledge ?? EMPTY_CALL
  const stored = before?.events ?? 0
  const entries = statuses.map((word, place): HistoryEntry => {
    const sequence = stored + place + 1
    const { status } = parseStatus(word)
    const event: StoredEvent = { status, word, attempt: 1, occurredAt: at, kind: 'webhook' }
    const observed = observe(call, event)
    call = observed.call
    const { decision } = observed
    return { sequence, key: `key-${sequence}-${word}`, receivedAt: at, event, decision, payload }
  })
  const row: TrackedCall = {
    provider,
    callId,
    ...withStatus(call),
    settled: isSettled(call),
    dueAt,
    events: stored + entries.length,
    firstReceivedAt: before?.firstReceivedAt ?? at,
    lastReceivedAt: at,
    forgottenAt: before?.forgottenAt ?? null,
    revision: (before?.revision ?? 0) + 1,
  }
  return { row, basedOn: before?.revision ?? 0, entries }
}

/** Writes a sample on top of what is stored, at the time of its entries unless `now` is another. Fails where it is not written. */
export async function write(
  store: Store,
  callId: string,
  { now, ...options }: Omit<SampleOptions, 'before'> & { readonly now?: number } = {},
): Promise<TrackedCall> {
  const before = await rowOf(store, callId, options.provider)
  const sample = sampleWrite(callId, { ...options, before })
  const [isWritten] = await store.append([sample], { now: now ?? options.at ?? START_AT })
  if (isWritten !== true) throw new Error('A write on top of the stored revision was refused.')
  return sample.row
}

export async function rowOf(
  store: Store,
  callId: string,
  provider = PROVIDER,
): Promise<TrackedCall | undefined> {
  const [known] = await store.load([{ provider, callId }])
  return known?.row
}
