import { TrackerError } from './error.ts'

/** The number, which must be whole and within bounds. Throws a `TrackerError` with code `invalid-option`. */
export function wholeNumber(
  name: string,
  value: number,
  { min = 1, max = Number.MAX_SAFE_INTEGER } = {},
): number {
  if (Number.isSafeInteger(value) && value >= min && value <= max) return value
  throw new TrackerError(
    'invalid-option',
    `Expected "${name}" to be a whole number from ${min} to ${max}; got ${String(value)}.`,
  )
}

/** The number, which must be above 0. Throws a `TrackerError` with code `invalid-option`. */
export function positiveNumber(name: string, value: number): number {
  if (Number.isFinite(value) && value > 0) return value
  throw new TrackerError(
    'invalid-option',
    `Expected "${name}" to be a number above 0; got ${String(value)}.`,
  )
}

/** Throws a `TrackerError` with code `invalid-option` for what is no time in whole milliseconds. */
export function assertTime(name: string, time: unknown): void {
  if (Number.isSafeInteger(time)) return
  throw new TrackerError(
    'invalid-option',
    `Expected "${name}" in whole milliseconds since 1970; got another value.`,
  )
}

/** The largest sequence that a store has: PostgreSQL keeps it as an `integer`. */
const MAX_COUNT = 2 ** 31 - 1

/** Throws a `TrackerError` with code `invalid-option` for what is no sequence, and no number of entries. */
export function assertCount(name: string, count: number): void {
  wholeNumber(name, count, { min: 0, max: MAX_COUNT })
}
