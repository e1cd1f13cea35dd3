import { setTimeout as pause } from 'node:timers/promises'
import { createTracker, type Tracker } from '@callstate/tracker'
import { createPostgresStore } from '@callstate/tracker/postgres'
import { bolna } from 'callstate/providers/bolna'
import { Pool } from 'pg'
import { startPostgres } from '../../tracker/src/postgres/server.fixture.ts'
import { type Measured, quantile, ratioOf } from './measure.ts'
import type { Section } from './report.ts'
import { createMessages, isStored } from './tracker-messages.ts'

export interface RegisterEffort {
  readonly rounds: number
  /** Calls that are there before a consumer registers. */
  readonly calls: number
  /** How long a round without a registration takes. */
  readonly quietMs: number
  readonly onProgress: (text: string) => void
}

/** What a registration may make of the time that a webhook takes. */
const MAX_SLOWDOWN = 2

const SCHEMA = 'registering'
const SEED = 17
/** Webhooks that are under way at the same time. */
const AT_ONCE = 4
const CALLS_AT_ONCE = 20
/** Messages that are made at once. */
const MESSAGES = 10_000
/** As a consumer does. */
const FILL_BATCH = 1000
const FILL_PAUSE_MS = 10
const LATE = 0.99

/** Intake's times beside a consumer that registers in a store with many calls, and without one, by turns. */
export async function benchRegister({
  rounds,
  calls,
  quietMs,
  onProgress,
}: RegisterEffort): Promise<Section> {
  const server = await startPostgres()
  const pool = new Pool({ connectionString: server.connectionString }).on('error', () => {})
  const store = createPostgresStore({
    pool,
    schema: SCHEMA,
    prepared: (statement) => pool.query(statement),
  })
  const tracker = createTracker({ store, providers: [bolna] })
  try {
    const next = nextMessage()
    await ingest(tracker, next())
    await multiply(pool, calls)
    onProgress(`${calls} calls are there.`)
    const registering = async (name: string) => {
      await store.registerConsumer(name, { from: 'start', now: Date.now() })
      while (await store.fillConsumer(name, { limit: FILL_BATCH, now: Date.now() })) {
        await pause(FILL_PAUSE_MS)
      }
    }
    const quiet = () => pause<void>(quietMs)
    await latencies(tracker, next, quiet)
    const without: number[][] = []
    const beside: number[][] = []
    const seconds: number[] = []
    for (let round = 0; round < rounds; round++) {
      without.push(await latencies(tracker, next, quiet))
      const start = performance.now()
      beside.push(await latencies(tracker, next, () => registering(`consumer-${round}`)))
      seconds.push((performance.now() - start) / 1000)
      onProgress(`Registered beside traffic ${round + 1} of ${rounds} times.`)
    }
    return sectionOf(calls, { without, beside, seconds })
  } finally {
    await tracker.close()
    await pool.end()
    await server.stop()
  }
}

function sectionOf(
  calls: number,
  rounds: {
    readonly without: readonly number[][]
    readonly beside: readonly number[][]
    readonly seconds: readonly number[]
  },
): Section {
  const side = (name: string, all: readonly number[][], part: number): Measured => ({
    name,
    values: all.map((sorted) => quantile(sorted, part)),
  })
  const without = side('median without a registration', rounds.without, 0.5)
  const beside = side('median beside a registration', rounds.beside, 0.5)
  const lateWithout = side('99 % without a registration', rounds.without, LATE)
  const lateBeside = side('99 % beside a registration', rounds.beside, LATE)
  const longest = Math.max(...rounds.beside.map((sorted) => sorted.at(-1) ?? 0))
  const took = rounds.seconds.map((one) => one.toFixed(0)).join(', ')
  return {
    title: `intake beside a consumer that registers in ${calls.toLocaleString('en')} calls, PostgreSQL`,
    unit: 'ms/webhook',
    note: `${AT_ONCE} webhooks at the same time; registering from the start took ${took} s; the longest webhook beside it ${longest.toFixed(0)} ms.`,
    sides: [without, beside, lateWithout, lateBeside],
    comparisons: [
      {
        name: 'median beside ÷ without',
        ratio: ratioOf(beside, without),
        aim: { atMost: MAX_SLOWDOWN },
      },
      { name: '99 % beside ÷ without', ratio: ratioOf(lateBeside, lateWithout), aim: null },
    ],
  }
}

/** The milliseconds of each webhook that was taken in while something went on, the shortest first. */
async function latencies(
  tracker: Tracker,
  next: () => string,
  beside: () => Promise<void>,
): Promise<number[]> {
  const took: number[] = []
  let isOver = false
  const senders = Array.from({ length: AT_ONCE }, async () => {
    while (!isOver) {
      const start = performance.now()
      await ingest(tracker, next())
      took.push(performance.now() - start)
    }
  })
  const sending = Promise.all(senders)
  try {
    await Promise.race([beside(), sending])
  } finally {
    isOver = true
    await sending
  }
  return took.toSorted((a, b) => a - b)
}

async function ingest(tracker: Tracker, rawBody: string): Promise<void> {
  const taken = await tracker.ingest({ provider: 'bolna', rawBody })
  if (!isStored(taken)) throw new Error('An event was not stored.')
}

function nextMessage(): () => string {
  const messages = createMessages(SEED)
  let ready: string[] = []
  return () => {
    if (ready.length === 0) ready = messages(MESSAGES, CALLS_AT_ONCE).toReversed()
    return ready.pop() ?? ''
  }
}

/** Copies the one call that there is, with its history, under other names. */
async function multiply(pool: Pool, calls: number): Promise<void> {
  await copyRows(pool, 'callstate_calls', {
    number: null,
    call_id: `md5(copy::text)`,
    from: `generate_series(1, ${calls - 1}) as copy`,
  })
  await copyRows(pool, 'callstate_entries', {
    call: 'copy.number',
    from: `${SCHEMA}.callstate_calls as copy
      where copy.number <> original.call`,
  })
  await pool.query('vacuum analyze')
}

async function copyRows(
  pool: Pool,
  table: string,
  { from, ...others }: Readonly<Record<string, string | null>>,
): Promise<void> {
  const { rows } = await pool.query<{ name: string }>(
    'select column_name as name from information_schema.columns where table_schema = $1 and table_name = $2',
    [SCHEMA, table],
  )
  const columns = rows.map(({ name }) => name).filter((name) => others[name] !== null)
  const values = columns.map((name) => others[name] ?? `original.${name}`)
  await pool.query(`insert into ${SCHEMA}.${table} (${columns.join(', ')})
    select ${values.join(', ')} from ${SCHEMA}.${table} as original, ${from}`)
}
