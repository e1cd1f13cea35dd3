import process from 'node:process'

const SIGNALS = ['SIGINT', 'SIGTERM'] as const

/** What a shell makes of a process that a signal ended: 128 and the signal's number. */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const

/** Waits for the first signal that asks to stop. From then on a further one ends the process at once. */
export function untilStopSignal(): Promise<(typeof SIGNALS)[number]> {
  return new Promise((resolve) => {
    let asked = false
    for (const signal of SIGNALS) {
      process.on(signal, () => {
        if (asked) process.exit(EXIT_CODES[signal])
        asked = true
        resolve(signal)
      })
    }
  })
}
