/** The longest reason that an event takes over, in characters. */
export const MAX_REASON_LENGTH = 200

/** The most digits that a reason may have: a SIP or a Q.850 code has three, Bolna's codes have four. */
export const MAX_REASON_DIGITS = 4

/** A digit of any script. */
const DIGIT = /\p{Nd}/gu

/**
 * Reads a provider's words for why a call ended; null where there are none, or where they are no short
 * reason: more than 200 characters, an `@`, or more than four digits in all, whatever stands between
 * them. That keeps phone numbers and addresses out, however they are written. It cannot know a name:
 * a reason is free text still, and may hold personal data. Pure; never throws.
 *
 * @example
 * readReason('SIP 486 Busy Here') // 'SIP 486 Busy Here'
 * readReason('no route to +1 (202) 555-0123') // null
 */
export function readReason(value: unknown): string | null {
  if (typeof value !== 'string' || value === '' || value.length > MAX_REASON_LENGTH) return null
  const digits = value.match(DIGIT)?.length ?? 0
  return digits > MAX_REASON_DIGITS || value.includes('@') ? null : value
}
