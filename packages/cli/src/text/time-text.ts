import { isoTime } from './iso-time.ts'

/** A time for a person, to the second and in UTC. Pure. */
export function timeText(ms: number | null): string {
  return (
    isoTime(ms)
      ?.replace('T', ' ')
      .replace(/\.\d+Z$/, 'Z') ?? 'unknown'
  )
}

const SECOND_MS = 1000
const MINUTE_MS = 60 * SECOND_MS

/** How long something took or is ago, in its two largest units: `850 ms`, `4.5 s`, `3m 05s`, `2d 04h`. Pure. */
export function durationText(ms: number): string {
  const sign = ms < 0 ? '-' : ''
  const long = Math.abs(ms)
  if (long > 0 && long < SECOND_MS) return `${sign}${Math.round(long)} ms`
  if (long < MINUTE_MS - 50) return `${sign}${Number((long / SECOND_MS).toFixed(1))} s`
  const seconds = Math.round(long / SECOND_MS)
  const parts = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'm'],
    [seconds % 60, 's'],
  ] as const
  const first = parts.findIndex(([count]) => count > 0)
  const [large, small] = [parts[first], parts[first + 1]]
  const rest = small === undefined ? '' : ` ${String(small[0]).padStart(2, '0')}${small[1]}`
  return `${sign}${large?.[0] ?? 0}${large?.[1] ?? 's'}${rest}`
}

/** How far a time lies from the start of something: `+9.5 s`, `-2m 00s`. Pure. */
export function offsetText(ms: number): string {
  return `${ms < 0 ? '' : '+'}${durationText(ms)}`
}

/** How far a time lies from now: `in 4m 10s`, `3m 05s ago`. Pure. */
export function fromNow(ms: number, now: number): string {
  return ms > now ? `in ${durationText(ms - now)}` : `${durationText(now - ms)} ago`
}
