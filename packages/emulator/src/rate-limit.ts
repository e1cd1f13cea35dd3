const MINUTE_MS = 60_000

/** Counts requests by the minute; true while there is room. */
export type RateLimit = (kind: string) => boolean

/**
 * Allows so many requests of each kind in every minute of the emulator's clock. Whether a provider
 * counts full minutes or the last sixty seconds is documented by none: full minutes are our reading.
 */
export function createRateLimit(now: () => number, perMinute: (kind: string) => number): RateLimit {
  let minute = Number.NaN
  const counts = new Map<string, number>()
  return (kind) => {
    const current = Math.floor(now() / MINUTE_MS)
    if (current !== minute) counts.clear()
    minute = current
    const count = (counts.get(kind) ?? 0) + 1
    counts.set(kind, count)
    return count <= perMinute(kind)
  }
}
