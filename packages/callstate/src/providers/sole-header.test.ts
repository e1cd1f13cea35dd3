import { expect, test } from 'vitest'
import { soleHeader } from './sole-header.ts'

test.each([
  [{ a: 'x' }, 'x', true],
  [{ a: ['x'] }, 'x', true],
  [{ a: 'x, y' }, 'x, y', true],
  [{ a: '' }, 'missing', false],
  [{ a: [] }, 'missing', false],
  [{ a: [''] }, 'missing', false],
  [{ a: undefined }, 'missing', false],
  [{}, 'missing', false],
  [{ A: 'x' }, 'missing', false],
  [Object.create({ a: 'x' }), 'missing', false],
  [{ a: ['x', 'x'] }, 'wrong', false],
  [{ a: ['', ''] }, 'wrong', false],
  [{ a: 5 }, 'wrong', false],
])('the one value of %o is %s', (headers, expected, isOk) => {
  const header = soleHeader(headers, 'a')
  expect(header.ok).toBe(isOk)
  expect(header.ok ? header.value : header.reason).toBe(expected)
})
