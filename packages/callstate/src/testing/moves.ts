import fc from 'fast-check'
import { CALL_STATUSES, type CallStatus } from '../lifecycle.ts'
import type { LifecycleOptions } from '../own-lifecycle.ts'
import { checkTransition, type TransitionRefusal } from '../transition.ts'

/**
 * Any of the 16 statuses, each as likely as the others. Shrinks towards `scheduled`, the first of the
 * table.
 *
 * @example
 * fc.assert(fc.property(callStatus(), (status) => isTerminal(status) !== isIntermediate(status)))
 */
export function callStatus(): fc.Arbitrary<CallStatus> {
  return fc.constantFrom(...CALL_STATUSES)
}

/** Two statuses between which no attempt may move in one step, and why not. */
export interface IllegalMove {
  readonly from: CallStatus
  readonly to: CallStatus
  readonly reason: Exclude<TransitionRefusal, 'unrecognized-status'>
}

/**
 * Any move that the table refuses, or that the provider's own lifecycle refuses. Every reason is as
 * likely as the others; drawn evenly from all pairs, two of three would leave a terminal status.
 *
 * @example
 * fc.assert(fc.property(illegalMove(), ({ from, to }) => !canTransition(from, to)))
 */
export function illegalMove(options: LifecycleOptions = {}): fc.Arbitrary<IllegalMove> {
  const moves = allIllegalMoves(options)
  const reasons = [...new Set(moves.map((move) => move.reason))]
  return fc.oneof(
    ...reasons.map((reason) => fc.constantFrom(...moves.filter((move) => move.reason === reason))),
  )
}

function allIllegalMoves(options: LifecycleOptions): readonly IllegalMove[] {
  return CALL_STATUSES.flatMap((from) =>
    CALL_STATUSES.flatMap((to) => {
      const check = checkTransition(from, to, options)
      if (check.ok || check.reason === 'unrecognized-status') return []
      return [{ from, to, reason: check.reason }]
    }),
  )
}
