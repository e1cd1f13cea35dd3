// Timing of what waits for a disk or a server. As in measure.ts the sides take turns, and a ratio is
// taken within each round; but a side is a promise and times itself, so that it can prepare first.

import type { Measured } from './measure.ts'

export interface WaitingSide {
  readonly name: string
  /** Does some work and resolves to the microseconds that each operation took. */
  run(): Promise<number>
}

/** Microseconds per operation of each side, by round. */
export async function byTurns(
  sides: readonly WaitingSide[],
  rounds: number,
): Promise<readonly Measured[]> {
  for (const side of sides) await side.run()
  const values = sides.map((): number[] => [])
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < sides.length; turn++) {
      const place = (turn + round) % sides.length
      values[place]?.push((await sides[place]?.run()) ?? Number.NaN)
    }
  }
  return sides.map(({ name }, place) => ({ name, values: values[place] ?? [] }))
}

/** Microseconds per operation that the work takes. */
export async function timed(operations: number, work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return ((performance.now() - start) * 1000) / operations
}
