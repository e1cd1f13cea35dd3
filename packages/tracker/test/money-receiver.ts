// A process that is killed: a webhook receiver on a durable store, which also takes in the replies to
// placed calls and asks about what is silent or lacks data. It says on which port it listens. A line on its
// input moves its clock on by so many milliseconds and has it look once; it answers with what that came to.

import { createInterface } from 'node:readline'
import { createFetcher, createTracker, createWebhookHandler } from '@callstate/tracker'
import { serve } from '@hono/node-server'
import { bolna } from 'callstate/providers/bolna'
import { PLACED_PATH } from './money-calls.ts'
import { openStore, type StoreAddress } from './store-address.ts'

/** What the process is told. */
export interface MoneyReceiverOptions {
  readonly address: StoreAddress
  /** 0 for any. */
  readonly port: number
  /** Where Bolna's API is. */
  readonly baseUrl: string
  readonly clock: RunningClock
}

/** A clock that showed this at a time of the machine, and runs so many times faster. */
export interface RunningClock {
  readonly machineAt: number
  readonly shows: number
  readonly speed: number
}

const MINUTE_MS = 60_000
const BUDGET_MS = 10 * MINUTE_MS
const LOOK_EVERY_MS = 500
const MAX_ASKS = 5
/** As fast as it goes: the emulator has no limits here. */
const PER_MINUTE = 10_000_000

const { address, port, baseUrl, clock }: MoneyReceiverOptions = JSON.parse(process.argv[2] ?? '')
let skippedMs = 0
const now = () => Math.round(clock.shows + (Date.now() - clock.machineAt) * clock.speed) + skippedMs

const tracker = createTracker({
  store: openStore(address),
  providers: [bolna],
  now,
  budgets: {
    scheduled: BUDGET_MS,
    queued: BUDGET_MS,
    rescheduled: BUDGET_MS,
    'in-progress': BUDGET_MS,
    'call-disconnected': BUDGET_MS,
  },
  expects: { bolna: ['extraction'] },
})
const fetchers = [createFetcher(bolna, { key: 'any', baseUrl })]
const poller = tracker.poll({
  fetchers,
  everyMs: LOOK_EVERY_MS,
  maxAsks: MAX_ASKS,
  // Longer than a look takes on the running clock, so that no look meets whom it has asked before.
  backoff: { firstMs: 30 * MINUTE_MS, maxMs: 30 * MINUTE_MS },
  perMinute: { bolna: PER_MINUTE },
})

const handle = createWebhookHandler(tracker, { provider: 'bolna', origins: { bolna: false } })
const takePlaced = async (request: Request) => {
  const taken = await tracker.ingest({ provider: 'bolna', rawBody: await request.text() })
  return new Response(null, { status: taken.ok ? 200 : 400 })
}
serve(
  {
    fetch: (request) =>
      new URL(request.url).pathname === PLACED_PATH ? takePlaced(request) : handle(request),
    port,
    hostname: '127.0.0.1',
  },
  (listening) => console.log(listening.port),
)

const input = createInterface({ input: process.stdin })
input.on('line', (line) => {
  skippedMs += Number(line)
  void poller.runOnce().then((report) => console.log(JSON.stringify({ ...report, now: now() })))
})
// Whoever started it is gone.
input.on('close', () => process.exit(1))
