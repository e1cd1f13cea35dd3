const WINDOW_MS = 1000
const BUCKET_MS = 50
const BUCKETS = WINDOW_MS / BUCKET_MS

/** Counts what happened in the last second, in a fixed amount of memory. */
export interface EventRate {
  add(events: number): void
  /** Events of the last second, to a twentieth of a second. */
  perSecond(): number
}

/** Makes a counter over the last second of `now`, a clock in milliseconds. */
export function createEventRate(now: () => number): EventRate {
  const counts = new Array<number>(BUCKETS).fill(0)
  let newest = Math.floor(now() / BUCKET_MS)

  /** Empties the buckets that time has passed. A clock that goes back changes nothing. */
  function advance(): void {
    const at = Math.floor(now() / BUCKET_MS)
    const passed = Math.min(at - newest, BUCKETS)
    for (let step = 1; step <= passed; step++) counts[(newest + step) % BUCKETS] = 0
    if (passed > 0) newest = at
  }

  return {
    add(events) {
      advance()
      const place = newest % BUCKETS
      counts[place] = (counts[place] ?? 0) + events
    },
    perSecond() {
      advance()
      return counts.reduce((sum, count) => sum + count, 0)
    },
  }
}
