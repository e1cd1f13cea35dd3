const ZERO = 48
const NINE = 57
const MAX_FRACTION_DIGITS = 9
/** `YYYY-MM-DDTHH:mm:ss` */
const SECONDS_LENGTH = 19
/** No call is older; an earlier year is a placeholder, such as Go's zero time, year 1. */
const FIRST_YEAR = 1970

/**
 * Reads an ISO 8601 time as milliseconds since 1970; null for anything else. Pure; never throws.
 *
 * Date and time stand between `T` or a space, with up to nine fraction digits (those beyond
 * milliseconds are dropped) and `Z`, an offset (`+05:30`, `+0530`, `+05`) or nothing. A time without
 * a zone is read as UTC: providers send both spellings in one record, and `Date.parse` would take
 * such a time as local. Ranges are strict: 30 February, 24:00 and second 60 are null, and so is every
 * year before 1970.
 *
 * @example
 * parseTimestamp('2026-01-26T10:00:00.142110') // 1_769_421_600_142
 * parseTimestamp('yesterday') // null
 */
export function parseTimestamp(value: unknown): number | null {
  if (typeof value !== 'string') return null
  const separator = value[10]
  if (value[4] !== '-' || value[7] !== '-' || (separator !== 'T' && separator !== ' ')) return null
  if (value[13] !== ':' || value[16] !== ':') return null

  const year = digits(value, 0, 4)
  const month = digits(value, 5, 2)
  const day = digits(value, 8, 2)
  const hour = digits(value, 11, 2)
  const minute = digits(value, 14, 2)
  const second = digits(value, 17, 2)
  if (year < FIRST_YEAR || month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) {
    return null
  }
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return null

  const fractionEnd = endOfFraction(value)
  if (fractionEnd === null) return null
  const offsetMs = readOffset(value, fractionEnd)
  if (offsetMs === null) return null
  const millisecond = millisecondsOf(value, fractionEnd)
  return Date.UTC(year, month - 1, day, hour, minute, second, millisecond) - offsetMs
}

/** The number that `count` digits from `start` make, or -1 where one of them is no digit. */
function digits(text: string, start: number, count: number): number {
  let number = 0
  for (let at = start; at < start + count; at++) {
    const code = text.charCodeAt(at)
    if (!(code >= ZERO && code <= NINE)) return -1
    number = number * 10 + code - ZERO
  }
  return number
}

/** Where the zone begins; null where a fraction is begun and none, or too long a one, follows. */
function endOfFraction(text: string): number | null {
  if (text[SECONDS_LENGTH] !== '.') return SECONDS_LENGTH
  let end = SECONDS_LENGTH + 1
  while (digits(text, end, 1) >= 0) end++
  const count = end - SECONDS_LENGTH - 1
  return count >= 1 && count <= MAX_FRACTION_DIGITS ? end : null
}

function millisecondsOf(text: string, fractionEnd: number): number {
  let milliseconds = 0
  for (let at = SECONDS_LENGTH + 1; at < SECONDS_LENGTH + 4; at++) {
    milliseconds = milliseconds * 10 + (at < fractionEnd ? digits(text, at, 1) : 0)
  }
  return milliseconds
}

function readOffset(text: string, start: number): number | null {
  const length = text.length - start
  if (length === 0) return 0
  const sign = text[start]
  if (sign === 'Z') return length === 1 ? 0 : null
  if (sign !== '+' && sign !== '-') return null
  const hasColon = length === 6 && text[start + 3] === ':'
  if (!hasColon && length !== 5 && length !== 3) return null
  const hours = digits(text, start + 1, 2)
  const minutes = length === 3 ? 0 : digits(text, start + (hasColon ? 4 : 3), 2)
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return null
  return (sign === '-' ? -1 : 1) * (hours * 60 + minutes) * 60_000
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}
