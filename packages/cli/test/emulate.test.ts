import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Truth } from '@callstate/emulator'
import { createTracker, createWebhookHandler } from '@callstate/tracker'
import { createMemoryStore } from '@callstate/tracker/memory'
import { getRequestListener } from '@hono/node-server'
import { dialgen } from 'callstate/providers/dialgen'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startCli } from './cli-process.ts'
import { runHere } from './memory-terminal.ts'
import { temporaryFolder } from './small-database.ts'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
beforeAll(async () => {
  folder = await temporaryFolder()
})
afterAll(() => folder.remove())

/** A receiver that answers all with 200. */
async function startReceiver() {
  const bodies: { id: string; status: string }[] = []
  const server = createServer(async (request, response) => {
    let text = ''
    for await (const part of request) text += part
    bodies.push(JSON.parse(text))
    response.end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    bodies,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
    },
  }
}

test('calls are placed to their end, and the truth is printed as JSON', async () => {
  await using receiver = await startReceiver()
  const args = [
    '--port',
    '0',
    '--clock',
    'step',
    '--place',
    '20',
    '--seed',
    '5',
    '--format',
    'json',
  ]
  const ran = await runHere(['emulate', ...args, '--webhook', receiver.url])
  expect(ran.code).toBe(0)
  const truth = JSON.parse(ran.stdout) as Truth
  expect(truth.seed).toBe('5')
  expect(truth.totals).toMatchObject({ calls: 20, settled: 20, outcomes: { lost: 0, failed: 0 } })
  const last = new Map(receiver.bodies.map(({ id, status }) => [id, status]))
  expect(truth.calls.map(({ id }) => last.get(id))).toEqual(truth.calls.map(({ status }) => status))
})

test('more calls than the limit of a minute are placed too, on the step clock', async () => {
  const ran = await runHere(['emulate', '--port', '0', '--clock', 'step', '--place', '1100'])
  expect(ran.stdout).toContain('1100 calls, 1100 over')
})

test('calls of both providers go to webhooks of their own, signed where there is a secret', async () => {
  const secret = 'a secret of the tests'
  const ends: unknown[] = []
  const tracker = createTracker({ store: createMemoryStore(), providers: [dialgen] })
  const handle = createWebhookHandler(tracker, {
    provider: 'dialgen',
    origins: { dialgen: { keys: secret } },
  })
  const server = createServer(
    getRequestListener(async (request) => {
      const answer = await handle(request)
      ends.push([new URL(request.url).pathname, answer.status])
      return answer
    }),
  )
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const webhook = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks/{provider}`
  const args = ['--port', '0', '--clock', 'step', '--provider', 'dialgen', '--place', '120']
  const ran = await runHere(['emulate', ...args, '--webhook', webhook], {
    env: { CALLSTATE_DIALGEN_SECRET: secret },
  })
  server.closeAllConnections()
  server.close()
  expect(ran.stdout).toContain('120 calls, 120 over')
  expect(ran.stdout + ran.stderr).not.toContain(secret)
  expect(ends).toEqual(Array.from({ length: 120 }, () => ['/hooks/dialgen', 200]))
  expect((await tracker.list({ settled: true, limit: 200 })).items).toHaveLength(120)
  await tracker.close()
})

test('the weather has a name, and single knobs go over it', async () => {
  await using receiver = await startReceiver()
  const args = ['--port', '0', '--clock', 'step', '--place', '10', '--webhook', receiver.url]
  const ran = await runHere(['emulate', ...args, '--weather', 'storm', '--drop', '1', '--verbose'])
  expect(ran.stdout).toMatch(/delivered +0\n/)
  expect(ran.stderr).toContain('debug A webhook was lost. about=bolna/')
  expect(receiver.bodies).toEqual([])
})

test('a scenario says what becomes of which call', async () => {
  const path = folder.path('busy.json')
  const rules = [
    { destination: '+12025550100', fate: 'busy' },
    { destination: '+1202*', fate: 'voicemail' },
  ]
  await writeFile(path, JSON.stringify({ rules }))
  const args = ['--port', '0', '--clock', 'step', '--place', '3', '--format', 'json']
  const ran = await runHere(['emulate', ...args, '--scenario', path])
  const { calls } = JSON.parse(ran.stdout) as Truth
  expect(calls.map(({ fate }) => fate)).toEqual(['busy', 'voicemail', 'voicemail'])
})

test('what is wrong is said, with what was expected', async () => {
  const broken = folder.path('broken.json')
  await writeFile(broken, '{\n  "rules": [,]\n}')
  const unknown = folder.path('unknown.json')
  await writeFile(unknown, '{"rules": [{"fate": "eaten"}]}')
  const empty = folder.path('empty.json')
  await writeFile(empty, '')
  const cases: readonly (readonly [readonly string[], string])[] = [
    [['--drop', '2'], 'Expected a number from 0 to 1'],
    [['--drop', ''], 'Expected a number from 0 to 1'],
    [['--speed', '0'], 'Expected a number above 0'],
    [['--weather', 'snow'], 'Allowed choices are clear, rain, storm'],
    [['--speed', '2', '--clock', 'fast'], 'cannot be used with option'],
    [['--webhook', 'localhost:3000'], 'expected --webhook to be an address'],
    [['--webhook', 'http://me:word@localhost/'], 'expected --webhook to be an address'],
    [['--scenario', folder.path('none.json')], 'there is no such file'],
    [['--scenario', folder.path('.')], 'it is a folder'],
    [['--scenario', broken], 'is not JSON from line 2, column 13 on: expected a value'],
    [['--scenario', empty], 'is not JSON from line 1, column 1 on: expected a value'],
    [['--scenario', unknown], 'scenario.rules.0.fate: '],
    [['--host', 'nowhere.invalid'], 'expected --host to be an address of this machine'],
    [['--place', '0'], 'Expected a whole number from 1'],
  ]
  for (const [args, message] of cases) {
    const ran = await runHere(['emulate', '--port', '0', ...args])
    expect([args, ran.code, ran.stderr]).toEqual([args, 2, expect.stringContaining(message)])
    expect(ran.stderr).not.toContain('eaten')
  }
})

test('a port that is taken is no riddle', async () => {
  await using receiver = await startReceiver()
  const { port } = new URL(receiver.url)
  const ran = await runHere(['emulate', '--port', port])
  expect([ran.code, ran.stderr]).toEqual([2, expect.stringContaining(`port ${port} of 127.0.0.1`)])
})

test('as a process it serves both APIs until a signal, and then says what it did', async () => {
  await using emulating = await startCli(['emulate', '--port', '0', '--speed', '100000'])
  const { address } = emulating
  const root = (await (await fetch(`${address}/emulator`)).json()) as { providers: string[] }
  expect(root.providers).toEqual(['/bolna', '/dialgen'])
  const placed = await fetch(`${address}/bolna/call`, {
    method: 'POST',
    headers: { authorization: 'Bearer any', 'content-type': 'application/json' },
    body: JSON.stringify({
      agent_id: '123e4567-e89b-12d3-a456-426655440000',
      recipient_phone_number: '+12025550123',
    }),
  })
  expect(placed.status).toBe(200)
  await fetch(`${address}/emulator/idle`, { method: 'POST' })
  emulating.child.kill('SIGTERM')
  expect(await emulating.ended).toEqual({ code: 0, signal: null })
  expect(emulating.stdout()).toContain('1 call, 1 over')
  expect(emulating.stderr()).not.toContain('+1202')
})

test('what is sent is written to a file, also where nobody waits for it', async () => {
  const file = folder.path('nobody.ndjson')
  const placing = ['--port', '0', '--clock', 'step', '--place', '2', '--seed', '5']
  const ran = await runHere(['emulate', '--provider', 'bolna', ...placing, '--out', file])
  expect(ran.code).toBe(0)
  expect(ran.stdout).toMatch(/lost +0\n/)
  const statuses = (await readFile(file, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(JSON.parse(line).body).status)
  expect(statuses.length).toBeGreaterThan(4)
  expect(statuses).toContain('queued')
})
