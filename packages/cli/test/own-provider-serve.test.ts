import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { ServeOptions, Serving } from '../src/serve/serve-command.ts'
import { ACME, acme, SECRET, serveAcme, standings } from './acme.ts'
import { runHere } from './memory-terminal.ts'
import { temporaryFolder, withOpen } from './small-database.ts'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
beforeAll(async () => {
  folder = await temporaryFolder()
})
afterAll(() => folder.remove())

const running: Serving[] = []
afterEach(async () => {
  for (const serving of running.splice(0)) await serving.stop()
})

/** A server that the test need not stop. */
async function serve(options: Partial<ServeOptions>, env: Record<string, string> = {}) {
  const server = await serveAcme({ db: folder.path('acme.db'), ...options }, env)
  running.push(server.serving)
  return server
}

const post = (url: string, fields: Record<string, string>) =>
  fetch(url, { method: 'POST', body: new URLSearchParams(fields) })

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
