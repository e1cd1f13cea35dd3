import { EMPTY_CALL, isSettled, observe, outcome, parseStatus } from 'callstate'
import type { AttemptLedger, FinalChange } from '../../calls/final-data.ts'
import {
  type CallStanding,
  type Decided,
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
  readonly dataDueAt?: number | null
  /** The earlier of both due times, unless it is said. */
  readonly askAt?: number | null
  readonly payload?: string | null
}

/** A write as a tracker makes it: events folded into the row, and an entry for each. */
export function sampleWrite(callId: string, options: SampleOptions = {}): CallWrite {
  const { provider = PROVIDER, before, statuses = ['ringing'], at = START_AT } = options
  const { dueAt = null, dataDueAt = null, payload = '{"sample":true}' } = options
  const { askAt = earlier(dueAt, dataDueAt) } = options
  let call = before?.knowledge ?? EMPTY_CALL
  const stored = before?.events ?? 0
  const entries = statuses.map((word, place): HistoryEntry => {
    const sequence = stored + place + 1
    const { status } = parseStatus(word)
    const event: StoredEvent = { status, word, attempt: 1, occurredAt: at, kind: 'webhook' }
    const observed = observe(call, event)
    call = observed.call
    const { decision } = observed
    const { knowledge: _, ...standing } = standingOf(call, dueAt, dataDueAt)
    const decided: Decided = {
      ...standing,
      of: call.attempt,
      rules: RULES,
      facts: factsAt(sequence),
    }
    const key = `key-${sequence}-${word}`
    return { type: 'event', sequence, key, receivedAt: at, event, decision, decided, payload }
  })
  const row: TrackedCall = {
    provider,
    callId,
    ...standingOf(call, dueAt, dataDueAt),
    attempts: ledgersOf(call.attempt, stored + entries.length, dataDueAt),
    askAt,
    rules: RULES,
    events: stored + entries.length,
    firstReceivedAt: before?.firstReceivedAt ?? at,
    lastReceivedAt: at,
    forgottenAt: before?.forgottenAt ?? null,
    revision: (before?.revision ?? 0) + 1,
  }
  return { row, basedOn: before?.revision ?? 0, entries }
}

/** The version of the rules that a sample was decided by. */
const RULES = 2

function standingOf(
  call: TrackedCall['knowledge'],
  dueAt: number | null,
  dataDueAt: number | null,
): CallStanding & Pick<TrackedCall, 'knowledge'> {
  const standing = { settled: isSettled(call), dueAt, dataDueAt, outcome: outcome(call) }
  return { ...withStatus(call), ...standing }
}

function earlier(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.min(a, b)
}

/** Numbers that only the exact ones are equal to, and every kind of value. */
function factsAt(sequence: number): readonly FinalChange[] {
  if (sequence % 2 === 1) return []
  const cost = { amount: 0.1 + 0.2 + sequence * 1e-9, currency: 'EUR', unit: null }
  const recording = { sequence, pointer: '/a~1b/0/é "q"', pruned: false }
  const other = { transcript: null, extraction: null, hangupBy: null, reason: 'a\u2028b' }
  const finalData = { durationMs: 1e15, cost, recording, ...other, voicemail: false }
  const correction = { field: 'cost', before: null, now: cost, message: 'a key' } as const
  return [{ attempt: 1, finalData, ready: ['cost', 'voicemail'], corrected: [correction] }]
}

function ledgersOf(
  attempt: number,
  events: number,
  dataDueAt: number | null,
): readonly AttemptLedger[] {
  if (events % 2 === 1) return []
  const cost = { amount: 1e-7, currency: null, unit: 'cent' }
  const said = { message: 'a key', sequence: 1, isNamed: true, at: null, order: 7 }
  return [
    {
      attempt,
      end: 'completed',
      endedAt: START_AT,
      supersededAt: null,
      finalFields: ['cost', 'durationMs', 'voicemail'],
      said: [
        {
          ...said,
          end: 'completed',
          fields: { cost: { value: cost }, voicemail: { value: false } },
        },
        { ...said, end: null, isNamed: false, fields: {} },
      ],
      readyFields: ['cost'],
      missing: ['durationMs'],
      dataDueAt,
      isAskable: true,
    },
  ]
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
