// The tracker as it is built beside that of release 0.1, in one run: the same webhooks, by turns, each
// release with its own tables in the same engine. Both must have stored the same.

import { createTracker } from '@callstate/tracker'
import { bolna } from 'callstate/providers/bolna'
import {
  importRelease01,
  type Release01,
  type Tracker01,
} from '../../tracker/test/fixtures/release-0.1.ts'
import { ratioOf } from './measure.ts'
import type { Section } from './report.ts'
import type { BenchEngine } from './tracker-engine.ts'
import { createCalls } from './tracker-messages.ts'
import { openPostgres } from './tracker-postgres.ts'
import { openSqlite } from './tracker-sqlite.ts'
import { byTurns, timed, type WaitingSide } from './tracker-turns.ts'

export interface TrackerUpgradeEffort {
  readonly rounds: number
  /** Calls of a round whose webhooks are taken in one at a time. */
  readonly single: number
  /** Calls of a round whose webhooks are taken in many at a time. */
  readonly batched: number
}

/** What both releases can do; what they answer is read by what they have in common. */
interface Release {
  readonly name: string
  readonly tracker: Pick<Tracker01, 'ingest' | 'close'>
  /** Everything that is stored, in words that both have in common. */
  stored(): Promise<ReadonlyMap<string, string>>
}

interface Work {
  readonly calls: number
  readonly atOnce: number
}

const AT_ONCE = 1000
const SEED = 19
const PAGE = 1000
/** What a webhook may cost of what it cost in 0.1, as speed. */
const AIM = 0.85

/** Durable ingest beside 0.1's, into each engine. */
export async function* benchTrackerUpgrade({
  rounds,
  single,
  batched,
}: TrackerUpgradeEffort): AsyncGenerator<Section> {
  const release01 = await importRelease01()
  for (const open of [openSqlite, openPostgres]) {
    const engine = await open()
    try {
      for (const work of [
        { calls: single, atOnce: 1 },
        { calls: batched, atOnce: AT_ONCE },
      ]) {
        yield await compare(engine, release01, work, rounds)
      }
    } finally {
      await engine.close()
    }
  }
}

async function compare(
  engine: BenchEngine,
  release01: Release01,
  work: Work,
  rounds: number,
): Promise<Section> {
  const releases = [await openBefore(engine, release01), await openNow(engine)]
  try {
    const [before, now] = await byTurns(
      releases.map((release) => ingesting(release, work)),
      rounds,
    )
    if (before === undefined || now === undefined) throw new Error('Nothing was measured.')
    const stored = await expectSame(releases, work.calls * (rounds + 1))
    const how = work.atOnce === 1 ? 'one at a time' : `${work.atOnce} at once`
    return {
      title: `ingest into ${engine.title}, ${how}, beside 0.1`,
      unit: 'µs/webhook',
      note: `All webhooks of ${work.calls} calls a round. Both stored the same ${stored} calls with the same statuses, attempts and numbers of entries.`,
      sides: [before, now],
      comparisons: [
        {
          name: `0.1 ÷ now: ingest, ${engine.title}, ${how}`,
          ratio: ratioOf(before, now),
          aim: { atLeast: AIM },
        },
      ],
    }
  } finally {
    for (const { tracker } of releases) await tracker.close()
  }
}

/** Each side makes its own messages, which are the same ones: calls that nobody has heard of yet. */
function ingesting({ name, tracker }: Release, { calls, atOnce }: Work): WaitingSide {
  const next = createCalls(SEED)
  return {
    name,
    run() {
      const bodies = next(calls)
      return timed(bodies.length, async () => {
        for (let from = 0; from < bodies.length; from += atOnce) {
          const some = bodies.slice(from, from + atOnce)
          const taken = await Promise.all(
            some.map((rawBody) => tracker.ingest({ provider: 'bolna', rawBody })),
          )
          if (!taken.every(({ ok }) => ok)) throw new Error(`${name} refused a webhook.`)
        }
      })
    },
  }
}

async function openBefore(engine: BenchEngine, release: Release01): Promise<Release> {
  const tracker = release.createTracker({
    store: await engine.openStore01(release),
    providers: release.providers,
  })
  await tracker.list({ limit: 1 })
  return {
    name: '0.1',
    tracker,
    stored: () =>
      described(tracker.list, ({ callId, call, settled, events }) => {
        return [callId, call.status, call.attempt, settled, events]
      }),
  }
}

async function openNow(engine: BenchEngine): Promise<Release> {
  const tracker = createTracker({ store: await engine.openStore(), providers: [bolna] })
  await tracker.list({ limit: 1 })
  return {
    name: 'now',
    tracker: {
      ingest: ({ rawBody }) => tracker.ingest({ provider: 'bolna', rawBody: String(rawBody) }),
      close: () => tracker.close(),
    },
    stored: () =>
      described(tracker.list, ({ callId, status, attempt, settled, events }) => {
        return [callId, status, attempt, settled, events]
      }),
  }
}

/** What is stored of every call, by its identifier. */
async function described<Row>(
  list: (query: { limit: number; cursor: string | null }) => Promise<{
    readonly items: readonly Row[]
    readonly next: string | null
  }>,
  describe: (row: Row) => readonly [callId: string, ...unknown[]],
): Promise<ReadonlyMap<string, string>> {
  const stored = new Map<string, string>()
  let cursor: string | null = null
  do {
    const page = await list({ limit: PAGE, cursor })
    for (const row of page.items) {
      const [callId, ...said] = describe(row)
      stored.set(callId, said.join(', '))
    }
    cursor = page.next
  } while (cursor !== null)
  return stored
}

/** The number of calls that both have stored; throws where they have not stored the same. */
async function expectSame(releases: readonly Release[], calls: number): Promise<number> {
  const [before, now] = await Promise.all(releases.map(({ stored }) => stored()))
  if (before?.size !== calls || now?.size !== calls) {
    throw new Error(`Expected ${calls} calls; 0.1 stored ${before?.size}, now ${now?.size}.`)
  }
  for (const [callId, said] of before) {
    const says = now.get(callId)
    if (says !== said) throw new Error(`Of call ${callId} 0.1 says: ${said}; now: ${says}.`)
  }
  return calls
}
