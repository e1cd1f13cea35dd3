import { expect, test } from 'vitest'
import { isoTime } from './iso-time.ts'
import { durationText, fromNow, timeText } from './time-text.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

test.each([
  [0, '0 s'],
  [850, '850 ms'],
  [999.4, '999 ms'],
  [4500, '4.5 s'],
  [59_940, '59.9 s'],
  [59_960, '1m 00s'],
  [MINUTE, '1m 00s'],
  [27 * MINUTE + 5 * SECOND, '27m 05s'],
  [HOUR - 1, '1h 00m'],
  [26 * HOUR + 4 * MINUTE, '1d 02h'],
  [400 * 24 * HOUR, '400d 00h'],
  [-90 * SECOND, '-1m 30s'],
])('%d ms is %s', (ms, text) => {
  expect(durationText(ms)).toBe(text)
})

test('times are UTC, to the second for a person, and null or unknown where there is none', () => {
  const at = Date.parse('2026-01-01T00:00:05.250Z')
  expect([isoTime(at), timeText(at)]).toEqual(['2026-01-01T00:00:05.250Z', '2026-01-01 00:00:05Z'])
  for (const none of [null, Number.MAX_VALUE]) {
    expect([isoTime(none), timeText(none)]).toEqual([null, 'unknown'])
  }
  expect(fromNow(at + MINUTE, at)).toBe('in 1m 00s')
  expect(fromNow(at - MINUTE, at)).toBe('1m 00s ago')
})
