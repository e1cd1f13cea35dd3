import {
  type Budgets,
  type Call,
  type Decision,
  EMPTY_CALL,
  isSettled,
  isTerminal,
  observe,
  outcome,
  type RetryPolicy,
} from 'callstate'
import { attemptOfEvent, RULES_VERSION, retryPolicyFor } from 'callstate/internal'
import type { Provider } from 'callstate/providers'
import { dueOf } from '../intake/due.ts'
import { endsOf } from './attempt-ends.ts'
import { dataDueOf, foldLedgers, type LedgerRules } from './ledger.ts'
import type { FinalMessage } from './ledger-said.ts'
import { sameData } from './same-data.ts'
import type { CallRef, Decided, HistoryEntry, StoredEvent, TrackedCall } from './tracked-call.ts'

/** What folding needs to know beside the call: all of it plain data and pure functions. */
export interface FoldRules extends LedgerRules {
  readonly provider: Provider
  readonly policy: RetryPolicy | undefined
  readonly budgets: Partial<Budgets>
}

/** The part of a row that follows from the entries of its call. */
export type FoldedRow = Omit<TrackedCall, keyof CallRef | 'events' | 'forgottenAt' | 'revision'>

/** An entry that is to be folded: what came, before anything was decided. */
export interface ToldEntry extends Pick<HistoryEntry, 'sequence' | 'key' | 'receivedAt'> {
  readonly type: 'event' | 'data'
  readonly event: StoredEvent
  /** The payload's value, as parsing it gives it; asked for where something in it is final. */
  readonly kept: () => unknown
}

/** What an entry leads to. */
export interface FoldedEntry {
  readonly row: FoldedRow
  /** Null for an entry that tells no status. */
  readonly decision: Decision | null
  readonly decided: Decided
}

/**
 * Takes one entry into what follows from those before it. One that tells no status changes nothing that is
 * known of the call, and whether it is settled: it is heard, and its data count. One that repeats what is
 * known leaves the call standing as it does, whatever the options of who takes it in. Pure.
 */
export function foldEntry(
  before: FoldedRow | undefined,
  entry: ToldEntry,
  rules: FoldRules,
): FoldedEntry {
  const { event, receivedAt } = entry
  const known = before?.knowledge ?? EMPTY_CALL
  const { call, decision } = observed(known, entry, rules)
  const policy = retryPolicyFor(call, rules.provider, rules.policy)
  const lastReceivedAt = Math.max(before?.lastReceivedAt ?? receivedAt, receivedAt)
  const of = attemptOfEvent(call, event)
  const repeats = decision === null ? 'all' : repeatedOf(decision, known, call)
  const context = { receivedAt, isRepeat: repeats !== null, rules }
  const message = finalMessageOf(entry, of)
  const { ledgers, facts } = foldLedgers(before?.attempts ?? [], message, call, context)
  // What says nothing new says nothing of the options of who takes it in.
  const asBefore = before !== undefined && decision !== null && repeats === 'all'
  const dueAt = asBefore ? before.dueAt : dueOf(call, { lastReceivedAt }, rules.budgets, policy)
  const isDecided = asBefore || decision === null
  const standing = {
    status: call.status,
    attempt: call.attempt,
    settled: isDecided ? (before?.settled ?? false) : isSettled(call, policy),
    dueAt,
    dataDueAt: dataDueOf(ledgers),
    outcome: outcome(call),
  }
  const row: FoldedRow = {
    ...standing,
    knowledge: call,
    attempts: ledgers,
    askAt: earlier(dueAt, dataDueOf(ledgers.filter(({ isAskable }) => isAskable))),
    firstReceivedAt: Math.min(before?.firstReceivedAt ?? receivedAt, receivedAt),
    lastReceivedAt,
    rules: RULES_VERSION,
  }
  return { row, decision, decided: { ...standing, of, rules: RULES_VERSION, facts } }
}

function observed(
  known: Call,
  { type, event }: ToldEntry,
  { provider }: FoldRules,
): { readonly call: Call; readonly decision: Decision | null } {
  return type === 'data' ? { call: known, decision: null } : observe(known, event, { provider })
}

/**
 * What an event only repeats: `all` that is known of the call, or but for times and details the `ends` of its
 * attempts; null where it is no repeat.
 */
function repeatedOf({ kind }: Decision, known: Call, call: Call): 'all' | 'ends' | null {
  if (kind !== 'duplicate') return null
  if (known === call || sameData(known, call)) return 'all'
  return sameData(endsOf(known), endsOf(call)) ? 'ends' : null
}

/**
 * The message of an entry, where what it holds can be final: the end of an attempt in a webhook or in a
 * record, or data alone. Replies to our own requests and rows of lists say the status and not the data.
 */
function finalMessageOf(entry: ToldEntry, attempt: number): FinalMessage | null {
  const { event, sequence, key } = entry
  if (!mayBeFinal(entry.type, event)) return null
  const said = event.final
  if (said === undefined || Object.keys(said).length === 0) return null
  return {
    attempt,
    isNamed: event.attempt === attempt,
    end: event.status !== null && isTerminal(event.status) ? event.status : null,
    said,
    kept: entry.kept(),
    sequence,
    key,
    at: event.occurredAt ?? null,
    order: event.sequence ?? null,
  }
}

/** Whether what a message says of final fields can count. Pure. */
export function mayBeFinal(
  type: HistoryEntry['type'],
  { status, kind }: Pick<StoredEvent, 'status' | 'kind'>,
): boolean {
  if (type === 'data') return true
  const isFull = kind === 'webhook' || kind === 'record'
  return type === 'event' && isFull && status !== null && isTerminal(status)
}

function earlier(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.min(a, b)
}
