import { expect, test } from 'vitest'
import { acme } from './acme.fixture.ts'
import { createClient, NUMBER } from './bolna/client.fixture.ts'
import { DEFAULTS, type EmulatorOptions, startEmulator, type Truth } from './index.ts'
import { startReceiver } from './receiver.fixture.ts'

/** A run of 60 calls in a storm; without the receiver's address, which differs. */
async function run(options: EmulatorOptions, isConcurrent = false): Promise<Truth> {
  await using receiver = await startReceiver()
  await using emulator = await startEmulator({
    clock: 'step',
    weather: 'storm',
    webhooks: { bolna: { url: receiver.url } },
    ...options,
  })
  const client = createClient(emulator.at('bolna'))
  const place = () => client.call({ retry_config: { enabled: true, max_retries: 2 } })
  if (isConcurrent) await Promise.all(Array.from({ length: 60 }, place))
  else for (let index = 0; index < 60; index++) await place()
  await emulator.advance(30_000)
  await emulator.idle()
  return emulator.truth()
}

test('a seed replays a run exactly: identifiers, fates, durations, weather and tries', async () => {
  const first = await run({ seed: 7 })
  expect(first.totals.settled).toBe(60)
  expect(first.totals.mishaps).toMatchObject({ lost: expect.any(Number), slow: expect.any(Number) })
  expect(await run({ seed: 7 })).toEqual(first)
  expect((await run({ seed: 8 })).calls).not.toEqual(first.calls)
})

test('requests at one instant make the same calls as requests one after the other', async () => {
  expect((await run({ seed: 7 }, true)).calls).toEqual((await run({ seed: 7 })).calls)
})

test('a call does not depend on how many others there are', async () => {
  const lives = await Promise.all(
    [1, 20].map(async (count) => {
      await using emulator = await startEmulator({ seed: 3, clock: 'step' })
      const client = createClient(emulator.at('bolna'))
      for (let index = 0; index < count; index++) await client.call()
      await emulator.idle()
      return emulator.truth().calls[0]
    }),
  )
  expect(lives[0]).toEqual(lives[1])
})

test('1,000 calls on the step clock are over in seconds, and every one is settled', async () => {
  await using receiver = await startReceiver()
  await using emulator = await startEmulator({
    clock: 'step',
    rateLimits: false,
    webhooks: { bolna: { url: receiver.url } },
  })
  const client = createClient(emulator.at('bolna'))
  for (let index = 0; index < 10; index++) {
    await Promise.all(Array.from({ length: 100 }, () => client.call()))
  }
  const startedAt = performance.now()
  await emulator.idle()
  expect(performance.now() - startedAt).toBeLessThan(30_000)
  const { totals } = emulator.truth()
  expect(totals).toMatchObject({ calls: 1000, settled: 1000 })
  expect(totals.outcomes).toEqual({ lost: 0, failed: 0, pending: 0, delivered: totals.deliveries })
  expect(receiver.received).toHaveLength(totals.deliveries)
})

test('the step clock stands still until it is moved, and moves by what was asked', async () => {
  await using emulator = await startEmulator({ clock: 'step' })
  const client = createClient(emulator.at('bolna'))
  const id = await client.call({ user_data: { emulated_fate: 'no-answer' } })
  expect([emulator.now(), await client.status(id)]).toEqual([DEFAULTS.stepStartAt, 'queued'])
  for (const ms of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
    await expect(emulator.advance(ms)).rejects.toMatchObject({ code: 'invalid-option' })
  }
  await Promise.all([emulator.advance(14_000), emulator.advance(6_000)])
  expect([emulator.now(), await client.status(id)]).toEqual([
    DEFAULTS.stepStartAt + 20_000,
    'ringing',
  ])
})

test('other clocks run by themselves, as fast as they are told', async () => {
  await using emulator = await startEmulator({ clock: { speed: 2_000 }, startAt: 1_000_000 })
  await expect(emulator.advance(1)).rejects.toMatchObject({ code: 'clock-runs' })
  const client = createClient(emulator.at('bolna'))
  const id = await client.call({ user_data: { emulated_fate: 'busy' } })
  await emulator.idle()
  expect(await client.status(id)).toBe('busy')
  const [call] = emulator.truth().calls
  expect(call?.history.map(({ status }) => status)).toEqual([
    'queued',
    'initiated',
    'ringing',
    'busy',
  ])
})

test('stop leaves no timer, no socket and no request, whatever goes on', async () => {
  const held = () =>
    ['Timeout', 'TCPServerWrap'].map(
      (kind) => process.getActiveResourcesInfo().filter((name) => name === kind).length,
    )
  // Node lets go of a closed server some turns of its loop later.
  const turns = async () => {
    for (let turn = 0; turn < 100; turn++) await new Promise((resolve) => setImmediate(resolve))
  }
  await turns()
  const before = held()
  {
    await using receiver = await startReceiver(() => null)
    const emulator = await startEmulator({
      clock: 'fast',
      webhooks: { bolna: { url: receiver.url } },
    })
    const client = createClient(emulator.at('bolna'))
    for (let index = 0; index < 20; index++) await client.call()
    while (receiver.received.length < 20) await new Promise((resolve) => setImmediate(resolve))
    const waiting = emulator.idle()
    const refusal = expect(waiting).rejects.toMatchObject({ code: 'stopped' })
    await Promise.all([emulator.stop(), emulator.stop()])
    await refusal
    const tries = emulator.truth().calls.flatMap((call) => call.deliveries.flatMap((d) => d.tries))
    expect(new Set(tries.map(({ outcome }) => outcome))).toEqual(new Set(['aborted']))
    await expect(fetch(emulator.url)).rejects.toThrow()
    await expect(emulator.advance(1)).rejects.toMatchObject({ code: 'stopped' })
  }
  await turns()
  // What was there before may have ended by itself meanwhile.
  const more = held().filter((count, kind) => count > (before[kind] ?? 0))
  expect(more).toEqual([])
})

test('every API answers under its name and at the root, and GET /emulator names what there is', async () => {
  await using emulator = await startEmulator({ clock: 'step' })
  const id = await createClient(emulator.at('bolna')).call()
  expect(await createClient({ url: emulator.url }).status(id)).toBe('queued')
  const there = await (await fetch(`${emulator.url}/emulator`)).json()
  expect(there).toMatchObject({
    providers: expect.arrayContaining(['/bolna']),
    routes: { 'GET /emulator/truth': expect.any(String) },
  })
  const nowhere = await fetch(`${emulator.url}/nowhere`)
  expect([nowhere.status, await nowhere.json()]).toEqual([
    404,
    { message: expect.stringContaining('GET /emulator') },
  ])
})

test('the truth and the clock are there over HTTP too', async () => {
  await using emulator = await startEmulator({ clock: 'step', seed: 5 })
  await createClient(emulator.at('bolna')).call({ user_data: { emulated_fate: 'busy' } })
  const post = async (path: string, body: unknown) => {
    const response = await fetch(`${emulator.url}/emulator${path}`, {
      method: 'POST',
      body: JSON.stringify(body),
    })
    return [response.status, await response.json()]
  }
  expect(await post('/advance', { ms: 1_000 })).toEqual([
    200,
    { now: DEFAULTS.stepStartAt + 1_000 },
  ])
  expect(await post('/advance', { ms: -1 })).toEqual([400, expect.anything()])
  expect(await post('/bolna/inbound', { from: NUMBER })).toEqual([201, { id: expect.any(String) }])
  expect(await post('/bolna/inbound', {})).toEqual([400, expect.anything()])
  expect((await post('/idle', {}))[0]).toBe(200)
  const truth = (await (await fetch(`${emulator.url}/emulator/truth`)).json()) as Truth
  expect(truth).toEqual(emulator.truth())
  expect(truth).toMatchObject({ seed: '5', totals: { calls: 2, settled: 2 } })
  const totals = await (await fetch(`${emulator.url}/emulator/totals`)).json()
  expect([totals, emulator.totals()]).toEqual([truth.totals, truth.totals])
})

test('a truth that was taken stays as it was while calls and deliveries go on', async () => {
  await using receiver = await startReceiver()
  await using emulator = await startEmulator({
    clock: 'step',
    webhooks: { bolna: { url: receiver.url } },
  })
  await createClient(emulator.at('bolna')).call()
  const early = emulator.truth()
  const written = JSON.stringify(early)
  await emulator.idle()
  expect(JSON.stringify(early)).toBe(written)
  expect(JSON.stringify(emulator.truth())).not.toBe(written)
})

test.each([
  ['a speed', { clock: { speed: 0 } }],
  ['a clock', { clock: 'slow' }],
  ['a weather', { weather: 'hail' }],
  ['a knob', { weather: { duplicate: 1.1 } }],
  ['a name of a knob', { weather: { doubled: 0.5 } }],
  ['a fate', { scenario: { weights: { lost: 1 } } }],
  ['a rule', { scenario: { rules: [{ number: '1', fate: 'busy' }] } }],
  ['a port', { port: 70_000 }],
  ['a number in flight', { maxInFlight: 0 }],
  ['a name of an option', { wether: 'rain' }],
  ['an address', { webhooks: { bolna: { url: 'here' } } }],
  ['a key', { webhooks: { dialgen: { keys: '' } } }],
  ['a key without a scheme', { webhooks: { bolna: { keys: 'nothing checks it' } } }],
  ['a scheme', { webhooks: { dialgen: { keys: { token: 'secret' } } } }],
  ['a provider', { webhooks: { nobody: {} } }],
  ['a provider that says nothing', { providers: [{ ...acme, name: 'silent', tell: null }] }],
  ['a second provider of one name', { providers: [acme, acme] }],
  [
    'an hour',
    { bolna: { agents: [{ id: '1', guardrails: { call_start_hour: 9, call_end_hour: 24 } }] } },
  ],
])('%s that is none is refused by name', async (_, options) => {
  const starting = startEmulator(options as never)
  const [name = ''] = Object.keys(options)
  await expect(starting).rejects.toMatchObject({
    code: 'invalid-option',
    message: expect.stringContaining(name),
  })
})

test('a port that is taken is an error, and nothing stays', async () => {
  await using emulator = await startEmulator()
  const port = Number(new URL(emulator.url).port)
  await expect(startEmulator({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
})
