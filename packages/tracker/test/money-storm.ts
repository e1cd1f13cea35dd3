import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  createFetcher,
  createTracker,
  createWebhookHandler,
  type Poller,
  type Store,
  type Tracker,
  type WebhookHandler,
} from '@callstate/tracker'
import { getRequestListener } from '@hono/node-server'
import { bolna } from 'callstate/providers/bolna'
import { type Emulator, startEmulator, type Truth, WEATHERS } from '../../emulator/src/index.ts'
import { MONEY_SCENARIO, moneyRecord, placeMoneyCall } from './money-calls.ts'
import { type MoneyReport, moneyReport } from './money-law.ts'
import { booksOf, type LedgerLine } from './money-ledger.ts'
import { listedIn } from './money-list.ts'
import { startBilling } from './money-recipe.ts'

/** What a storm came to: before every record was asked for, and after. */
export interface StormReport {
  readonly truth: Truth
  readonly healed: MoneyReport
  readonly swept: MoneyReport
  /** What does not follow from its history. */
  readonly damaged: number
}

export interface StormOptions {
  readonly store: Store
  readonly seed: number
  readonly calls: number
}

/** Longer than every budget and every pause between two questions. */
const SILENCE_MS = 2 * 3_600_000
const HOUR_MS = 3_600_000
const MAX_LOOKS = 40
const MAX_ASKS = 3
/** As fast as it goes: the limits hold by the emulator's clock, which stands still. */
const PER_MINUTE = 10_000_000
/** Costs are corrected much more often than in any weather. */
const CORRECTED = 0.35

/** Calls with retries through a storm into a tracker that bills them, in one process on the step clock. */
export async function stormOfMoney({ store, seed, calls }: StormOptions): Promise<StormReport> {
  await using receiver = await startReceiver()
  await using emulator = await startEmulator({
    seed,
    clock: 'step',
    weather: { ...WEATHERS.storm, corrected: CORRECTED },
    scenario: MONEY_SCENARIO,
    rateLimits: false,
    webhooks: { bolna: { url: receiver.url } },
  })
  await using tracker = createTracker({
    store,
    providers: [bolna],
    now: emulator.now,
    // Where all is lost but the reply, nothing else would ever make anybody ask.
    budgets: { queued: HOUR_MS },
    expects: { bolna: ['extraction'] },
  })
  receiver.hand(createWebhookHandler(tracker, { provider: 'bolna', origins: { bolna: false } }))
  const lines: LedgerLine[] = []
  const billing = startBilling(tracker, (line) => void lines.push(line))
  await billing.ready
  const poller = tracker.poll({
    fetchers: [createFetcher(bolna, { key: 'any', baseUrl: emulator.at('bolna').url })],
    everyMs: null,
    maxAsks: MAX_ASKS,
    perMinute: { bolna: PER_MINUTE },
  })
  for (let index = 0; index < calls; index++) {
    await tracker.ingest({ provider: 'bolna', body: await placeMoneyCall(emulator, index) })
  }
  await emulator.idle()
  await heal(emulator, poller)
  await billing.idle()
  const truth = emulator.truth()
  const report = async (isSwept: boolean) =>
    moneyReport(truth, booksOf(lines), await listedIn(tracker, emulator.now()), { isSwept })
  const healed = await report(false)
  await sweep(emulator, tracker, truth)
  await billing.idle()
  const swept = await report(true)
  const { differences } = await tracker.verify()
  return { truth, healed, swept, damaged: differences.length }
}

/** Asks about silent calls and missing data until nobody is asked any more. */
async function heal(emulator: Emulator, poller: Poller): Promise<void> {
  for (let look = 0; look < MAX_LOOKS; look++) {
    await emulator.advance(SILENCE_MS)
    const { asked } = await poller.runOnce()
    if (asked === 0) return
  }
  throw new Error('The poller came to no end.')
}

/** Asks for every record once more, as a job at night would. */
async function sweep(
  emulator: Emulator,
  tracker: Pick<Tracker, 'ingest'>,
  { calls }: Truth,
): Promise<void> {
  for (const { id } of calls) {
    const body = await moneyRecord(emulator, id)
    await tracker.ingest({ provider: 'bolna', kind: 'record', body })
  }
}

async function startReceiver() {
  let handle: WebhookHandler | undefined
  const server = createServer(
    getRequestListener((request) => handle?.(request) ?? new Response(null, { status: 503 })),
  )
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    hand(handler: WebhookHandler) {
      handle = handler
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
