/** How the waiting time grows from one try to the next, in milliseconds. */
export interface Backoff {
  readonly firstMs: number
  readonly factor: number
  readonly maxMs: number
}

/** The longest that is waited after try number `tries`, 0 for the first. Pure. */
export function ceilingMs({ firstMs, factor, maxMs }: Backoff, tries: number): number {
  return Math.min(maxMs, firstMs * factor ** tries)
}

/**
 * The waiting time after try number `tries`, 0 for the first, in whole milliseconds, 1 at least: a
 * random part of the whole ("full jitter"), so that calls which fell silent together are not asked
 * about together for ever. Pure but for `random`, which gives a number from 0 to 1.
 */
export function delayMs(backoff: Backoff, tries: number, random: () => number): number {
  return Math.max(1, Math.round(ceilingMs(backoff, tries) * random()))
}
