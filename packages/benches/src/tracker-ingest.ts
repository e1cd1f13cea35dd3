import { type CallWrite, createTracker } from '@callstate/tracker'
import { createMemoryStore } from '@callstate/tracker/memory'
import { bolna } from 'callstate/providers/bolna'
import { ratioOf } from './measure.ts'
import type { Section } from './report.ts'
import type { BenchEngine } from './tracker-engine.ts'
import { createMessages, isStored } from './tracker-messages.ts'
import { byTurns, timed, type WaitingSide } from './tracker-turns.ts'

export interface IngestEffort {
  readonly rounds: number
  /** Events of a round that are taken in one at a time. */
  readonly single: number
  /** Events of a round that are taken in many at a time. */
  readonly batched: number
}

/** Events that are handed over together. */
const AT_ONCE = 1000

interface Work {
  readonly events: number
  readonly atOnce: number
  /** Calls whose events come interleaved. */
  readonly calls: number
}

/** Durable ingest against inserting the very same rows, in transactions of the same size. */
export async function* benchIngest(
  engine: BenchEngine,
  { rounds, single, batched }: IngestEffort,
): AsyncGenerator<Section> {
  for (const { title, events, atOnce, calls } of [
    { title: 'one at a time', events: single, atOnce: 1, calls: 10 },
    { title: `${AT_ONCE} at once`, events: batched, atOnce: AT_ONCE, calls: AT_ONCE },
  ]) {
    const work: Work = { events, atOnce, calls }
    const sides = [await bareSide(engine, work), await trackerSide(engine, work)]
    const [bare, mine] = await byTurns(sides, rounds)
    if (bare === undefined || mine === undefined) throw new Error('Nothing was measured.')
    yield {
      title: `durable ingest into ${engine.title}, ${title}`,
      unit: 'µs/event',
      note: `${events} events a round, of calls that begin in it, ${calls} at the same time. The bare side knows the rows and their JSON beforehand.`,
      sides: [bare, mine],
      comparisons: [
        {
          name: 'speed of ingest ÷ bare inserts',
          ratio: ratioOf(bare, mine),
          aim: { atLeast: 0.5 },
        },
      ],
    }
  }
}

const SEED = 11

async function trackerSide(
  engine: BenchEngine,
  { events, atOnce, calls }: Work,
): Promise<WaitingSide> {
  const messages = createMessages(SEED)
  const tracker = createTracker({ store: await engine.openStore(), providers: [bolna] })
  return {
    name: 'tracker.ingest',
    run() {
      const bodies = messages(events, calls)
      return timed(events, () => ingestAll(tracker, bodies, atOnce))
    },
  }
}

async function bareSide(
  engine: BenchEngine,
  { events, atOnce, calls }: Work,
): Promise<WaitingSide> {
  const messages = createMessages(SEED)
  const write = await engine.openBare()
  return {
    name: 'bare inserts of the same rows',
    async run() {
      const transactions = (await rowsOf(messages(events, calls), atOnce)).map(write)
      return timed(events, async () => {
        for (const transact of transactions) await transact()
      })
    },
  }
}

/** What a tracker would write, by transaction. */
async function rowsOf(
  bodies: readonly string[],
  atOnce: number,
): Promise<readonly (readonly CallWrite[])[]> {
  const store = createMemoryStore()
  const transactions: (readonly CallWrite[])[] = []
  const append: typeof store.append = (...all) => {
    transactions.push(all[0])
    return store.append(...all)
  }
  const tracker = createTracker({ store: { ...store, append }, providers: [bolna] })
  await ingestAll(tracker, bodies, atOnce)
  return transactions
}

async function ingestAll(
  tracker: Pick<ReturnType<typeof createTracker>, 'ingest'>,
  bodies: readonly string[],
  atOnce: number,
): Promise<void> {
  for (let from = 0; from < bodies.length; from += atOnce) {
    const some = bodies.slice(from, from + atOnce)
    const taken = await Promise.all(
      some.map((rawBody) => tracker.ingest({ provider: 'bolna', rawBody })),
    )
    if (!taken.every(isStored)) throw new Error('An event was not stored.')
  }
}
