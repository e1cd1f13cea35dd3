import { createFetcher, createTracker, createWebhookHandler } from '@callstate/tracker'
import { createMemoryStore } from '@callstate/tracker/memory'
import { dialgen } from 'callstate/providers/dialgen'
import { Hono } from 'hono'
import { expect, test } from 'vitest'
import { DEFAULTS, startEmulator } from '../index.ts'
import { listen } from '../server.ts'
import { createClient, numberOf } from './client.fixture.ts'

const MINUTE_MS = 60_000
const SECRET = 'a test secret'
const SINGLE_CALLS = 60
const BATCH_CALLS = 40

/** What a user has: a tracker, its webhook handler on a port, and a poller. */
async function startIntegration(clock: { now(): number }) {
  const tracker = createTracker({
    store: createMemoryStore(),
    providers: [dialgen],
    now: () => clock.now(),
    // `SCHEDULED` lasts as long as a retry is waited for, `ONGOING` as long as the call.
    providerBudgets: { dialgen: { queued: 10 * MINUTE_MS, initiated: 30 * MINUTE_MS } },
  })
  const webhook = createWebhookHandler(tracker, {
    provider: 'dialgen',
    origins: { dialgen: { keys: SECRET } },
  })
  const app = new Hono().post('/hook', (c) => webhook(c.req.raw))
  const listening = await listen(app, '127.0.0.1', 0)
  return {
    tracker,
    url: `${listening.url}/hook`,
    async [Symbol.asyncDispose]() {
      await Promise.all([tracker.close(), listening.close()])
    },
  }
}

test.each(['data', 'event'] as const)(
  'after a storm a tracker that asks about lost ends believes what is true, with webhooks of the shape %s',
  async (webhookShape) => {
    const clock = { now: () => DEFAULTS.stepStartAt }
    await using integration = await startIntegration(clock)
    const { tracker } = integration
    await using emulator = await startEmulator({
      clock: 'step',
      weather: 'storm',
      webhooks: { dialgen: { url: integration.url, keys: SECRET } },
      dialgen: { webhookShape },
    })
    clock.now = emulator.now
    const client = createClient(emulator.at('dialgen'))
    const opens = (body: unknown) => tracker.ingest({ provider: 'dialgen', body })
    const batch = await client.batch(BATCH_CALLS)
    for (let index = 0; index < SINGLE_CALLS; index++) {
      const callId = await client.dial({ to: numberOf(BATCH_CALLS + index) })
      await opens({ callId, status: 'ONGOING' })
    }
    await emulator.advance(10_000)
    for (const item of await client.batchCalls(batch)) await opens(item)

    const fetcher = createFetcher(dialgen, {
      key: 'any',
      baseUrl: emulator.at('dialgen').url,
      perMinute: 60_000,
    })
    const poller = tracker.poll({ fetchers: [fetcher], everyMs: null })
    const disagreeing = async () => {
      const believed = await Promise.all(
        emulator.truth().calls.map(async ({ id, status }) => {
          const known = await tracker.get({ provider: 'dialgen', callId: id })
          return { id, truth: status, belief: known?.status, isOver: known?.settled }
        }),
      )
      return believed.filter(({ truth, belief, isOver }) => truth !== belief || !isOver)
    }
    const areSettled = () => emulator.truth().totals.settled === SINGLE_CALLS + BATCH_CALLS
    let news = 0
    const look = async () => {
      news += (await poller.runOnce()).news
    }
    while (!areSettled()) {
      await emulator.advance(20 * MINUTE_MS)
      if (!areSettled()) await look()
    }
    await emulator.idle()
    const { calls, totals } = emulator.truth()
    expect(totals.calls).toBe(100)
    expect(calls.some(({ attempt }) => attempt > 1)).toBe(true)
    expect(new Set(calls.map(({ status }) => status)).size).toBeGreaterThan(3)
    const lost = calls.filter(({ deliveries }) => deliveries[0]?.outcome === 'lost')
    expect(lost.length).toBeGreaterThan(10)

    for (let hour = 0; hour < 10 && (await disagreeing()).length > 0; hour++) {
      await emulator.advance(60 * MINUTE_MS)
      await look()
    }
    expect(await disagreeing()).toEqual([])
    expect(news).toBeGreaterThan(10)
    for (const { id } of calls) {
      const history = await tracker.history({ provider: 'dialgen', callId: id })
      const kinds = history.map(({ decision }) => decision?.kind)
      expect(kinds).not.toContain('conflicting')
      expect(kinds).not.toContain('unrecognized')
    }
  },
)
