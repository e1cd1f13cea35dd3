import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isoTime } from './iso-time.ts'

const LATEST_DATE_MS = 8.64e15

test('a time is written as Date writes it', () => {
  const times = fc.oneof(
    fc.integer({ min: -LATEST_DATE_MS, max: LATEST_DATE_MS }),
    fc.integer({ min: 1_767_225_600_000, max: 1_767_484_800_000 }),
    fc.double({ min: -1e12, max: 1e12, noNaN: true }),
  )
  fc.assert(
    fc.property(fc.array(times), (list) => {
      expect(list.map(isoTime)).toEqual(list.map((ms) => new Date(ms).toISOString()))
    }),
    { numRuns: 1000 },
  )
})

test.each([-LATEST_DATE_MS, -1, -0, 0, 1, 86_399_999, 86_400_000, LATEST_DATE_MS])(
  'so is the time %d, at the edge of a day or of all days',
  (ms) => expect(isoTime(ms)).toBe(new Date(ms).toISOString()),
)

test('what is no date has no text', () => {
  for (const ms of [LATEST_DATE_MS + 1, -LATEST_DATE_MS - 1, 1e300, Number.NaN]) {
    expect(isoTime(ms)).toBeNull()
  }
})
