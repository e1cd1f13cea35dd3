import { dialgen } from 'callstate/providers/dialgen'
import { describe, expect, it } from 'vitest'
import { json, type Reply, startApiServer, status } from './api-server.fixture.ts'
import { createFetcher } from './create-fetcher.ts'

const DAY_MS = 24 * 60 * 60_000
const NOW = 1_767_225_600_000
const LIVE = '/api/v1/status/call?callId=call%2F1'
const PERSISTENT = '/api/v1/call/check-status?callId=call%2F1'
const apiKey = 'secret-key-1'
const question = (ageMs: number) => ({
  callId: 'call/1',
  openedAt: NOW - ageMs,
  now: NOW,
  signal: AbortSignal.timeout(30_000),
})

const live = { callId: 'call/1', status: 'ONGOING' }
const persistent = { data: { id: 'call/1', status: 'COMPLETED' } }
const both: Reply = (response, request) =>
  json(request.url === LIVE ? live : persistent)(response, request)
const livesNoMore: Reply = (response, request) =>
  (request.url === LIVE ? status(404) : json(persistent))(response, request)

describe('createFetcher for dialgen', () => {
  it.each([
    ['a new call', 0, live, LIVE],
    ['a call of the future, by a clock that went back', -DAY_MS, live, LIVE],
    ['a call a moment before its 30 days are over', 30 * DAY_MS - 1, live, LIVE],
    ['a call of 30 days', 30 * DAY_MS, persistent, PERSISTENT],
  ])('asks for %s', async (_, ageMs, body, path) => {
    await using api = await startApiServer(both)
    const answer = await createFetcher(dialgen, { key: apiKey, baseUrl: api.url }).fetch(
      question(ageMs),
    )
    expect(answer).toEqual({ kind: 'message', body })
    expect(api.requests).toEqual([{ path, authorization: 'Bearer secret-key-1' }])
  })

  it('asks for the persistent status where the live one is gone', async () => {
    await using api = await startApiServer(livesNoMore)
    const answer = await createFetcher(dialgen, { key: apiKey, baseUrl: api.url }).fetch(
      question(0),
    )
    expect(answer).toEqual({ kind: 'message', body: persistent })
    expect(api.requests.map(({ path }) => path)).toEqual([LIVE, PERSISTENT])
  })

  it('says that a call is unknown where both are gone', async () => {
    await using api = await startApiServer(status(404))
    const answer = await createFetcher(dialgen, { key: apiKey, baseUrl: api.url }).fetch(
      question(0),
    )
    expect(answer).toEqual({ kind: 'unknown-call' })
    expect(api.requests).toHaveLength(2)
  })

  it('does not ask twice where the first question is too much or fails', async () => {
    await using api = await startApiServer(status(429))
    const fetcher = createFetcher(dialgen, { key: apiKey, baseUrl: api.url })
    expect(await fetcher.fetch(question(0))).toEqual({ kind: 'limited', retryAfterMs: null })
    api.reply = status(500)
    await expect(fetcher.fetch(question(0))).rejects.toThrow('HTTP status 500')
    expect(api.requests.map(({ path }) => path)).toEqual([LIVE, LIVE])
  })
})
