import { expect, test } from 'vitest'
import { timeOf, timeText, verdictOfAge } from './signed-time.ts'

test.each([
  ['1700000000', 's', 1_700_000_000_000],
  ['0', 's', 0],
  ['1700000000000', 'ms', 1_700_000_000_000],
  ['1700000000', 's-or-ms', 1_700_000_000_000],
  ['1700000000123', 's-or-ms', 1_700_000_000_123],
  ['99999999999', 's-or-ms', 99_999_999_999_000],
  ['100000000000', 's-or-ms', 100_000_000_000],
  ['999999999999999', 'ms', 999_999_999_999_999],
  ['9999999999999999', 'ms', null],
  ['', 's', null],
  ['-1', 's', null],
  ['+1', 's', null],
  ['1.5', 's', null],
  ['1e3', 's', null],
  ['0x10', 's', null],
  [' 1', 's', null],
  ['\u0661', 's', null],
  ['2026-09-21T12:00:00.000000+00:00', 'iso', Date.UTC(2026, 8, 21, 12)],
  ['2026-09-21T12:00:00Z', 'iso', Date.UTC(2026, 8, 21, 12)],
  ['1700000000', 'iso', null],
  ['2026-09-21', 's', null],
] as const)('%s in %s', (text, unit, expected) => {
  expect(timeOf(text, unit)).toBe(expected)
})

test('a time is written as it is read', () => {
  const at = 1_700_000_000_123
  expect(timeText(at, 's')).toBe('1700000000')
  expect(timeText(at, 's-or-ms')).toBe('1700000000')
  expect(timeText(at, 'ms')).toBe('1700000000123')
  expect(timeText(at, 'iso')).toBe('2023-11-14T22:13:20.123Z')
})

test('the window has both ends, and both belong to it', () => {
  for (const [now, toleranceMs, expected] of [
    [100, 100, 'ok'],
    [99, 100, 'stale'],
    [300, 100, 'ok'],
    [301, 100, 'stale'],
    [200, 0, 'ok'],
    [201, 0, 'stale'],
    [1e15, null, 'ok'],
    [Number.NaN, 100, 'stale'],
  ] as const) {
    const verdict = verdictOfAge(200, now, toleranceMs)
    expect(verdict.ok ? 'ok' : verdict.reason).toBe(expected)
    if (verdict.ok) expect(verdict.signedAt).toBe(200)
  }
})
