/** The server's clock as last heard of, by which calls are overdue. */
export interface ServerClock {
  /** What it showed, in milliseconds since 1970. */
  readonly time: number
  /** When that was, by the page's own steady clock. */
  readonly heardAt: number
  /** How many times faster than time it runs; 0 where it stands still. */
  readonly speed: number
}

/** What the server's clock shows when the page's own steady clock shows `at`. Pure. */
export function serverTime({ time, heardAt, speed }: ServerClock, at: number): number {
  return time + Math.max(0, at - heardAt) * speed
}
