import { bolna } from 'callstate/providers/bolna'
import { describe, expect, it } from 'vitest'
import { json, startApiServer, status } from './api-server.fixture.ts'
import { createFetcher } from './create-fetcher.ts'

const apiKey = 'secret-key-1'
const question = (callId: string) => ({
  callId,
  openedAt: 0,
  now: 0,
  signal: AbortSignal.timeout(30_000),
})

describe('createFetcher for bolna', () => {
  it('asks for the execution with the key, and brings a message that the provider reads', async () => {
    const body = { id: 'c-1', status: 'completed', updated_at: '2026-01-01T00:00:00Z' }
    await using api = await startApiServer(json(body))
    const answer = await createFetcher(bolna, { key: apiKey, baseUrl: `${api.url}/` }).fetch(
      question('c-1'),
    )
    expect(answer).toEqual({ kind: 'message', body })
    expect(bolna.read({ body, kind: 'record' })).toMatchObject({ events: [{ callId: 'c-1' }] })
    expect(api.requests).toEqual([
      { path: '/executions/c-1', authorization: 'Bearer secret-key-1' },
    ])
  })

  it('keeps to its address whatever the identifier is', async () => {
    await using api = await startApiServer(status(404))
    const fetcher = createFetcher(bolna, { key: apiKey, baseUrl: `${api.url}/proxy` })
    await fetcher.fetch(question('../agents?x=1#é /'))
    expect(api.requests[0]?.path).toBe('/proxy/executions/..%2Fagents%3Fx%3D1%23%C3%A9%20%2F')
    for (const callId of ['', '.', '..', '\ud800']) {
      const expected = expect.objectContaining({ code: 'ask-failed' })
      await expect(fetcher.fetch(question(callId))).rejects.toEqual(expected)
    }
    expect(api.requests).toHaveLength(1)
  })

  it('says that a call is unknown, and that it asks too much', async () => {
    await using api = await startApiServer(status(404))
    const fetcher = createFetcher(bolna, { key: apiKey, baseUrl: api.url })
    expect(await fetcher.fetch(question('c-1'))).toEqual({ kind: 'unknown-call' })
    api.reply = status(429)
    expect(await fetcher.fetch(question('c-1'))).toEqual({ kind: 'limited', retryAfterMs: null })
    api.reply = status(429, { 'retry-after': '7' })
    expect(await fetcher.fetch(question('c-1'))).toEqual({ kind: 'limited', retryAfterMs: 7_000 })
  })

  it('stays well below the documented limit unless it is told otherwise', () => {
    expect(createFetcher(bolna, { key: apiKey }).perMinute).toBe(200)
    expect(createFetcher(bolna, { key: apiKey, perMinute: 5 }).perMinute).toBe(5)
  })
})
