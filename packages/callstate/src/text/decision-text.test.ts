import fc from 'fast-check'
import { expect, test } from 'vitest'
import { events } from '../../test/events.ts'
import { type CallEvent, type Decision, replay } from '../index.ts'
import {
  decisionText,
  earlierWordText,
  looksLikeStatus,
  MAX_SHOWN_STATUS_LENGTH,
  skippedText,
} from './index.ts'

const lastText = (...list: readonly CallEvent[]) => {
  const decision = replay(list).history.at(-1)?.decision
  return decision === undefined ? undefined : decisionText(decision)
}

test('every kind of decision is told in a sentence with its reason', () => {
  const [queued, ringing, busy] = [
    { status: 'queued' },
    { status: 'ringing' },
    { status: 'busy' },
  ] as const
  expect(lastText(queued)).toBe('the call began with queued')
  expect(lastText(queued, ringing)).toBe(
    'moved from queued to ringing; initiated had not been heard',
  )
  expect(lastText({ ...busy, attempt: 1 }, { status: 'ringing', attempt: 2 })).toBe(
    'attempt 2 began with ringing; queued, initiated had not been heard',
  )
  expect(lastText(queued, queued)).toBe('queued was known')
  expect(lastText(queued, { ...queued, occurredAt: 5 })).toBe(
    'queued was known; it brought another time or newer details',
  )
  expect(lastText(ringing, queued)).toBe('queued came after attempt 1 had passed it')
  expect(lastText(busy, { status: 'completed' })).toBe(
    'attempt 1 has two ends: busy was known, completed came; the call is busy',
  )
  expect(lastText(busy, { status: 'in-progress' })).toBe(
    'attempt 1 cannot be in-progress and busy: no legal path holds both; the call is busy',
  )
  expect(lastText({ status: null, word: 'on_hold' })).toBe(
    'the status "on_hold" is not one of the 16 statuses',
  )
  expect(lastText({ status: null, word: 'busy' })).toBe(
    'the status "busy" is not a word of this provider',
  )
  expect(earlierWordText('paused')).toBe(
    'the status "paused" of an earlier attempt is not one of the 16 statuses',
  )
})

test('a conflict says what the call is after it, and how it came to that', () => {
  const ends = [{ status: 'failed' }, { status: 'stopped' }] as const
  expect(lastText(...ends, { status: 'in-progress' })).toBe(
    'attempt 1 has two ends, and in-progress decides between them: stopped counted before; the call is failed',
  )
  expect(
    lastText(
      { status: 'canceled', attempt: 1 },
      { status: 'prepared', attempt: 3 },
      { status: 'stopped', occurredAt: 1 },
      { status: 'failed', attempt: 2, occurredAt: 4 },
    ),
  ).toBe(
    'failed of attempt 2 shows that what did not say its attempt belongs to another one: the call was stopped and is prepared',
  )
})

test('a word that is no status is told beside what moved the call', () => {
  const earlier = [{ attempt: 1, status: 'busy' }] as const
  expect(lastText({ status: 'ringing' }, { status: null, word: 'warp', earlier })).toBe(
    'moved from ringing to busy; the status "warp" beside it is not one of the 16 statuses',
  )
})

test('what was skipped is told by itself', () => {
  const decision = replay([{ status: 'in-progress' }, { status: 'completed' }]).history[1]?.decision
  expect(decision?.kind === 'advanced' && skippedText(decision)).toBe(
    'attempt 1 came to completed, and call-disconnected had not been heard',
  )
})

test('text that does not look like a status is never repeated', () => {
  expect(lastText({ status: null, word: '+1 202 555 0123' })).toBe(
    'a status (not shown) is not one of the 16 statuses',
  )
  const letters = (length: number) => 'a'.repeat(length)
  expect(looksLikeStatus(letters(MAX_SHOWN_STATUS_LENGTH - 1))).toBe(true)
  expect(looksLikeStatus(letters(MAX_SHOWN_STATUS_LENGTH))).toBe(true)
  expect(looksLikeStatus(letters(MAX_SHOWN_STATUS_LENGTH + 1))).toBe(false)
  for (const other of ['', '7', 'a7', ' a', 'a b', '_a', 'a\n']) {
    expect(looksLikeStatus(other), JSON.stringify(other)).toBe(false)
  }
})

test('there is a sentence for every decision that events can lead to', () => {
  const kinds = new Set<Decision['kind']>()
  fc.assert(
    fc.property(events, (list) => {
      for (const { decision } of replay(list).history) {
        kinds.add(decision.kind)
        expect(decisionText(decision)).toMatch(/^\S.*\S$/)
      }
    }),
  )
  expect(kinds.size).toBe(6)
})
