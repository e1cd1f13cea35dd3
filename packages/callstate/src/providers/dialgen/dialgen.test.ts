import { describe, expect, test } from 'vitest'
import {
  CALL_STATUSES,
  checkTransition,
  isSettled,
  outcome,
  replay,
  timeline,
} from '../../index.ts'
import { eventIn } from '../one-event.fixture.ts'
import { dialgen, dialgenRetryPolicy } from './index.ts'
import { CALL_REPLY, LIVE_STATUS } from './messages.fixture.ts'
import { DIALGEN_ERRORS, statusOfDialgen } from './reference.ts'

type Said = readonly [status: string, fields?: Record<string, unknown>]

const START = '2025-11-15T14:30:00.000Z'
const END = '2025-11-15T14:33:00.000Z'

const hear = (...said: readonly Said[]) => {
  const events = said.map(([status, fields]) => {
    const result = eventIn(dialgen, { ...LIVE_STATUS, startTime: START, status, ...fields })
    if (!result.ok) throw new Error('the message is well formed')
    return result.value
  })
  const { call, history } = replay(events, { provider: dialgen })
  return { call, kinds: history.map(({ decision }) => decision.kind) }
}

describe('a call of Dialgen', () => {
  test.each<[string, Said, string, string]>([
    ['is completed', ['COMPLETED', { duration: 180 }], 'completed', 'reached'],
    ['is completed and nobody spoke', ['COMPLETED', { duration: 0 }], 'completed', 'not-reached'],
    ['is missed', ['MISSED'], 'no-answer', 'not-reached'],
    ['is missed: no answer', ['MISSED', { error: 'NO_ANSWER' }], 'no-answer', 'not-reached'],
    ['is missed: busy', ['MISSED', { error: 'BUSY' }], 'busy', 'not-reached'],
    ['fails: busy', ['FAILED', { error: 'BUSY' }], 'busy', 'not-reached'],
    ['fails', ['FAILED'], 'failed', 'not-reached'],
    ['fails while they talk', ['FAILED', { duration: 30 }], 'failed', 'reached'],
    ['fails: number', ['FAILED', { error: 'INVALID_NUMBER' }], 'failed', 'not-reached'],
    ['fails: network', ['FAILED', { error: 'NETWORK_ERROR' }], 'failed', 'not-reached'],
    ['fails: credits', ['FAILED', { error: 'INSUFFICIENT_CREDITS' }], 'balance-low', 'not-reached'],
    ['fails: a new code', ['FAILED', { error: 'NEW_CODE' }], 'failed', 'not-reached'],
  ])('%s, in every order and with repeats, without a conflict', (_, end, status, result) => {
    const said: readonly Said[] = [['SCHEDULED'], ['ONGOING'], end]
    expect(hear(...said).kinds).toEqual(['advanced', 'advanced', 'advanced'])
    for (const [a, b, c] of [
      [0, 1, 2],
      [0, 2, 1],
      [1, 0, 2],
      [1, 2, 0],
      [2, 0, 1],
      [2, 1, 0],
    ] as const) {
      const order = [said[a], said[b], said[c], said[a], said[c]].filter((one) => one !== undefined)
      const { call, kinds } = hear(...order)
      expect([call.status, outcome(call), isSettled(call)]).toEqual([status, result, true])
      expect(kinds).not.toContain('conflicting')
      expect(kinds.slice(3)).toEqual(['duplicate', 'duplicate'])
    }
  })

  test('has a timeline that says no more than Dialgen did', () => {
    const { call } = hear(['SCHEDULED'], ['ONGOING'], ['MISSED', { endTime: END }])
    expect(timeline(call)).toEqual([
      { attempt: 1, status: 'queued', occurredAt: null },
      { attempt: 1, status: 'initiated', occurredAt: Date.parse(START) },
      { attempt: 1, status: 'no-answer', occurredAt: Date.parse(END) },
    ])
  })

  test('is placed by the reply to the dial request, and stays so while it is polled', () => {
    const { call, kinds } = hear(['ONGOING', CALL_REPLY], ['ONGOING'], ['ONGOING'])
    expect(call.status).toBe('initiated')
    expect(kinds).toEqual(['advanced', 'duplicate', 'duplicate'])
  })

  test('waits for a retry where the batch has a strategy', () => {
    const { call } = hear(['ONGOING'], ['MISSED'])
    expect(isSettled(call, dialgenRetryPolicy())).toBe(false)
    expect(isSettled(call, dialgenRetryPolicy({ maxAttempts: 1 }))).toBe(true)
  })

  test('keeps a word that is none of the five, and goes on', () => {
    const { call, kinds } = hear(['ONGOING'], ['ON_HOLD'], ['COMPLETED'])
    expect(kinds).toEqual(['advanced', 'unrecognized', 'advanced'])
    expect(call.unrecognized).toMatchObject([{ word: 'ON_HOLD' }])
    expect(call.status).toBe('completed')
  })

  test('that fails for want of credits was not placed, unless it was said to go on', () => {
    const { call, kinds } = hear(['SCHEDULED'], ['FAILED', { error: 'INSUFFICIENT_CREDITS' }])
    expect(kinds).toEqual(['advanced', 'advanced'])
    expect([call.status, outcome(call)]).toEqual(['balance-low', 'not-placed'])
  })

  test('that ends twice is a conflict', () => {
    expect(hear(['COMPLETED'], ['FAILED']).kinds).toEqual(['advanced', 'conflicting'])
  })
})

describe('the lifecycle of Dialgen', () => {
  const own = { provider: dialgen }

  test('goes from the queue over one word for all of dialing and talking to an end', () => {
    expect(checkTransition('queued', 'initiated', own)).toMatchObject({ ok: true })
    for (const end of ['completed', 'no-answer', 'busy', 'failed', 'balance-low']) {
      expect(checkTransition('initiated', end, own)).toMatchObject({ ok: true })
    }
    for (const [from, to] of [
      ['initiated', 'queued'],
      ['completed', 'failed'],
      ['no-answer', 'completed'],
      ['initiated', 'ringing'],
    ] as const) {
      expect(checkTransition(from, to, own)).toMatchObject({ ok: false })
    }
  })

  test('lacks what no word of its means, with or without a code', () => {
    const said = new Set(
      ['SCHEDULED', 'ONGOING', 'COMPLETED', 'MISSED', 'FAILED'].flatMap((word) =>
        [undefined, ...Object.keys(DIALGEN_ERRORS)].map((code) => statusOfDialgen(word, code)),
      ),
    )
    expect(dialgen.lacks.toSorted()).toEqual(
      CALL_STATUSES.filter((status) => !said.has(status)).toSorted(),
    )
  })
})

test('what the provider says of its deliveries comes from its documents', () => {
  const { sources, retryDelaysMs } = dialgen.delivery
  expect(retryDelaysMs).toHaveLength(3)
  for (const source of sources) expect(new URL(source).hostname).toBe('docs.dialgen.ai')
  expect(dialgen.origin.map(({ name, header }) => [name, header])).toEqual([
    ['signature', 'x-dialgen-signature'],
  ])
})
