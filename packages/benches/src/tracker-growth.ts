import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Tracker } from '@callstate/tracker'
import { seededRandom } from './bolna-call.ts'
import { type Measured, ratioOf } from './measure.ts'
import type { Section } from './report.ts'
import { EVENTS_PER_CALL, fill, ingestTogether, lateBodyOf, openTracker } from './tracker-fill.ts'
import type { FillReport } from './tracker-fill-process.ts'
import { byTurns, timed, type WaitingSide } from './tracker-turns.ts'

export interface GrowthEffort {
  readonly rounds: number
  /** Numbers of calls, the smallest first. */
  readonly sizes: readonly number[]
  readonly onProgress: (text: string) => void
}

interface Grown {
  readonly size: number
  readonly path: string
  readonly report: FillReport
}

/** What counts as flat: time per event and memory at the largest size, against a smaller one. */
const FLAT = 1.5

const NEW_CALLS = 100
const LATE_EVENTS = 100
const SEED = 13

/** Databases of several sizes, each filled by a process of its own; then events into each, by turns. */
export async function benchGrowth({
  rounds,
  sizes,
  onProgress,
}: GrowthEffort): Promise<readonly Section[]> {
  const folder = mkdtempSync(join(tmpdir(), 'callstate-bench-'))
  const grown: Grown[] = []
  const trackers: Tracker[] = []
  try {
    for (const size of sizes) {
      const path = join(folder, `${size}.db`)
      const report = await fillInProcess(path, size, onProgress)
      grown.push({ size, path, report })
    }
    const fresh = await byTurns(
      grown.map(({ size, path }) => {
        const tracker = openTracker(path)
        trackers.push(tracker)
        return newCalls(size, tracker)
      }),
      rounds,
    )
    const late = await byTurns(grown.map(lateEvents), rounds)
    const filled = grown
      .map(({ report }) => `${named(report.calls)} ${report.rssMB.toFixed(0)} MB`)
      .join(', ')
    return [
      {
        title: 'growth: events of new calls, SQLite',
        unit: 'µs/event',
        note: `${NEW_CALLS} calls of ${EVENTS_PER_CALL} events a round beside those that are there. Resident memory of the process that stored so many: ${filled}.`,
        sides: fresh,
        comparisons: comparisonsOf(fresh),
        ceilings: memoryOf(grown),
      },
      {
        title: 'growth: late events of calls that are no longer remembered, SQLite',
        unit: 'µs/event',
        note: `${LATE_EVENTS} events a round, each of another call, which is read with its history first.`,
        sides: late,
        comparisons: comparisonsOf(late),
      },
    ]
  } finally {
    for (const tracker of trackers) await tracker.close()
    rmSync(folder, { recursive: true })
  }
}

function newCalls(size: number, tracker: Tracker): WaitingSide {
  let next = size
  return {
    name: named(size),
    run() {
      const from = next
      next += NEW_CALLS
      return timed(NEW_CALLS * EVENTS_PER_CALL, () => fill(tracker, from, next))
    },
  }
}

/** Each round with a new tracker, which remembers no call. */
function lateEvents({ size, path }: Grown): WaitingSide {
  const random = seededRandom(SEED)
  let events = 0
  return {
    name: named(size),
    async run() {
      const calls = new Set<number>()
      while (calls.size < LATE_EVENTS) calls.add(Math.floor(random() * size))
      const bodies = [...calls].map((call) => lateBodyOf(call, ++events))
      const tracker = openTracker(path)
      await tracker.list({ limit: 1 })
      const micros = await timed(LATE_EVENTS, () => ingestTogether(tracker, bodies))
      await tracker.close()
      return micros
    },
  }
}

function comparisonsOf(sides: readonly Measured[]): Section['comparisons'] {
  const [smallest, ...others] = sides
  if (smallest === undefined) return []
  return others.map((side) => ({
    name: `time at ${side.name} ÷ ${smallest.name}`,
    ratio: ratioOf(side, smallest),
    aim: { atMost: FLAT },
  }))
}

/** Up to the second size the memory for calls that were used last fills; from there on it is full. */
function memoryOf(grown: readonly Grown[]): NonNullable<Section['ceilings']> {
  const [, full, ...larger] = grown
  if (full === undefined) return []
  return larger.map(({ size, report }) => ({
    name: `memory at ${named(size)}`,
    value: report.rssMB,
    atMost: FLAT * full.report.rssMB,
    unit: 'MB',
  }))
}

function named(calls: number): string {
  return `${calls.toLocaleString('en')} calls`
}

async function fillInProcess(
  path: string,
  size: number,
  onProgress: (text: string) => void,
): Promise<FillReport> {
  const program = fileURLToPath(new URL('./tracker-fill-process.ts', import.meta.url))
  const child = spawn(process.execPath, [program, path, String(size)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let last: FillReport | undefined
  for await (const line of createInterface({ input: child.stdout })) {
    const report: FillReport = JSON.parse(line)
    const { calls, rssMB, microsPerEvent } = report
    onProgress(
      `${named(calls)} of ${size.toLocaleString('en')}: ${microsPerEvent.toFixed(0)} µs/event, ${rssMB.toFixed(0)} MB`,
    )
    last = report
  }
  if (last?.calls !== size) throw new Error(`Filling a database of ${size} calls failed.`)
  return last
}
