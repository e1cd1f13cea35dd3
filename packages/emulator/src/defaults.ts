import type { Fate } from './fate.ts'

/**
 * Weights out of 100. `rescheduled` and `retried` last for hours of the emulator's clock, and an empty
 * wallet makes `balance-low`: they come when they are asked for. The figures are our reading.
 */
const FATE_WEIGHTS: Readonly<Record<Fate, number>> = {
  answered: 50,
  voicemail: 10,
  rejected: 4,
  busy: 9,
  'no-answer': 15,
  failed: 3,
  canceled: 2,
  stopped: 1,
  error: 2,
  'balance-low': 0,
  rescheduled: 0,
  retried: 0,
  'late-completed': 4,
}

/**
 * What holds where the options say nothing, and the names that requests can use.
 *
 * @example
 * DEFAULTS.fateField // 'emulated_fate': a call whose metadata have it says what becomes of it
 */
export const DEFAULTS = {
  seed: 'callstate',
  /** How many times faster than time the clock `fast` runs: a minute in a second. */
  fastSpeed: 60,
  /** What the step clock shows at the start: a Monday, 5 January 2026, 15:00 UTC, an hour of work on both sides of the Atlantic. */
  stepStartAt: Date.UTC(2026, 0, 5, 15),
  host: '127.0.0.1',
  /** Deliveries that go on at once, at most. */
  maxInFlight: 64,
  /** How long a receiver may take, in milliseconds of real time. Our reading. */
  receiverTimeoutMs: 10_000,
  /** Waiting times before try 2, 3 and 4 of a delivery, in milliseconds, where the provider publishes none. Our reading. */
  retryDelaysMs: [5_000, 30_000, 120_000] as readonly number[],
  fateWeights: FATE_WEIGHTS,
  /** The field of a call's metadata that names its fate, before any rule: `user_data: { emulated_fate: 'busy' }`. */
  fateField: 'emulated_fate',
} as const
