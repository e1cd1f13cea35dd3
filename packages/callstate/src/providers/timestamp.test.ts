import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseTimestamp } from './timestamp.ts'

const NOON = Date.UTC(2026, 0, 26, 12, 0, 0)

describe('parseTimestamp reads', () => {
  test.each([
    ['2026-01-26T12:00:00Z', NOON],
    ['2026-01-26 12:00:00Z', NOON],
    ['2026-01-26T12:00:00', NOON],
    ['2026-01-26 12:00:00', NOON],
    ['2026-01-26T12:00:00.1', NOON + 100],
    ['2026-01-26T12:00:00.12', NOON + 120],
    ['2026-01-26T12:00:00.123Z', NOON + 123],
    ['2026-01-26T12:00:00.142110', NOON + 142],
    ['2026-01-26T12:00:00.000999999', NOON],
    ['2026-01-26T12:00:00.999999999+00:00', NOON + 999],
    ['2026-01-26T12:00:00+05:30', NOON - 330 * 60_000],
    ['2026-01-26T12:00:00-0800', NOON + 480 * 60_000],
    ['2026-01-26T12:00:00+05', NOON - 300 * 60_000],
    ['2026-01-26T12:00:00-23:59', NOON + 1439 * 60_000],
    ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29)],
    ['2000-02-29T00:00:00Z', Date.UTC(2000, 1, 29)],
    ['1970-01-01T00:00:00Z', 0],
    ['9999-12-31T23:59:59.999Z', Date.UTC(9999, 11, 31, 23, 59, 59, 999)],
  ])('%s', (text, expected) => {
    expect(parseTimestamp(text)).toBe(expected)
  })
})

describe('parseTimestamp refuses', () => {
  test.each([
    '',
    '2026-01-26',
    '2026-01-26T12:00',
    '2026-01-26T12:00:0',
    '2026-01-26t12:00:00',
    '2026/01-26T12:00:00',
    '2026-01/26T12:00:00',
    '2026-01-26T12.00:00',
    '2026-01-26T12:00.00',
    '2O26-01-26T12:00:00',
    '/026-01-26T12:00:00',
    '2026-0:-26T12:00:00',
    '2026-00-26T12:00:00',
    '2026-13-26T12:00:00',
    '2026-01-00T12:00:00',
    '2026-01-32T12:00:00',
    '2026-04-31T12:00:00',
    '2026-06-31T12:00:00',
    '2026-09-31T12:00:00',
    '2026-11-31T12:00:00',
    '2026-02-29T12:00:00',
    '2100-02-29T12:00:00',
    '2024-02-30T12:00:00',
    '2026-01-26T24:00:00',
    '2026-01-26T-1:00:00',
    '2026-01-26T12:60:00',
    '2026-01-26T12:-1:00',
    '2026-01-26T12:00:60',
    '2026-01-26T12:00:1/',
    '2026-01-26T12:00:-1',
    '2026-01-26T12:00:00.',
    '2026-01-26T12:00:00.Z',
    '2026-01-26T12:00:00.1234567890',
    '2026-01-26T12:00:00,5',
    '2026-01-26T12:00:00z',
    '2026-01-26T12:00:00ZZ',
    '2026-01-26T12:00:00 Z',
    '2026-01-26T12:00:00+',
    '2026-01-26T12:00:00+5',
    '2026-01-26T12:00:00+05300',
    '2026-01-26T12:00:00+053000',
    '2026-01-26T12:00:00+24:00',
    '2026-01-26T12:00:00+00:60',
    '2026-01-26T12:00:00+0a:00',
    '2026-01-26T12:00:00+00:a0',
    '2026-01-26T12:00:00+00-00',
    '2026-01-26T12:00:00+00:000',
    '2026-01-26T12:00:00*00:00',
    '1969-12-31T23:59:59Z',
    '0001-01-01T00:00:00Z',
    ' 2026-01-26T12:00:00',
    '+020260-01-26T12:00:00Z',
  ])('%j', (text) => {
    expect(parseTimestamp(text)).toBeNull()
  })

  test('everything that is no text', () => {
    for (const value of [undefined, null, 0, NOON, Number.NaN, true, [], {}, new Date(NOON)]) {
      expect(parseTimestamp(value)).toBeNull()
    }
  })
})

const date = fc.date({
  min: new Date('1970-01-02T00:00:00Z'),
  max: new Date('9999-12-30T00:00:00Z'),
  noInvalidDate: true,
})

test('every day of a leap year and of a common one is read, the day after its last is not', () => {
  for (const year of [2023, 2024]) {
    for (let month = 1; month <= 12; month++) {
      const days = new Date(Date.UTC(year, month, 0)).getUTCDate()
      const text = (day: number) => `${year}-${pad(month)}-${pad(day)}T00:00:00Z`
      for (let day = 1; day <= days; day++) {
        expect(parseTimestamp(text(day))).toBe(Date.UTC(year, month - 1, day))
      }
      expect(parseTimestamp(text(days + 1))).toBeNull()
    }
  }
})

test('it agrees with Date.parse on every time with a zone, and a time without one is UTC', () => {
  fc.assert(
    fc.property(date, fc.integer({ min: -1439, max: 1439 }), (time, offset) => {
      const iso = time.toISOString()
      const local = iso.slice(0, -1)
      const sign = offset < 0 ? '-' : '+'
      const zone = `${sign}${pad(Math.trunc(Math.abs(offset) / 60))}:${pad(Math.abs(offset) % 60)}`
      expect(parseTimestamp(iso)).toBe(time.getTime())
      expect(parseTimestamp(local)).toBe(time.getTime())
      expect(parseTimestamp(local + zone)).toBe(Date.parse(local + zone))
      expect(parseTimestamp((local + zone).replace('T', ' '))).toBe(Date.parse(local + zone))
    }),
  )
})

test('it never throws, and what it reads is a whole number', () => {
  fc.assert(
    fc.property(fc.anything(), (value) => {
      const time = parseTimestamp(value)
      expect(time === null || Number.isSafeInteger(time)).toBe(true)
    }),
  )
  const damaged = fc
    .tuple(date, fc.nat(30), fc.string({ maxLength: 3 }))
    .map(
      ([time, at, text]) =>
        time.toISOString().slice(0, at) + text + time.toISOString().slice(at + 1),
    )
  fc.assert(
    fc.property(damaged, (text) => {
      const time = parseTimestamp(text)
      expect(time === null || Number.isSafeInteger(time)).toBe(true)
    }),
  )
})

function pad(number: number): string {
  return String(number).padStart(2, '0')
}
