/**
 * Waits; ends early when the signal aborts. Never rejects: who waits looks at the signal afterwards.
 */
export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>

/** What a timer can wait at most; beyond it, one fires at once. */
const MAX_TIMER_MS = 2 ** 31 - 1

/** Waits in real time, at most 24 days. */
export const sleep: Sleep = (ms, signal) =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const end = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, Math.min(ms, MAX_TIMER_MS))
    signal.addEventListener('abort', end)
  })
