import {
  type Call,
  type CallStatus,
  isCallStatus,
  isTerminal,
  LIFECYCLE,
  type LifecycleOptions,
  lifecycleOf,
  type Mark,
  type Move,
  type Outcome,
  type Phase,
} from 'callstate'
import type { Amount, FinalField } from 'callstate/providers'

/** What became of a call, in words. */
export const OUTCOME_WORDS: Readonly<Record<Outcome, string>> = {
  reached: 'reached a person',
  voicemail: 'voicemail',
  'not-reached': 'not reached',
  'not-placed': 'not placed',
  unknown: 'not known yet',
}

/** Where in its life an attempt stands, in words. */
export const PHASE_WORDS: Readonly<Record<Phase, string>> = {
  waiting: 'waiting',
  dialing: 'dialing',
  connected: 'connected',
  'wrapping-up': 'wrapping up',
  ended: 'ended',
}

/** How a move is known, in words. */
export const MARK_WORDS: Readonly<Record<Mark, string>> = {
  stated: 'stated by the provider',
  observed: 'stated, and seen in real calls',
  inferred: 'our reading',
}

/** What is final of an attempt, in words. */
export const FIELD_WORDS: Readonly<Record<FinalField, string>> = {
  durationMs: 'duration',
  cost: 'cost',
  recording: 'recording',
  transcript: 'transcript',
  extraction: 'extraction',
  hangupBy: 'who hung up',
  reason: 'reason',
  voicemail: 'voicemail',
}

/** An amount with its currency, or the provider's own unit. Pure. */
export function amountText({ amount, currency, unit }: Amount): string {
  return `${AMOUNT.format(amount)} ${currency ?? unit ?? ''}`.trimEnd()
}

const AMOUNT = new Intl.NumberFormat('en-US', { maximumFractionDigits: 6 })

/** A status that may legally come next. */
export interface LegalNext {
  readonly status: CallStatus
  readonly mark: Mark
}

/**
 * What may legally come next in this attempt, in the provider's own lifecycle where it is known; empty
 * where it has ended or nothing was heard. Pure.
 */
export function legalNext(
  status: CallStatus | null,
  { provider }: LifecycleOptions = {},
): readonly LegalNext[] {
  if (status === null) return []
  // What the provider has no word for and came all the same is judged by the table.
  const own = provider === undefined ? undefined : lifecycleOf(provider)[status]
  const moves = Object.entries<Move>((own ?? LIFECYCLE[status]).next)
  return moves.flatMap(([to, { mark }]) => (isCallStatus(to) ? [{ status: to, mark }] : []))
}

/** Why no status is named as legal next. Pure. */
export function whyNothingIsNext({ status }: Call, settled: boolean): string {
  if (status === null) return 'Any status: none of the table was heard.'
  if (!isTerminal(status)) return ''
  return settled ? 'Nothing: the call is over.' : 'A further attempt, as the retry policy says.'
}

/** Why a call is never due. Pure. */
export function whyNeverDue(status: CallStatus | null, settled: boolean): string {
  if (settled) return 'never: the call is over'
  if (status === null) return 'unknown: no status of the table was heard'
  return 'never: this status has no time limit, or its time is unknown'
}

/** A count with its noun. Pure. */
export function countText(count: number, one: string, many: string): string {
  return `${numberText(count)} ${count === 1 ? one : many}`
}

/** A count with its thousands apart. Pure. */
export function numberText(count: number): string {
  return NUMBER.format(count)
}

const NUMBER = new Intl.NumberFormat('en-US')

/**
 * A count in at most four characters, for a narrow place. Pure.
 *
 * @example
 * compactText(12_345) // '12k'
 */
export function compactText(count: number): string {
  return COMPACT.format(count)
}

const COMPACT = new Intl.NumberFormat('en-US', { notation: 'compact' })
