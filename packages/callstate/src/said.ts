// What an event says, read from callers who may hand in anything.

/** The number of an attempt, from 1 on; null for anything else. */
export function attemptNumber(value: unknown): number | null {
  return Number.isSafeInteger(value) && (value as number) >= 1 ? (value as number) : null
}

/** A time in milliseconds; null for anything else. Zero of either sign is 0, which JSON does not tell apart. */
export function timeOrNull(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value || 0 : null
}
