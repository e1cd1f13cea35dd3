import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  createFetcher,
  createTracker,
  createWebhookHandler,
  type WebhookHandler,
} from '@callstate/tracker'
import { createMemoryStore } from '@callstate/tracker/memory'
import { getRequestListener } from '@hono/node-server'
import { expect, test } from 'vitest'
import { acme } from '../src/acme.fixture.ts'
import {
  type CallTruth,
  type EmulatorOptions,
  type SentDelivery,
  SOURCE_ADDRESS_HEADER,
  startEmulator,
} from '../src/index.ts'

// A provider from outside, of which the emulator knows nothing but its declaration: signed forms and GET
// callbacks through a storm into a tracker, which asks with basic auth about what got lost.
const CALLS = 200
const KEY = 'the token of the tests'
const API_KEY = 'AC1:password:with:colons'
const HOUR_MS = 3_600_000
const ACCOUNT_PATH = '/v1/accounts/AC1/calls'

/** Acme's words for what is true, written down by hand: what it has no word for it passes over. */
const WORDS: Readonly<Record<string, string>> = {
  queued: 'QUEUED',
  initiated: 'DIALING',
  ringing: 'RINGING',
  'in-progress': 'TALKING',
  completed: 'COMPLETED',
  busy: 'BUSY',
  'no-answer': 'UNANSWERED',
  canceled: 'CANCELED',
  failed: 'FAILED',
}

/** The last thing that Acme could say of a call. */
function lastWord({ history }: CallTruth) {
  const said = history.filter(({ status }) => status in WORDS).at(-1)
  return [said?.status, said?.attempt]
}

async function startIntegration(options: EmulatorOptions) {
  let handle: WebhookHandler | undefined
  const requests: { readonly method: string; readonly address: string | null }[] = []
  const server = createServer(
    getRequestListener((request) => {
      const remoteAddress = request.headers.get(SOURCE_ADDRESS_HEADER) ?? undefined
      requests.push({ method: request.method, address: remoteAddress ?? null })
      return handle?.(request, { remoteAddress }) ?? new Response(null, { status: 404 })
    }),
  )
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/acme?tenant=a`
  const emulator = await startEmulator({
    clock: 'step',
    providers: [acme],
    apiKeys: [API_KEY],
    webhooks: { acme: { url, keys: KEY, headers: { 'x-own': 'a secret of ours' } } },
    ...options,
  })
  const tracker = createTracker({
    store: createMemoryStore(),
    providers: [acme],
    now: emulator.now,
    // As long as a retry is waited for: nothing else would ever make anybody ask.
    budgets: { queued: HOUR_MS },
  })
  handle = createWebhookHandler(tracker, {
    origins: {
      acme: { keys: KEY, secret: { header: 'x-own', value: 'a secret of ours' } },
    },
    answer: () => new Response('<Talk/>', { headers: { 'content-type': 'application/xml' } }),
  })
  const baseUrl = emulator.at('acme').url
  const poller = tracker.poll({
    fetchers: [createFetcher(acme, { key: API_KEY, baseUrl, now: emulator.now })],
    everyMs: null,
    perMinute: { acme: 1_000_000 },
  })
  return {
    emulator,
    tracker,
    poller,
    requests,
    async [Symbol.asyncDispose]() {
      await emulator.stop()
      await tracker.close()
      server.closeAllConnections()
      server.close()
    },
  }
}

type Integration = Awaited<ReturnType<typeof startIntegration>>

/** The calls of which the tracker believes anything else than Acme's last word. */
async function disagreeing({ emulator, tracker }: Integration) {
  const known = await Promise.all(
    emulator.truth().calls.map(async (call) => {
      const found = await tracker.get({ provider: 'acme', callId: call.id })
      return { id: call.id, said: lastWord(call), believed: [found?.status, found?.attempt] }
    }),
  )
  return known.filter(({ said, believed }) => String(said) !== String(believed))
}

test('after a storm a tracker that asks believes of every call what Acme has words for', async () => {
  const sent: SentDelivery[] = []
  await using integration = await startIntegration({
    weather: 'storm',
    onDelivery: (one) => void sent.push(one),
  })
  const { emulator, tracker, poller, requests } = integration
  for (let index = 0; index < CALLS; index++) {
    const callId =
      index % 10 === 0
        ? emulator.at('acme').receive({ from: '+12025550123' })
        : emulator.at('acme').place({ to: `+120255501${String(index % 100).padStart(2, '0')}` })
    // Whoever placed a call knows that it is there, be every webhook lost.
    const status = index % 10 === 0 ? 'TALKING' : 'QUEUED'
    const body = { CallId: callId, Status: status, Try: 1, At: emulator.now() }
    await tracker.ingest({ provider: 'acme', kind: 'call-reply', body })
  }
  await emulator.idle()
  const lost = (await disagreeing(integration)).length
  for (let look = 0; look < 12 && (await disagreeing(integration)).length > 0; look++) {
    await emulator.advance(2 * HOUR_MS)
    await poller.runOnce()
  }
  expect(await disagreeing(integration)).toEqual([])

  const { calls, totals } = emulator.truth()
  expect(totals).toMatchObject({ calls: CALLS, settled: CALLS })
  expect([lost > 5, totals.outcomes.lost > 20, totals.repeats > 20]).toEqual([true, true, true])
  // Acme itself tries a busy line once more; what it cannot say never comes up as an end.
  expect(calls.some(({ attempt }) => attempt === 2)).toBe(true)
  expect(calls.map(({ status }) => status).filter((status) => !(status in WORDS))).toEqual([])
  expect(calls.some(({ history }) => history.some(({ status }) => !(status in WORDS)))).toBe(true)
  for (const { id } of calls) {
    const history = await tracker.history({ provider: 'acme', callId: id })
    const kinds = history.map(({ decision }) => decision?.kind)
    expect([id, kinds.includes('conflicting'), kinds.includes('unrecognized')]).toEqual([
      id,
      false,
      false,
    ])
  }

  // What was told is what was sent, one for one: forms and callbacks by GET, from Acme's addresses.
  expect(sent).toHaveLength(totals.tries)
  expect(sent.map(({ delivery }) => delivery.method).sort()).toEqual(
    requests.map(({ method }) => method).sort(),
  )
  expect(new Set(requests.map(({ method }) => method))).toEqual(new Set(['GET', 'POST']))
  expect(new Set(requests.map(({ address }) => address))).toEqual(
    new Set(['192.0.2.10', '192.0.2.11']),
  )
  for (const { provider, delivery } of sent) {
    expect(provider).toBe('acme')
    expect(delivery.url).toContain('/webhooks/acme?tenant=a')
    expect(delivery.headers['x-acme-signature']).toMatch(/^t=\d+,v=[\da-f]{64}$/)
    const text = new TextDecoder().decode(delivery.rawBody)
    const fields = delivery.method === 'GET' ? new URL(delivery.url).search : text
    expect(new URLSearchParams(fields).get('CallId')).toMatch(/^[\da-f-]{36}$/)
  }
})

test('in between a call stands where Acme last said, whatever it truly does', async () => {
  await using integration = await startIntegration({})
  const { emulator } = integration
  for (let index = 0; index < 40; index++) emulator.at('acme').place()
  const seen = new Set<string>()
  for (let minute = 0; minute < 20; minute++) {
    await emulator.advance(7_000)
    expect(await disagreeing(integration)).toEqual([])
    for (const { status } of emulator.truth().calls) seen.add(status)
  }
  expect([...seen]).toContain('call-disconnected')
})

test('the API answers what Acme is asked for, to whoever has the key', async () => {
  await using integration = await startIntegration({})
  const { emulator } = integration
  const id = emulator.at('acme').place({ metadata: { emulated_fate: 'busy' } })
  const ask = async (path: string, key: string | null = API_KEY, method = 'GET') => {
    const headers: Record<string, string> =
      key === null ? {} : { authorization: `Basic ${btoa(key)}` }
    const response = await fetch(emulator.at('acme').url + path, { method, headers })
    return [response.status, ((await response.json()) as Record<string, unknown>)['Status']]
  }
  const path = `${ACCOUNT_PATH}/${id}`
  expect(await ask(path)).toEqual([200, 'QUEUED'])
  await emulator.advance(15_000)
  expect(await ask(path)).toEqual([200, 'RINGING'])
  for (const key of [null, '', 'AC1:wrong', 'AC1', ':password']) {
    expect([key, (await ask(path, key))[0]]).toEqual([key, 401])
  }
  for (const elsewhere of [
    `${ACCOUNT_PATH}/`,
    `/v1/accounts/AC2/calls/${id}`,
    `${ACCOUNT_PATH}/${id.replace(/^./, 'z')}`,
    `${path}/more`,
    `/${id}`,
  ]) {
    expect([elsewhere, (await ask(elsewhere))[0]]).toEqual([elsewhere, 404])
  }
  expect((await ask(path, API_KEY, 'POST'))[0]).toBe(404)
})

test('a retry follows where the provider or the request says so', async () => {
  await using emulator = await startEmulator({ clock: 'step', providers: [acme] })
  const metadata = { emulated_fate: 'busy' }
  const policy = { maxAttempts: 4, retryOn: ['busy'], retryOnVoicemail: false, delaysMs: [60_000] }
  emulator.at('acme').place({ metadata })
  emulator.at('acme').place({ metadata, retryPolicy: null })
  emulator.at('acme').place({ metadata, retryPolicy: { ...policy, retryOn: ['busy'] } })
  await emulator.idle()
  expect(emulator.truth().calls.map(({ attempt }) => attempt)).toEqual([2, 1, 4])
})

test('calls can be placed over HTTP, at every provider', async () => {
  await using emulator = await startEmulator({ clock: 'step' })
  const place = async (provider: string, body: unknown) => {
    const response = await fetch(`${emulator.url}/emulator/${provider}/calls`, {
      method: 'POST',
      body: JSON.stringify(body),
    })
    return [response.status, await response.json()]
  }
  for (const provider of ['bolna', 'dialgen']) {
    expect(await place(provider, { to: '+12025550123' })).toEqual([201, { id: expect.any(String) }])
    expect((await place(provider, { to: '12' }))[0]).toBe(400)
    expect((await place(provider, { to: 12 }))[0]).toBe(400)
  }
  expect((await place('acme', {}))[0]).toBe(404)
  expect(emulator.truth().calls.map(({ provider }) => provider)).toEqual(['bolna', 'dialgen'])
  expect(() => emulator.at('acme')).toThrow('"acme" is not emulated; there are bolna, dialgen.')
})
