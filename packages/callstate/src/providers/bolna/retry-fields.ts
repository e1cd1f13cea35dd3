import { readNumber } from '../fields.ts'

// How the fields of a `retry_config` are read, by its schema and, without zod, by the event.

/** Reads a number of retries; null for what is none. Pure. */
export function readCount(value: unknown): number | null {
  const count = readNumber(value)
  return count !== null && Number.isInteger(count) && count >= 0 ? count : null
}

/** Reads a waiting time in minutes; null for what is none. Pure. */
export function readMinutes(value: unknown): number | null {
  const minutes = readNumber(value)
  return minutes !== null && minutes >= 0 ? minutes : null
}
