import { type EmulatedRun, runEmulator } from './emulator-run.ts'
import { figureOf, type Measured, ratioOf } from './measure.ts'
import type { Section } from './report.ts'

export interface EmulatorEffort {
  readonly rounds: number
  readonly few: number
  readonly many: number
  /** How many times faster than time the emulator's clock runs. */
  readonly speed: number
}

/** What Node may use for the heap of the emulator's process, in MB: more would end it. */
const HEAP_LIMIT_MB = 512
/** What the process may hold in all, in MB. */
const MEMORY_LIMIT_MB = 800
/** What may be kept of a call that is over, with all its deliveries, in kB. */
const KEPT_LIMIT_KB = 12
/** What counts as flat: memory per call with many calls, against few. */
const FLAT = 1.5

/** So many calls on the line at once, in a process with a limited heap and with Node's own limit. */
export async function benchEmulator(effort: EmulatorEffort): Promise<readonly Section[]> {
  const { rounds, few, many, speed } = effort
  const runs: Runs = { few: [], many: [], unlimited: [] }
  for (let round = 0; round < rounds; round++) {
    runs.few.push(await runEmulator({ calls: few, speed, heapLimitMB: HEAP_LIMIT_MB }))
    runs.many.push(await runEmulator({ calls: many, speed, heapLimitMB: HEAP_LIMIT_MB }))
    runs.unlimited.push(await runEmulator({ calls: many, speed, heapLimitMB: null }))
  }
  const title = `the emulator, ${named(many)} on the line at once`
  return [
    memorySection(`${title}: memory`, runs, effort),
    punctualitySection(`${title}: lateness`, runs, effort),
  ]
}

type Runs = Readonly<Record<'few' | 'many' | 'unlimited', EmulatedRun[]>>

function memorySection(title: string, runs: Runs, { few, many }: EmulatorEffort): Section {
  const peak = figureOf(runs.many.map(({ peakMB }) => peakMB)).median
  const kept = figureOf(runs.many.map(({ keptBytesPerCall }) => keptBytesPerCall / 1e3)).median
  const perCall = (of: readonly EmulatedRun[]) => column('', of, (run) => run.keptBytesPerCall)
  return {
    title,
    unit: 'MB',
    note: `A process of its own with --max-old-space-size=${HEAP_LIMIT_MB}. All calls wait for one time, are answered and end; every one was settled and every webhook heard.`,
    sides: [
      column(`${named(few)}: most resident memory`, runs.few, (run) => run.peakMB),
      column(`${named(many)}: most resident memory`, runs.many, (run) => run.peakMB),
      column(`${named(many)}: heap kept while all wait`, runs.many, (run) => run.waitingMB),
      column(`${named(many)}: heap kept when all are over`, runs.many, (run) => run.overMB),
      column(`${named(many)}: most resident, no limit`, runs.unlimited, (run) => run.peakMB),
    ],
    comparisons: [
      {
        name: `kept per call, ${named(many)} ÷ ${named(few)}`,
        ratio: ratioOf(perCall(runs.many), perCall(runs.few)),
        aim: { atMost: FLAT },
      },
    ],
    ceilings: [
      { name: `most memory at ${named(many)}`, value: peak, atMost: MEMORY_LIMIT_MB, unit: 'MB' },
      { name: 'kept per call that is over', value: kept, atMost: KEPT_LIMIT_KB, unit: 'kB' },
    ],
  }
}

function punctualitySection(
  title: string,
  runs: Runs,
  { few, many, speed }: EmulatorEffort,
): Section {
  const rate = (of: readonly EmulatedRun[], pick: (run: EmulatedRun) => number) =>
    figureOf(of.map(pick)).median.toFixed(0)
  const webhooks = runs.many[0]?.webhooks.toLocaleString('en')
  return {
    title,
    unit: 'ms late',
    note: `Real time after the time that the emulator's clock, ${speed} times as fast as time, had planned. With ${named(many)}: ${webhooks} webhooks, ${rate(runs.many, (run) => run.webhooksPerSecond)} heard per second, ${rate(runs.many, (run) => run.callsPerSecond)} calls placed per second.`,
    sides: [
      column(`${named(few)}: the middle webhook`, runs.few, (run) => run.medianLateMs),
      column(`${named(few)}: the latest`, runs.few, (run) => run.mostLateMs),
      column(`${named(many)}: the middle webhook`, runs.many, (run) => run.medianLateMs),
      column(`${named(many)}: the latest`, runs.many, (run) => run.mostLateMs),
    ],
    comparisons: [],
  }
}

function column(
  name: string,
  runs: readonly EmulatedRun[],
  pick: (run: EmulatedRun) => number,
): Measured {
  return { name, values: runs.map(pick) }
}

function named(calls: number): string {
  return `${calls.toLocaleString('en')} calls`
}
