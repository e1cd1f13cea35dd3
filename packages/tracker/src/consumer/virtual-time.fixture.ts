import type { Sleep } from '../sleep.ts'

/** Time that passes only when a test says so. */
export interface VirtualTime {
  readonly now: () => number
  readonly sleep: Sleep
  /** Lets everything happen that happens within this time, in order. */
  advance(ms: number): Promise<void>
  /** Sets the clock by this much; timers do not notice. */
  jump(ms: number): void
}

export function createVirtualTime(startAt: number): VirtualTime {
  let passed = 0
  let offset = startAt
  const timers = new Set<{ at: number; fire: () => void }>()
  return {
    now: () => offset + passed,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal.aborted) return resolve()
        const fire = () => {
          timers.delete(timer)
          signal.removeEventListener('abort', fire)
          resolve()
        }
        const timer = { at: passed + ms, fire }
        timers.add(timer)
        signal.addEventListener('abort', fire)
      }),
    async advance(ms) {
      const end = passed + ms
      for (;;) {
        await everythingReady()
        const next = [...timers].reduce<{ at: number; fire: () => void } | null>(
          (first, timer) => (first === null || timer.at < first.at ? timer : first),
          null,
        )
        if (next === null || next.at > end) break
        passed = Math.max(passed, next.at)
        next.fire()
      }
      passed = end
    },
    jump(ms) {
      offset += ms
    },
  }
}

/** Lets every promise go on that can. */
async function everythingReady(): Promise<void> {
  for (let turn = 0; turn < 2; turn++) {
    await new Promise<void>((resolve) => setImmediate(resolve))
  }
}
