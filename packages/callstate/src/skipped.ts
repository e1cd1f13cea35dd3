import { bitOf, numberOf, type StatusBits, statusOf } from './bits.ts'
import { type Legality, legalityOf } from './legality.ts'
import type { CallStatus } from './lifecycle.ts'
import { pathIn } from './own-lifecycle.ts'

const NONE: readonly CallStatus[] = []

/** The statuses between that were not heard and that the provider could have said. */
export function skippedBetween(
  from: CallStatus | null,
  bit: StatusBits,
  heard: StatusBits,
  starts: 'outboundStarts' | 'anyStarts',
  legality: Legality,
): readonly CallStatus[] {
  // The common case, a legal move, is answered here: engines inline what is short.
  const isMove = from !== null && ((legality.next[numberOf(bitOf(from))] as StatusBits) & bit) !== 0
  return isMove ? NONE : passedOver(from, bit, heard, starts, legality)
}

function passedOver(
  from: CallStatus | null,
  bit: StatusBits,
  heard: StatusBits,
  starts: 'outboundStarts' | 'anyStarts',
  legality: Legality,
): readonly CallStatus[] {
  const ends = bitOf(from) | bit
  // What the provider was said to lack and what came all the same is judged by the table.
  const judge = (ends & legality.lacked) === 0 ? legality : legalityOf()
  const to = statusOf(bit)
  if (from === null && judge[starts].includes(to)) return NONE
  const path = pathIn(judge.lifecycle, from === null ? judge[starts] : [from], to)
  const told = heard | ends | legality.lacked
  return path?.filter((status) => (told & bitOf(status)) === 0) ?? NONE
}
