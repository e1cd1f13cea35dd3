const DAY_MS = 86_400_000
const LATEST_DATE_MS = 8.64e15

/** `00` to `99`. */
const TWO_DIGITS = Array.from({ length: 100 }, (_, number) => `${number}`.padStart(2, '0'))

/** The last day that was written, and its text up to `T`: the times of a log have few days. */
let latest = { day: Number.NaN, text: '' }

/**
 * A time as `Date` writes it, at a quarter of the cost; null where it is unknown, and beyond its range,
 * where JavaScript has no date. Pure but for what it remembers.
 */
export function isoTime(ms: number | null): string | null {
  if (ms === null || !(Math.abs(ms) <= LATEST_DATE_MS)) return null
  const time = Math.trunc(ms)
  const day = Math.floor(time / DAY_MS)
  if (day !== latest.day) {
    latest = { day, text: new Date(time).toISOString().slice(0, -'00:00:00.000Z'.length) }
  }
  const inDay = time - day * DAY_MS
  const seconds = Math.floor(inDay / 1000)
  const minutes = Math.floor(seconds / 60)
  const hours = TWO_DIGITS[Math.floor(minutes / 60)]
  const thousandths = `${1000 + (inDay % 1000)}`.slice(1)
  return `${latest.text}${hours}:${TWO_DIGITS[minutes % 60]}:${TWO_DIGITS[seconds % 60]}.${thousandths}Z`
}
