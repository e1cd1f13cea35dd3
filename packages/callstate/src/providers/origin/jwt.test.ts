import { createHash, createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { queryOf } from '../body/parameters.ts'
import type { Delivery } from '../message.ts'
import { answerOf, deliveryOf, tokenOf } from './delivery.fixture.ts'
import { jwt } from './jwt.ts'

// Tokens that the vendor publishes, with where; those without a place are made with node:crypto by the
// vendor's documents.

describe('Vonage', () => {
  const scheme = jwt({
    authScheme: 'Bearer',
    bodyHash: { claim: 'payload_hash', encoding: 'hex' },
    maxAgeMs: 300_000,
    hashed: (delivery) =>
      delivery.method === 'GET'
        ? new TextEncoder().encode(JSON.stringify(queryOf(delivery.url)))
        : delivery.rawBody,
  })
  const bearing = (token: string, body: string, more: Partial<Delivery> = {}) =>
    deliveryOf(body, { headers: { authorization: `Bearer ${token}` }, ...more })
  const KEY = 'callstate-test-signature-secret-0123456789abcdef'
  const AT = 1_764_547_200_000
  const BODY =
    '{"headers":{},"from":"12025550123","to":"12025550124","uuid":"00000000-0000-4000-8000-000000000006","conversation_uuid":"CON-00000000-0000-4000-8000-000000000007","status":"ringing","direction":"outbound","timestamp":"2025-12-01T00:00:00.123Z"}'
  const TOKEN =
    'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpYXQiOjE3NjQ1NDcyMDAsImp0aSI6IjAwMDAwMDAwLTAwMDAtNDAwMC04MDAwLTAwMDAwMDAwMDAwOCIsImlzcyI6IlZvbmFnZSIsInBheWxvYWRfaGFzaCI6IjRkMzQ5M2NiYWVkMmZlZWE1ZDlkODBjNzYzYmYwZGU0YzE2ZWYzMjJiYzgwNGM3NzYwMjRhMTQxOWMxNDc0NTMiLCJhcGlfa2V5IjoiYWJjZDEyMzQiLCJhcHBsaWNhdGlvbl9pZCI6IjAwMDAwMDAwLTAwMDAtNDAwMC04MDAwLTAwMDAwMDAwMDAwOSJ9.90ltKBWw62oVua3r0sip2myUrjJedRXLFCMnj5zPnZ8'

  test('a token and its body', async () => {
    expect(await answerOf(scheme, bearing(TOKEN, BODY), KEY, AT)).toBe('ok')
    expect(await answerOf(scheme, bearing(TOKEN, BODY), ['another', KEY], AT + 300_000)).toBe('ok')
    expect(await answerOf(scheme, bearing(TOKEN, BODY), KEY, AT + 300_001)).toBe('stale')
    expect(await answerOf(scheme, bearing(TOKEN, `${BODY}\n`), KEY, AT)).toBe('wrong')
    expect(await answerOf(scheme, bearing(TOKEN, BODY), 'another', AT)).toBe('wrong')
  })

  test('a GET hashes its query as JSON', async () => {
    const url = `https://example.com/event?${QUERY}`
    const get = bearing(TOKEN_OF_GET, '', { method: 'GET', url })
    expect(await answerOf(scheme, get, KEY, AT)).toBe('ok')
    const changed = { ...get, url: url.replace('ringing', 'answered') }
    expect(await answerOf(scheme, changed, KEY, AT)).toBe('wrong')
  })

  test.each([
    // vonage-ruby-sdk, test/vonage/test.rb: its hash is of a body that is not published.
    [
      'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpYXQiOjE1ODc0OTQ5NjIsImp0aSI6ImM1YmE4ZjI0LTFhMTQtNGMxMC1iZmRmLTNmYmU4Y2U1MTFiNSIsImlzcyI6IlZvbmFnZSIsInBheWxvYWRfaGFzaCI6ImQ2YzBlNzRiNTg1N2RmMjBlM2I3ZTUxYjMwYzBjMmE0MGVjNzNhNzc4NzliNmYwNzRkZGM3YTIzMTdkZDAzMWIiLCJhcGlfa2V5IjoiYTFiMmMzZCIsImFwcGxpY2F0aW9uX2lkIjoiYWFhYWFhYWEtYmJiYi1jY2NjLWRkZGQtMDEyMzQ1Njc4OWFiIn0.JQRKi1d0SQitmjPINfTWMpt3XZkGsLbD7EjCdXoNSbk',
      'ZYtdTtGV3BCFN7tWmOWr1md66XsquMggr4W2cTtXtcPgfnI0Xw',
      1_587_494_962_000,
      'ok',
    ],
    // vonage-python-jwt and vonage-jwt-jdk, tests: without a hash.
    [
      'eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJPbmxpbmUgSldUIEJ1aWxkZXIiLCJpYXQiOjE2OTc2MzQ2ODAsImV4cCI6MzMyNTQ1NDA4MjgsImF1ZCI6IiIsInN1YiI6IiJ9.88vJc3I2HhuqEDixHXVhc9R30tA6U_HQHZTC29y6CGM',
      'qwertyuiopasdfghjklzxcvbnm123456',
      1_697_634_680_000,
      'wrong',
    ],
    [
      'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJhZG1pbiIsIm5hbWUiOiJTaW5hIiwiaWF0IjoxNjk4MjU4NjY3fQ.ZVSrJeaES6iaBOwd6vMk93my2gq1uCwDi3c7aCIMqa0',
      '0c15c425fe48dd59dab5fb3eea57d528f405a71d78ae4998deacab4deeb02ca5',
      1_698_258_667_000,
      'wrong',
    ],
  ])('%s before its body is read', async (token, key, now, expected) => {
    const verdict = await scheme.checkHead(bearing(token, ''), { keys: [key], now })
    expect(verdict.ok ? 'ok' : verdict.reason).toBe(expected)
    expect(await answerOf(scheme, bearing(token, ''), key, now)).toBe('wrong')
  })

  const QUERY =
    'from=12025550123&to=12025550124&uuid=00000000-0000-4000-8000-000000000006&conversation_uuid=CON-00000000-0000-4000-8000-000000000007&status=ringing&direction=outbound&timestamp=2025-12-01T00:00:00.123Z'
  const TOKEN_OF_GET =
    'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpYXQiOjE3NjQ1NDcyMDAsImp0aSI6IjAwMDAwMDAwLTAwMDAtNDAwMC04MDAwLTAwMDAwMDAwMDAwOCIsImlzcyI6IlZvbmFnZSIsInBheWxvYWRfaGFzaCI6IjNiN2JjYzY2YjA2NGFiMGNjNzMwOGJhMzZjODA4NTZlNGQyMzQxMWZhY2E2YjliY2VmNjU5MmI1N2MxOTE0ZTIiLCJhcGlfa2V5IjoiYWJjZDEyMzQiLCJhcHBsaWNhdGlvbl9pZCI6IjAwMDAwMDAwLTAwMDAtNDAwMC04MDAwLTAwMDAwMDAwMDAwOSJ9.yROs2x30G2bf5kbv9fmsgcclePljKk7yWkqTvLouvFU'
})

describe('LiveKit', () => {
  const scheme = jwt({
    authScheme: null,
    bodyHash: { claim: 'sha256', encoding: 'base64' },
    maxAgeMs: null,
  })

  test.each([
    // server-sdk-js, WebhookReceiver.test.ts: the body; the token is what livekit-server-sdk accepts.
    [
      'abababa',
      '{"event":"room_started", "room":{"sid":"RM_TkVjUvAqgzKz", "name":"mytestroom", "emptyTimeout":300, "creationTime":"1628545903", "turnPassword":"ICkSr2rEeslkN6e9bXL4Ji5zzMD5Z7zzr6ulOaxMj6N", "enabledCodecs":[{"mime":"audio/opus"}, {"mime":"video/VP8"}]}}',
      'eyJhbGciOiJIUzI1NiJ9.eyJzaGEyNTYiOiJDb0VRejFjaHFKOWJuWlJjT1JkZGpwbGt2cGptUHVqbUxUUjQyRGJlZllJPSIsImlzcyI6ImFiY2RlZmciLCJuYmYiOjE3ODU1NDI0MDAsImV4cCI6MTc4NTU0MjcwMH0.z3HQapHjFxH5f34wvfhd4LbIyUjNyKHbV--9zC8OZTg',
    ],
    [
      'callstate-example-secret-32-chars!',
      '{"event":"participant_left","room":{"sid":"RM_exampleRoom01","name":"call-example-1"},"participant":{"sid":"PA_exampleLeg01","identity":"sip_+12025550123","state":"DISCONNECTED","joinedAt":"1785542310","joinedAtMs":"1785542310250","kind":"SIP","attributes":{"sip.callID":"SCL_exampleCall1","sip.callStatus":"hangup"},"disconnectReason":"CLIENT_INITIATED"},"id":"EV_exampleEvt001","createdAt":"1785542400"}',
      'eyJhbGciOiJIUzI1NiJ9.eyJzaGEyNTYiOiJPSENsa3RHQnE2NjdFQ1FsdUo5SXcwbG5qVVVtaTFvNkZrcXY0UGhDcDBJPSIsImlzcyI6IkFQSWV4YW1wbGVLZXkxIiwibmJmIjoxNzg1NTQyNDAwLCJleHAiOjE3ODU1NDI3MDB9.8Bb1tct-sd1pe0w_4WuNSgpsUu6837aLNlIW94RcI90',
    ],
  ])('%s', async (key, body, authorization) => {
    const delivery = deliveryOf(body, { headers: { authorization } })
    const from = 1_785_542_400_000
    for (const [now, expected] of [
      [from - 1, 'stale'],
      [from, 'ok'],
      [from + 299_999, 'ok'],
      [from + 300_000, 'stale'],
    ] as const) {
      expect(await answerOf(scheme, delivery, key, now)).toBe(expected)
    }
    const spaced = { ...delivery, rawBody: Buffer.from(body.replace(',', ',\n')) }
    expect(await answerOf(scheme, spaced, key, from)).toBe('wrong')
    expect(await answerOf(scheme, delivery, 'another', from)).toBe('wrong')
    const withWord = { ...delivery, headers: { authorization: `Bearer ${authorization}` } }
    expect(await answerOf(scheme, withWord, key, from)).toBe('wrong')
  })
})

describe('a token', () => {
  const NOW_S = 1_764_547_200
  const KEY = 'a right key'
  const payload_hash = createHash('sha256').update('{}').digest('hex')
  const GOOD = { payload_hash, iss: 'Acme', iat: NOW_S }
  const scheme = jwt({
    authScheme: 'Bearer',
    bodyHash: { claim: 'payload_hash', encoding: 'hex' },
    issuer: 'Acme',
    maxAgeMs: 300_000,
  })
  const check = (authorization: string, one = scheme) =>
    answerOf(one, deliveryOf('{}', { headers: { authorization } }), KEY, NOW_S * 1_000)
  const checkToken = (token: string, one = scheme) => check(`Bearer ${token}`, one)

  test('is good', async () => {
    expect(await checkToken(tokenOf(KEY, GOOD))).toBe('ok')
    const delivery = deliveryOf('{}', {
      headers: { authorization: `Bearer ${tokenOf(KEY, GOOD)}` },
    })
    const verdict = await scheme.checkHead(delivery, { keys: [KEY], now: NOW_S * 1_000 })
    expect(verdict).toEqual({ ok: true, signedAt: NOW_S * 1_000 })
  })

  test('that says another algorithm is wrong, signed or not', async () => {
    for (const alg of ['none', 'None', 'HS512', 'HS384', 'RS256', 'hs256', '', undefined, 5]) {
      const token = tokenOf(KEY, GOOD, { alg })
      expect(await checkToken(token), String(alg)).toBe('wrong')
      const unsigned = token.slice(0, token.lastIndexOf('.') + 1)
      expect(await checkToken(unsigned), String(alg)).toBe('wrong')
    }
    const written = [{ alg: 'HS512' }, GOOD].map((part) =>
      Buffer.from(JSON.stringify(part)).toString('base64url'),
    )
    const signature = createHmac('sha512', KEY).update(written.join('.')).digest('base64url')
    const token = [...written, signature].join('.')
    expect(await checkToken(token)).toBe('wrong')
    const longer = jwt({
      authScheme: 'Bearer',
      algorithm: 'HS512',
      bodyHash: { claim: 'payload_hash', encoding: 'hex' },
      maxAgeMs: 300_000,
    })
    expect(await checkToken(token, longer)).toBe('ok')
  })

  test('with an extension that must be understood is wrong', async () => {
    for (const header of [
      { alg: 'HS256', crit: ['acme'], acme: 1 },
      { alg: 'HS256', crit: ['b64'], b64: false },
      { alg: 'HS256', crit: [] },
    ]) {
      expect(await checkToken(tokenOf(KEY, GOOD, header))).toBe('wrong')
    }
  })

  test.each([
    [{ payload_hash: payload_hash.toUpperCase() }, 'wrong'],
    [{ payload_hash: Buffer.from(payload_hash, 'hex').toString('base64') }, 'wrong'],
    [{ payload_hash: [payload_hash] }, 'wrong'],
    [{ payload_hash: undefined }, 'wrong'],
    [{ iss: 'acme' }, 'wrong'],
    [{ iss: undefined }, 'wrong'],
    [{ iss: ['Acme'] }, 'wrong'],
    [{ iat: undefined }, 'wrong'],
    [{ iat: String(NOW_S) }, 'wrong'],
    [{ iat: NOW_S - 301 }, 'stale'],
    [{ iat: NOW_S + 301 }, 'stale'],
    [{ exp: NOW_S }, 'stale'],
    [{ exp: NOW_S + 1 }, 'ok'],
    [{ exp: 'never' }, 'wrong'],
    [{ nbf: NOW_S + 1 }, 'stale'],
    [{ nbf: NOW_S }, 'ok'],
    [{ nbf: 'soon' }, 'wrong'],
    [{ iss: 'acme', exp: NOW_S }, 'wrong'],
  ])('with %o is %s', async (change, expected) => {
    const token = tokenOf(KEY, { ...GOOD, ...change })
    expect(await checkToken(token)).toBe(expected)
    const head = deliveryOf('', { headers: { authorization: `Bearer ${token}` } })
    const verdict = await scheme.checkHead(head, { keys: [KEY], now: NOW_S * 1_000 })
    expect(verdict.ok ? 'ok' : verdict.reason).toBe(expected)
  })

  test('with too short a hash is wrong by its body', async () => {
    for (const cut of [payload_hash.slice(2), '', `${payload_hash}00`]) {
      expect(await checkToken(tokenOf(KEY, { ...GOOD, payload_hash: cut }))).toBe('wrong')
    }
  })

  test('comes after the word Bearer, in any letter case', async () => {
    const token = tokenOf(KEY, GOOD)
    for (const word of ['Bearer', 'bearer', 'BEARER']) {
      expect(await check(`${word} ${token}`)).toBe('ok')
    }
    for (const header of [token, `Basic ${token}`, `Bearer: ${token}`, `Bearer ${token} x`]) {
      expect(await check(header)).toBe('wrong')
    }
  })

  test('that may live for ever is wrong where tokens name their end', async () => {
    const ending = jwt({
      authScheme: 'Bearer',
      bodyHash: { claim: 'payload_hash', encoding: 'hex' },
      maxAgeMs: null,
    })
    expect(await checkToken(tokenOf(KEY, GOOD), ending)).toBe('wrong')
    expect(await checkToken(tokenOf(KEY, { ...GOOD, exp: NOW_S + 1 }), ending)).toBe('ok')
  })

  test('is stale where one key fits it, whatever the others say', async () => {
    const old = tokenOf(KEY, { ...GOOD, iat: NOW_S - 301 })
    const delivery = deliveryOf('{}', { headers: { authorization: `Bearer ${old}` } })
    for (const keys of [
      ['another', KEY],
      [KEY, 'another'],
    ]) {
      expect(await answerOf(scheme, delivery, keys, NOW_S * 1_000)).toBe('stale')
    }
  })
})
