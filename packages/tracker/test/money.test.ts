import type { Store } from '@callstate/tracker'
import { createMemoryStore } from '@callstate/tracker/memory'
import { createSqliteStore } from '@callstate/tracker/sqlite'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type StormPlan, stormOfMoney } from './money-storm.ts'

// A small form of `pnpm money`: a failure prints its seed.

const CALLS = 40

const plan: fc.Arbitrary<StormPlan> = fc.record({
  seed: fc.nat(),
  hasRows: fc.boolean(),
  isRedacted: fc.boolean(),
  isRebuilt: fc.boolean(),
})

const STORES: readonly (readonly [name: string, runs: number, open: () => Store])[] = [
  ['memory', 4, createMemoryStore],
  ['SQLite', 3, () => createSqliteStore({ path: ':memory:' })],
]

describe('every attempt of retried calls in a storm is charged with its own amount or listed', () => {
  test.each(STORES)('%s', async (_, numRuns, open) => {
    const seen = { charged: 0, corrections: 0, extractions: 0, retried: 0 }
    const storms = fc.asyncProperty(fc.noShrink(plan), async (planned) => {
      const { truth, healed, swept, problems } = await stormOfMoney({
        ...planned,
        store: open(),
        calls: CALLS,
      })
      const found = { healed: healed.problems, swept: swept.problems, problems }
      expect(found).toEqual({ healed: [], swept: [], problems: [] })
      expect(truth.totals).toMatchObject({ calls: CALLS, settled: CALLS })
      seen.charged += swept.charged.count
      seen.corrections += swept.corrections
      seen.extractions += swept.extractions
      seen.retried += truth.calls.filter(({ attempt }) => attempt > 1).length
    })
    await fc.assert(storms, { numRuns })
    // The storms were such that it happened; that some is listed and untold is seen where the law is tried.
    for (const [what, count] of Object.entries(seen))
      expect([what, count > 0]).toEqual([what, true])
  })
})
