/** A JSON object, its fields unread. */
export type Fields = Readonly<Record<string, unknown>>

/** The longest identifier and the longest status word that are read, in characters. */
export const MAX_ID_LENGTH = 256
export const MAX_STATUS_LENGTH = 128

/** What is expected of an identifier and of a status word, for messages. */
export const ID_EXPECTED = `text of 1 to ${MAX_ID_LENGTH} characters or a whole number`
export const STATUS_EXPECTED = `a status word of 1 to ${MAX_STATUS_LENGTH} characters`

/** Whether a value is a JSON object, so that its fields can be read. Pure. */
export function hasFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * Reads an identifier as text; null for what cannot be one. A number beyond 2^53 was rounded when the
 * JSON was parsed and might name another call: it is refused. Pure.
 */
export function readId(value: unknown): string | null {
  if (typeof value === 'string') {
    return value !== '' && value.length <= MAX_ID_LENGTH ? value : null
  }
  return Number.isSafeInteger(value) && (value as number) >= 0 ? String(value) : null
}

/** Whether a value can be a status word, known or not. Pure. */
export function isStatusWord(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= MAX_STATUS_LENGTH
}

/** Providers send `""` where they mean nothing: null for it, everything else as it came. Pure. */
export function emptyAsNull(value: unknown): unknown {
  return value === '' ? null : value
}

/** Text that says something, or a number as text; null for everything else. Pure. */
export function readText(value: unknown): string | null {
  if (typeof value === 'string') return value === '' ? null : value
  return Number.isFinite(value) ? String(value) : null
}

const NUMERIC_TEXT = /^-?\d{1,15}(?:\.\d{1,15})?$/

/** Reads a number that may have come as text, such as `"49"` or `"0.0"`; null for anything else. Pure. */
export function readNumber(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  return typeof value === 'string' && NUMERIC_TEXT.test(value) ? Number(value) : null
}

/** Reads true or false, which may have come as text; null for anything else. Pure. */
export function readBoolean(value: unknown): boolean | null {
  if (value === true || value === 'true') return true
  return value === false || value === 'false' ? false : null
}

/** Some thirty years: what is more is no duration. */
const MAX_SECONDS = 1_000_000_000

/** Reads a number of seconds, also one that came as text; null for what is none, or absurdly long. Pure. */
export function readSeconds(value: unknown): number | null {
  const seconds = readNumber(value)
  // Adding zero turns -0 into 0.
  return seconds !== null && seconds >= 0 && seconds <= MAX_SECONDS ? seconds + 0 : null
}

/** Reads a number of seconds as whole milliseconds; null for what is no duration. Pure. */
export function readDurationMs(value: unknown): number | null {
  const seconds = readSeconds(value)
  return seconds === null ? null : Math.round(seconds * 1000)
}
