import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  CALL_STATUSES,
  classOf,
  groupOf,
  isCallStatus,
  isIntermediate,
  isSoftTerminal,
  isTerminal,
  parseStatus,
  phaseOf,
  TERMINAL_STATUSES,
} from './index.ts'

const TERMINAL = 'completed balance-low busy no-answer canceled failed stopped error'.split(' ')
const STRANGE = ['', 'Completed', ' busy', 'constructor', '__proto__', 'toString', 'hasOwnProperty']

test('exactly the eight statuses that Bolna labels terminal are terminal', () => {
  expect(CALL_STATUSES.filter((status) => isTerminal(status))).toEqual(TERMINAL)
  expect(CALL_STATUSES.filter((status) => classOf(status) === 'terminal')).toEqual(TERMINAL)
  expect(TERMINAL_STATUSES).toEqual(TERMINAL)
})

test('a status of the table is either terminal or intermediate', () => {
  for (const status of CALL_STATUSES) {
    expect(isIntermediate(status)).toBe(!isTerminal(status))
    expect(classOf(status)).toBe(isTerminal(status) ? 'terminal' : 'intermediate')
  }
})

test('call-disconnected is the only soft terminal, and it is intermediate', () => {
  expect(CALL_STATUSES.filter((status) => isSoftTerminal(status))).toEqual(['call-disconnected'])
  expect(isIntermediate('call-disconnected')).toBe(true)
})

test('text outside the table is neither terminal nor intermediate and has no class, no group and no phase', () => {
  for (const text of STRANGE) {
    expect(isCallStatus(text)).toBe(false)
    expect(isTerminal(text)).toBe(false)
    expect(isIntermediate(text)).toBe(false)
    expect(isSoftTerminal(text)).toBe(false)
    expect(classOf(text)).toBeNull()
    expect(groupOf(text)).toBeNull()
    expect(phaseOf(text)).toBeNull()
  }
})

test('groups are those of the status list, with none for scheduled and prepared', () => {
  const inGroup = (group: string | null) =>
    CALL_STATUSES.filter((status) => groupOf(status) === group)
  expect(inGroup('successful')).toEqual([
    'queued',
    'rescheduled',
    'initiated',
    'ringing',
    'in-progress',
    'call-disconnected',
    'completed',
  ])
  expect(inGroup('unanswered')).toEqual(['balance-low', 'busy', 'no-answer'])
  expect(inGroup('unsuccessful')).toEqual(['canceled', 'failed', 'stopped', 'error'])
  expect(inGroup(null)).toEqual(['scheduled', 'prepared'])
})

test('phases follow the life of a call', () => {
  const inPhase = (phase: string) => CALL_STATUSES.filter((status) => phaseOf(status) === phase)
  expect(inPhase('waiting')).toEqual(['scheduled', 'prepared', 'queued', 'rescheduled'])
  expect(inPhase('dialing')).toEqual(['initiated', 'ringing'])
  expect(inPhase('connected')).toEqual(['in-progress'])
  expect(inPhase('wrapping-up')).toEqual(['call-disconnected'])
  expect(inPhase('ended')).toEqual(TERMINAL)
})

test('parseStatus takes the 16 words as they are', () => {
  for (const status of CALL_STATUSES) {
    expect(parseStatus(status)).toEqual({ kind: 'status', status, word: status })
  }
})

test('parseStatus resolves the known other spellings and says so', () => {
  const aliases = {
    balance_low: 'balance-low',
    call_disconnected: 'call-disconnected',
    cancelled: 'canceled',
    in_progress: 'in-progress',
    no_answer: 'no-answer',
  }
  for (const [word, status] of Object.entries(aliases)) {
    expect(parseStatus(word)).toEqual({ kind: 'alias', status, word })
  }
})

test('parseStatus keeps every other text as it came', () => {
  for (const word of STRANGE) {
    expect(parseStatus(word)).toEqual({ kind: 'unrecognized', status: null, word })
  }
})

test('parseStatus names the kind of what is no text', () => {
  const kinds = [null, undefined, 5, true, {}, [], Symbol('x'), 5n].map(
    (value) => parseStatus(value).word,
  )
  expect(kinds).toEqual([
    '(null)',
    '(undefined)',
    '(number)',
    '(boolean)',
    '(object)',
    '(object)',
    '(symbol)',
    '(bigint)',
  ])
})

test('parseStatus never throws and never guesses', () => {
  fc.assert(
    fc.property(fc.oneof(fc.anything(), fc.string()), (value) => {
      const parsed = parseStatus(value)
      expect(parsed.status === null).toBe(parsed.kind === 'unrecognized')
      expect(isCallStatus(value)).toBe(parsed.kind === 'status')
    }),
  )
})
