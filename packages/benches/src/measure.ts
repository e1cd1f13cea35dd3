// Timing that holds up on a machine that others use too: the sides take turns (A, B, A, B, …), a run
// during which the system gave the processor to somebody else does not count, every figure is a median
// over rounds, a ratio is taken within each round first, and the spread is shown.

import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** One of the things that are compared. */
export interface Side {
  readonly name: string
  /** Operations that one `run` does. */
  readonly operations: number
  /** What `run` needs anew each time, such as fresh instances; not timed. */
  prepare?(): void
  run(): void
}

/** The middle of several measurements, and how far the middle eight tenths of them lie apart. */
export interface Figure {
  readonly median: number
  /** (90th percentile − 10th percentile) ÷ median. */
  readonly spread: number
}

export interface Measured {
  readonly name: string
  /** By round. */
  readonly values: readonly number[]
}

export interface Effort {
  readonly rounds: number
  /** Timed work of one side in one round, in milliseconds. */
  readonly sliceMs: number
}

/** On a busy machine one slice may cost this many times its length. */
const PATIENCE = 5

setFlagsFromString('--expose-gc')
export const collectGarbage = runInNewContext('gc') as () => void

/** Nanoseconds per operation of each side, by round. */
export function measure(sides: readonly Side[], { rounds, sliceMs }: Effort): Measured[] {
  for (const side of sides) timeSlice(side, sliceMs)
  const values = sides.map((): number[] => [])
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < sides.length; turn++) {
      // Another side begins each round, so that none always runs after the same neighbour.
      const place = (turn + round) % sides.length
      values[place]?.push(timeSlice(sides[place] as Side, sliceMs))
    }
  }
  return sides.map(({ name }, place) => ({ name, values: values[place] ?? [] }))
}

function timeSlice(side: Side, sliceMs: number): number {
  collectGarbage()
  const undisturbed = { ms: 0, runs: 0 }
  const all = { ms: 0, runs: 0 }
  while (undisturbed.ms < sliceMs && all.ms < sliceMs * PATIENCE) {
    side.prepare?.()
    const switches = switchesSoFar()
    const start = performance.now()
    side.run()
    const ms = performance.now() - start
    all.ms += ms
    all.runs++
    if (switchesSoFar() !== switches) continue
    undisturbed.ms += ms
    undisturbed.runs++
  }
  const { ms, runs } = undisturbed.runs > 0 ? undisturbed : all
  return (ms * 1e6) / (runs * side.operations)
}

/** How often the system took the processor away from this process. */
function switchesSoFar(): number {
  return process.resourceUsage().involuntaryContextSwitches
}

export function figureOf(values: readonly number[]): Figure {
  const sorted = values.toSorted((a, b) => a - b)
  const median = quantile(sorted, 0.5)
  return { median, spread: (quantile(sorted, 0.9) - quantile(sorted, 0.1)) / median }
}

/** How many times as much the first took as the second, compared within each round. */
export function ratioOf(a: Measured, b: Measured): Figure {
  return figureOf(a.values.map((value, round) => value / (b.values[round] as number)))
}

export function quantile(sorted: readonly number[], part: number): number {
  const place = (sorted.length - 1) * part
  const below = sorted[Math.floor(place)] as number
  const above = sorted[Math.ceil(place)] as number
  return below + (above - below) * (place % 1)
}
