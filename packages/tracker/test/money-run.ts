// `pnpm money`: calls with retries in a storm of lost, doubled, late and corrected webhooks, over HTTP, into a
// receiver and a billing process that are killed with SIGKILL in the middle. Then every attempt must be
// charged once with the amount of its own final record, or stand in the list of missing data.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startPostgres } from '../src/postgres/server.fixture.ts'
import { type LongReport, longRun } from './money-long.ts'
import type { StoreAddress } from './store-address.ts'

const STORES = ['sqlite', 'postgres'] as const

const USAGE = `Usage: pnpm money [--calls N] [--kills N] [--store ${STORES.join('|')}] [--seed S] [--rate N] [--speed N]

  --calls  how many calls are placed; 10,000 by default
  --kills  how often a process is killed; 3 by default
  --store  sqlite by default
  --seed   repeats the calls, the costs and the weather of an earlier run
  --rate   calls that are placed in a second; 50 by default
  --speed  how many times faster than time the calls live; 60 by default`

const MAX_SAID = 50

const { values } = parseArgs({
  options: {
    calls: { type: 'string', default: '10000' },
    kills: { type: 'string', default: '3' },
    store: { type: 'string', default: 'sqlite' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
    rate: { type: 'string', default: '50' },
    speed: { type: 'string', default: '60' },
    help: { type: 'boolean', default: false },
  },
})
const [calls = 0, kills = 0, seed = 0, rate = 0, speed = 0] = [
  values.calls,
  values.kills,
  values.seed,
  values.rate,
  values.speed,
].map(Number)
const kind = STORES.find((store) => store === values.store)
const isUsable = [calls, rate, speed].every((number) => Number.isFinite(number) && number > 0)
const isWhole = [calls, kills, seed].every((number) => Number.isSafeInteger(number) && number >= 0)
if (values.help || kind === undefined || !isUsable || !isWhole) {
  console.log(USAGE)
  process.exit(values.help ? 0 : 2)
}

const startedAt = performance.now()
const say = (progress: string) => {
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(0)
  console.log(`${seconds.padStart(4)} s  ${progress}`)
}
console.log(`Seed ${seed}: "pnpm money --calls ${calls} --seed ${seed}" has the same calls.`)

const folder = await mkdtemp(join(tmpdir(), 'callstate-money-'))
const server = kind === 'postgres' ? await startPostgres() : null
const address: StoreAddress =
  server === null
    ? { kind: 'sqlite', path: join(folder, 'calls.db') }
    : { kind: 'postgres', connectionString: server.connectionString, schema: 'money' }
let isBroken = true
try {
  const ledgerPath = join(folder, 'ledger')
  const report = await longRun({ address, ledgerPath, calls, kills, seed, rate, speed, say })
  print(report)
  isBroken = report.problems.length > 0
} finally {
  await server?.stop()
  await rm(folder, { recursive: true })
}
// A code that is only set is overwritten by the exit hook that the embedded server brings.
process.exit(isBroken ? 1 : 0)

function print(report: LongReport): void {
  const { totals, swept, healed, problems } = report
  const cents = (amount: number) => amount.toFixed(2)
  const rows = [
    ['calls', totals.calls],
    ['of them retried', report.retried],
    ['attempts', swept.attempts],
    ['webhooks, each with its tries', `${totals.deliveries}, ${totals.tries}`],
    ['of them lost', totals.outcomes.lost + totals.outcomes.failed],
    ['kills', report.kills],
    ['facts handed on again after a kill', report.repeats],
    ['costs corrected', swept.corrections],
    ['charged', `${swept.charged.count} attempts, ${cents(swept.charged.cents)} cents`],
    ['listed as missing', `${swept.listed.count} attempts, ${cents(swept.listed.cents)} cents`],
    [
      'corrections that nobody was told, by the poller and by every record',
      `${healed.untold.count} and ${swept.untold.count}, ${cents(swept.untold.cents)} cents`,
    ],
    ['the sum, truly', `${cents(swept.truth)} cents`],
    ['extractions handed on', swept.extractions],
  ]
  const width = Math.max(...rows.map(([name]) => String(name).length))
  console.log('')
  for (const [name, value] of rows) console.log(`${String(name).padEnd(width)}  ${value}`)
  console.log('')
  for (const problem of problems.slice(0, MAX_SAID)) console.log(`✗ ${problem}`)
  if (problems.length > MAX_SAID) console.log(`✗ and ${problems.length - MAX_SAID} more`)
  if (problems.length === 0)
    console.log('Every attempt is charged once with its own amount, or listed; the sum is right.')
}
