import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import type { CallDetail, PayloadDetail } from '@callstate/inspector'
import { INSPECTOR_LIMITS } from '@callstate/inspector/internal'
import { redactInspection } from '@callstate/inspector/redact'
import { createWebSocketInspector } from '@statelyai/inspect'
import { callMachine } from 'callstate/machine'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createActor } from 'xstate'
import { startCli } from './cli-process.ts'
import { runHere } from './memory-terminal.ts'
import { watch } from './page-stream.ts'
import { temporaryFolder } from './small-database.ts'

const BAD_DAY = fileURLToPath(
  new URL('../../../docs/examples/bolna-bad-day.ndjson', import.meta.url),
)

let folder: Awaited<ReturnType<typeof temporaryFolder>>
beforeAll(async () => {
  folder = await temporaryFolder()
})
afterAll(() => folder.remove())

const read = async <Answer>(address: string, path: string) =>
  (await (await fetch(`${address}api/${path}`)).json()) as Answer

test('a log is shown as check reads it, and its messages are read again and redacted', async () => {
  const checked = await runHere(['check', BAD_DAY, '--format', 'json'])
  const { calls } = JSON.parse(checked.stdout) as { calls: { id: string; status: string }[] }

  await using inspecting = await startCli(['inspect', BAD_DAY, '--port', '0'])
  const { address } = inspecting
  const { rows, counts } = await watch(address, (_, { calls }) => calls > 0)
  expect(counts).toMatchObject({ calls: calls.length, findings: 3 })
  const statuses = new Map(rows.map(({ callId, status }) => [callId, status]))
  expect(calls.map(({ id }) => statuses.get(id))).toEqual(calls.map(({ status }) => status))
  expect(inspecting.stderr()).toContain('bolna-bad-day.ndjson:56: the JSON is cut off')

  const odd = rows.find(({ findings }) => findings > 0)
  const key = encodeURIComponent(odd?.key ?? '')
  const detail = await read<CallDetail>(address, `calls/${key}`)
  expect(detail.events).toHaveLength(odd?.events ?? 0)
  const { payload } = await read<PayloadDetail>(address, `calls/${key}/events/2`)
  expect(payload).toMatchObject({ id: odd?.callId, status: detail.events[1]?.event?.status })
  expect(JSON.stringify(payload)).not.toMatch(/\+1/)

  inspecting.child.kill('SIGTERM')
  expect(await inspecting.ended).toEqual({ code: 0, signal: null })
})

test('a line of a gzipped file is found again too, and one that is gone is no crash', async () => {
  const body = (id: string, status: string) => `${JSON.stringify({ id, status })}\n`
  const path = folder.path('log.ndjson.gz')
  await writeFile(path, gzipSync(body('c-1', 'ringing') + body('c-1', 'busy')))
  await using inspecting = await startCli(['inspect', path, '--port', '0'])
  const { address } = inspecting
  const event = `calls/${encodeURIComponent('bolna c-1')}/events/2`
  expect(await read<PayloadDetail>(address, event)).toMatchObject({ payload: { status: 'busy' } })
  await writeFile(path, '')
  expect((await fetch(`${address}api/${event}`)).status).toBe(404)
})

test('calls of two providers stay apart, and a log from standard input has no messages to show', async () => {
  const bolna = folder.path('bolna.ndjson')
  const dialgen = folder.path('dialgen.ndjson')
  await writeFile(bolna, '{"id":"c-1","status":"ringing","user_number":null}\n')
  await writeFile(dialgen, '{"callId":"c-1","status":"ONGOING","phoneNumber":null}\n')
  await using both = await startCli(['inspect', bolna, dialgen, '--port', '0'])
  const { rows } = await watch(both.address, (_, { calls }) => calls > 0)
  expect(rows.map(({ key }) => key).toSorted()).toEqual(['bolna c-1', 'dialgen c-1'])

  const line = '{"id":"c-1","status":"ringing"}\n'
  await using piped = await startCli(['inspect', '-', '--port', '0'], line)
  const detail = await read<CallDetail>(piped.address, `calls/${encodeURIComponent('bolna c-1')}`)
  expect(detail.events).toMatchObject([{ event: { status: 'ringing' }, hasPayload: false }])
})

test('more calls than the page holds are not left out in silence', async () => {
  const path = folder.path('many.ndjson')
  const line = (_: unknown, place: number) => `{"id":"c-${place}","status":"queued"}\n`
  await writeFile(path, Array.from({ length: INSPECTOR_LIMITS.calls + 1 }, line).join(''))
  await using inspecting = await startCli(['inspect', path, '--port', '0'])
  expect(inspecting.stderr()).toContain('the page shows 100000 of 100001 calls')
})

test('without a log it waits for XState actors', async () => {
  await using inspecting = await startCli(['inspect', '--port', '0'])
  const { address } = inspecting
  const url = `${address.replace('http', 'ws')}inspect`
  while (!inspecting.stderr().includes(url)) await once(inspecting.child.stderr, 'data')
  const { inspect } = createWebSocketInspector({ url, serialize: redactInspection })
  const actor = createActor(callMachine, { inspect }).start()
  actor.send({ type: 'initiated' })
  actor.send({ type: 'ringing' })
  const { rows } = await watch(address, ([row]) => row?.status === 'ringing')
  expect(rows).toHaveLength(1)
})

test('what is wrong is said', async () => {
  const cases: readonly (readonly [readonly string[], string])[] = [
    [[folder.path('none.ndjson')], 'there is no such file'],
    [[folder.path('.')], 'expected a file, got a folder'],
    [['--host', '0.0.0.0'], 'expected a token for the page'],
    [['--port', '70000'], 'Expected a whole number from 0 to 65535'],
    [['--provider', 'vonage'], 'Allowed choices are bolna, dialgen, auto'],
  ]
  for (const [args, message] of cases) {
    const ran = await runHere(['inspect', ...args])
    expect([args, ran.code, ran.stderr]).toEqual([args, 2, expect.stringContaining(message)])
  }
  const short = await runHere(['inspect', '--host', '0.0.0.0'], {
    env: { CALLSTATE_API_TOKEN: 'short' },
  })
  expect([short.code, short.stderr]).toEqual([2, expect.stringContaining('at least 16 ASCII')])
})
