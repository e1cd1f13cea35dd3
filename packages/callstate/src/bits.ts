import { CALL_STATUSES, type CallStatus, LIFECYCLE } from './lifecycle.ts'
import { canReach, nextStatuses } from './transition.ts'

/** A set of statuses: bit n stands for `CALL_STATUSES[n]`. */
export type StatusBits = number

const INDEX: Readonly<Record<string, number>> = /* @__PURE__ */ Object.fromEntries(
  /* @__PURE__ */ CALL_STATUSES.map((status, index) => [status, index]),
)

/** Place of the status in the table; undefined for anything else, names of `Object.prototype` too. */
export function indexOfStatus(status: unknown): number | undefined {
  const index = typeof status === 'string' ? INDEX[status] : undefined
  return typeof index === 'number' ? index : undefined
}

export function bitOf(status: CallStatus): StatusBits {
  return 1 << (INDEX[status] as number)
}

export function bitsOf(statuses: readonly CallStatus[]): StatusBits {
  return statuses.reduce((bits, status) => bits | bitOf(status), 0)
}

export const TERMINAL_BITS: StatusBits = /* @__PURE__ */ bitsOf(
  /* @__PURE__ */ CALL_STATUSES.filter((status) => LIFECYCLE[status].class === 'terminal'),
)

export const WAITING_BITS: StatusBits = /* @__PURE__ */ bitsOf(
  /* @__PURE__ */ CALL_STATUSES.filter((status) => LIFECYCLE[status].phase === 'waiting'),
)

/** By index: the statuses that may legally follow in one move. */
export const NEXT_BITS: readonly StatusBits[] = /* @__PURE__ */ CALL_STATUSES.map((status) =>
  bitsOf(nextStatuses(status)),
)

/** By index: the statuses that cannot stand on one legal path with this one, in either order. */
export const INCOMPATIBLE_BITS: readonly StatusBits[] = /* @__PURE__ */ CALL_STATUSES.map((one) =>
  bitsOf(CALL_STATUSES.filter((other) => !canReach(one, other) && !canReach(other, one))),
)

/** The status that stands last in the table; `bits` must not be empty. */
export function highestStatus(bits: StatusBits): CallStatus {
  return CALL_STATUSES[31 - Math.clz32(bits)] as CallStatus
}
