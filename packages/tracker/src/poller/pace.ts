import { type Backoff, ceilingMs } from '../backoff.ts'
import type { Sleep } from '../sleep.ts'

const MINUTE_MS = 60_000

/** The shortest time for which a provider that is asked too much is left alone. */
const MIN_PAUSE_MS = 1_000

/** How fast one provider is asked. */
export interface Pace {
  /** Waits for the next question's turn; ends early when the poller stops. */
  turn(): Promise<void>
  /** Until when the provider is left alone, ms since 1970; null while it may be asked. */
  pausedUntil(): number | null
  /** It said that it is asked too much: it is left alone for a while, longer each time in a row. */
  limited(retryAfterMs: number | null): void
  /** It answered: the next pause is a first one again. */
  answered(): void
}

/** What a pace depends on. */
export interface PaceOptions {
  readonly perMinute: number
  readonly backoff: Backoff
  /** The longest pause, whatever the provider asks for. */
  readonly maxPauseMs: number
  readonly now: () => number
  readonly sleep: Sleep
  readonly signal: AbortSignal
}

/** Spreads questions evenly over the minute. Turns are timed by `sleep` alone, so no clock disturbs them. */
export function createPace(options: PaceOptions): Pace {
  const { backoff, maxPauseMs, now, sleep, signal } = options
  const gapMs = MINUTE_MS / options.perMinute
  let free: Promise<void> = Promise.resolve()
  let pause: { readonly from: number; readonly until: number } | null = null
  let pauses = 0

  const pausedUntil = () => {
    const at = now()
    // A clock that went back behind the beginning of a pause says nothing about its end.
    return pause !== null && at >= pause.from && at < pause.until ? pause.until : null
  }
  return {
    turn() {
      const mine = free
      free = mine.then(() => sleep(gapMs, signal))
      return mine
    },
    pausedUntil,
    limited(retryAfterMs) {
      const current = pausedUntil()
      // Questions that were under way when the pause began are answered like the first.
      if (current === null) pauses++
      const wanted = retryAfterMs ?? ceilingMs(backoff, pauses - 1)
      const from = now()
      const until = from + Math.min(Math.max(wanted, MIN_PAUSE_MS), maxPauseMs)
      pause = { from, until: Math.max(until, current ?? until) }
    },
    answered() {
      pauses = 0
    },
  }
}
