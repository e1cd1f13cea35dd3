import { expect, test } from 'vitest'
import { attachRefusalOf, cookieValueOf, refusalOf, TOKEN_COOKIE } from './access.ts'

const TOKEN = 'example-token'

const request = (headers: Record<string, string> = {}, path = '/', host = 'localhost:4000') => ({
  url: `http://${host}${path}`,
  header: (name: string) => ({ host, ...headers })[name],
})
const status = (...given: Parameters<typeof request>) => refusalOf(request(...given), null)?.status
const withToken = (...given: Parameters<typeof request>) =>
  refusalOf(request(...given), TOKEN)?.status

test('without a token only what was made to loopback itself passes', () => {
  for (const host of ['localhost', 'localhost:4000', '127.0.0.1:1', '127.9.9.9', '[::1]:4000']) {
    expect(status({}, '/', host), host).toBeUndefined()
  }
  for (const host of [
    'rebound.example',
    'localhost.example',
    '10.0.0.1:4000',
    '127.0.0.1.example',
  ]) {
    expect(status({}, '/', host), host).toBe(403)
  }
  expect(status({ host: 'rebound.example' })).toBe(403)
  expect(status({ 'x-forwarded-for': '203.0.113.9' })).toBe(403)
  expect(status({ via: '' })).toBe(403)
  // A request line that names a host of its own.
  expect(status({ host: 'localhost' }, '/', 'rebound.example')).toBe(403)
})

test('pages of other sites are refused, a link from one is not', () => {
  expect(status({ origin: 'http://localhost:4000' })).toBeUndefined()
  expect(status({ 'sec-fetch-site': 'same-origin' })).toBeUndefined()
  expect(status({ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' })).toBeUndefined()
  expect(status({ origin: 'https://evil.example' })).toBe(403)
  expect(status({ origin: 'http://localhost:5173' })).toBe(403)
  expect(status({ origin: 'null' })).toBe(403)
  expect(status({ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' })).toBe(403)
  expect(status({ 'sec-fetch-site': 'same-site' })).toBe(403)
})

test('with a token it is the token that decides, in each of its three forms', () => {
  const cookie = `other=1; ${TOKEN_COOKIE}=${cookieValueOf(TOKEN)}`
  const far = 'calls.example'
  expect(withToken({ authorization: `Bearer ${TOKEN}` }, '/', far)).toBeUndefined()
  expect(withToken({}, `/?token=${TOKEN}`, far)).toBeUndefined()
  expect(withToken({ cookie }, '/api/stream', far)).toBeUndefined()
  expect(withToken({ cookie, origin: 'https://evil.example' }, '/', far)).toBe(403)
  for (const headers of [
    {},
    { authorization: 'Bearer' },
    { authorization: `Basic ${TOKEN}` },
    { authorization: `Bearer ${TOKEN}x` },
    { cookie: `${TOKEN_COOKIE}=${TOKEN}` },
    { cookie: TOKEN_COOKIE },
  ]) {
    expect(withToken(headers), JSON.stringify(headers)).toBe(401)
  }
  expect(withToken({}, '/?token=')).toBe(401)
  expect(cookieValueOf(TOKEN)).not.toContain(TOKEN)
})

test('pages of this machine may attach their actors, pages of other sites may not', () => {
  const attach = (headers: Record<string, string>, token: string | null = null) =>
    attachRefusalOf(request(headers, '/inspect'), token)?.status
  expect(attach({})).toBeUndefined()
  expect(attach({ origin: 'http://localhost:5173' })).toBeUndefined()
  expect(attach({ origin: 'https://evil.example' })).toBe(403)
  expect(attach({ origin: 'null' })).toBe(403)
  expect(attach({ host: 'rebound.example' })).toBe(403)
  expect(attach({ origin: 'http://localhost:5173' }, TOKEN)).toBe(401)
})
