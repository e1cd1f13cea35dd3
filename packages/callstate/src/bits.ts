import { CALL_STATUSES, type CallStatus, LIFECYCLE } from './lifecycle.ts'

/** A set of statuses: bit n stands for `CALL_STATUSES[n]`. */
export type StatusBits = number

/** The bit of each status. Other text finds nothing, or a function, which has no bit in common. */
export const BIT: Readonly<Record<string, StatusBits>> = /* @__PURE__ */ Object.fromEntries(
  /* @__PURE__ */ CALL_STATUSES.map((status, index) => [status, 1 << index]),
)

/** By place in the table: the statuses that may legally follow in one move. */
export const NEXT_BITS: readonly StatusBits[] = /* @__PURE__ */ CALL_STATUSES.map((status) =>
  bitsOf(Object.keys(LIFECYCLE[status].next)),
)

/** Place in the table of the status of this bit; of the last one where there are several. */
export function placeOfBit(bits: StatusBits): number {
  return 31 - Math.clz32(bits)
}

/** The bit of a status; 0 for anything else, names of `Object.prototype` too. */
export function bitOf(status: unknown): StatusBits {
  const bit = typeof status === 'string' ? BIT[status] : 0
  return typeof bit === 'number' ? bit : 0
}

export function bitsOf(statuses: readonly string[]): StatusBits {
  return statuses.reduce((bits, status) => bits | bitOf(status), 0)
}

export const TERMINAL_BITS: StatusBits = /* @__PURE__ */ bitsOf(
  /* @__PURE__ */ CALL_STATUSES.filter((status) => LIFECYCLE[status].class === 'terminal'),
)

export const WAITING_BITS: StatusBits = /* @__PURE__ */ bitsOf(
  /* @__PURE__ */ CALL_STATUSES.filter((status) => LIFECYCLE[status].phase === 'waiting'),
)

/** The status that stands last in the table; `bits` must not be empty. */
export function highestStatus(bits: StatusBits): CallStatus {
  return CALL_STATUSES[placeOfBit(bits)] as CallStatus
}
