import type { EventDetails } from '../call.ts'
import { textInFixedOrder } from './fixed-order.ts'
import type { ProviderEvent } from './message.ts'

/**
 * Which details make an event another one. `reason` does not: it is free text, which may hold personal
 * data and has no place in the key of a store.
 */
const IS_PART_OF_KEY = {
  word: true,
  reason: false,
  reasonCode: true,
  hangupBy: true,
  voicemail: true,
  talkMs: true,
  ringMs: true,
  scheduledFor: true,
  retryPolicy: true,
} as const satisfies Record<keyof EventDetails, boolean>

const KEYED = (Object.keys(IS_PART_OF_KEY) as (keyof EventDetails)[]).filter(
  (name) => IS_PART_OF_KEY[name],
)

/**
 * A key for an event without its message: everything that it says, its kind and the words of its reason
 * aside. Two events with one key say the same, but for these words. The key is one
 * line of text and as long at most as what it is made of: identifier and words of limited length,
 * numbers, words of closed lists, and a limited list of earlier attempts. Pure.
 *
 * @example
 * eventKeyOf(event) // '["call-1",1,"busy",false,1769421600000,…]'
 */
export function eventKeyOf(event: ProviderEvent): string {
  const { callId, attempt, status, word, occurredAt, details, earlier, eventId, sequence } = event
  const said = KEYED.map((name) => details?.[name])
  const foreign = status === null ? word : null
  return textInFixedOrder([
    callId,
    attempt,
    status,
    foreign,
    occurredAt,
    said,
    earlier,
    eventId,
    sequence,
  ])
}
