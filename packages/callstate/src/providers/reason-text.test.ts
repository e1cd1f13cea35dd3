import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MAX_REASON_DIGITS, MAX_REASON_LENGTH, readReason } from './reason-text.ts'

describe('a reason', () => {
  test.each(['Call recipient rejected', 'user_busy', 'SIP 486', 'code 4010', '1-2-3-4'])(
    'is kept as it came: %s',
    (text) => {
      expect(readReason(text)).toBe(text)
    },
  )

  test.each([
    'rejected by +12025550123',
    'rejected by +1 202 555 0123',
    'rejected by (202) 555-0123',
    '1-2-3-4-5',
    '5 5 5 0 1',
    'ended after 12 of 345',
    '२०२५५५०१२३ did not answer',
    'sip:a@example.com',
  ])('that may hold a number or an address is left out: %s', (text) => {
    expect(readReason(text)).toBeNull()
  })

  test('has at most 200 characters', () => {
    for (const length of [1, MAX_REASON_LENGTH - 1, MAX_REASON_LENGTH]) {
      expect(readReason('x'.repeat(length))).toHaveLength(length)
    }
    expect(readReason('x'.repeat(MAX_REASON_LENGTH + 1))).toBeNull()
    expect([MAX_REASON_LENGTH, MAX_REASON_DIGITS]).toEqual([200, 4])
  })

  test.each([null, undefined, '', 486, {}, ['busy'], true])(
    'is text that says something: %j',
    (value) => {
      expect(readReason(value)).toBeNull()
    },
  )

  test('never lets five digits through, whatever stands between them', () => {
    const gap = fc.string({ maxLength: 5 })
    fc.assert(
      fc.property(fc.array(fc.tuple(gap, fc.nat(9)), { minLength: 5, maxLength: 12 }), (parts) => {
        expect(readReason(parts.flat().join(''))).toBeNull()
      }),
    )
  })
})
