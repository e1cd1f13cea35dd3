import { type Ask, defineProvider, type Provider } from 'callstate/providers'
import { describe, expect, it } from 'vitest'
import { ACME_AT, acme } from '../acme.fixture.ts'
import { createTracker } from '../create-tracker.ts'
import { createMemoryStore } from '../memory/index.ts'
import type { Sleep } from '../sleep.ts'
import { json, type Reply, startApiServer, status } from './api-server.fixture.ts'
import { createFetcher, type ListedMessage } from './create-fetcher.ts'

const KEY = 'account-1:pass:word'
const question = (callId: string) => ({
  ...{ callId, openedAt: ACME_AT, now: ACME_AT },
  signal: AbortSignal.timeout(30_000),
})

/** A provider that is asked in this way. */
function asked(ask: Partial<Ask>): Provider {
  const base = {
    baseUrl: 'https://api.test',
    auth: 'bearer',
    perMinute: null,
    sources: [],
  } as const
  const record: Ask['record'] = ({ callId }) => [{ path: `/calls/${callId}` }]
  return defineProvider({ ...acme, name: 'asked', ask: { ...base, record, ...ask } })
}

describe('createFetcher', () => {
  it('asks as the provider declares it: its path, its auth, its rate', async () => {
    const record = { CallId: 'call-a', Status: 'COMPLETED', Try: 1, At: ACME_AT }
    await using api = await startApiServer(json(record))
    const fetcher = createFetcher(acme, { key: KEY, baseUrl: api.url })
    expect(fetcher).toMatchObject({ provider: 'acme', perMinute: 600 })
    expect(createFetcher(acme, { key: KEY, perMinute: 7 }).perMinute).toBe(7)
    expect(await fetcher.fetch(question('call-a'))).toEqual({ kind: 'message', body: record })
    // By hand: the part before the first colon is the account, which Acme repeats in its path.
    const authorization = `Basic ${Buffer.from(KEY).toString('base64')}`
    expect(api.requests).toEqual([{ path: '/v1/accounts/account-1/calls/call-a', authorization }])
  })

  it.each([
    ['bearer', 'Bearer key-1'],
    ['none', undefined],
    [{ header: 'authorization' }, 'key-1'],
    [
      (_: unknown, key: string, now: number) => ({ authorization: `${key} at ${now}` }),
      'key-1 at 1769421600000',
    ],
  ] as const)('shows who asks by %o', async (auth, authorization) => {
    await using api = await startApiServer(json({}))
    await createFetcher(asked({ auth }), { key: 'key-1', baseUrl: api.url }).fetch(question('c'))
    expect(api.requests).toEqual([{ path: '/calls/c', authorization }])
  })

  it('takes the first request that is not answered with 404', async () => {
    await using api = await startApiServer((response, request) =>
      (request.url === '/2' ? json('two') : status(404))(response, request),
    )
    const record = () => ['/1', '/2', '/3'].map((path) => ({ path }))
    const fetcher = createFetcher(asked({ record }), { key: 'k', baseUrl: api.url })
    expect(await fetcher.fetch(question('c'))).toEqual({ kind: 'message', body: 'two' })
    expect(api.requests.map(({ path }) => path)).toEqual(['/1', '/2'])
  })

  it('keeps to its address, whatever an identifier that is not escaped would make of it', async () => {
    await using api = await startApiServer(json({}))
    const failed = expect.objectContaining({ code: 'ask-failed' })
    const fetcher = createFetcher(asked({}), { key: 'k', baseUrl: `${api.url}/v1` })
    for (const callId of ['..', '../../admin', './x', '', '#x', 'a/../b', '%2e%2e', '\ud800']) {
      await expect(fetcher.fetch(question(callId))).rejects.toEqual(failed)
    }
    const away = createFetcher(asked({ record: ({ callId }) => [{ path: callId }] }), {
      key: 'k',
      baseUrl: 'http://127.0.0.1',
    })
    const { port } = new URL(api.url)
    for (const callId of ['.evil.example/x', `:${port}/x`, `@127.0.0.1:${port}/x`]) {
      await expect(away.fetch(question(callId))).rejects.toEqual(failed)
    }
    await fetcher.fetch(question('c-1'))
    expect(api.requests.map(({ path }) => path)).toEqual(['/v1/calls/c-1'])
  })

  it('refuses what cannot ask, and keys that cannot be sent, without showing them', () => {
    const invalid = (make: () => unknown) => {
      try {
        make()
      } catch (error) {
        return error as Error & { readonly code: string }
      }
      throw new Error('It was made.')
    }
    const silent = defineProvider({ ...acme, ask: null })
    for (const make of [
      () => createFetcher(silent, { key: KEY }),
      () => createFetcher(acme, {}),
      () => createFetcher(acme, { key: 'no-colon-secret' }),
      () => createFetcher(acme, { key: ':secret' }),
      () => createFetcher(acme, { key: 'user:sec\nret' }),
      () => createFetcher(asked({ auth: 'bearer' }), { key: 'sec ret' }),
      () => createFetcher(asked({ auth: () => ({}) }), { key: '' }),
      () => createFetcher(asked({}), { key: 'k' }).list(),
    ]) {
      const { code, message } = invalid(make)
      expect(code).toBe('invalid-option')
      expect(message).not.toMatch(/sec ?\n?ret/)
    }
    createFetcher(asked({ auth: 'none' }), {})
  })

  it('says nothing of a key in what goes wrong with it', async () => {
    const auth = (_: unknown, key: string) => {
      throw new Error(`no token for ${key}`)
    }
    const fetcher = createFetcher(asked({ auth }), { key: 'secret-1' })
    const error = await fetcher.fetch(question('c')).catch((thrown: Error) => thrown)
    expect(error).toMatchObject({ code: 'ask-failed' })
    const { message, stack, cause } = error as Error
    expect(`${message} ${stack} ${cause}`).not.toContain('secret-1')
  })
})

describe('the list of a fetcher', () => {
  const DAY_MS = 86_400_000
  /** Waits that a test sees and that cost no time. */
  const instant = () => {
    const waits: number[] = []
    const sleep: Sleep = async (ms) => void waits.push(ms)
    return { waits, sleep }
  }
  const rowsOf = async (list: AsyncIterable<ListedMessage>) => {
    const rows: ListedMessage[] = []
    for await (const row of list) rows.push(row)
    return rows
  }
  const row = (callId: string) => ({ CallId: callId, Status: 'BUSY', Try: 1, At: ACME_AT })
  const inPages: Reply = (response, request) => {
    const { searchParams } = new URL(request.url ?? '', 'http://api.test')
    const from = searchParams.get('From')
    const page = searchParams.get('Page')
    const name = `${from}-${page ?? 'first'}`
    json({ Calls: [row(name)], NextPage: page === null ? 'second' : null })(response, request)
  }

  it('is every row of every page, the period in parts that the provider allows', async () => {
    await using api = await startApiServer(inPages)
    const { sleep } = instant()
    const fetcher = createFetcher(acme, { key: KEY, baseUrl: api.url, sleep })
    const period = { from: ACME_AT, to: ACME_AT + 45 * DAY_MS }
    const rows = await rowsOf(fetcher.list(period))
    const second = ACME_AT + 30 * DAY_MS
    expect(rows.map(({ body }) => (body as { CallId: string }).CallId)).toEqual([
      `${ACME_AT}-first`,
      `${ACME_AT}-second`,
      `${second}-first`,
      `${second}-second`,
    ])
    expect(rows[0]).toMatchObject({ provider: 'acme', kind: 'list-item' })
    const path = '/v1/accounts/account-1/calls'
    expect(api.requests.map((one) => one.path)).toEqual([
      `${path}?From=${ACME_AT}&To=${second}`,
      `${path}?From=${ACME_AT}&To=${second}&Page=second`,
      `${path}?From=${second}&To=${period.to}`,
      `${path}?From=${second}&To=${period.to}&Page=second`,
    ])
  })

  it('goes to now where it has no end, and is asked for as it is where it has no beginning', async () => {
    await using api = await startApiServer(json({ Calls: [] }))
    const { sleep } = instant()
    const now = () => ACME_AT + 40 * DAY_MS
    const fetcher = createFetcher(acme, { key: KEY, baseUrl: api.url, sleep, now })
    await rowsOf(fetcher.list({ from: ACME_AT }))
    await rowsOf(fetcher.list({ to: ACME_AT }))
    await rowsOf(fetcher.list())
    expect(api.requests.map(({ path }) => path.split('?')[1])).toEqual([
      `From=${ACME_AT}&To=${ACME_AT + 30 * DAY_MS}`,
      `From=${ACME_AT + 30 * DAY_MS}&To=${ACME_AT + 40 * DAY_MS}`,
      `To=${ACME_AT}`,
      '',
    ])
  })

  it('is taken in as it is, in rows that are told apart from records', async () => {
    await using api = await startApiServer(inPages)
    const { sleep } = instant()
    const fetcher = createFetcher(acme, { key: KEY, baseUrl: api.url, sleep })
    const tracker = createTracker({ store: createMemoryStore(), providers: [acme] })
    for await (const message of fetcher.list()) await tracker.ingest(message)
    const [entry] = await tracker.history({ provider: 'acme', callId: 'null-first' })
    expect(entry?.event).toMatchObject({ kind: 'list-item', status: 'busy' })
  })

  it('waits between pages, and as long as the provider asks for', async () => {
    const replies: Reply[] = [status(429, { 'retry-after': '7' }), status(429), inPages]
    await using api = await startApiServer((response, request) =>
      (replies.shift() ?? inPages)(response, request),
    )
    const clock = { at: ACME_AT }
    const waits: number[] = []
    const sleep: Sleep = async (ms) => {
      waits.push(ms)
      clock.at += ms
    }
    const options = { key: KEY, baseUrl: api.url, sleep, now: () => clock.at }
    const rows = await rowsOf(createFetcher(acme, options).list())
    expect(rows).toHaveLength(2)
    // 600 a minute is one in 100 ms; a pause as it was asked for, then one of our own.
    expect(waits.filter((ms) => ms === 100).length).toBeGreaterThanOrEqual(3)
    expect(Math.max(...waits)).toBeGreaterThan(6_000)
    expect(api.requests).toHaveLength(4)
  })

  it('ends where it is asked too much for ever, turns in a circle, or is no list', async () => {
    await using api = await startApiServer(status(429))
    const { sleep } = instant()
    const failed = (message: RegExp) =>
      expect.objectContaining({ code: 'ask-failed', message: expect.stringMatching(message) })
    const list = () => rowsOf(createFetcher(acme, { key: KEY, baseUrl: api.url, sleep }).list())
    await expect(list()).rejects.toEqual(failed(/asked too much/))
    expect(api.requests).toHaveLength(5)
    api.reply = json({ Calls: [], NextPage: 'same' })
    await expect(list()).rejects.toEqual(failed(/same page/))
    api.reply = json({ error: 'nothing here' })
    await expect(list()).rejects.toEqual(failed(/no page of its list/))
    api.reply = status(404)
    await expect(list()).rejects.toEqual(failed(/no page of its list/))
    api.reply = status(500)
    await expect(list()).rejects.toEqual(failed(/HTTP status 500/))
  })

  it('ends when its signal aborts', async () => {
    await using api = await startApiServer(inPages)
    const { sleep } = instant()
    const stop = new AbortController()
    const list = createFetcher(acme, { key: KEY, baseUrl: api.url, sleep }).list({
      signal: stop.signal,
    })
    await list.next()
    stop.abort(new Error('enough'))
    await expect(list.next()).rejects.toThrow('enough')
  })
})
