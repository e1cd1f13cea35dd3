import type { Call } from './call.ts'
import type { CallStatus } from './lifecycle.ts'

/** Why no legal path holds a status together with what is known. */
export type ConflictReason =
  /** The attempt ended in two ways, or did already and this status decides which of them counts. */
  | 'two-ends'
  /** The two statuses exclude each other, such as `busy` and `in-progress`. */
  | 'no-path'
  /** The event showed that something heard before belongs to another attempt, and that moved the call. */
  | 'read-anew'

interface Beside {
  /** The event's own word, where it is no status and an earlier status that came with it moved the call. */
  readonly unrecognized?: string
}

/** What one event did. Every event gets exactly one decision. */
export type Decision =
  /**
   * `advanced`: the status moved forward. `retried`: a later attempt opened. `from` is the status
   * before; `skipped` lists the legal statuses on the way that were not heard and that the provider
   * could have said.
   */
  | (Beside & {
      readonly kind: 'advanced' | 'retried'
      readonly attempt: number
      readonly status: CallStatus
      readonly from: CallStatus | null
      readonly skipped: readonly CallStatus[]
    })
  /** A status that the call has already passed; the timeline gains it. */
  | (Beside & { readonly kind: 'late'; readonly attempt: number; readonly status: CallStatus })
  /** Known already. `enriched` says that it brought another time or newer details. */
  | (Beside & {
      readonly kind: 'duplicate'
      readonly attempt: number
      readonly status: CallStatus
      readonly enriched: boolean
    })
  /**
   * No legal path holds this together with `conflictsWith`, or it changed how that is read; the evidence
   * rule decides the status. `counts` is the status of the call after it.
   */
  | (Beside & {
      readonly kind: 'conflicting'
      readonly attempt: number
      readonly status: CallStatus
      readonly conflictsWith: CallStatus
      readonly counts: CallStatus
      readonly reason: ConflictReason
    })
  /** A word that is no status, kept as it came. */
  | { readonly kind: 'unrecognized'; readonly attempt: number | null; readonly word: string }

/**
 * Every kind of decision, for a table or a filter over all of them.
 *
 * @example
 * DECISION_KINDS.includes('late') // true
 */
export const DECISION_KINDS = [
  'advanced',
  'retried',
  'late',
  'duplicate',
  'conflicting',
  'unrecognized',
] as const satisfies readonly Decision['kind'][]

/** The answer of `observe`. */
export interface Observation {
  readonly call: Call
  readonly decision: Decision
}
