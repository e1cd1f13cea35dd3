// `pnpm crash`: a webhook receiver on a durable store is killed with SIGKILL at random moments and
// started again, while a sender delivers calls with duplicates, out of order and with repeats of what
// was not acknowledged. Then everything acknowledged must be there, once, every call must equal its
// replay, and the consumers must have handled every change, in order.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startPostgres } from '../../tracker/src/postgres/server.fixture.ts'
import { type CrashReport, crashRun } from '../../tracker/test/crash-run.ts'
import { textTable } from './table.ts'

const STORES = ['sqlite', 'postgres'] as const

const USAGE = `Usage: pnpm crash [--kills N] [--store ${STORES.join('|')}] [--seed S]

  --kills  how often the receiver is killed, per store; 50 by default
  --store  one store alone
  --seed   repeats the calls and the plan of the kills of an earlier run`

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '50' },
    store: { type: 'string' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
    help: { type: 'boolean', default: false },
  },
})
const kills = Number(values.kills)
const seed = Number(values.seed)
const stores = STORES.filter((store) => values.store === undefined || values.store === store)
const isUsable = Number.isSafeInteger(kills) && kills >= 1 && Number.isSafeInteger(seed)
if (values.help || !isUsable || stores.length === 0) {
  console.log(USAGE)
  process.exit(values.help ? 0 : 2)
}

console.log(`Seed ${seed}: "pnpm crash --kills ${kills} --seed ${seed}" runs the same plan again.`)
let isBroken = false
for (const store of stores) {
  const start = performance.now()
  const report = await crash(store)
  const seconds = ((performance.now() - start) / 1000).toFixed(0)
  console.log(`\n━━ ${store}, ${seconds} s\n${tableOf(report)}`)
  for (const problem of report.problems) console.log(`✗ ${problem}`)
  if (report.problems.length > 0) isBroken = true
  else console.log('Nothing was lost, nothing doubled, and every call equals its replay.')
}
// The embedded server has a hook at the exit, which forgets an exit code that was only set.
process.exit(isBroken ? 1 : 0)

async function crash(store: (typeof STORES)[number]): Promise<CrashReport> {
  const folder = await mkdtemp(join(tmpdir(), 'callstate-crash-'))
  const handledPath = join(folder, 'handled')
  const onKill = (done: number) => {
    if (done % 10 === 0) console.log(`${store}: ${done} of ${kills} kills`)
  }
  try {
    if (store === 'sqlite') {
      const address = { kind: 'sqlite', path: join(folder, 'calls.db') } as const
      return await crashRun({ address, handledPath, kills, seed, onKill })
    }
    const server = await startPostgres()
    try {
      const { connectionString } = server
      const address = { kind: 'postgres', connectionString, schema: 'crash' } as const
      return await crashRun({ address, handledPath, kills, seed, onKill })
    } finally {
      await server.stop()
    }
  } finally {
    await rm(folder, { recursive: true })
  }
}

function tableOf(report: CrashReport): string {
  return textTable(
    ['', 'number'],
    [
      ['kills', report.kills],
      ['deliveries under way at the kills', report.inFlight],
      ['calls', report.calls],
      ['different events', report.events],
      ['deliveries', report.deliveries],
      ['of them acknowledged', report.acknowledged],
      ['of them not acknowledged, and repeated', report.repeats],
      ['events that were stored, but acknowledged only when repeated', report.storedUnacknowledged],
      ['changes handled by the consumer', report.handled],
      ['of them handled again after a kill', report.handledAgain],
    ].map(([name, number]) => [String(name), String(number)]),
  )
}
