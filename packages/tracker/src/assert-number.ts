import { TrackerError } from './error.ts'

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

/** Throws a `TrackerError` with code `invalid-option` for what is no whole number from 0 on. */
export function assertCount(name: string, count: unknown): void {
  const isWhole = typeof count === 'number' && Number.isInteger(count)
  if (isWhole && count >= 0 && count <= MAX_COUNT) return
  throw new TrackerError(
    'invalid-option',
    `Expected "${name}" to be a whole number from 0 to ${MAX_COUNT}; got another value.`,
  )
}
