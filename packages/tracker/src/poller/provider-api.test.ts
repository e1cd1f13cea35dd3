import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { isTrackerError } from '../error.ts'
import { hang, hangUp, json, startApiServer, status, text } from './api-server.fixture.ts'
import { createProviderApi, type ProviderApiOptions } from './provider-api.ts'
import { parseRetryAfter } from './retry-after.ts'

const apiKey = 'secret-key-1'
const never = new AbortController().signal
const question = { now: 0, signal: never }
type Waiting = typeof question
const httpAsk = ({
  apiKey,
  baseUrl,
  ...options
}: Omit<ProviderApiOptions, 'key'> & {
  readonly apiKey: string
  readonly baseUrl: string
}) => {
  const api = createProviderApi({ baseUrl, auth: 'bearer' }, { key: apiKey, ...options })
  return (path: string, waiting: Waiting) => api.send({ path }, waiting)
}

describe('an API that wants a bearer token', () => {
  it('reads an answer of as many bytes as it may have, and none of more', async () => {
    await using api = await startApiServer(text('"12345678"'))
    const at = (maxAnswerBytes: number) =>
      httpAsk({ apiKey, baseUrl: api.url, maxAnswerBytes })('/x', question)
    expect(await at(11)).toEqual({ kind: 'message', body: '12345678' })
    expect(await at(10)).toEqual({ kind: 'message', body: '12345678' })
    await expect(at(9)).rejects.toThrow("The provider's answer has more than 9 bytes.")
  })

  it('stops reading an endless answer', async () => {
    await using api = await startApiServer((response) => {
      const write = () => {
        while (!response.destroyed && response.write(' '.repeat(65_536)));
        if (!response.destroyed) response.once('drain', write)
      }
      write()
    })
    const ask = httpAsk({ apiKey, baseUrl: api.url })
    await expect(ask('/x', question)).rejects.toThrow('more than 4194304 bytes')
  })

  it('lets go of an answer that it does not read', async () => {
    const closed: Promise<unknown>[] = []
    await using api = await startApiServer((response) => {
      closed.push(once(response, 'close'))
      response.writeHead(404).write('not yet all')
    })
    const answer = await httpAsk({ apiKey, baseUrl: api.url })('/x', question)
    expect(answer).toEqual({ kind: 'unknown-call' })
    await Promise.all(closed)
  })

  it('rejects with the reason of the signal', async () => {
    await using api = await startApiServer(hang)
    const over = new AbortController()
    const asking = httpAsk({ apiKey, baseUrl: api.url })('/x', { now: 0, signal: over.signal })
    await api.asked(1)
    over.abort(new Error('enough'))
    await expect(asking).rejects.toThrow('enough')
  })

  it('shows neither the key nor the answer in any error', async () => {
    await using api = await startApiServer(text('+1 202 555 0100'))
    const errors: unknown[] = []
    const keep = (error: unknown) => void errors.push(error)
    const ask = httpAsk({ apiKey, baseUrl: api.url })
    for (const reply of [text('+1 202 555 0100'), hangUp, status(500)]) {
      api.reply = reply
      await ask('/x', question).catch(keep)
    }
    const talkative = async (_: unknown, init?: RequestInit) => {
      throw new Error(`cannot send ${JSON.stringify(init?.headers)}`)
    }
    await httpAsk({ apiKey, baseUrl: api.url, fetch: talkative })('/x', question).catch(keep)
    for (const key of ['', 'secret-key\n1', 'schlüssel-secret-key']) {
      try {
        httpAsk({ apiKey: key, baseUrl: api.url })
      } catch (error) {
        errors.push(error)
      }
    }
    expect(errors).toHaveLength(7)
    expect(errors.every(isTrackerError)).toBe(true)
    for (const error of errors) {
      const { message, stack, cause } = error as Error
      expect(`${message} ${stack} ${String(cause)}`).not.toMatch(/secret-key|555/)
      expect(cause).toBeUndefined()
    }
  })

  it('follows no redirect, so that the key goes to one address only', async () => {
    await using other = await startApiServer(json({}))
    await using api = await startApiServer(status(307, { location: other.url }))
    const ask = httpAsk({ apiKey, baseUrl: api.url })
    await expect(ask('/x', question)).rejects.toThrow('HTTP status 307')
    expect(other.requests).toEqual([])
  })

  it.each([
    '',
    'api.example.com',
    'ftp://example.com',
    'https://me@example.com',
    'https://a.b?c=1',
  ])('refuses the base %j', (baseUrl) => {
    const expected = expect.objectContaining({ code: 'invalid-option' })
    expect(() => httpAsk({ apiKey, baseUrl })).toThrow(expected)
  })
})

describe('parseRetryAfter', () => {
  const now = Date.parse('2026-01-01T00:00:00Z')
  it.each([
    ['120', 120_000],
    ['0', 0],
    [' 1.5 ', 1_500],
    ['Thu, 01 Jan 2026 00:01:00 GMT', 60_000],
    ['Wed, 31 Dec 2025 23:00:00 GMT', 0],
    ['', null],
    ['-5', null],
    ['soon', null],
    ['2026', 2_026_000],
    ['99999999999', null],
    [null, null],
  ])('reads %j as %j ms', (header, ms) => {
    expect(parseRetryAfter(header, now)).toBe(ms)
  })
})
