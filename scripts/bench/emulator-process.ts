// The emulator in a process of its own, on the fast clock: tells where it listens, and when it is
// asked how much memory it holds.

import { FAST_SPEED, startEmulator } from '@callstate/emulator'
import { collectGarbage } from './measure.ts'

/** What it sends first. */
export interface EmulatorStarted {
  readonly port: number
  /** What `Date.now()` was when the emulator's clock showed its start. */
  readonly startedAt: number
}

/** What it answers to any message. All in MB. */
export interface EmulatorMemory {
  /** The most resident memory so far. */
  readonly peakMB: number
  /** The most heap in use so far, garbage included, as far as samples see it. */
  readonly peakHeapMB: number
  /** Heap that is still needed. */
  readonly heldMB: number
}

const SAMPLE_EVERY_MS = 20

const [webhookUrl = '', startAt = ''] = process.argv.slice(2)
const emulator = await startEmulator({
  clock: 'fast',
  startAt: Number(startAt),
  rateLimits: false,
  // All are answered, so that nobody leaves the line early and every call has all its webhooks.
  scenario: { weights: { answered: 1 } },
  bolna: { webhookUrl },
})

let peakHeap = 0
const sample = () => {
  peakHeap = Math.max(peakHeap, process.memoryUsage().heapUsed)
}
setInterval(sample, SAMPLE_EVERY_MS)

process.on('message', () => {
  sample()
  // Before the garbage goes: what follows must not count.
  const peakMB = (process.resourceUsage().maxRSS * 1024) / 1e6
  collectGarbage()
  const heldMB = process.memoryUsage().heapUsed / 1e6
  process.send?.({ peakMB, peakHeapMB: peakHeap / 1e6, heldMB } satisfies EmulatorMemory)
})
process.on('disconnect', () => process.exit())
const startedAt = Date.now()
process.send?.({
  port: Number(new URL(emulator.url).port),
  startedAt: startedAt - (emulator.now() - Number(startAt)) / FAST_SPEED,
} satisfies EmulatorStarted)
