import { openSync, readFileSync, writeSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { createTracker } from '@callstate/tracker'
import { bolna } from 'callstate/providers/bolna'
import { type Emulator, startEmulator, type Totals, WEATHERS } from '../../emulator/src/index.ts'
import { MONEY_SCENARIO, moneyRecord, placeMoneyCall } from './money-calls.ts'
import { type MoneyReport, moneyReport } from './money-law.ts'
import { type Books, booksOf, type LedgerLine } from './money-ledger.ts'
import { listedIn } from './money-list.ts'
import { startBilling } from './money-recipe.ts'
import { createTarget, type Killable, type Target } from './money-target.ts'
import { openStore, type StoreAddress } from './store-address.ts'

/** What a long run is to do. */
export interface LongOptions {
  readonly address: StoreAddress
  readonly ledgerPath: string
  readonly calls: number
  readonly kills: number
  readonly seed: number
  /** Calls that are placed in a second. */
  readonly rate: number
  /** How many times faster than time the calls live. */
  readonly speed: number
  readonly say: (progress: string) => void
}

/** What a long run did and found. */
export interface LongReport {
  readonly totals: Totals
  /** Calls of several attempts. */
  readonly retried: number
  readonly kills: number
  /** Facts that were handed on again after a kill. */
  readonly repeats: number
  /** After the poller's last look, and after every record was asked for. */
  readonly healed: MoneyReport
  readonly swept: MoneyReport
  readonly problems: readonly string[]
}

/** How far behind the clock of the machine the calls begin: a process that lives in its time sees nothing of the future. */
const BEHIND_MS = 20 * 86_400_000
const SAY_EVERY_MS = 5_000
const LANES = 16
const LOOK_EVERY_MS = 2_000
/** Costs are corrected more often than in any weather. */
const CORRECTED = 0.25
const HOUR_MS = 3_600_000

/**
 * Calls with retries in a storm over HTTP into a receiver and a billing process of their own, which are
 * killed in the middle; then everything is asked about until nobody knows more, and the books are held
 * against the truth.
 */
export async function longRun(options: LongOptions): Promise<LongReport> {
  const { address, ledgerPath, seed, speed, kills, calls, say } = options
  const target = createTarget(options)
  const startAt = Date.now() - BEHIND_MS
  await using emulator = await startEmulator({
    seed,
    startAt,
    clock: { speed },
    weather: { ...WEATHERS.storm, corrected: CORRECTED },
    scenario: MONEY_SCENARIO,
    rateLimits: false,
    webhooks: { bolna: { url: `http://127.0.0.1:${target.port}/` } },
  })
  await target.start(emulator)
  const placing = placeAll(emulator, target.placed, options)
  const killing = killAlong(emulator, target, options)
  const telling = tellProgress(emulator, options)
  await placing
  say(`all ${calls} calls are placed`)
  await killing
  await emulator.idle()
  telling.stop()
  say('all calls are over, and all webhooks')
  await target.heal()
  await target.stop()

  const truth = emulator.truth()
  const store = openStore(address)
  // With a clock that is ahead, nothing that a killed worker had claimed is waited for.
  await using tracker = createTracker({
    store,
    providers: [bolna],
    now: () => Date.now() + HOUR_MS,
    expects: { bolna: ['extraction'] },
  })
  const ledger = openSync(ledgerPath, 'a')
  const billing = startBilling(
    tracker,
    (line) => void writeSync(ledger, `${JSON.stringify(line)}\n`),
  )
  await billing.ready
  const report = async (isSwept: boolean): Promise<{ money: MoneyReport; books: Books }> => {
    await billing.idle()
    const books = booksOf(linesOf(ledgerPath))
    const listed = await listedIn(tracker, Date.now())
    return { books, money: moneyReport(truth, books, listed, { isSwept }) }
  }
  const { money: healed } = await report(false)
  say('every record is asked for once more')
  await inLanes(truth.calls, async ({ id }) => {
    const body = await moneyRecord(emulator, id)
    await tracker.ingest({ provider: 'bolna', kind: 'record', body })
  })
  const { money: swept, books } = await report(true)
  const verification = await tracker.verify()
  const letters = await tracker.deadLetters()
  return {
    totals: truth.totals,
    retried: truth.calls.filter(({ attempt }) => attempt > 1).length,
    kills,
    repeats: books.repeats,
    healed,
    swept,
    problems: [
      ...healed.problems.map((problem) => `before the sweep: ${problem}`),
      ...swept.problems,
      ...verification.differences.map(({ callId, message }) => `verify: ${callId}: ${message}`),
      ...letters.items.map(({ callId, error }) => `set aside: ${callId}: ${error}`),
      ...(verification.calls === calls
        ? []
        : [`verify saw ${verification.calls} of ${calls} calls`]),
    ],
  }
}

async function placeAll(
  emulator: Emulator,
  placed: Target['placed'],
  { calls, rate }: LongOptions,
): Promise<void> {
  const startedAt = performance.now()
  const indexes = Array.from({ length: calls }, (_, index) => index)
  await inLanes(indexes, async (index) => {
    const dueAt = startedAt + (index / rate) * 1000
    await pause(Math.max(0, dueAt - performance.now()))
    await placed(await placeMoneyCall(emulator, index))
  })
}

const VICTIMS: readonly (readonly (keyof Killable)[])[] = [
  ['receiver'],
  ['billing'],
  ['receiver', 'billing'],
]

/** Kills at even shares of the calls that are over. */
async function killAlong(
  emulator: Emulator,
  target: Target,
  { calls, kills }: LongOptions,
): Promise<void> {
  for (let kill = 0; kill < kills; kill++) {
    const settled = ((kill + 1) / (kills + 1)) * calls
    while (emulator.totals().settled < settled) await pause(LOOK_EVERY_MS)
    await target.kill(VICTIMS[kill % VICTIMS.length] ?? ['receiver'])
  }
}

function tellProgress(emulator: Emulator, { calls, say }: LongOptions) {
  const timer = setInterval(() => {
    const { calls: placed, settled, tries, outcomes } = emulator.totals()
    say(
      `${placed} of ${calls} calls placed, ${settled} over; ${tries} webhooks sent, ${outcomes.pending} under way`,
    )
  }, SAY_EVERY_MS)
  return { stop: () => clearInterval(timer) }
}

async function inLanes<Item>(items: readonly Item[], work: (item: Item) => Promise<void>) {
  const queue = items.values()
  const lane = async () => {
    for (const item of queue) await work(item)
  }
  await Promise.all(Array.from({ length: LANES }, lane))
}

/** What was written down; a line that a kill cut off is none. */
function linesOf(path: string): readonly LedgerLine[] {
  const lines = readFileSync(path, 'utf8').split('\n')
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line))
}
