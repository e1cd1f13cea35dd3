import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  createFetcher,
  createTracker,
  createWebhookHandler,
  redactFields,
  type Store,
  type Tracker,
  type WebhookHandler,
} from '@callstate/tracker'
import { getRequestListener } from '@hono/node-server'
import { bolna } from 'callstate/providers/bolna'
import { type Emulator, startEmulator, type Truth, WEATHERS } from '../../emulator/src/index.ts'
import { MONEY_SCENARIO, moneyRecord, moneyRows, placeMoneyCall } from './money-calls.ts'
import { type MoneyReport, moneyReport } from './money-law.ts'
import { booksOf, type LedgerLine } from './money-ledger.ts'
import { listedIn } from './money-list.ts'
import { startBilling } from './money-recipe.ts'

/** What a storm came to: before every record was asked for, and after. */
export interface StormReport {
  readonly truth: Truth
  readonly healed: MoneyReport
  readonly swept: MoneyReport
  /** What else does not hold, in words. */
  readonly problems: readonly string[]
}

/** What befalls the service beside the weather. */
export interface StormPlan {
  readonly seed: number
  /** The rows of the list come before anybody is asked: they say that calls have ended, and no more. */
  readonly hasRows: boolean
  /** No cost and no extraction is kept of the messages. */
  readonly isRedacted: boolean
  /** Every call is folded anew in the middle. */
  readonly isRebuilt: boolean
}

export interface StormOptions extends StormPlan {
  readonly store: Store
  readonly calls: number
}

/** Longer than every budget and every pause between two questions. */
const SILENCE_MS = 2 * 3_600_000
const HOUR_MS = 3_600_000
/** About when most calls have had their first attempt. */
const HALF_MS = 4 * 60_000
const MAX_LOOKS = 40
const MAX_ASKS = 3
/** As fast as it goes: the limits hold by the emulator's clock, which stands still. */
const PER_MINUTE = 10_000_000
/** Costs are corrected much more often than in any weather. */
const CORRECTED = 0.35

/** Calls with retries through a storm into a tracker that bills them, in one process on the step clock. */
export async function stormOfMoney(options: StormOptions): Promise<StormReport> {
  const { store, seed, calls, hasRows, isRedacted, isRebuilt } = options
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
    ...(isRedacted && {
      redact: redactFields(['total_cost', 'extracted_data', 'agent_extraction']),
    }),
  })
  receiver.hand(createWebhookHandler(tracker, { provider: 'bolna', origins: { bolna: false } }))
  const lines: LedgerLine[] = []
  const billing = startBilling(tracker, (line) => void lines.push(line))
  await billing.ready
  for (let index = 0; index < calls; index++) {
    await tracker.ingest({ provider: 'bolna', body: await placeMoneyCall(emulator, index) })
  }
  await emulator.advance(HALF_MS)
  const rebuilt = isRebuilt ? (await tracker.rebuild({ write: true })).rebuilt : 0
  await emulator.idle()
  if (hasRows) {
    for (const body of await moneyRows(emulator)) {
      await tracker.ingest({ provider: 'bolna', kind: 'list-item', body })
    }
  }
  await heal(emulator, tracker)
  const truth = emulator.truth()
  const report = async (isSwept: boolean) => {
    await billing.idle()
    const listed = await listedIn(tracker, emulator.now())
    return moneyReport(truth, booksOf(lines), listed, { isSwept })
  }
  const healed = await report(false)
  await sweep(emulator, tracker, truth)
  const swept = await report(true)
  const { differences } = await tracker.verify()
  const problems = [
    ...differences.map(({ message }) => `verify: ${message}`),
    ...(await lateProblems(tracker, lines)),
    ...(rebuilt === 0 ? [] : [`${rebuilt} calls were folded to something else`]),
  ]
  return { truth, healed, swept, problems }
}

/** Who begins when all is over is handed the same facts under the same keys. */
async function lateProblems(
  tracker: Tracker<typeof bolna>,
  lines: readonly LedgerLine[],
): Promise<readonly string[]> {
  const late: LedgerLine[] = []
  const billing = startBilling(tracker, (line) => void late.push(line), { suffix: '-late' })
  await billing.ready
  await billing.idle()
  await billing.stop()
  const textsOf = (ledger: readonly LedgerLine[]) =>
    ledger.map((line) => JSON.stringify(line)).sort()
  return textsOf(late).join() === textsOf(lines).join()
    ? []
    : ['who began late was handed other facts']
}

/** Asks about silent calls and missing data until nobody is asked any more. */
async function heal(emulator: Emulator, tracker: Tracker<typeof bolna>): Promise<void> {
  await using poller = tracker.poll({
    fetchers: [createFetcher(bolna, { key: 'any', baseUrl: emulator.at('bolna').url })],
    everyMs: null,
    maxAsks: MAX_ASKS,
    perMinute: { bolna: PER_MINUTE },
  })
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
