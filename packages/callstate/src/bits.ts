import { CALL_STATUSES, type CallStatus, LIFECYCLE } from './lifecycle.ts'
import { STATUSES_BY_RANK } from './rank.ts'

/** A set of statuses: bit `1 << LIFECYCLE[status].number` stands for a status. It is stored with a call. */
export type StatusBits = number

/** The bit of each status. Other text finds nothing, or a function, which has no bit in common. */
export const BIT: Readonly<Record<string, StatusBits>> = /* @__PURE__ */ Object.fromEntries(
  /* @__PURE__ */ CALL_STATUSES.map((status) => [status, 1 << LIFECYCLE[status].number]),
)

/** Numbers are given from 0 to 30: a set of statuses is then a whole number above zero everywhere. */
const NUMBERS = 31

/** What `value` says of each status, in a list by its number; `none` stands where no status has the number. */
export function byNumber<Value>(value: (status: CallStatus) => Value, none: Value): Value[] {
  const list = new Array<Value>(NUMBERS).fill(none)
  for (const status of CALL_STATUSES) list[LIFECYCLE[status].number] = value(status)
  return list
}

/** The number of the status of this bit. */
export function numberOf(bit: StatusBits): number {
  return 31 - Math.clz32(bit)
}

/** The bit of a status; 0 for anything else, names of `Object.prototype` too. */
export function bitOf(status: unknown): StatusBits {
  const bit = typeof status === 'string' ? BIT[status] : 0
  return typeof bit === 'number' ? bit : 0
}

export function bitsOf(statuses: readonly string[]): StatusBits {
  return statuses.reduce((bits, status) => bits | bitOf(status), 0)
}

/** By number: the statuses of the table that may legally follow in one move. */
export const NEXT_BITS: readonly StatusBits[] = /* @__PURE__ */ byNumber(
  (status) => bitsOf(Object.keys(LIFECYCLE[status].next)),
  0,
)

export const TERMINAL_BITS: StatusBits = /* @__PURE__ */ bitsOf(
  /* @__PURE__ */ CALL_STATUSES.filter((status) => LIFECYCLE[status].class === 'terminal'),
)

export const WAITING_BITS: StatusBits = /* @__PURE__ */ bitsOf(
  /* @__PURE__ */ CALL_STATUSES.filter((status) => LIFECYCLE[status].phase === 'waiting'),
)

/** The bits of every status here. A later release, which has more of them, may have written a call. */
export const KNOWN_BITS: StatusBits = /* @__PURE__ */ bitsOf(CALL_STATUSES)

const BITS_BY_RANK: readonly StatusBits[] = /* @__PURE__ */ STATUSES_BY_RANK.map(bitOf)

/** The status that is furthest along; null where there is none. */
export function furthestOf(bits: StatusBits): CallStatus | null {
  let rank = BITS_BY_RANK.length
  while (rank-- > 0) if ((bits & (BITS_BY_RANK[rank] ?? 0)) !== 0) break
  return STATUSES_BY_RANK[rank] ?? null
}
