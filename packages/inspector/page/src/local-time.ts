import { clockText, dateText } from './time-text.ts'

/** A moment of a day in the reader's time zone, to the millisecond. */
export function localClock(time: number): string {
  return clockText(time, zoneAt(time))
}

/** A moment with its date in the reader's time zone, to the second. */
export function localDate(time: number): string {
  return dateText(time, zoneAt(time))
}

function zoneAt(time: number): number {
  // Not a number for a time that no `Date` can hold.
  return new Date(time).getTimezoneOffset() || 0
}
