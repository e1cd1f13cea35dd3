import fc from 'fast-check'
import { expect, test } from 'vitest'
import { reportCases } from '../test/report.ts'
import {
  assertTransition,
  CALL_STATUSES,
  canTransition,
  checkTransition,
  isCallstateError,
  isTerminal,
  LIFECYCLE,
  nextStatuses,
} from './index.ts'
import { CallstateError, canReach, pathBetween } from './internal/index.ts'

const PAIRS = CALL_STATUSES.flatMap((from) => CALL_STATUSES.map((to) => [from, to] as const))

test('a move is legal exactly if the table has it, for every pair of statuses', () => {
  for (const [from, to] of PAIRS) {
    const inTable = Object.keys(LIFECYCLE[from].next).includes(to)
    expect(canTransition(from, to)).toBe(inTable)
    expect((nextStatuses(from) as string[]).includes(to)).toBe(inTable)
    expect(checkTransition(from, to).ok).toBe(inTable)
    if (inTable) assertTransition(from, to)
    else expect(() => assertTransition(from, to)).toThrow(CallstateError)
  }
  reportCases('pairs of statuses checked against the table', PAIRS.length)
})

test('nothing follows a terminal status', () => {
  for (const status of CALL_STATUSES.filter((one) => isTerminal(one))) {
    expect(nextStatuses(status)).toEqual([])
  }
})

test('text outside the table is never legal, names of built-in properties included', () => {
  const texts = ['', 'constructor', '__proto__', 'toString', 'valueOf', 'Queued', 'no_answer']
  for (const text of texts) {
    expect(nextStatuses(text)).toEqual([])
    expect(canReach(text, text)).toBe(false)
    expect(pathBetween('queued', text)).toBeNull()
    for (const status of CALL_STATUSES) {
      expect(canTransition(text, status)).toBe(false)
      expect(canTransition(status, text)).toBe(false)
      expect(checkTransition(text, status)).toMatchObject({ reason: 'unrecognized-status' })
      expect(checkTransition(status, text)).toMatchObject({ reason: 'unrecognized-status' })
    }
  }
})

test('checkTransition takes what a request body may hold, and throws nothing', () => {
  const untextual = JSON.parse('[null, 5, {}, [], {"toString": null, "valueOf": null}]')
  for (const value of untextual) {
    expect(checkTransition(value, 'queued')).toMatchObject({ reason: 'unrecognized-status' })
    expect(checkTransition('queued', value)).toMatchObject({ reason: 'unrecognized-status' })
  }
})

test('a legal move is reported with its mark and source', () => {
  expect(checkTransition('ringing', 'busy')).toEqual({
    ok: true,
    from: 'ringing',
    to: 'busy',
    mark: 'observed',
    source: 'https://www.bolna.ai/docs/list-phone-call-status',
    message: 'ringing to busy is legal (observed).',
  })
  expect(checkTransition('ringing', 'canceled')).toMatchObject({ mark: 'inferred', source: null })
})

test.each([
  ['ringing', 'completed', 'skips-ahead'],
  ['queued', 'queued', 'same-status'],
  ['completed', 'completed', 'same-status'],
  ['completed', 'ringing', 'already-ended'],
  ['busy', 'completed', 'already-ended'],
  ['in-progress', 'ringing', 'goes-back'],
  ['queued', 'prepared', 'goes-back'],
  ['in-progress', 'busy', 'no-path'],
  ['in-progress', 'canceled', 'no-path'],
  ['queued', 'missed', 'unrecognized-status'],
  ['missed', 'queued', 'unrecognized-status'],
] as const)('%s to %s is refused: %s', (from, to, reason) => {
  expect(checkTransition(from, to)).toMatchObject({ ok: false, from, to, reason })
})

test('a refusal carries the legal moves, the way there and a sentence', () => {
  expect(checkTransition('ringing', 'completed')).toEqual({
    ok: false,
    from: 'ringing',
    to: 'completed',
    reason: 'skips-ahead',
    allowed: ['in-progress', 'busy', 'no-answer', 'canceled', 'failed', 'stopped', 'error'],
    path: ['ringing', 'in-progress', 'call-disconnected', 'completed'],
    message:
      'ringing reaches completed not directly but by in-progress, call-disconnected. ' +
      'Legal next: in-progress, busy, no-answer, canceled, failed, stopped, error.',
  })
})

test('every kind of refusal says its own sentence', () => {
  const message = (from: string, to: string) => checkTransition(from, to).message
  expect(message('busy', 'busy')).toBe('The call is busy already. Legal next: none.')
  expect(message('busy', 'queued')).toBe('busy ended this attempt. Legal next: none.')
  expect(message('call-disconnected', 'ringing')).toBe(
    'ringing lies before call-disconnected. Legal next: completed, error.',
  )
  expect(message('call-disconnected', 'busy')).toBe(
    'No call can be call-disconnected and busy. Legal next: completed, error.',
  )
  expect(message('missed', 'busy')).toBe('"missed" is not a call status. Legal next: none.')
  expect(message('call-disconnected', 'Ended')).toBe(
    '"Ended" is not a call status. Legal next: completed, error.',
  )
})

test('a sentence repeats only what looks like a status, never a number that may be a phone', () => {
  for (const text of ['+12025550123', 'x'.repeat(41), 'a b', '', 'ringing\n']) {
    expect(checkTransition('queued', text).message).toMatch(/^That is not a call status\./)
  }
  expect(checkTransition('x'.repeat(40), 'queued').message).toContain('x'.repeat(40))
})

test('assertTransition throws a typed error with the whole refusal', () => {
  const thrown = caught(() => assertTransition('completed', 'ringing' as string))
  expect(thrown).toBeInstanceOf(CallstateError)
  expect(isCallstateError(thrown)).toBe(true)
  expect(thrown).toMatchObject({
    name: 'CallstateError',
    code: 'illegal-transition',
    message: 'completed ended this attempt. Legal next: none.',
    details: { from: 'completed', to: 'ringing', reason: 'already-ended', allowed: [] },
  })
  const unknown = caught(() => assertTransition('queued', 'missed' as string))
  expect(unknown).toMatchObject({ code: 'unrecognized-status' })
})

test('an error of another copy of the library is still recognized, other values are not', () => {
  expect(isCallstateError({ [Symbol.for('callstate.error')]: true })).toBe(true)
  for (const value of [null, undefined, 'x', new Error('x'), {}]) {
    expect(isCallstateError(value)).toBe(false)
  }
})

test('a path is shortest, legal from end to end, and exists exactly where a status can be reached', () => {
  const distance = distances()
  for (const [from, to] of PAIRS) {
    const path = pathBetween(from, to)
    expect(canReach(from, to)).toBe(path !== null)
    expect(path?.length ?? 0).toBe(distance.get(`${from} ${to}`) ?? 0)
    if (path === null) continue
    expect([path[0], path.at(-1)]).toEqual([from, to])
    for (const [index, status] of path.slice(1).entries()) {
      expect(canTransition(path[index] ?? '', status)).toBe(true)
    }
  }
})

test('checkTransition agrees with canTransition on any text and never throws', () => {
  const text = fc.oneof(fc.constantFrom(...CALL_STATUSES), fc.string())
  fc.assert(
    fc.property(text, text, (from, to) => {
      expect(checkTransition(from, to).ok).toBe(canTransition(from, to))
    }),
  )
})

/** Statuses on a shortest path, found another way: by relaxing over all pairs. */
function distances(): ReadonlyMap<string, number> {
  const known = new Map(CALL_STATUSES.map((status) => [`${status} ${status}`, 1]))
  for (let round = 0; round < CALL_STATUSES.length; round++) {
    for (const [from, to] of PAIRS) {
      const before = known.get(`${from} ${to}`)
      if (before === undefined) continue
      for (const next of nextStatuses(to)) {
        const key = `${from} ${next}`
        known.set(key, Math.min(known.get(key) ?? 99, before + 1))
      }
    }
  }
  return known
}

function caught(action: () => void): unknown {
  try {
    action()
  } catch (error) {
    return error
  }
  return undefined
}
