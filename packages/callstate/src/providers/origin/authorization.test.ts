import { describe, expect, test } from 'vitest'
import { basicAuth } from './basic-auth.ts'
import { bearer } from './bearer.ts'
import { answerOf, deliveryOf } from './delivery.fixture.ts'

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
