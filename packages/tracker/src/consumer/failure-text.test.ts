import fc from 'fast-check'
import { expect, test } from 'vitest'
import { errorName } from '../error-name.ts'
import { failureText, MAX_FAILURE_LENGTH } from './failure-text.ts'

test('hides long numbers and addresses, and keeps what helps', () => {
  expect(failureText(new RangeError('HTTP 503 from crm, order 1234'))).toBe(
    'RangeError: HTTP 503 from crm, order 1234',
  )
  expect(failureText(new Error('12345 and +1 (202) 555-0100 and 1234'))).toBe(
    'Error: *** and +*** and 1234',
  )
  expect(failureText('<mary@example.com>, @home a@')).toBe('*** @home ***')
})

test('is cut, whatever comes, and not amid a number or an address', () => {
  for (const length of [MAX_FAILURE_LENGTH - 1, MAX_FAILURE_LENGTH, MAX_FAILURE_LENGTH + 1]) {
    expect(failureText('x'.repeat(length))).toHaveLength(Math.min(length, MAX_FAILURE_LENGTH))
  }
  const before = 'ab '.repeat(160)
  expect(failureText(`${before} mary.${'x'.repeat(5_000_000)}@example.com`)).not.toContain('mary')
  expect(failureText('1 '.repeat(5_000_000)).length).toBeLessThanOrEqual(MAX_FAILURE_LENGTH)
})

test('whatever is thrown has a text that every database keeps', () => {
  const cruel = new Error('x')
  Object.defineProperty(cruel, 'message', {
    get() {
      throw new Error('no')
    },
  })
  Object.defineProperty(cruel, 'name', { get: () => Symbol('no') })
  const thrown = fc.oneof(
    fc.anything(),
    fc.string({ unit: 'binary', maxLength: 1200 }).map((text) => new Error(text)),
    fc.string({ unit: 'binary', maxLength: 1200 }),
    fc.constantFrom(cruel, Object.create(Error.prototype), new Error('\u0000\ud800')),
  )
  fc.assert(
    fc.property(thrown, (error) => {
      const text = failureText(error)
      expect(text.length).toBeLessThanOrEqual(MAX_FAILURE_LENGTH)
      expect(text).not.toMatch(/\p{Cs}|\p{Cc}|\p{Nd}{5}|\S@/u)
      expect(typeof errorName(error)).toBe('string')
    }),
    { numRuns: 200 },
  )
})
