import { readFile, stat, writeFile } from 'node:fs/promises'
import type { CallDetail } from '@callstate/inspector'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ACME, formLine, SECRET, serveAcme, standings } from './acme.ts'
import { startCli } from './cli-process.ts'
import { type Ran, runHere } from './memory-terminal.ts'
import { watch } from './page-stream.ts'
import { temporaryFolder } from './small-database.ts'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
beforeAll(async () => {
  folder = await temporaryFolder()
})
afterAll(() => folder.remove())

describe('from its emulation to its log', () => {
  /** What was emulated, served and recorded, once for all. */
  let emulated: Ran
  let db: string
  let log: readonly string[]
  const recorded = () => folder.path('recorded.ndjson')
  const sent = () => folder.path('sent.ndjson')
  beforeAll(async () => {
    const env = { CALLSTATE_ACME_SECRET: SECRET }
    db = folder.path('acme.db')
    const server = await serveAcme({ db, record: recorded(), verbose: true }, env)
    log = server.log
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
      `${server.address}/webhooks/{provider}`,
    ]
    // Signatures are of now, so the emulator's clock must not run far ahead.
    const run = ['--speed', '300', '--seed', '3', '--scenario', scenario, '--port', '0']
    emulated = await runHere(['emulate', ...args, ...run, '--out', sent(), '--format', 'json'], {
      env,
    })
    await server.serving.stop()
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
    const end = events.findIndex(({ event }) => event?.status === 'completed')
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

describe('check', () => {
  test('reads its log beside others, each told by its shape', async () => {
    const stdin = [
      '{"CallId":"a1","Status":"BUSY","Try":1}\n',
      '{"id":"b1","status":"busy"}\n',
      formLine('Kind=status&CallId=a2&Status=RINGING&CallId=a3&Status=FAILED'),
      formLine('Kind=recording&CallId=a2'),
      formLine('Kind=transcript&CallId=a2&Text=hello'),
      formLine('Kind=transcript&CallId=a2&Text=there'),
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
      .map((status, at) => formLine(`Kind=status&CallId=a1&Status=${status}&At=${at}`))
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
      return formLine(String(fields))
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
