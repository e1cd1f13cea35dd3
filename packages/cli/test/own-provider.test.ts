import { once } from 'node:events'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Writable } from 'node:stream'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { CallDetail } from '@callstate/inspector'
import { checkTransition, lifecycleOf } from 'callstate'
import { machineDot, machineGraph, machineMermaid } from 'callstate/diagram'
import { defineProvider } from 'callstate/providers'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type ServeOptions, type Serving, startServing } from '../src/serve/serve-command.ts'
import { createLog } from '../src/server/log.ts'
import { startCli } from './cli-process.ts'
import { type Ran, runHere } from './memory-terminal.ts'
import { watch } from './page-stream.ts'
import { temporaryFolder, withOpen } from './small-database.ts'

// A provider that callstate knows nothing of: forms, several events a message, GET, a signature over the
// address and the fields, basic auth for its API.

const ACME = fileURLToPath(new URL('../../../docs/examples/acme.js', import.meta.url))
const SECRET = 'a-secret-of-the-test'
const { default: declaration } = await import(pathToFileURL(ACME).href)
const acme = defineProvider(declaration)

let folder: Awaited<ReturnType<typeof temporaryFolder>>
beforeAll(async () => {
  folder = await temporaryFolder()
})
afterAll(() => folder.remove())

const running: Serving[] = []
afterEach(async () => {
  for (const serving of running.splice(0)) await serving.stop()
})

/** A server of Acme's webhooks in this process, with a database of its own. */
async function serve(options: Partial<ServeOptions>, env: Record<string, string> = {}) {
  const log: string[] = []
  const sink = (lines: string[]) =>
    new Writable({
      write(chunk, _encoding, done) {
        lines.push(String(chunk))
        done()
      },
    })
  const all: ServeOptions = {
    provider: [ACME],
    port: 0,
    host: '127.0.0.1',
    db: folder.path('acme.db'),
    allowUnauthenticated: false,
    poll: true,
    log: 'json',
    verbose: false,
    ...options,
  }
  const surroundings = { env, stdout: sink([]) }
  const serving = await startServing(all, surroundings, {
    log: createLog(sink(log), all, Date.now),
  })
  running.push(serving)
  return { address: serving.address, db: all.db, log }
}

interface CallAnswer {
  readonly provider: string
  readonly id: string
  readonly status: string | null
  readonly attempt: number
  readonly settled: boolean
  readonly outcome: string
}

/** The calls of an answer by what every answer says of a call. */
function standings({ stdout }: Ran) {
  const { calls } = JSON.parse(stdout) as { calls: CallAnswer[] }
  return calls
    .map(({ provider, id, status, attempt, settled, outcome }) => {
      return { provider, id, status, attempt, settled, outcome }
    })
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
}

const post = (url: string, fields: Record<string, string>) =>
  fetch(url, { method: 'POST', body: new URLSearchParams(fields) })

const form = (body: string) =>
  `${JSON.stringify({ provider: 'acme', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body })}\n`

describe('from its emulation to its log', () => {
  /** What was emulated, served and recorded, once for all. */
  let emulated: Ran
  let db: string
  let log: string[]
  const recorded = () => folder.path('recorded.ndjson')
  const sent = () => folder.path('sent.ndjson')
  beforeAll(async () => {
    const env = { CALLSTATE_ACME_SECRET: SECRET }
    const serving = await serve({ record: recorded(), verbose: true }, env)
    db = serving.db
    log = serving.log
    const scenario = folder.path('scenario.json')
    const rules = [
      { destination: '+12025550100', fate: 'answered' },
      { destination: '+12025550101', fate: 'failed' },
      { destination: '+12025550102', fate: 'voicemail' },
      { destination: '*', fate: 'canceled' },
    ]
    await writeFile(scenario, JSON.stringify({ rules }))
    const args = [
      '--provider',
      ACME,
      '--place',
      '5',
      '--webhook',
      `${serving.address}/webhooks/{provider}`,
    ]
    // Signatures are of now, so the emulator's clock must not run far ahead.
    const run = ['--speed', '300', '--seed', '3', '--scenario', scenario, '--port', '0']
    emulated = await runHere(['emulate', ...args, ...run, '--out', sent(), '--format', 'json'], {
      env,
    })
    await Promise.all(running.splice(0).map((one) => one.stop()))
  })

  test('every call came to the database as it was emulated', async () => {
    expect(emulated.code).toBe(0)
    const truth = JSON.parse(emulated.stdout) as {
      calls: { id: string; status: string }[]
      totals: { outcomes: object }
    }
    expect(truth.totals.outcomes).toMatchObject({ lost: 0, failed: 0, pending: 0 })
    const kept = await runHere(['calls', '--provider', ACME, '--db', db, '--format', 'json'])
    const statuses = new Map(standings(kept).map(({ id, status }) => [id, status]))
    expect(truth.calls).toHaveLength(5)
    expect(truth.calls.map(({ id }) => statuses.get(id))).toEqual(
      truth.calls.map(({ status }) => status),
    )
    expect(await runHere(['verify', '--provider', ACME, '--db', db])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(
        /^5 calls with \d+ events: every call is what its history says\.\n$/,
      ),
    })
    expect((await runHere(['verify', '--db', db])).stdout).toContain('--provider')
  })

  test('the recorded log, and what was sent, are checked to the same calls', async () => {
    const kept = await runHere(['calls', '--provider', ACME, '--db', db, '--format', 'json'])
    for (const file of [recorded(), sent()]) {
      const checked = await runHere(['check', '--provider', ACME, '--format', 'json', file])
      expect(standings(checked)).toEqual(standings(kept))
      const { totals } = JSON.parse(checked.stdout)
      const lines = (await readFile(file, 'utf8')).trimEnd().split('\n')
      expect(totals.events + totals.other + totals.invalid).toBe(lines.length)
      expect(totals).toMatchObject({ lines: lines.length, invalid: 0, calls: 5 })
      const told: readonly number[] = Object.values(totals.decisions)
      // The end of a call is told together with the step before it.
      expect(told.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(totals.events)
    }
  })

  test('a log is for its owner alone, and holds no secret', async () => {
    for (const file of [recorded(), sent()]) {
      expect((await stat(file)).mode & 0o777).toBe(0o600)
      const text = await readFile(file, 'utf8')
      expect(text).toContain('x-acme-signature')
      expect(text).not.toContain(SECRET)
    }
    expect(log.join()).not.toContain(SECRET)
  })

  test('a call of it is shown, and what may follow is its own', async () => {
    const [first] = standings(
      await runHere(['calls', '--provider', ACME, '--db', db, '--format', 'json']),
    )
    const id = first?.id ?? ''
    const shown = await runHere(['show', id, '--provider', ACME, '--db', db])
    expect([shown.code, shown.stdout]).toEqual([0, expect.stringContaining(`acme ${id}`)])
    expect((await runHere(['show', id, '--db', db])).code).toBe(1)
  })

  test('the page shows the log, each event with its whole message', async () => {
    await using inspecting = await startCli([
      'inspect',
      '--provider',
      ACME,
      recorded(),
      '--port',
      '0',
    ])
    const { rows, counts } = await watch(inspecting.address, (_, { calls }) => calls === 5)
    expect(counts).toMatchObject({ calls: 5, findings: 0 })
    const talked = rows.find(({ status }) => status === 'completed')
    const key = encodeURIComponent(talked?.key ?? '')
    const detail = async (path = ''): Promise<unknown> =>
      (await fetch(`${inspecting.address}api/calls/${key}${path}`)).json()
    const { events } = (await detail()) as CallDetail
    const end = events.findIndex(({ event }) => event.status === 'completed')
    expect(events[end]?.event).toMatchObject({
      word: 'COMPLETED',
      details: { talkMs: expect.any(Number) },
    })
    expect(events[end]?.receivedAt).toEqual(expect.any(Number))
    const { payload } = (await detail(`/events/${end + 1}`)) as { payload: { Status: unknown } }
    expect([payload.Status].flat()).toContain('COMPLETED')
    expect(JSON.stringify(payload)).not.toContain('+1202')
  })

  test('one call of the log is drawn', async () => {
    const checked = await runHere(['check', '--provider', ACME, '--format', 'ndjson', sent()])
    const { id, status } = JSON.parse(checked.stdout.split('\n')[0] ?? '')
    const drawn = await runHere([
      'diagram',
      '--provider',
      ACME,
      '--call',
      id,
      '--format',
      'json',
      sent(),
    ])
    expect(JSON.parse(drawn.stdout).nodes).toContainEqual(expect.objectContaining({ status }))
  })
})

describe('serve', () => {
  test('is refused without its secret, and says which variable holds it', async () => {
    const args = ['serve', '--provider', ACME, '--port', '0', '--db', folder.path('never.db')]
    const { code, stderr } = await runHere(args)
    expect(code).toBe(2)
    expect(stderr).toContain('the token of the account, in CALLSTATE_ACME_SECRET')
    expect(stderr).toContain('from Acme Calls')
    expect(stderr).not.toContain('DIALGEN')
  })

  test('refuses what is not signed, and other providers', async () => {
    const { address } = await serve({}, { CALLSTATE_ACME_SECRET: SECRET })
    const fields = { Kind: 'status', CallId: 'a1', Status: 'BUSY' }
    expect((await post(`${address}/webhooks/acme`, fields)).status).toBe(401)
    expect((await post(`${address}/webhooks/bolna`, fields)).status).toBe(404)
    expect(await (await fetch(`${address}/`)).json()).toMatchObject({
      webhooks: ['POST|GET /webhooks/acme'],
    })
  })

  test('takes forms and GETs, several events a message, and answers as the provider wants', async () => {
    const { address } = await serve({ allowUnauthenticated: true, db: folder.path('open.db') })
    const url = `${address}/webhooks/acme`
    const two = new URLSearchParams(
      'Kind=status&CallId=b1&Status=TALKING&CallId=b1&Status=COMPLETED',
    )
    expect((await fetch(`${url}?Kind=status&CallId=b1&Status=RINGING`)).status).toBe(204)
    expect((await fetch(url, { method: 'POST', body: two })).status).toBe(204)
    expect((await post(url, { Kind: 'recording', CallId: 'b1', RecordingUrl: 'x' })).status).toBe(
      204,
    )
    const history = await fetch(`${address}/calls/acme/b1/history`)
    expect(await history.json()).toMatchObject({
      items: [
        { kind: 'webhook', word: 'RINGING', status: 'ringing' },
        { word: 'TALKING', status: 'in-progress' },
        { word: 'COMPLETED', status: 'completed', decision: { kind: 'advanced', skipped: [] } },
        {
          word: 'recording',
          status: null,
          decision: null,
          message: expect.stringContaining('data'),
        },
      ],
    })
    const call = await fetch(`${address}/calls/acme/b1`)
    expect(await call.json()).toMatchObject({ status: 'completed', data: { RecordingUrl: 'x' } })
  })

  test('never answers what steers a call, and keeps its status all the same', async () => {
    const { address } = await serve({ allowUnauthenticated: true, db: folder.path('steer.db') })
    const answered = await post(`${address}/webhooks/acme`, {
      Kind: 'answer',
      CallId: 's1',
      Status: 'TALKING',
    })
    expect(answered.status).toBe(501)
    const call = await fetch(`${address}/calls/acme/s1`)
    expect(await call.json()).toMatchObject({
      status: 'in-progress',
      // The table's next of `in-progress` has `call-disconnected`, for which Acme has no word.
      next: ['completed', 'canceled', 'failed'],
    })
  })

  test('records without the fields that are not to be kept', async () => {
    const record = folder.path('redacted.ndjson')
    const { address } = await serve({
      allowUnauthenticated: true,
      db: folder.path('redacted.db'),
      record,
      redact: 'From,To',
    })
    const fields = { Kind: 'status', CallId: 'r1', Status: 'BUSY', From: '+12025550100' }
    await post(`${address}/webhooks/acme`, fields)
    const [line = ''] = (await readFile(record, 'utf8')).split('\n')
    expect(JSON.parse(line)).toMatchObject({
      provider: 'acme',
      body: { CallId: 'r1', Status: 'BUSY' },
    })
    expect(line).not.toContain('+1202')
    const checked = await runHere(['check', '--provider', ACME, '--format', 'json', record])
    expect(standings(checked)).toMatchObject([{ id: 'r1', status: 'busy' }])
  })

  test('says where a recording cannot be written', async () => {
    const record = folder.path('no/such/folder/log.ndjson')
    const args = ['serve', '--allow-unauthenticated', '--port', '0', '--record', record]
    const { code, stderr } = await runHere([...args, '--db', folder.path('unwritten.db')])
    expect([code, stderr]).toEqual([2, expect.stringContaining('--record')])
  })

  test('asks it about silent calls, with user and password', async () => {
    const asked: unknown[] = []
    const api = createServer((request, response) => {
      asked.push([request.url, request.headers.authorization])
      response.setHeader('content-type', 'application/json')
      response.end('{"CallId":"q1","Status":"COMPLETED","Duration":61.5}')
    })
    await once(api.listen(0, '127.0.0.1'), 'listening')
    const db = folder.path('silent.db')
    const ringing = { Kind: 'status', CallId: 'q1', Status: 'RINGING', At: '1767225600000' }
    await withOpen(
      { db },
      (tracker) =>
        tracker.ingest({ provider: 'acme', body: ringing, receivedAt: 1_767_225_600_000 }),
      [acme],
    )
    const { address, log } = await serve(
      { db },
      {
        CALLSTATE_ACME_SECRET: SECRET,
        ACME_API_KEY: 'account-7:password',
        ACME_API_URL: `http://127.0.0.1:${(api.address() as AddressInfo).port}`,
      },
    )
    const status = async () =>
      ((await (await fetch(`${address}/calls/acme/q1`)).json()) as { status: string }).status
    while ((await status()) !== 'completed') await new Promise(setImmediate)
    const basic = `Basic ${Buffer.from('account-7:password').toString('base64')}`
    expect(asked).toEqual([['/v1/accounts/account-7/calls/q1', basic]])
    expect(log.join()).not.toContain('password')
    api.close()
  })
})

describe('emulate', () => {
  test('writes what is sent anew each time, and says where it cannot', async () => {
    const out = folder.path('anew.ndjson')
    const args = ['emulate', '--provider', ACME, '--port', '0', '--clock', 'step', '--place', '2']
    const run = [...args, '--webhook', 'http://127.0.0.1:1/', '--drop', '0', '--out', out]
    await runHere([...run, '--seed', '1'])
    const first = await readFile(out, 'utf8')
    await runHere([...run, '--seed', '1'])
    expect(await readFile(out, 'utf8')).toBe(first)
    expect(first).toContain('"provider":"acme"')

    const nowhere = await runHere([...args, '--out', folder.path('no/such/folder/log')])
    expect([nowhere.code, nowhere.stderr]).toEqual([2, expect.stringContaining('--out')])
  })

  test('places calls at several providers by turns', async () => {
    const providers = ['--provider', ACME, '--provider', 'dialgen']
    const args = ['--port', '0', '--clock', 'step', '--place', '5', '--format', 'json']
    const { stdout } = await runHere(['emulate', ...providers, ...args])
    const { calls } = JSON.parse(stdout) as { calls: { provider: string }[] }
    expect(calls.map(({ provider }) => provider)).toEqual([
      'acme',
      'acme',
      'acme',
      'dialgen',
      'dialgen',
    ])
  })

  test('says which provider cannot be emulated', async () => {
    const mute = folder.path('mute.mjs')
    const url = JSON.stringify(pathToFileURL(ACME).href)
    await writeFile(
      mute,
      `import acme from ${url}\nexport default { ...acme, name: 'mute', tell: null }\n`,
    )
    const { code, stderr } = await runHere(['emulate', '--provider', mute, '--port', '0'])
    expect([code, stderr]).toEqual([2, expect.stringContaining('mute cannot be emulated')])
  })
})

describe('check', () => {
  test('reads its log beside others, each told by its shape', async () => {
    const stdin = [
      '{"CallId":"a1","Status":"BUSY","Try":1}\n',
      '{"id":"b1","status":"busy"}\n',
      form('Kind=status&CallId=a2&Status=RINGING&CallId=a3&Status=FAILED'),
      form('Kind=recording&CallId=a2'),
      form('Kind=transcript&CallId=a2&Text=hello'),
      form('Kind=transcript&CallId=a2&Text=there'),
      '\n',
      'no json\n',
    ].join('')
    const args = ['check', '--provider', ACME, '--provider', 'auto']
    const { stdout } = await runHere(args, { stdin })
    expect(stdout).toContain('4 calls in 4 events, 8 lines of 1 file, 1 invalid line\n')
    expect(stdout).toContain('Acme Calls: 1 event told by shape, 2 events named by envelope\n')
    expect(stdout).toContain('Bolna: 1 event told by shape\n')
    expect(stdout).toContain('3 other messages without a status: 1 recording, 2 transcript\n')
    const { totals } = JSON.parse((await runHere([...args, '--format', 'json'], { stdin })).stdout)
    expect(totals).toMatchObject({ lines: 8, events: 3, calls: 4, other: 3, invalid: 1 })
  })

  test('is no finding where its own lifecycle has the move', async () => {
    const stdin = ['TALKING', 'COMPLETED']
      .map((status, at) => form(`Kind=status&CallId=a1&Status=${status}&At=${at}`))
      .join('')
    const strict = await runHere(['check', '--strict', '--provider', ACME], { stdin })
    expect([strict.code, strict.stdout]).toEqual([0, expect.stringContaining('No findings.')])
  })

  test('finds the same with worker threads, each of which loads the file by itself', async () => {
    const words = ['QUEUED', 'RINGING', 'BUSY', 'TALKING', 'WARP']
    const lines = Array.from({ length: 20_000 }, (_, index) => {
      const fields = new URLSearchParams({
        Kind: index % 11 === 0 ? 'transcript' : 'status',
        CallId: `c${(index * 31) % 3000}`,
        Status: words[(index * 7) % 5] ?? '',
        At: String(index),
        Text: 'é'.repeat(20),
      })
      return form(String(fields))
    })
    const path = folder.path('many.ndjson')
    await writeFile(path, lines.join(''))
    const [alone, threads] = await Promise.all(
      ['0', '2'].map((workers) =>
        runHere([
          'check',
          '--provider',
          ACME,
          '--strict',
          '--format',
          'json',
          '--workers',
          workers,
          path,
        ]),
      ),
    )
    expect(JSON.parse(alone?.stdout ?? '').totals).toMatchObject({
      lines: 20_000,
      other: 1819,
      calls: 3000,
    })
    expect(threads).toEqual(alone)
  })
})

describe('its own lifecycle', () => {
  test('is what next and explain answer from', async () => {
    const next = await runHere(['next', 'in-progress', '--provider', ACME, '--format', 'json'])
    expect(JSON.parse(next.stdout).next.map(({ status }: { status: string }) => status)).toEqual(
      Object.keys(lifecycleOf(acme)['in-progress']?.next ?? {}),
    )
    const text = await runHere(['next', 'ringing', '--provider', ACME])
    expect(text.stdout).toContain('ringing at Acme Calls\n')
    expect(text.stdout).toContain('stated    https://acme.example/docs/calls')

    const args = ['explain', 'in-progress', 'completed', '--provider', ACME]
    const legal = await runHere(args)
    expect(legal).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('in-progress ──▶ completed at Acme Calls\n'),
    })
    expect(JSON.parse((await runHere([...args, '--format', 'json'])).stdout)).toEqual(
      checkTransition('in-progress', 'completed', { provider: acme }),
    )
    expect((await runHere(['explain', 'in-progress', 'completed'])).code).toBe(1)
    expect((await runHere(['explain', 'ringing', 'error', '--provider', ACME])).code).toBe(1)
  })

  test('has no statuses that it never says', async () => {
    const { code, stderr } = await runHere(['next', 'stopped', '--provider', ACME])
    expect(code).toBe(2)
    expect(stderr).toContain('expected a status of Acme Calls, got stopped, which it never says.')
  })

  test('is drawn', async () => {
    const drawn = async (format: string) =>
      (await runHere(['diagram', '--provider', ACME, '--format', format])).stdout
    expect(await drawn('mermaid')).toBe(machineMermaid({ provider: acme }))
    expect(await drawn('dot')).toBe(machineDot({ provider: acme }))
    expect(JSON.parse(await drawn('json'))).toEqual(machineGraph({ provider: acme }))
    expect(await drawn('mermaid')).not.toContain('call-disconnected')
    const several = await runHere(['diagram', '--provider', ACME, '--provider', 'bolna'])
    expect([several.code, several.stderr]).toEqual([2, expect.stringContaining('got several')])
  })
})

test('a file that is no JavaScript is named, in every command', async () => {
  const broken = folder.path('broken.mjs')
  await writeFile(broken, 'export default {\n  name: "acme",\n  read: => 1,\n}\n')
  const commands = [
    ['check', '--provider', broken, '-'],
    ['inspect', '--provider', broken, '-'],
    ['diagram', '--provider', broken],
    ['next', 'ringing', '--provider', broken],
    ['serve', '--provider', broken],
    ['emulate', '--provider', broken],
    ['calls', '--provider', broken],
    ['overdue', '--provider', broken],
    ['show', 'a1', '--provider', broken],
    ['verify', '--provider', broken],
    ['dead-letters', '--provider', broken],
  ]
  for (const args of commands) {
    const failed = await startCli(args).catch((error: Error) => error.message)
    expect(failed).toContain(`the provider "${broken}" cannot be used`)
    expect(failed).toContain('"node --check')
  }
})
