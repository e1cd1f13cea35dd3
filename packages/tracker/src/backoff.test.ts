import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Backoff, delayMs } from './backoff.ts'

const backoff: Backoff = { firstMs: 1_000, factor: 2, maxMs: 5_000 }

describe('delayMs', () => {
  it('is a random part of what grows from try to try up to its maximum', () => {
    const longest = [0, 1, 2, 3, 50, 5_000].map((tries) => delayMs(backoff, tries, () => 1))
    expect(longest).toEqual([1_000, 2_000, 4_000, 5_000, 5_000, 5_000])
    expect(delayMs(backoff, 1, () => 0.25)).toBe(500)
  })

  it('is never nothing, so that nobody asks without end', () => {
    const tries = fc.nat({ max: 2_000 })
    const part = fc.double({ min: 0, max: 1, noNaN: true })
    fc.assert(
      fc.property(tries, part, (tried, random) => {
        const ms = delayMs(backoff, tried, () => random)
        expect(ms).toSatisfy(Number.isSafeInteger)
        expect(ms).toBeGreaterThanOrEqual(1)
        expect(ms).toBeLessThanOrEqual(5_000)
      }),
    )
  })
})
