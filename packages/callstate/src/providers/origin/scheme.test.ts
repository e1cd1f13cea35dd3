import { describe, expect, test } from 'vitest'
import { basicAuth } from './basic-auth.ts'
import { bearer } from './bearer.ts'
import { answerOf, deliveryOf } from './delivery.fixture.ts'
import { headerOf, soleHeader } from './scheme.ts'

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
  expect(header.ok ? header.value : header.reason).toBe(expected)
  expect(headerOf(headers, 'a')).toBe(isOk ? expected : null)
})

describe('the header Authorization', () => {
  const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`

  test.each([
    [basic('user:pass'), 'user:pass', 'ok'],
    [basic('user:pass').replace('Basic', 'bASIC'), 'user:pass', 'ok'],
    [basic('user:'), 'user:', 'ok'],
    [basic(':pass'), ':pass', 'ok'],
    [basic('user'), 'user', 'wrong'],
    [basic('user:pass').slice(6), 'user:pass', 'wrong'],
    [`${basic('user:pass')} x`, 'user:pass', 'wrong'],
    ['Basic', 'user:pass', 'wrong'],
    ['Basic ', '', 'wrong'],
    ['Digest dXNlcjpwYXNz', 'user:pass', 'wrong'],
  ])('%s of basic auth', async (authorization, key, expected) => {
    const delivery = deliveryOf('', { headers: { authorization } })
    expect(await answerOf(basicAuth(), delivery, key)).toBe(expected)
  })

  test.each([
    ['Bearer abc', 'ok', 'ok'],
    ['bearer  abc', 'ok', 'ok'],
    ['abc', 'wrong', 'ok'],
    ['Bearer ABC', 'wrong', 'wrong'],
    ['Bearer', 'wrong', 'wrong'],
    ['Bearerabc', 'wrong', 'wrong'],
    ['Token abc', 'wrong', 'wrong'],
  ])('%s of a token', async (authorization, expected, withoutWord) => {
    const delivery = deliveryOf('', { headers: { authorization } })
    expect(await answerOf(bearer(), delivery, 'abc')).toBe(expected)
    expect(await answerOf(bearer({ isWordOptional: true }), delivery, 'abc')).toBe(withoutWord)
  })
})
