import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { createServer, request as httpRequest } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { Writable } from 'node:stream'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type ServeOptions, type Serving, startServing } from '../src/serve/serve-command.ts'
import { createLog } from '../src/server/log.ts'
import { STOP_TIMEOUT_MS } from '../src/server/running-server.ts'
import { runHere } from './memory-terminal.ts'
import { watch } from './page-stream.ts'
import { fill, temporaryFolder } from './small-database.ts'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
beforeAll(async () => {
  folder = await temporaryFolder()
})
afterAll(() => folder.remove())

const running: Serving[] = []
afterEach(async () => {
  for (const serving of running.splice(0)) await serving.stop()
})

const TOKEN = { CALLSTATE_API_TOKEN: 'a-token-of-the-test' }

let databases = 0

/** A server in this process on a free port, with a database of its own and what it logged. */
async function serve(
  options: Partial<ServeOptions> = {},
  env: Record<string, string> = {},
): Promise<{ address: string; db: string; log: string[]; stdout: string[]; serving: Serving }> {
  const log: string[] = []
  const stdout: string[] = []
  const sink = (lines: string[]) =>
    new Writable({
      write(chunk, _encoding, done) {
        lines.push(String(chunk))
        done()
      },
    })
  const all: ServeOptions = {
    port: 0,
    host: '127.0.0.1',
    db: folder.path(`serve-${databases++}.db`),
    allowUnauthenticated: false,
    poll: true,
    log: 'json',
    verbose: false,
    ...options,
  }
  const serving = await startServing(
    all,
    { env, stdout: sink(stdout) },
    { log: createLog(sink(log), all, Date.now) },
  )
  running.push(serving)
  return { address: serving.address, db: all.db, log, stdout, serving }
}

const open = { allowUnauthenticated: true } as const

const event = (id: string, status: string, more: object = {}) => ({
  id,
  status,
  updated_at: '2026-01-01T00:00:00Z',
  ...more,
})

function post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
}

async function json(url: string, headers: Record<string, string> = {}): Promise<unknown> {
  const response = await fetch(url, { headers })
  expect(response.headers.get('content-type')).toBe('application/json')
  return response.json()
}

/** A GET with headers that `fetch` would not send. */
async function raw(address: string, path: string, headers: Record<string, string>) {
  const { hostname, port } = new URL(address)
  const request = httpRequest({ hostname, port, path, headers, agent: false }).end()
  const [response] = await once(request, 'response')
  response.resume()
  return response.statusCode as number
}

describe('webhooks', () => {
  test('are stored, and read back with what they said', async () => {
    const { address, stdout } = await serve(open)
    expect(stdout).toEqual([`${address}\n`])
    const url = `${address}/webhooks/bolna`
    for (const status of ['ringing', 'queued', 'busy', 'busy']) {
      expect((await post(url, event('c-1', status))).status).toBe(200)
    }
    await post(`${address}/webhooks/dialgen`, { callId: 'call_2', status: 'FAILED' })
    expect(await json(`${address}/calls`)).toMatchObject({
      items: [
        { provider: 'dialgen', id: 'call_2' },
        { id: 'c-1', status: 'busy', events: 3 },
      ],
      next: null,
    })
    expect(await json(`${address}/calls/bolna/c-1`)).toMatchObject({
      status: 'busy',
      settled: true,
      data: { id: 'c-1', status: 'busy' },
    })
    expect(await json(`${address}/calls/bolna/c-1/history`)).toMatchObject({
      items: [
        { sequence: 1, decision: { kind: 'advanced' }, message: 'the call began with ringing' },
        { sequence: 2, decision: { kind: 'late' } },
        { sequence: 3, decision: { kind: 'advanced' } },
      ],
      next: null,
    })
  })

  test('must bring the secret, which no answer and no line of the log repeats', async () => {
    const secret = 'a-secret-of-the-test'
    const { address, log } = await serve(
      { secretHeader: 'x-secret', verbose: true },
      { CALLSTATE_WEBHOOK_SECRET: secret },
    )
    const url = `${address}/webhooks/bolna`
    const answers = [
      await post(url, event('c-1', 'busy')),
      await post(url, event('c-1', 'busy'), { 'x-secret': 'wrong' }),
      await post(url, event('c-1', 'busy'), { 'x-secret': secret }),
    ]
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 200])
    const texts = await Promise.all(answers.map((answer) => answer.text()))
    expect([...texts, ...log].join()).not.toContain(secret)
    expect(log.join()).toContain('x-secret')
  })

  test('are taken with a signature where the provider signs, and only of that provider', async () => {
    const secret = 'signing-secret'
    const { address, log } = await serve({}, { CALLSTATE_DIALGEN_SECRET: secret })
    const body = JSON.stringify({ callId: 'call_1', status: 'COMPLETED', duration: 3 })
    const signature = createHmac('sha256', secret).update(body).digest('hex')
    const url = `${address}/webhooks/dialgen`
    expect((await post(url, body)).status).toBe(401)
    expect((await post(url, body, { 'x-dialgen-signature': signature })).status).toBe(200)
    expect((await post(`${address}/webhooks/bolna`, event('c-1', 'busy'))).status).toBe(404)
    expect(log.join()).not.toContain('Bolna webhooks')
  })

  test('are taken from the named addresses, also as a trusted proxy tells them', async () => {
    const { address } = await serve({ addresses: 'published', trustProxy: '127.0.0.1,::1' })
    const url = `${address}/webhooks/bolna`
    const from = (forwarded: string) =>
      post(url, event('c-1', 'busy'), { 'x-forwarded-for': forwarded })
    expect((await post(url, event('c-1', 'busy'))).status).toBe(403)
    expect((await from('192.0.2.1')).status).toBe(403)
    expect((await from('13.203.39.153')).status).toBe(200)
  })

  test('lose the fields that are not to be kept', async () => {
    const { address } = await serve({ ...open, redact: 'transcript, telephony_data.to_number' })
    const more = { transcript: 'user: hello', telephony_data: { to_number: '+12025550123' } }
    await post(`${address}/webhooks/bolna`, event('c-1', 'busy', more))
    const text = await (await fetch(`${address}/calls/bolna/c-1/history`)).text()
    expect(text).toContain('telephony_data')
    expect(text).not.toContain('hello')
    expect(text).not.toContain('+12025550123')
  })
})

describe('the read API', () => {
  test('says what there is, and that it is well', async () => {
    const { address } = await serve(open)
    expect(await json(`${address}/`)).toMatchObject({
      name: 'callstate',
      webhooks: ['POST /webhooks/bolna', 'POST /webhooks/dialgen'],
    })
    expect(await json(`${address}/health`)).toEqual({ status: 'ok' })
    expect(await json(`${address}/nothing`)).toMatchObject({ error: { status: 404 } })
    expect(await json(`${address}/dead-letters`)).toEqual({ items: [], next: null })
  })

  test('filters, and pages by cursor', async () => {
    const { address } = await serve(open)
    for (const [id, status] of [
      ['c-1', 'busy'],
      ['c-2', 'ringing'],
      ['c-3', 'warp-drive'],
    ] as const) {
      await post(`${address}/webhooks/bolna`, event(id, status))
    }
    const seen: string[] = []
    let cursor = ''
    do {
      const page = (await json(`${address}/calls?limit=1&cursor=${cursor}`)) as {
        items: { id: string }[]
        next: string | null
      }
      seen.push(...page.items.map(({ id }) => id))
      cursor = page.next ?? ''
    } while (cursor !== '')
    expect(seen.toSorted()).toEqual(['c-1', 'c-2', 'c-3'])
    const found = async (query: string) =>
      ((await json(`${address}/calls?${query}`)) as { items: { id: string }[] }).items.map(
        ({ id }) => id,
      )
    expect(await found('status=ringing')).toEqual(['c-2'])
    expect(await found('status=unrecognized')).toEqual(['c-3'])
    expect(await found('class=terminal&group=unanswered&phase=ended')).toEqual(['c-1'])
    expect(await found('settled=true&provider=bolna')).toEqual(['c-1'])
    expect(await found('provider=dialgen')).toEqual([])
    expect(await json(`${address}/overdue?phase=dialing`)).toMatchObject({
      items: [{ id: 'c-2', why: ['silent'], missing: [], overdueMs: expect.any(Number) }],
    })
    expect(await json(`${address}/overdue?why=data`)).toEqual({ items: [], next: null })
    expect(await json(`${address}/calls/bolna/c-1/history?after=1`)).toEqual({
      items: [],
      next: null,
    })
  })

  test.each([
    ['/calls?status=rining', 'Did you mean \\"ringing\\"?'],
    ['/calls?class=final', 'one of intermediate, terminal'],
    ['/calls?phase=', ''],
    ['/calls?settled=yes', 'one of true, false'],
    ['/calls?limit=0', 'from 1 to 1000'],
    ['/calls?limit=1e3', 'from 1 to 1000'],
    ['/calls?limit=1001', 'from 1 to 1000'],
    ['/calls?limit=-1', 'from 1 to 1000'],
    ['/calls?cursor=zzz', 'cursor'],
    ['/calls?limit=1&limit=2', 'once'],
    ['/calls?sort=status', 'parameters among'],
    ["/calls?provider=x'%20OR%201=1", 'one of bolna, dialgen'],
    ['/calls?__proto__=1', 'parameters among'],
    ['/overdue?settled=true', 'parameters among'],
    ['/overdue?why=loud', 'one of silent, data'],
    ['/overdue?why=data&why=silent', 'once'],
    ['/calls?why=data', 'parameters among'],
    ['/dead-letters?limit=x', 'from 1 to 1000'],
    ['/calls/bolna/c-1?x=1', 'no parameters'],
    ['/calls/bolna/c-1/history?after=-1', 'from 0'],
  ])('answers %s with 400 and what was expected', async (path, expected) => {
    const { address } = await serve(open)
    const response = await fetch(address + path)
    expect(response.status).toBe(expected === '' ? 200 : 400)
    expect(await response.text()).toContain(expected)
  })

  test.each([
    '/calls/bolna/nobody',
    '/calls/acme/c-1',
    '/calls/bolna/nobody/history',
    '/calls/bolna/%00',
    '/calls/__proto__/constructor',
    `/calls/bolna/${'x'.repeat(300)}`,
    '/calls/bolna/%F0%9F%93%9E/history',
  ])('answers 404 for %s, of which nothing was heard', async (path) => {
    const { address } = await serve(open)
    const response = await fetch(address + path)
    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({ error: { status: 404 } })
  })

  test('refuses what was not meant for this machine: rebound names, tunnels, proxies', async () => {
    const { address } = await serve(open)
    const { port } = new URL(address)
    const ask = (headers: Record<string, string>, path = '/calls') => raw(address, path, headers)
    expect(await ask({ host: `localhost:${port}` })).toBe(200)
    expect(await ask({ host: `[::1]:${port}` })).toBe(200)
    expect(await ask({ host: `rebound.example:${port}` })).toBe(403)
    expect(await ask({ host: 'localhost.example' })).toBe(403)
    expect(await ask({ host: '127.0.0.1.example' })).toBe(403)
    expect(await ask({ host: 'localhost', 'x-forwarded-for': '127.0.0.1' })).toBe(403)
    expect(await ask({ host: 'localhost', forwarded: 'for=127.0.0.1' })).toBe(403)
    expect(await ask({ host: 'localhost' }, 'http://rebound.example/calls')).toBe(403)
    expect(await ask({ host: 'rebound.example' }, '/overdue')).toBe(403)
    expect(await ask({ host: 'rebound.example' }, '/calls/bolna/c-1')).toBe(403)
    expect(await ask({ host: 'rebound.example' }, '/health')).toBe(200)
  })

  test('asks for the token where there is one, whatever the host', async () => {
    const token = 'a-token-of-the-test'
    const { address, log } = await serve(open, { CALLSTATE_API_TOKEN: token })
    const ask = (authorization?: string) =>
      raw(address, '/calls', {
        host: 'calls.example',
        ...(authorization !== undefined && { authorization }),
      })
    expect(await ask()).toBe(401)
    expect(await ask('Bearer')).toBe(401)
    expect(await ask(`Bearer ${token}x`)).toBe(401)
    expect(await ask(`Basic ${token}`)).toBe(401)
    expect(await ask(`Bearer ${token}`)).toBe(200)
    expect(log.join()).not.toContain(token)
  })
})

describe('the page', () => {
  const body = (status: string) =>
    JSON.stringify({ id: 'c-9', status, user_number: '+12025550123' })
  const send = (address: string, status: string) =>
    fetch(`${address}/webhooks/bolna`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: body(status),
    })

  test('shows calls as they come in, and a message without its numbers', async () => {
    const { address, serving } = await serve({ allowUnauthenticated: true })
    await send(address, 'queued')
    const page = `${address}/inspector/`
    const ringing = watch(page, (_, { statuses }) => statuses.ringing === 1)
    await send(address, 'ringing')
    const { rows, source } = await ringing
    expect(source.name).toMatch(/^[^"/]+\.db$/)
    expect(rows).toMatchObject([{ provider: 'bolna', callId: 'c-9', status: 'ringing', events: 2 }])
    const key = encodeURIComponent(rows[0]?.key ?? '')
    const message = await (await fetch(`${page}api/calls/${key}/events/2`)).text()
    expect(message).toContain('"ringing"')
    expect(message).not.toContain('2025550123')

    // A page that watches does not hold up the end.
    const watching = watch(page, () => false).catch(() => 'ended')
    await serving.stop()
    expect(await watching).toBe('ended')
  })

  test('asks for the token where there is one, and refuses pages of other sites', async () => {
    const { address } = await serve({ allowUnauthenticated: true }, TOKEN)
    const page = `${address}/inspector/`
    expect((await fetch(`${page}api/stream`)).status).toBe(401)
    const opened = await fetch(`${page}?token=${TOKEN.CALLSTATE_API_TOKEN}`, { redirect: 'manual' })
    expect([opened.status, opened.headers.get('location')]).toEqual([302, '/inspector/'])
    const cookie = opened.headers.get('set-cookie')?.split(';')[0] ?? ''
    expect(cookie).not.toContain(TOKEN.CALLSTATE_API_TOKEN)
    expect((await watch(page, () => true, { cookie })).counts.calls).toBe(0)

    const { address: open } = await serve({ allowUnauthenticated: true })
    const foreign = { headers: { origin: 'https://example.com' } }
    expect((await fetch(`${open}/inspector/api/stream`, foreign)).status).toBe(403)
    expect((await fetch(`${open}/inspector/`, { method: 'POST' })).status).toBe(405)
  })
})

describe('the start', () => {
  const refused = async (args: readonly string[], env: Record<string, string> = {}) => {
    const { code, stdout, stderr } = await runHere(
      ['serve', '--port', '0', '--db', folder.path('never.db'), ...args],
      { env },
    )
    expect([code, stdout]).toEqual([2, ''])
    return stderr
  }

  test('is refused without a proof of origin, with every way to give one', async () => {
    const stderr = await refused([])
    for (const way of [
      '--secret-header',
      'CALLSTATE_WEBHOOK_SECRET',
      'CALLSTATE_DIALGEN_SECRET',
      '--addresses published',
      '--allow-unauthenticated',
    ]) {
      expect(stderr).toContain(way)
    }
    expect(await refused(['--provider', 'bolna'])).not.toContain('DIALGEN')
    expect(
      await refused(['--provider', 'bolna'], { CALLSTATE_DIALGEN_SECRET: 'signing-secret' }),
    ).toContain('from Bolna')
    // Dialgen publishes no addresses, so these prove nothing of its webhooks.
    expect(await refused(['--provider', 'dialgen', '--addresses', 'published'])).toContain(
      'Dialgen',
    )
  })

  test.each([
    [['--secret-header', 'x-secret'], {}, 'CALLSTATE_WEBHOOK_SECRET'],
    [['--secret-header', 'x secret'], { CALLSTATE_WEBHOOK_SECRET: 'hunter2' }, 'header'],
    [[], { CALLSTATE_WEBHOOK_SECRET: 'hunter2' }, '--secret-header'],
    [['--addresses', 'somewhere'], {}, 'addresses'],
    [['--addresses', '0.0.0.0/0'], {}, 'addresses'],
    [['--addresses', 'published', '--trust-proxy', 'x'], {}, 'trustedProxies'],
    [['--allow-unauthenticated', '--redact', 'a..b'], {}, '--redact'],
    [['--allow-unauthenticated', '--host', '0.0.0.0'], {}, 'CALLSTATE_API_TOKEN'],
    [['--allow-unauthenticated'], { CALLSTATE_API_TOKEN: 'hunter2' }, 'CALLSTATE_API_TOKEN'],
    [['--allow-unauthenticated'], { BOLNA_API_KEY: 'hunter2 ' }, 'BOLNA_API_KEY'],
    [['--allow-unauthenticated', '--host', '192.0.2.1'], TOKEN, '--host'],
    [['--port', '65536'], {}, 'from 0 to 65535'],
    [['--provider', 'acme'], {}, 'bolna, dialgen'],
    [['--poll-every', '0'], {}, 'from 1'],
  ])('is refused with %j and %j, and shows no secret', async (args, env, expected) => {
    const stderr = await refused(args, env)
    expect(stderr).toContain(expected)
    expect(stderr).not.toContain('hunter2')
    expect(stderr).not.toContain('    at ')
  })

  test('is refused where the port is taken, and where the database cannot be made', async () => {
    const { address } = await serve(open)
    const { port } = new URL(address)
    const unmade = folder.path('unmade.db')
    expect(await refused(['--allow-unauthenticated', '--port', port, '--db', unmade])).toContain(
      `port ${port} of 127.0.0.1 is in use`,
    )
    expect(existsSync(unmade)).toBe(false)
    const nowhere = folder.path('no/such/folder/calls.db')
    expect(await refused(['--allow-unauthenticated', '--db', nowhere])).toContain(
      `the database "${nowhere}" cannot be used`,
    )
  })

  test('warns where webhooks need no proof', async () => {
    const { log } = await serve(open)
    const lines = log.map((line) => JSON.parse(line) as { level: string; message: string })
    expect(lines.filter(({ level }) => level === 'warn').map(({ message }) => message)).toEqual([
      expect.stringContaining('WHOEVER'),
      expect.stringContaining('WHOEVER'),
    ])
  })
})

test('silent calls are asked about with the key, which no line of the log repeats', async () => {
  const asked: (string | undefined)[] = []
  const bolna = createServer((request, response) => {
    asked.push(`${request.url} ${request.headers.authorization}`)
    response.setHeader('content-type', 'application/json')
    const id = request.url?.split('/').at(-1) ?? ''
    response.end(JSON.stringify(event(id, 'completed', { updated_at: '2026-01-01T00:40:00Z' })))
  })
  await once(bolna.listen(0, '127.0.0.1'), 'listening')
  const { port } = bolna.address() as AddressInfo
  const db = folder.path('silent.db')
  await fill({ db })
  const { address, log } = await serve(
    { ...open, db },
    { BOLNA_API_KEY: 'a-key-of-the-test', BOLNA_API_URL: `http://127.0.0.1:${port}` },
  )
  const status = async () =>
    ((await json(`${address}/calls/bolna/c-3`)) as { status: string }).status
  while ((await status()) !== 'completed') await new Promise(setImmediate)
  expect(asked).toContain('/executions/c-3 Bearer a-key-of-the-test')
  // Another one ended without its cost, and is asked about as well.
  expect(asked.every((one) => one?.endsWith(' Bearer a-key-of-the-test'))).toBe(true)
  expect(log.join()).not.toContain('a-key-of-the-test')
  bolna.close()
})

test('a request that runs while the server stops is answered, and the next one is not', async () => {
  const { address, serving } = await serve(open)
  const { hostname, port } = new URL(address)
  const body = JSON.stringify(event('c-1', 'busy'))
  const request = httpRequest({
    hostname,
    port,
    method: 'POST',
    path: '/webhooks/bolna',
    headers: { 'content-type': 'application/json', 'content-length': body.length },
  })
  request.write(body.slice(0, 10))
  await once(request, 'socket').then(([socket]) => socket.connecting && once(socket, 'connect'))
  // An answer to a later request: by then the server has read the first one's head.
  await json(`${address}/health`)
  const stopped = serving.stop()
  await expect(fetch(`${address}/health`)).rejects.toThrow()
  request.end(body.slice(10))
  const [response] = await once(request, 'response')
  expect(response.statusCode).toBe(200)
  response.resume()
  await stopped
})

test('a connection that never asked for anything does not hold up the end', async () => {
  const { address, serving } = await serve(open)
  const { hostname, port } = new URL(address)
  const socket = connect(Number(port), hostname)
  const closed = once(socket, 'close')
  await once(socket, 'connect')
  // An answer to another connection: by then the server has the first one.
  await json(`${address}/health`)
  const order: string[] = []
  const late = new Promise<void>((resolve) => setTimeout(resolve, STOP_TIMEOUT_MS / 2))
  await Promise.race([
    serving.stop().then(() => order.push('stopped')),
    late.then(() => order.push('late')),
  ])
  expect(order).toEqual(['stopped'])
  await closed
})

describe('the options of the service', () => {
  test('are folded into the calls that it takes in', async () => {
    const path = folder.path('options.json')
    const retried = { maxAttempts: 3, retryOn: ['busy'], retryOnVoicemail: false, delaysMs: [1000] }
    await writeFile(path, JSON.stringify({ retryPolicies: { bolna: retried } }))
    for (const [options, settled] of [
      [{ options: path }, false],
      [{ options: 'none' }, true],
      [{}, true],
    ] as const) {
      const { address } = await serve({ ...open, ...options })
      await post(`${address}/webhooks/bolna`, event('c-1', 'busy', { retry_count: 0 }))
      expect(await json(`${address}/calls/bolna/c-1`)).toMatchObject({ settled })
    }
  })

  test('that cannot be are refused before there is a database', async () => {
    const path = folder.path('no-options.json')
    await writeFile(path, JSON.stringify({ expect: {} }))
    const db = folder.path('never-made.db')
    await expect(serve({ ...open, options: path, db })).rejects.toThrow('got "expect".')
    expect(existsSync(db)).toBe(false)
    const args = ['serve', '--allow-unauthenticated', '--db', db, '--options', path]
    expect(await runHere(args)).toMatchObject({ code: 2 })
  })
})
