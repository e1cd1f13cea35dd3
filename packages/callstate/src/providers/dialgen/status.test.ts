import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CALL_STATUSES, type CallStatus } from '../../lifecycle.ts'
import { eventIn } from '../one-event.fixture.ts'
import { dialgen } from './index.ts'
import {
  DIALGEN_BATCH_STATUSES,
  DIALGEN_ERRORS,
  DIALGEN_HANGUPS,
  DIALGEN_STATUSES,
  DIALGEN_WORDS,
  isDialgenStatus,
  statusOfDialgen,
} from './reference.ts'

const WORDS = ['SCHEDULED', 'ONGOING', 'COMPLETED', 'MISSED', 'FAILED'] as const
const CODES = [
  'INVALID_NUMBER',
  'BUSY',
  'NO_ANSWER',
  'NETWORK_ERROR',
  'INSUFFICIENT_CREDITS',
] as const

// Rows are words; columns: no code, then CODES, then a code that is not documented.
const TABLE: Record<(typeof WORDS)[number], readonly CallStatus[]> = {
  SCHEDULED: ['queued', 'queued', 'queued', 'queued', 'queued', 'queued', 'queued'],
  ONGOING: [
    'initiated',
    'initiated',
    'initiated',
    'initiated',
    'initiated',
    'initiated',
    'initiated',
  ],
  COMPLETED: [
    'completed',
    'completed',
    'completed',
    'completed',
    'completed',
    'completed',
    'completed',
  ],
  MISSED: ['no-answer', 'failed', 'busy', 'no-answer', 'failed', 'balance-low', 'no-answer'],
  FAILED: ['failed', 'failed', 'busy', 'no-answer', 'failed', 'balance-low', 'failed'],
}

describe('a Dialgen status', () => {
  test('is one of five, and so are the error and the hangup codes', () => {
    expect(Object.keys(DIALGEN_STATUSES)).toEqual(WORDS)
    expect(Object.keys(DIALGEN_ERRORS)).toEqual(CODES)
    expect(Object.keys(DIALGEN_HANGUPS)).toEqual([
      'COMPLETED',
      'USER_HANGUP',
      'SILENCE',
      'TIMEOUT',
      'FAILED',
    ])
  })

  for (const word of WORDS) {
    const codes = [undefined, ...CODES, 'PLANET_MISALIGNED']
    test.each(codes.map((code, at) => [code, TABLE[word][at]]))(
      `${word} with %s is %s`,
      (code, status) => {
        expect(statusOfDialgen(word, code)).toBe(status)
        const event = eventIn(dialgen, { callId: 'call_123', status: word, error: code ?? null })
        expect(event.ok && event.value.status).toBe(status)
      },
    )
  }

  test('is spelled exactly so', () => {
    for (const word of WORDS) expect(isDialgenStatus(word)).toBe(true)
    for (const other of [
      'completed',
      'Missed',
      ' FAILED',
      'CANCELLED',
      'toString',
      '',
      null,
      5,
      ['MISSED'],
    ]) {
      expect(isDialgenStatus(other)).toBe(false)
      expect(statusOfDialgen(other, 'BUSY')).toBeNull()
    }
  })

  test('is not refined by what is no code', () => {
    for (const code of ['busy', 'constructor', '', null, 7, {}, ['BUSY']]) {
      expect(statusOfDialgen('MISSED', code)).toBe('no-answer')
    }
  })

  test('is never thrown about', () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), (word, code) => {
        const status = statusOfDialgen(word, code)
        expect(status === null || CALL_STATUSES.includes(status)).toBe(true)
      }),
    )
  })

  test('is none of the statuses of a batch', () => {
    for (const status of DIALGEN_BATCH_STATUSES) expect(isDialgenStatus(status)).toBe(false)
  })
})

describe('the translation', () => {
  test('says what every status loses', () => {
    expect(dialgen.statuses).toEqual(DIALGEN_STATUSES)
    for (const { loss } of Object.values(DIALGEN_STATUSES)) expect(loss).toMatch(/^[A-Z].{40,}\.$/)
    for (const [code, { loss }] of Object.entries(DIALGEN_ERRORS)) {
      if (code === 'BUSY' || code === 'INSUFFICIENT_CREDITS') expect(loss).toBeNull()
      else expect(loss).toMatch(/^[A-Z].{20,}\.$/)
    }
  })

  test('has a word for each of our statuses', () => {
    const words = CALL_STATUSES.map((status) => [status, DIALGEN_WORDS[status].word])
    expect(Object.fromEntries(words)).toEqual({
      scheduled: 'SCHEDULED',
      prepared: 'SCHEDULED',
      queued: 'SCHEDULED',
      rescheduled: 'SCHEDULED',
      initiated: 'ONGOING',
      ringing: 'ONGOING',
      'in-progress': 'ONGOING',
      'call-disconnected': 'ONGOING',
      completed: 'COMPLETED',
      'balance-low': 'FAILED',
      busy: 'MISSED',
      'no-answer': 'MISSED',
      canceled: 'FAILED',
      failed: 'FAILED',
      stopped: 'FAILED',
      error: 'FAILED',
    })
  })

  test('leads back to the same status exactly where it loses nothing', () => {
    for (const status of CALL_STATUSES) {
      const { word, loss } = DIALGEN_WORDS[status]
      expect(statusOfDialgen(word) === status).toBe(loss === null)
      if (loss !== null) expect(loss).toMatch(/^[A-Z].+\.$/)
    }
    for (const word of WORDS) expect(DIALGEN_WORDS[DIALGEN_STATUSES[word].status].word).toBe(word)
  })

  test('keeps the class of an ended call', () => {
    for (const [code, { status }] of Object.entries(DIALGEN_ERRORS)) {
      expect(statusOfDialgen(DIALGEN_WORDS[status].word, code)).toBe(status)
    }
  })
})
