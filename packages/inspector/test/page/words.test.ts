import {
  CALL_STATUSES,
  type CallStatus,
  EMPTY_CALL,
  isTerminal,
  nextStatuses,
  type ProviderMove,
  replay,
} from 'callstate'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  compactText,
  countText,
  legalNext,
  whyNeverDue,
  whyNothingIsNext,
} from '../../page/src/call-words.ts'
import { lineBetween } from '../../page/src/overlay-line.ts'
import { serverTime } from '../../page/src/server-clock.ts'
import {
  clockText,
  dateText,
  durationText,
  fromNow,
  shortDurationText,
} from '../../page/src/time-text.ts'

describe('lengths of time', () => {
  it('are said in at most two units', () => {
    const texts = [0, 999, 1_000, 9_999, 10_000, 59_999, 60_000, 76_400, 3_600_000, 5_460_000]
    expect(texts.map(durationText)).toEqual([
      '0 ms',
      '999 ms',
      '1 s',
      '9.9 s',
      '10 s',
      '59 s',
      '1 min',
      '1 min 16 s',
      '1 h',
      '1 h 31 min',
    ])
    expect(durationText(90_000_000)).toBe('1 d 1 h')
    expect(durationText(-2_000)).toBe('−2 s')
    expect(durationText(Number.MAX_VALUE)).toBe('999+ d')
  })

  it('are said in one unit in a narrow column', () => {
    const texts = [-5, 59_999, 60_000, 3_600_000, 47 * 3_600_000, 48 * 3_600_000]
    expect(texts.map(shortDurationText)).toEqual(['0 s', '59 s', '1 min', '1 h', '47 h', '2 d'])
  })

  it('lie before or after now', () => {
    expect([fromNow(0, 999), fromNow(0, 1_000), fromNow(4_000, 0)]).toEqual([
      'now',
      '1 s ago',
      'in 4 s',
    ])
  })
})

describe('moments', () => {
  it('are said in the reader’s time zone', () => {
    expect(clockText(1_767_225_600_000, 0)).toBe('00:00:00.000')
    expect(dateText(1_767_225_600_000, -330)).toBe('2026-01-01 05:30:00')
    expect(dateText(1_767_225_600_000, 300)).toBe('2025-12-31 19:00:00')
  })

  it('never throw, whatever a provider’s clock says', () => {
    fc.assert(
      fc.property(fc.double(), (time) => {
        expect(clockText(time, 0)).toBeTypeOf('string')
        expect(dateText(time, 720)).toBeTypeOf('string')
      }),
    )
  })
})

describe('the server’s clock', () => {
  it('runs on as fast as the server says, and never back', () => {
    const clock = { time: 1_000, heardAt: 50, speed: 60 }
    expect(serverTime(clock, 60)).toBe(1_600)
    expect(serverTime(clock, 40)).toBe(1_000)
    expect(serverTime({ ...clock, speed: 0 }, 9_999)).toBe(1_000)
  })
})

describe('what comes next', () => {
  it('is what the table says, with how each move is known', () => {
    for (const status of CALL_STATUSES) {
      expect(legalNext(status).map((next) => next.status)).toEqual(nextStatuses(status as string))
    }
    expect(legalNext('call-disconnected')[0]).toEqual({ status: 'completed', mark: 'observed' })
    expect(legalNext(null)).toEqual([])
  })

  it('are those of the provider’s own lifecycle, and of the table for what it has no word for', () => {
    const provider = { lacks: DIALGEN_LACKS, moves: DIALGEN_MOVES }
    const next = (status: CallStatus) =>
      legalNext(status, { provider }).map((one) => `${one.status} ${one.mark}`)
    expect(next('initiated').toSorted()).toEqual([
      'balance-low inferred',
      'busy inferred',
      'completed stated',
      'failed stated',
      'no-answer stated',
    ])
    expect(next('call-disconnected')).toContain('completed observed')
  })

  it('is explained wherever nothing is named', () => {
    for (const status of CALL_STATUSES) {
      const { call } = replay([{ status }])
      const why = whyNothingIsNext(call, true)
      expect(why === '', status).toBe(!isTerminal(status))
    }
    expect(whyNothingIsNext(EMPTY_CALL, false)).toMatch(/^Any status/)
    const { call } = replay([{ status: 'busy' }])
    expect(whyNothingIsNext(call, false)).not.toBe(whyNothingIsNext(call, true))
  })

  it('is never due for a reason', () => {
    const reasons = [
      whyNeverDue('busy', true),
      whyNeverDue(null, false),
      whyNeverDue('queued', false),
    ]
    expect(new Set(reasons).size).toBe(3)
  })
})

describe('counts', () => {
  it('agree with their noun and fit their place', () => {
    expect(countText(1, 'call', 'calls')).toBe('1 call')
    expect(countText(12_345, 'call', 'calls')).toBe('12,345 calls')
    expect([7, 999, 1_234, 12_345].map(compactText)).toEqual(['7', '999', '1.2K', '12K'])
  })
})

describe('a line outside the legal moves', () => {
  const box = (x: number, y: number) => ({ x, y, width: 100, height: 32 })

  it('is an arc at the right side between ends, the farther the wider', () => {
    const near = lineBetween(box(896, 300), box(896, 340))
    const far = lineBetween(box(896, 148), box(896, 512))
    expect(near.path).toMatch(/^M996 316C/)
    expect(near.label[0]).toBeGreaterThan(996)
    expect(far.label[0]).toBeGreaterThan(near.label[0])
  })

  it('leaves from below and arrives at the left of an end', () => {
    const { path } = lineBetween(box(896, 472), box(576, 144))
    expect(path).toMatch(/^M635 176C/)
    expect(path).toMatch(/ 896 497$/)
  })

  it('hangs below two statuses of a row', () => {
    expect(lineBetween(box(456, 144), box(328, 144)).label[1]).toBeGreaterThan(176)
  })
})

// As Dialgen's page on statuses draws it, by hand.
const DIALGEN_LACKS = [
  ...(['scheduled', 'prepared', 'rescheduled', 'ringing', 'in-progress'] as const),
  ...(['call-disconnected', 'canceled', 'stopped', 'error'] as const),
]
const DIALGEN_MOVES = (['completed', 'no-answer', 'failed'] as const)
  .map((to): ProviderMove => ({ from: 'initiated', to, mark: 'stated', source: null }))
  .concat({ from: 'initiated', to: 'balance-low', mark: 'inferred', source: null })
