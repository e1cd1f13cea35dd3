import { mkdtemp, rm } from 'node:fs/promises'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import {
  type Emulator,
  SOURCE_ADDRESS_HEADER,
  startEmulator,
  type WeatherName,
} from '@callstate/emulator'
import { type Inspector, startInspector, trackerSource } from '@callstate/inspector'
import {
  createFetcher,
  createTracker,
  createWebhookHandler,
  DEFAULTS,
  type PollReport,
  type Tracker,
  type WebhookHandler,
  type WebhookTarget,
} from '@callstate/tracker'
import { createSqliteStore } from '@callstate/tracker/sqlite'
import { serve } from '@hono/node-server'
import type { Budgets } from 'callstate'
import { bolna } from 'callstate/providers/bolna'
import { dialgen } from 'callstate/providers/dialgen'
import { Hono } from 'hono'
import { type Charges, startBilling } from './billing.ts'

/** What a world is made of. */
export interface WorldOptions {
  readonly seed: string
  readonly weather: WeatherName
  /** How many times faster than time its clock runs. */
  readonly speed: number
}

/** What was heard, as it came. */
export interface Heard {
  webhooks: number
  duplicates: number
  late: number
  conflicting: number
  /** What who takes the latest webhook for the truth would believe, by provider and call. */
  readonly latest: Map<string, string>
}

/** Providers in bad weather, and a service that keeps calls. */
export interface World extends AsyncDisposable {
  readonly emulator: Emulator
  readonly tracker: Tracker
  /** The page on which the tracker's calls can be watched. */
  readonly inspector: Inspector
  readonly heard: Heard
  /** What the service charges for each attempt. */
  readonly charges: Charges
  /** What asking about overdue calls came to so far. */
  readonly asked: Pick<PollReport, 'asked' | 'news'>
  readonly webhookUrl: string
  /** The SQLite file. */
  readonly database: string
}

/** Any will do: the emulator takes every key. */
export const API_KEY = 'demo'
/** With which the emulated Dialgen signs. */
const SIGNING_SECRET = 'secret of the demo'

/** A minute or two more than a call of the emulator spends in each status; 5 minutes of its 14 to complete. */
const BUDGETS: Partial<Budgets> = {
  queued: 3 * 60_000,
  // Dialgen's calls stay at it while they last.
  initiated: 2 * 60_000,
  ringing: 2 * 60_000,
  'in-progress': 3 * 60_000,
  'call-disconnected': 5 * 60_000,
}
/** How long the costs of a call may take after its end, before they are asked for. */
const DATA_BUDGETS_MS = { bolna: 3 * 60_000 }
const ASK_EVERY_MS = 60_000

/** Starts the receiver, the emulator that sends to it, and the tracker that asks it about overdue calls. */
export async function startWorld({ seed, weather, speed }: WorldOptions): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'callstate-demo-'))
  const database = join(folder, 'calls.db')
  const service: Service = { handle: null }
  const { server, url } = await listen(service)
  const webhookUrl = `${url}/webhooks`
  const emulator = await startEmulator({
    seed,
    weather,
    clock: { speed },
    webhooks: {
      bolna: { url: `${webhookUrl}/bolna` },
      dialgen: { url: `${webhookUrl}/dialgen`, keys: SIGNING_SECRET },
    },
  })

  const providers = [bolna, dialgen]
  const tracker = createTracker({
    store: createSqliteStore({ path: database }),
    providers,
    budgets: BUDGETS,
    dataBudgetsMs: DATA_BUDGETS_MS,
    now: emulator.now,
  })
  const charges = startBilling(tracker)
  const heard: Heard = { webhooks: 0, duplicates: 0, late: 0, conflicting: 0, latest: new Map() }
  service.handle = createWebhookHandler(listeningTo(tracker, heard), {
    origins: { bolna: {}, dialgen: { keys: SIGNING_SECRET } },
  })

  const inspector = await startInspector({
    source: trackerSource(tracker, { name: 'npm start', providers, speed }),
  })
  const stopping = new AbortController()
  const asked = { asked: 0, news: 0 }
  const asking = askAboutSilentCalls(tracker, emulator, speed, asked, stopping.signal)
  return {
    emulator,
    tracker,
    inspector,
    heard,
    charges,
    asked,
    webhookUrl,
    database,
    async [Symbol.asyncDispose]() {
      stopping.abort()
      await asking
      await emulator.stop()
      await inspector.stop()
      server.close()
      await tracker.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** What is served: put in before the first webhook comes. */
interface Service {
  handle: WebhookHandler | null
}

/** The server of the service. */
async function listen(service: Service) {
  const app = new Hono()
  app.post('/webhooks/:provider', async (context) => {
    // The emulator cannot send from a provider's address, so it says which one a delivery stands for.
    const remoteAddress = context.req.header(SOURCE_ADDRESS_HEADER)
    return (await service.handle?.(context.req.raw, { remoteAddress })) ?? context.notFound()
  })
  const server = await new Promise<Server>((resolve) => {
    const starting = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, () =>
      resolve(starting as Server),
    )
  })
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

/** The tracker, with somebody who counts what webhooks bring. */
function listeningTo(tracker: Tracker, heard: Heard): WebhookTarget {
  return {
    ...tracker,
    async ingest(input) {
      const result = await tracker.ingest(input)
      heard.webhooks++
      if (!result.ok || result.type !== 'events') return result
      for (const { decision, call } of result.events) {
        if (decision.kind === 'duplicate') heard.duplicates++
        if (decision.kind === 'late') heard.late++
        if (decision.kind === 'conflicting') heard.conflicting++
        if (decision.kind !== 'unrecognized') {
          heard.latest.set(`${call.provider} ${call.callId}`, decision.status)
        }
      }
      return result
    },
  }
}

async function askAboutSilentCalls(
  tracker: Tracker,
  emulator: Emulator,
  speed: number,
  sums: { asked: number; news: number },
  signal: AbortSignal,
): Promise<void> {
  const pause = (ms: number) => wait(ms / speed, undefined, { signal }).catch(() => {})
  const fetchers = [bolna, dialgen].map((provider) =>
    createFetcher(provider, { key: API_KEY, baseUrl: emulator.at(provider.name).url }),
  )
  const poller = tracker.poll({
    fetchers,
    // By hand, so that every report is seen.
    everyMs: null,
    backoff: { firstMs: ASK_EVERY_MS, factor: 1, maxMs: ASK_EVERY_MS },
    // The provider's minute is shorter than ours.
    perMinute: Object.fromEntries(
      fetchers.map(({ provider, perMinute = DEFAULTS.poller.perMinute }) => [
        provider,
        perMinute * speed,
      ]),
    ),
    signal,
  })
  while (!signal.aborted) {
    const report = await poller.runOnce()
    sums.asked += report.asked
    sums.news += report.news
    await pause(ASK_EVERY_MS / 2)
  }
}
