import { describe, expect, it } from 'vitest'
import { createPace } from './pace.ts'
import { noTime } from './poller.fixture.ts'

const backoff = { firstMs: 2_000, factor: 3, maxMs: 60_000 }

function createTestPace() {
  const clock = { at: 1_000_000 }
  const { signal } = new AbortController()
  const options = { perMinute: 1, backoff, maxPauseMs: 30_000, now: () => clock.at }
  const pace = createPace({ ...options, sleep: noTime, signal })
  const pauseMs = () => (pace.pausedUntil() ?? clock.at) - clock.at
  return { clock, pace, pauseMs }
}

describe('a pause', () => {
  it('grows with every limit in a row, and begins small again after an answer', () => {
    const { clock, pace, pauseMs } = createTestPace()
    for (const ms of [2_000, 6_000, 18_000, 30_000, 30_000]) {
      pace.limited(null)
      expect(pauseMs()).toBe(ms)
      clock.at += ms - 1
      expect(pauseMs()).toBe(1)
      clock.at++
      expect(pauseMs()).toBe(0)
    }
    pace.answered()
    pace.limited(null)
    expect(pauseMs()).toBe(2_000)
  })

  it('counts questions that were under way together as one', () => {
    const { pace, pauseMs } = createTestPace()
    for (let times = 0; times < 5; times++) pace.limited(null)
    expect(pauseMs()).toBe(2_000)
  })

  it('lasts as long as the longest answer says', () => {
    const { pace, pauseMs } = createTestPace()
    pace.limited(20_000)
    pace.limited(5_000)
    expect(pauseMs()).toBe(20_000)
  })

  it('lasts from a second to its maximum, whatever the provider says', () => {
    for (const [asked, ms] of [
      [0, 1_000],
      [999, 1_000],
      [1_001, 1_001],
      [29_999, 29_999],
      [30_001, 30_000],
      [Number.POSITIVE_INFINITY, 30_000],
    ] as const) {
      const { pace, pauseMs } = createTestPace()
      pace.limited(asked)
      expect(pauseMs()).toBe(ms)
    }
  })

  it('ends where the clock goes back behind its beginning', () => {
    const { clock, pace } = createTestPace()
    pace.limited(20_000)
    clock.at--
    expect(pace.pausedUntil()).toBeNull()
  })
})
