import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isWithinGuardrails, nextAllowedAt } from './index.ts'
import { BOLNA_DEFAULT_CALLBACK_HOURS, bolnaGuardrailsSchema } from './reference.ts'

const hours = (call_start_hour: number, call_end_hour: number) => ({
  call_start_hour,
  call_end_hour,
})

describe('calling_guardrails', () => {
  test.each<[object, boolean]>([
    [hours(9, 21), true],
    [hours(0, 23), true],
    [hours(9, 9), true],
    [hours(9, 8), false],
    [hours(-1, 9), false],
    [hours(9, 24), false],
    [hours(9.5, 21), false],
    [{ call_start_hour: 9 }, false],
    [{ ...hours(9, 21), weekdays: [1] }, true],
  ])('%j fits the schema: %s', (guardrails, fits) => {
    expect(bolnaGuardrailsSchema.safeParse(guardrails).success).toBe(fits)
  })

  test('the schema says what is wrong with an end before the start', () => {
    expect(bolnaGuardrailsSchema.safeParse(hours(9, 8)).error?.issues).toMatchObject([
      { path: ['call_end_hour'], message: 'an hour not before call_start_hour' },
    ])
  })

  test('a callback that nobody configured is allowed from 9 to 21', () => {
    expect(BOLNA_DEFAULT_CALLBACK_HOURS).toEqual(hours(9, 21))
  })

  test('the start hour is inside, the end hour outside', () => {
    const inside = Array.from({ length: 24 }, (_, hour) => hour).filter((hour) =>
      isWithinGuardrails(hours(9, 17), hour),
    )
    expect(inside).toEqual([9, 10, 11, 12, 13, 14, 15, 16])
  })
})

describe('the next moment at which a call is allowed', () => {
  test.each([
    [
      'inside: at once',
      hours(9, 21),
      '2026-01-26T10:07:03.004Z',
      'UTC',
      '2026-01-26T10:07:03.004Z',
    ],
    ['at the start', hours(9, 21), '2026-01-26T09:00:00Z', 'UTC', '2026-01-26T09:00:00Z'],
    ['before the start', hours(9, 21), '2026-01-26T08:59:59.999Z', 'UTC', '2026-01-26T09:00:00Z'],
    [
      'at the end: the next day',
      hours(9, 21),
      '2026-01-26T21:00:00Z',
      'UTC',
      '2026-01-27T09:00:00Z',
    ],
    ['from midnight', hours(0, 1), '2026-01-26T01:00:00Z', 'UTC', '2026-01-27T00:00:00Z'],
    [
      'India, UTC+5:30',
      hours(9, 21),
      '2026-01-26T16:00:00Z',
      'Asia/Kolkata',
      '2026-01-27T03:30:00Z',
    ],
    [
      'Nepal, UTC+5:45',
      hours(9, 21),
      '2026-01-26T16:00:00Z',
      'Asia/Kathmandu',
      '2026-01-27T03:15:00Z',
    ],
    // On 8 March 2026 New York goes from 2:00 to 3:00, on 1 November from 2:00 back to 1:00.
    [
      'the night the clock goes forward',
      hours(9, 17),
      '2026-03-08T01:00:00Z',
      'America/New_York',
      '2026-03-08T13:00:00Z',
    ],
    [
      'a start that is skipped',
      hours(2, 5),
      '2026-03-08T06:30:00Z',
      'America/New_York',
      '2026-03-08T07:00:00Z',
    ],
    [
      'a whole window that is skipped',
      hours(2, 3),
      '2026-03-08T06:30:00Z',
      'America/New_York',
      '2026-03-09T06:00:00Z',
    ],
    [
      'the night the clock goes back',
      hours(9, 17),
      '2026-11-01T01:00:00Z',
      'America/New_York',
      '2026-11-01T14:00:00Z',
    ],
    [
      'an hour that comes twice',
      hours(1, 2),
      '2026-11-01T04:30:00Z',
      'America/New_York',
      '2026-11-01T05:00:00Z',
    ],
  ])('%s', (_title, guardrails, at, zone, expected) => {
    expect(nextAllowedAt(guardrails, Date.parse(at), zone)).toBe(Date.parse(expected))
  })

  test('guardrails that start and end in one hour allow nothing', () => {
    expect(nextAllowedAt(hours(9, 9), Date.UTC(2026, 0, 26), 'UTC')).toBeNull()
  })

  test('it is allowed, not before the time given, and no earlier quarter of an hour is', () => {
    const localHour = (time: number, timeZone: string) =>
      Number(
        new Intl.DateTimeFormat('en-US', { timeZone, hour: 'numeric', hourCycle: 'h23' }).format(
          time,
        ),
      )
    fc.assert(
      fc.property(
        fc.tuple(fc.nat(23), fc.nat(23)).filter(([a, b]) => a < b),
        fc.integer({ min: Date.UTC(2025, 0, 1), max: Date.UTC(2027, 0, 1) }),
        fc.constantFrom('UTC', 'Asia/Kolkata', 'America/New_York', 'Australia/Lord_Howe'),
        ([start, end], at, zone) => {
          const next = nextAllowedAt(hours(start, end), at, zone) as number
          expect(next).toBeGreaterThanOrEqual(at)
          expect(isWithinGuardrails(hours(start, end), localHour(next, zone))).toBe(true)
          if (next === at) return
          const justBefore = localHour(next - 1, zone)
          expect(isWithinGuardrails(hours(start, end), justBefore)).toBe(false)
          expect(next - at).toBeLessThanOrEqual(25 * 3_600_000)
        },
      ),
    )
  })

  test('a zone that does not exist is a mistake of the caller', () => {
    expect(() => nextAllowedAt(hours(9, 21), 0, 'Mars/Olympus')).toThrow(RangeError)
  })
})
