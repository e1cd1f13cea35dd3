/** Stands for a value that is not shown. */
export const REDACTED = '[redacted]'

/** A status word or another of a fixed list: small letters or capitals, with `-` or `_` between. */
const PLAIN_WORD = /^(?:[a-z]+(?:[-_][a-z]+)*|[A-Z]+(?:[-_][A-Z]+)*)$/
const MAX_WORD_LENGTH = 32

const ISO_TIME =
  /^\d{4}-[01]\d-[0-3]\d(?:[T ][0-2]\d:[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?(?:Z|[+-][0-2]\d:?[0-5]\d)?)?$/
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const SHORT_NUMBER = /^-?\d{1,6}(?:\.\d{1,6})?$/

/** Whether text says nothing of a person by its shape: a word of a fixed list, a time, a UUID, a number. */
export function isPlainText(text: string): boolean {
  if (text === '' || text === REDACTED || SHORT_NUMBER.test(text)) return true
  if (ISO_TIME.test(text) || UUID.test(text)) return true
  return text.length <= MAX_WORD_LENGTH && PLAIN_WORD.test(text)
}

/** A phone number has seven digits or more; a time since 1970 has ten or thirteen, like many of them. */
const MAX_PLAIN_NUMBER = 999_999
const YEAR_2000_S = 946_684_800
const YEAR_2100_S = 4_102_444_800

/** Whether a number is too short for a phone number, or a time under a name that says so. */
export function isPlainNumber(value: number, isTime: boolean): boolean {
  if (Math.abs(value) <= MAX_PLAIN_NUMBER) return true
  if (!isTime) return false
  return (
    isWithin(value, YEAR_2000_S, YEAR_2100_S) || isWithin(value / 1000, YEAR_2000_S, YEAR_2100_S)
  )
}

function isWithin(value: number, from: number, to: number): boolean {
  return value >= from && value < to
}

/** A name of a thing in code: a field, a state, an action. Without spaces: a sentence is none. */
const IDENTIFIER = /^[A-Za-z_$#][\w$#.:/-]{0,79}$/
const MAX_NAME_DIGITS = 3

/** Whether text is the name of a field or of a state, and not what somebody said or dialed. */
export function isIdentifier(text: string): boolean {
  return IDENTIFIER.test(text) && (text.match(/\d/g)?.length ?? 0) <= MAX_NAME_DIGITS
}

/** The words of a field's name: `recipientPhoneNumber` and `recipient_phone_number` have three. */
export function wordsOf(name: string): readonly string[] {
  return name
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== '')
}
