import type { Sleep } from './sleep.ts'

/** Something to wait at; a call that nobody waited for is kept for the next who does. */
export interface WakeUp {
  /** Wakes whoever waits. */
  call(): void
  /** Resolves when it is called. */
  called(): Promise<void>
  /** Resolves when it is called, when the time is over, or when the signal aborts. */
  calledWithin(ms: number, sleep: Sleep, signal: AbortSignal): Promise<void>
}

/** For one who waits. */
export function createWakeUp(): WakeUp {
  let isCalled = false
  let wake = () => {}

  function called(): Promise<void> {
    return new Promise((resolve) => {
      wake = () => {
        isCalled = false
        wake = () => {}
        resolve()
      }
      if (isCalled) wake()
    })
  }

  return {
    call() {
      isCalled = true
      wake()
    },
    called,
    async calledWithin(ms, sleep, signal) {
      const over = new AbortController()
      const end = () => over.abort()
      signal.addEventListener('abort', end)
      if (signal.aborted) end()
      void called().then(end)
      await sleep(ms, over.signal)
      // Nobody waits any more; a call from now on is for the next.
      wake = () => {}
      signal.removeEventListener('abort', end)
    },
  }
}
