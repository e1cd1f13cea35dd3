/** Calls back once after so many milliseconds, unless it is stopped before. Returns how to stop it. */
export type StartTimer = (callback: () => void, ms: number) => () => void

/** The longest time that timers of JavaScript can wait; beyond it they fire at once. */
export const MAX_TIMER_MS = 2_147_483_647

/** The timer of the platform. */
export const startPlatformTimer: StartTimer = (callback, ms) => {
  const timer = setTimeout(callback, ms)
  return () => clearTimeout(timer)
}

/**
 * What `work` resolves to, or `late` where that takes longer than `ms`. Work that is late goes on; what
 * becomes of it is nobody's concern any more.
 */
export function beforeDeadline<Value, Late>(
  work: Promise<Value>,
  late: Late,
  ms: number,
  startTimer: StartTimer,
): Promise<Value | Late> {
  return new Promise((resolve, reject) => {
    const stopTimer = startTimer(() => resolve(late), ms)
    work.then(resolve, reject).finally(stopTimer)
  })
}
