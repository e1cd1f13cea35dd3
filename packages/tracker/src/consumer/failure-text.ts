/** Characters of a failure's text that are kept at most. */
export const MAX_FAILURE_LENGTH = 500

const HIDDEN = '***'

/** Five digits or more, also where signs that people write between digits stand among them. */
const LONG_NUMBER = /\p{Nd}(?:[\s().+-]{0,2}\p{Nd}){4,}/gu
const ADDRESS = /\S+@\S*/gu
/** What not every database keeps in a text: control characters and halves of characters. */
const UNKEEPABLE = /[\p{Cc}\p{Cs}]/gu

/**
 * What is kept of an error: its name and message, cut to `MAX_FAILURE_LENGTH`. Messages quote what
 * they are about, so long numbers and words with an @ are hidden. Pure; never throws.
 *
 * @example
 * failureText(new Error('No customer +1 202 555 0100')) // 'Error: No customer +***'
 */
export function failureText(error: unknown): string {
  const whole = textOf(error)
  // Cut before searching too, so that a huge message costs little; not amid a number or an address.
  const start = whole.slice(0, 4 * MAX_FAILURE_LENGTH)
  const text = whole.length > start.length ? start.replace(/[^\s]*$/u, '') : start
  return text
    .replace(UNKEEPABLE, ' ')
    .replace(ADDRESS, HIDDEN)
    .replace(LONG_NUMBER, HIDDEN)
    .slice(0, MAX_FAILURE_LENGTH)
    .replace(UNKEEPABLE, '')
}

function textOf(error: unknown): string {
  try {
    if (error instanceof Error) return `${error.name}: ${error.message}`
    return typeof error === 'string' ? error : `A value of type ${typeof error} was thrown.`
  } catch {
    return 'What was thrown cannot be read.'
  }
}
