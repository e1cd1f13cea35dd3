// The emulator in a process of its own: tells where it listens, and when it is asked, how much memory
// it holds.

import { startEmulator } from '@callstate/emulator'
import { collectGarbage } from './measure.ts'

/** What it sends first. */
export interface EmulatorStarted {
  readonly port: number
  /** What `Date.now()` was when the emulator's clock showed its start. */
  readonly startedAt: number
}

/** What it answers to any message. */
export interface EmulatorMemory {
  /** The most resident memory so far. */
  readonly peakMB: number
  /** Heap that is still needed. */
  readonly heldMB: number
}

const [webhookUrl = '', start = '', pace = ''] = process.argv.slice(2)
const startAt = Number(start)
const speed = Number(pace)
const emulator = await startEmulator({
  clock: { speed },
  startAt,
  rateLimits: false,
  // All are answered, so that nobody leaves the line early and every call has all its webhooks.
  scenario: { weights: { answered: 1 } },
  webhooks: { bolna: { url: webhookUrl } },
})

process.on('message', () => {
  // Node reports kibibytes on every system. Taken first: what follows must not count.
  const peakMB = (process.resourceUsage().maxRSS * 1024) / 1e6
  collectGarbage()
  const heldMB = process.memoryUsage().heapUsed / 1e6
  process.send?.({ peakMB, heldMB } satisfies EmulatorMemory)
})
process.on('disconnect', () => process.exit())
process.send?.({
  port: Number(new URL(emulator.url).port),
  startedAt: Date.now() - (emulator.now() - startAt) / speed,
} satisfies EmulatorStarted)
