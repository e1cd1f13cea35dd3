import type { StatusText } from '../status.ts'

/** The longest word outside the table that is repeated to a person, in characters. */
export const MAX_SHOWN_STATUS_LENGTH = 40

const STATUS_WORD = new RegExp(`^[A-Za-z][A-Za-z_-]{0,${MAX_SHOWN_STATUS_LENGTH - 1}}$`)

/**
 * Whether text has the look of a status: letters, hyphens and underscores, at most 40 of them. A word
 * outside the table may be anything, a phone number too, so only what has that look is shown around.
 * Pure.
 *
 * @example
 * looksLikeStatus('on_hold') // true
 * looksLikeStatus('+1 202 555 0123') // false
 */
export function looksLikeStatus(word: StatusText): boolean {
  return STATUS_WORD.test(word)
}
