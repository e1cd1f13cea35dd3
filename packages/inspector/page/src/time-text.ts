const SECOND_MS = 1000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** Below this a length is said to the tenth of a second. */
const TENTHS_BELOW_MS = 10 * SECOND_MS

/**
 * A length of time in at most two units. Pure.
 *
 * @example
 * durationText(76_400) // '1 min 16 s'
 */
export function durationText(ms: number): string {
  if (ms < 0) return `−${durationText(-ms)}`
  if (ms < SECOND_MS) return `${Math.round(ms)} ms`
  if (ms < TENTHS_BELOW_MS) return `${Math.floor(ms / 100) / 10} s`
  if (ms < MINUTE_MS) return `${Math.floor(ms / SECOND_MS)} s`
  if (ms < HOUR_MS) return inTwoUnits(ms, [MINUTE_MS, 'min'], [SECOND_MS, 's'])
  if (ms < DAY_MS) return inTwoUnits(ms, [HOUR_MS, 'h'], [MINUTE_MS, 'min'])
  if (ms > MAX_DAYS * DAY_MS) return shortDurationText(ms)
  return inTwoUnits(ms, [DAY_MS, 'd'], [HOUR_MS, 'h'])
}

/**
 * A length of time in one unit, for a narrow column. Pure.
 *
 * @example
 * shortDurationText(76_400) // '1 min'
 */
export function shortDurationText(ms: number): string {
  if (ms < MINUTE_MS) return `${Math.max(0, Math.floor(ms / SECOND_MS))} s`
  if (ms < HOUR_MS) return `${Math.floor(ms / MINUTE_MS)} min`
  if (ms < 2 * DAY_MS) return `${Math.floor(ms / HOUR_MS)} h`
  const days = Math.floor(ms / DAY_MS)
  return days > MAX_DAYS ? `${MAX_DAYS}+ d` : `${days} d`
}

/** Longer than any call: then a clock is wrong, and how wrong does not matter. */
const MAX_DAYS = 999

function inTwoUnits(
  ms: number,
  [largeMs, large]: readonly [number, string],
  [smallMs, small]: readonly [number, string],
): string {
  const count = Math.floor(ms / largeMs)
  const rest = Math.floor((ms - count * largeMs) / smallMs)
  return rest === 0 ? `${count} ${large}` : `${count} ${large} ${rest} ${small}`
}

/**
 * A moment as it lies from `now`. Pure.
 *
 * @example
 * fromNow(1_000, 5_000) // '4 s ago'
 */
export function fromNow(time: number, now: number): string {
  if (Math.abs(time - now) < SECOND_MS) return 'now'
  return time < now ? `${durationText(now - time)} ago` : `in ${durationText(time - now)}`
}

/**
 * A moment of a day, to the millisecond, in the time zone `offsetMinutes` behind UTC (as
 * `Date.getTimezoneOffset` has it). Pure.
 *
 * @example
 * clockText(1_767_225_600_000, 0) // '00:00:00.000'
 */
export function clockText(time: number, offsetMinutes: number): string {
  return isoText(time, offsetMinutes).slice(11)
}

/**
 * A moment with its date, to the second, in the same time zone. Pure.
 *
 * @example
 * dateText(1_767_225_600_000, 0) // '2026-01-01 00:00:00'
 */
export function dateText(time: number, offsetMinutes: number): string {
  return isoText(time, offsetMinutes).slice(0, 19)
}

/** The farthest moment that a `Date` can hold. */
const MAX_TIME_MS = 8.64e15

function isoText(time: number, offsetMinutes: number): string {
  const local = time - offsetMinutes * MINUTE_MS
  // A provider's clock may say anything.
  if (!(Math.abs(local) <= MAX_TIME_MS)) return 'a time out of range'
  return new Date(local).toISOString().replace('T', ' ').replace('Z', '')
}
