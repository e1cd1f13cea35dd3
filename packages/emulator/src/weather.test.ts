import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { replay } from 'callstate'
import { bolna } from 'callstate/providers/bolna'
import { expect, test } from 'vitest'
import { acme } from './acme.fixture.ts'
import { createClient } from './bolna/client.fixture.ts'
import {
  type CallTruth,
  DEFAULTS,
  type DeliveryTruth,
  type EmulatorOptions,
  SOURCE_ADDRESS_HEADER,
  startEmulator,
  WEATHERS,
  type Weather,
  type WebhookNews,
} from './index.ts'
import { eventIn } from './read-event.fixture.ts'
import { type Answer, startReceiver } from './receiver.fixture.ts'

/** Calls in this weather on the step clock, to the end; what came and what is true. */
async function calls(
  weather: EmulatorOptions['weather'],
  options: { count?: number; answer?: Answer; fate?: string; receiverTimeoutMs?: number } = {},
) {
  const { count = 1, answer, fate = 'answered', receiverTimeoutMs = 10_000 } = options
  await using receiver = await startReceiver(answer)
  await using emulator = await startEmulator({
    clock: 'step',
    receiverTimeoutMs,
    webhooks: { bolna: { url: receiver.url } },
    ...(weather === undefined ? {} : { weather }),
  })
  const client = createClient(emulator.at('bolna'))
  for (let index = 0; index < count; index++) {
    await client.call({ user_data: { emulated_fate: fate } })
  }
  await emulator.idle()
  const truth = emulator.truth()
  const [call] = truth.calls
  if (call === undefined) throw new Error('no call was placed')
  return { truth, call, received: receiver.received, heard: receiver.statuses() }
}

const LIFE = ['queued', 'initiated', 'ringing', 'in-progress', 'call-disconnected', 'completed']
const statusOf = ({ event }: DeliveryTruth) => (typeof event === 'string' ? event : event.status)
const outcomes = ({ deliveries }: CallTruth) => deliveries.map(({ outcome }) => outcome)

test('clear: every webhook arrives once and in order, from one of the three addresses', async () => {
  const { heard, call, received } = await calls('clear')
  expect(heard).toEqual(LIFE)
  expect(outcomes(call)).toEqual(LIFE.map(() => 'delivered'))
  const addresses = received.map(({ headers }) => headers[SOURCE_ADDRESS_HEADER])
  expect(addresses).toEqual(call.deliveries.map(({ tries }) => tries[0]?.sourceAddress))
  for (const address of addresses) expect(address).toMatch(/^13\.\d+\.\d+\.\d+$/)
})

test('duplicate: every webhook arrives twice, the second time up to ten seconds later', async () => {
  const { heard, call, truth } = await calls({ duplicate: 1 })
  expect([...heard].sort()).toEqual([...LIFE, ...LIFE].sort())
  for (const { at, tries, mishaps } of call.deliveries) {
    expect(mishaps).toEqual(['duplicated'])
    expect(tries.map(({ copy }) => copy)).toEqual([1, 2])
    expect(tries[0]?.at).toBe(at)
    expect((tries[1]?.at ?? 0) - at).toBeLessThanOrEqual(10_000)
  }
  expect(truth.totals).toMatchObject({ tries: 12, repeats: 6, mishaps: { duplicated: 6 } })
})

test('the second of a duplicate is nothing that the sender knows of, and is not tried again', async () => {
  const { call } = await calls({ duplicate: 1 }, { fate: 'balance-low', answer: () => 500 })
  for (const { tries, outcome } of call.deliveries) {
    const triesOf = (copy: number) => tries.filter((one) => one.copy === copy).length
    expect([outcome, triesOf(1), triesOf(2)]).toEqual(['failed', 4, 1])
  }
})

test('delay: every webhook is sent 5 seconds to 5 minutes after its event', async () => {
  const { call, heard } = await calls({ delay: 1 })
  expect([...heard].sort()).toEqual([...LIFE].sort())
  for (const { at, tries, mishaps } of call.deliveries) {
    expect(mishaps).toEqual(['delayed'])
    expect((tries[0]?.at ?? 0) - at).toBeGreaterThanOrEqual(5_000)
    expect((tries[0]?.at ?? 0) - at).toBeLessThanOrEqual(300_000)
  }
})

test('reorder: webhooks change places two by two', async () => {
  const { heard, call } = await calls({ reorder: 1 }, { fate: 'busy' })
  expect(heard).toEqual(['initiated', 'queued', 'busy', 'ringing'])
  expect(call.deliveries.map(({ mishaps }) => mishaps)).toEqual([
    ['reordered'],
    [],
    ['reordered'],
    [],
  ])
})

test('reorder: one that nothing follows is sent a minute late, and is called delayed', async () => {
  const { call } = await calls({ reorder: 1 }, { fate: 'balance-low' })
  expect(call.deliveries.map(({ mishaps }) => mishaps)).toEqual([['reordered'], []])
  const alone = await calls({ reorder: 1 }, { fate: 'stopped' })
  const last = alone.call.deliveries.at(-1)
  expect([last?.mishaps, (last?.tries[0]?.at ?? 0) - (last?.at ?? 0)]).toEqual([
    ['delayed'],
    60_000,
  ])
})

test('drop: nothing arrives, nothing is tried, and the truth knows it', async () => {
  const { heard, call, truth } = await calls({ drop: 1 })
  expect(heard).toEqual([])
  expect(outcomes(call)).toEqual(LIFE.map(() => 'lost'))
  expect(truth.totals).toMatchObject({
    tries: 0,
    outcomes: { lost: 6 },
    statuses: { completed: 1 },
  })
})

test('burst: what is held back goes at one instant, on a full minute, for all calls', async () => {
  const { truth } = await calls({ burst: 1 }, { count: 20, fate: 'busy' })
  const deliveries = truth.calls.flatMap((call) => call.deliveries)
  for (const { at, tries, mishaps } of deliveries) {
    expect(mishaps).toEqual(['burst'])
    expect((tries[0]?.at ?? 1) % 60_000).toBe(0)
    expect((tries[0]?.at ?? 0) - at).toBeLessThanOrEqual(60_000)
  }
  expect(new Set(deliveries.map(({ tries }) => tries[0]?.at)).size).toBe(1)
})

test('finalLost: everything arrives but the last word', async () => {
  const { heard, call } = await calls({ finalLost: 1 })
  expect(heard).toEqual(LIFE.slice(0, -1))
  expect(call.deliveries.at(-1)).toMatchObject({
    isFinal: true,
    outcome: 'lost',
    mishaps: ['final-lost'],
    tries: [],
  })
})

test('slow: the receiver answers, the sender takes it for lost and tries again', async () => {
  const { heard, call } = await calls({ slow: 1 }, { fate: 'busy' })
  expect(heard.filter((status) => status === 'busy')).toHaveLength(2)
  for (const { at, tries, outcome } of call.deliveries) {
    expect(tries.map(({ answer, outcome: taken, at: sent }) => [answer, taken, sent - at])).toEqual(
      [
        [200, 'timed-out', 0],
        [200, 'delivered', 15_000],
      ],
    )
    expect(outcome).toBe('delivered')
  }
})

test.each([500, 404, 302])(
  'an answer of %d is tried three times more, and then given up',
  async (status) => {
    const { call, received } = await calls('clear', { answer: () => status, fate: 'balance-low' })
    expect(received).toHaveLength(8)
    expect(outcomes(call)).toEqual(['failed', 'failed'])
    const [first] = call.deliveries
    expect(first?.tries.map(({ at, answer }) => [at - first.at, answer])).toEqual([
      [0, status],
      [5_000, status],
      [35_000, status],
      [155_000, status],
    ])
  },
)

test('the step clock waits for an answer before it passes the time of the next try', async () => {
  // The first webhook is refused once, and tried again 5 seconds later, while the phone rings.
  const { heard } = await calls('clear', { answer: (_, index) => (index === 0 ? 500 : 200) })
  expect(heard.filter((status) => status === 'queued')).toHaveLength(2)
  expect(heard.lastIndexOf('queued')).toBeLessThan(heard.indexOf('in-progress'))
})

test('a receiver that never answers, and one that is not there, are tried again', async () => {
  const silent = await calls('clear', {
    answer: (_, index) => (index === 0 ? null : 204),
    fate: 'balance-low',
    receiverTimeoutMs: 50,
  })
  expect(silent.call.deliveries[0]?.tries).toMatchObject([
    { answer: null, outcome: 'timed-out' },
    { answer: 204, outcome: 'delivered' },
  ])
  await using emulator = await startEmulator({
    clock: 'step',
    webhooks: { bolna: { url: 'http://127.0.0.1:1/' } },
  })
  await createClient(emulator.at('bolna')).call({ user_data: { emulated_fate: 'balance-low' } })
  await emulator.idle()
  const [first] = emulator.truth().calls[0]?.deliveries ?? []
  expect([first?.outcome, first?.tries.map(({ outcome }) => outcome)]).toEqual([
    'failed',
    Array(4).fill('unreachable'),
  ])
})

test('an answer that never ends is given up in time, and none of it is kept', async () => {
  const part = Buffer.alloc(2 ** 20)
  let sent = 0
  const server = createServer((request, response) => {
    request.resume()
    const pour = () => {
      sent += part.length
      response.write(part)
      if (sent < 2 ** 29) response.once('drain', pour)
    }
    pour()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await using emulator = await startEmulator({
    clock: 'step',
    receiverTimeoutMs: 1_500,
    webhooks: { bolna: { url: `http://127.0.0.1:${port}/` } },
  })
  await createClient(emulator.at('bolna')).call({ user_data: { emulated_fate: 'balance-low' } })
  const before = process.memoryUsage().arrayBuffers
  let most = 0
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage().arrayBuffers - before)
  }, 10)
  await emulator.advance(1_000)
  clearInterval(watch)
  await emulator.stop()
  server.closeAllConnections()
  server.close()
  const [first] = emulator.truth().calls[0]?.deliveries ?? []
  expect(first?.tries[0]).toMatchObject({ answer: null, outcome: 'timed-out' })
  expect(most).toBeLessThan(2 ** 28)
})

test('in a storm what came is what the truth counts', async () => {
  const { truth, received } = await calls('storm', { count: 40 })
  const tries = truth.calls.flatMap(({ id, deliveries }) =>
    deliveries.flatMap((one) => one.tries.map(() => `${id} ${statusOf(one)}`)),
  )
  expect(received.map(({ body }) => `${body['id']} ${body['status']}`).sort()).toEqual(tries.sort())
})

test('whatever a storm did, what was heard and one question give the truth for every call', async () => {
  await using receiver = await startReceiver()
  await using emulator = await startEmulator({
    clock: 'step',
    weather: 'storm',
    webhooks: { bolna: { url: receiver.url } },
  })
  const client = createClient(emulator.at('bolna'))
  const retry_config = { enabled: true, max_retries: 2 }
  for (let index = 0; index < 100; index++) await client.call({ retry_config })
  await emulator.idle()
  const eventsOf = (bodies: readonly unknown[]) =>
    bodies.flatMap((body) => eventIn(bolna, body) ?? [])
  let healed = 0
  for (const { id, status, attempt } of emulator.truth().calls) {
    const heard = receiver.received.map(({ body }) => body).filter((body) => body['id'] === id)
    const { body } = await client.get(`/executions/${id}`)
    const { call, history } = replay(eventsOf([...heard, body]))
    expect([call.status, call.attempt]).toEqual([status, attempt])
    expect(history.filter(({ decision }) => decision.kind === 'conflicting')).toEqual([])
    if (replay(eventsOf(heard)).call.status !== status) healed++
  }
  expect(healed).toBeGreaterThan(10)
})

test.each(['rain', 'storm'] as const)('%s is as bad as its knobs say', async (name) => {
  const { truth } = await calls(name, { count: 300, fate: 'answered' })
  const weather: Weather = WEATHERS[name]
  const { deliveries, mishaps } = truth.totals
  const kept = 1 - weather.drop
  expect((mishaps.lost ?? 0) / deliveries).toBeCloseTo(weather.drop, 1)
  expect((mishaps.duplicated ?? 0) / deliveries).toBeCloseTo(weather.duplicate * kept, 1)
  expect((mishaps.slow ?? 0) / deliveries).toBeCloseTo(weather.slow * kept, 1)
  expect((mishaps['final-lost'] ?? 0) / 300).toBeCloseTo(weather.finalLost * kept, 1)
  expect(truth.totals.corrections / 300).toBeCloseTo(weather.corrected, 1)
  for (const kind of ['reordered', 'delayed', 'burst'] as const) {
    expect(mishaps[kind], kind).toBeGreaterThan(0)
  }
})

test('a listener is told of every request and of every loss, as it happens', async () => {
  await using receiver = await startReceiver()
  const told: WebhookNews[] = []
  await using emulator = await startEmulator({
    clock: 'step',
    weather: { drop: 0.3, duplicate: 0.3 },
    webhooks: { bolna: { url: receiver.url } },
    onWebhook: (news) => void told.push(news),
  })
  const client = createClient(emulator.at('bolna'))
  for (let index = 0; index < 10; index++) await client.call()
  await emulator.idle()
  const { calls, totals } = emulator.truth()
  const requests = told.filter((news) => news.try !== null)
  expect(requests).toHaveLength(totals.tries)
  expect(told.length - requests.length).toBe(totals.outcomes.lost)
  expect(totals.outcomes.lost).toBeGreaterThan(0)
  expect(new Set(told.map(({ about }) => about))).toEqual(
    new Set(calls.map(({ id }) => `bolna/${id}`)),
  )
  expect(requests.every((news) => news.try?.answer === 200)).toBe(true)
})

test('webhooks bring headers of one’s own, and the address that they stand for where a proxy would', async () => {
  await using receiver = await startReceiver()
  for (const forwardedFor of [false, true]) {
    await using emulator = await startEmulator({
      clock: 'step',
      webhooks: {
        bolna: { url: receiver.url, headers: { 'x-webhook-secret': 'of the tests' }, forwardedFor },
      },
    })
    emulator.at('bolna').place({ metadata: { emulated_fate: 'busy' } })
    await emulator.idle()
    const { headers } = receiver.received.at(-1) ?? {}
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'x-webhook-secret': 'of the tests',
    })
    const address = headers?.['x-emulated-source-address']
    expect(bolna.delivery.sourceAddresses).toContain(address)
    expect(headers?.['x-forwarded-for']).toBe(forwardedFor ? address : undefined)
  }
})

test('deliveries are signed by the emulator’s clock, or by one that the receiver lives in', async () => {
  const server = createServer((_, response) => void response.end()).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const signedAt = async (options: { readonly signingNow?: () => number }) => {
    const times: number[] = []
    await using emulator = await startEmulator({
      clock: 'step',
      providers: [acme],
      webhooks: { acme: { url, keys: 'a token', ...options } },
      onDelivery: ({ delivery }) =>
        times.push(Number(/t=(\d+)/.exec(String(delivery.headers['x-acme-signature']))?.[1])),
    })
    emulator.at('acme').place()
    await emulator.idle()
    return times
  }
  try {
    const start = DEFAULTS.stepStartAt / 1000
    const own = await signedAt({})
    expect(own.length).toBeGreaterThan(1)
    expect(own.every((time) => time >= start && time < start + 3_600)).toBe(true)
    expect(new Set(await signedAt({ signingNow: () => 1_800_000_000_000 }))).toEqual(
      new Set([1_800_000_000]),
    )
  } finally {
    server.close()
  }
})
