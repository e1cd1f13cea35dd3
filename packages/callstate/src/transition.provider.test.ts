import fc from 'fast-check'
import { expect, test } from 'vitest'
import { providers } from '../test/providers.ts'
import {
  assertTransition,
  CALL_STATUSES,
  type CallStatus,
  canTransition,
  checkTransition,
  isTerminal,
  LIFECYCLE,
  lifecycleOf,
  nextStatuses,
  type OwnLifecycle,
} from './index.ts'
import { CallstateError, canReach, pathBetween } from './internal/index.ts'

const PAIRS = CALL_STATUSES.flatMap((from) => CALL_STATUSES.map((to) => [from, to] as const))
const ACME = 'https://docs.acme.example/statuses'

const acme: OwnLifecycle = {
  lacks: ['call-disconnected', 'prepared'],
  moves: [
    { from: 'in-progress', to: 'completed', mark: 'observed', source: ACME },
    { from: 'ringing', to: 'completed', mark: 'stated', source: ACME },
  ],
}

test('a legal move is reported with the mark and source that the provider gives it', () => {
  expect(checkTransition('in-progress', 'completed', { provider: acme })).toEqual({
    ok: true,
    from: 'in-progress',
    to: 'completed',
    mark: 'observed',
    source: ACME,
    message: 'in-progress to completed is legal (observed).',
  })
  expect(checkTransition('ringing', 'busy', { provider: acme })).toMatchObject({
    mark: 'inferred',
    source: null,
  })
})

test('a status that the provider has no word for is refused as such, on either side', () => {
  expect(checkTransition('in-progress', 'call-disconnected', { provider: acme })).toEqual({
    ok: false,
    from: 'in-progress',
    to: 'call-disconnected',
    reason: 'provider-lacks',
    allowed: ['completed', 'failed', 'stopped', 'error'],
    path: null,
    message:
      'This provider never says call-disconnected. Legal next: completed, failed, stopped, error.',
  })
  expect(checkTransition('prepared', 'queued', { provider: acme })).toMatchObject({
    reason: 'provider-lacks',
    allowed: [],
    message: 'This provider never says prepared. Legal next: none.',
  })
  expect(checkTransition('prepared', 'prepared', { provider: acme })).toMatchObject({
    reason: 'provider-lacks',
  })
})

test('text outside the table is unrecognized before anything else', () => {
  for (const text of ['missed', '', '__proto__', 'constructor', 'toString', 'cancelled']) {
    for (const [from, to] of [
      [text, 'call-disconnected'],
      ['prepared', text],
    ] as const) {
      expect(checkTransition(from, to, { provider: acme })).toMatchObject({
        reason: 'unrecognized-status',
      })
      expect(canTransition(from, to, { provider: acme })).toBe(false)
    }
    expect(nextStatuses(text, { provider: acme })).toEqual([])
    expect(pathBetween('queued', text, { provider: acme })).toBeNull()
    expect(pathBetween(text, 'queued', { provider: acme })).toBeNull()
  }
})

test('a refusal names the way by the words of the provider', () => {
  expect(checkTransition('queued', 'completed', { provider: acme })).toMatchObject({
    reason: 'skips-ahead',
    path: ['queued', 'initiated', 'ringing', 'completed'],
  })
  expect(checkTransition('completed', 'ringing', { provider: acme })).toMatchObject({
    reason: 'already-ended',
  })
  expect(checkTransition('in-progress', 'ringing', { provider: acme })).toMatchObject({
    reason: 'goes-back',
  })
  expect(checkTransition('in-progress', 'busy', { provider: acme })).toMatchObject({
    reason: 'no-path',
  })
})

test('assertTransition throws what checkTransition refuses, and nothing else', () => {
  assertTransition('in-progress', 'completed', { provider: acme })
  expect(() => assertTransition('in-progress', 'call-disconnected', { provider: acme })).toThrow(
    expect.objectContaining({
      code: 'illegal-transition',
      details: expect.objectContaining({ reason: 'provider-lacks' }),
    }),
  )
  expect(() => assertTransition('queued', 'missed', { provider: acme })).toThrow(
    expect.objectContaining({ code: 'unrecognized-status' }),
  )
  expect(() => assertTransition('in-progress', 'completed' as string)).toThrow(CallstateError)
})

test('an alias is refused with the status that is meant, in the error too', () => {
  expect(checkTransition('ringing', 'cancelled').message).toBe(
    '"cancelled" is not a call status; canceled is meant. Legal next: ' +
      'in-progress, busy, no-answer, canceled, failed, stopped, error.',
  )
  expect(checkTransition('in_progress', 'completed').message).toBe(
    '"in_progress" is not a call status; in-progress is meant. Legal next: none.',
  )
  expect(() => assertTransition('ringing', 'cancelled' as string)).toThrow('canceled is meant')
})

test('no provider, or none that is known, asks the table', () => {
  for (const [from, to] of PAIRS) {
    const inTable = Object.hasOwn(LIFECYCLE[from].next, to)
    for (const options of [undefined, {}, { provider: undefined }]) {
      expect(canTransition(from, to, options)).toBe(inTable)
      expect(checkTransition(from, to, options)).toEqual(checkTransition(from, to))
    }
  }
})

test('of any provider: the four questions are answered from its own lifecycle, for every pair', () => {
  fc.assert(
    fc.property(providers, (provider) => {
      const own = lifecycleOf(provider)
      for (const [from, to] of PAIRS) {
        const moves = Object.keys(own[from]?.next ?? {})
        const check = checkTransition(from, to, { provider })
        expect(check.ok).toBe(moves.includes(to))
        expect(canTransition(from, to, { provider })).toBe(check.ok)
        expect(nextStatuses(from, { provider })).toEqual(moves)
        if (check.ok) expect(check).toMatchObject(own[from]?.next[to] ?? {})
        else expect(check.allowed).toEqual(moves)
      }
    }),
    { numRuns: 20 },
  )
})

test('of any provider: a refusal has the reason that a plain walk finds', () => {
  fc.assert(
    fc.property(providers, (provider) => {
      const own = lifecycleOf(provider)
      const reached = new Map(CALL_STATUSES.map((status) => [status, walkFrom(own, status)]))
      for (const [from, to] of PAIRS) {
        const check = checkTransition(from, to, { provider })
        const forth = reached.get(from)?.has(to) ?? false
        expect(canReach(from, to, { provider })).toBe(forth && own[from] !== undefined)
        if (check.ok) continue
        expect(check.path !== null).toBe(forth)
        const lacked = own[from] === undefined || own[to] === undefined
        const back = reached.get(to)?.has(from) ?? false
        expect(check.reason).toBe(
          lacked
            ? 'provider-lacks'
            : from === to
              ? 'same-status'
              : isTerminal(from)
                ? 'already-ended'
                : forth
                  ? 'skips-ahead'
                  : back
                    ? 'goes-back'
                    : 'no-path',
        )
      }
    }),
    { numRuns: 20 },
  )
})

function walkFrom(own: ReturnType<typeof lifecycleOf>, start: CallStatus): Set<CallStatus> {
  const reached = new Set<CallStatus>()
  const walk = (status: CallStatus) => {
    if (reached.has(status) || own[status] === undefined) return
    reached.add(status)
    for (const next of Object.keys(own[status].next)) walk(next as CallStatus)
  }
  walk(start)
  return reached
}
