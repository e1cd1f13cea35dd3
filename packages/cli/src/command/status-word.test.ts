import { CALL_STATUSES } from 'callstate'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { UsageError } from '../command/usage-error.ts'
import { statusArgument, suggestStatus } from './status-word.ts'

describe('suggestStatus', () => {
  test.each([
    ['rining', 'ringing'],
    ['RINGING', 'ringing'],
    ['in progress', 'in-progress'],
    ['in_progres', 'in-progress'],
    ['cancelld', 'canceled'],
    ['complete', 'completed'],
    ['bussy', 'busy'],
    ['call_disconected', 'call-disconnected'],
  ])('takes %j for %s', (word, status) => {
    expect(suggestStatus(word)).toBe(status)
  })

  test.each(['voicemail', 'xyz', '', '+12025550123'])('takes %j for nothing', (word) => {
    expect(suggestStatus(word)).toBeNull()
  })

  test('finds the status in which one letter is missing', () => {
    for (const status of CALL_STATUSES) {
      for (let at = 0; at < status.length; at++) {
        const mistyped = status.slice(0, at) + status.slice(at + 1)
        // "escheduled" is one letter away from two statuses.
        if (mistyped !== 'escheduled') expect(suggestStatus(mistyped)).toBe(status)
      }
    }
  })

  test('never throws', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (word) => void suggestStatus(word)))
  })
})

describe('statusArgument', () => {
  test('reads a status in any known spelling', () => {
    expect(statusArgument('no_answer')).toBe('no-answer')
  })

  test('says which status may have been meant, or which there are', () => {
    expect(() => statusArgument('rining')).toThrow(UsageError)
    expect(() => statusArgument('rining')).toThrow('Did you mean "ringing"?')
    expect(() => statusArgument('xyz')).toThrow('The statuses are: scheduled, prepared')
  })

  test('repeats nothing that a terminal would obey', () => {
    expect(() => statusArgument('\u001b[2J')).toThrow('got "\u{fffd}[2J"')
  })
})
