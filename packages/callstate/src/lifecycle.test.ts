import { expect, test } from 'vitest'
import { CALL_STATUSES, LIFECYCLE, START_STATUSES } from './index.ts'

// Written out once more, by hand, from the specification: the table must not change unnoticed.
// o: observed, s: stated, i: inferred.
const SPECIFIED = {
  scheduled:
    'intermediate waiting - | queued:s rescheduled:i initiated:i balance-low:i canceled:i failed:i stopped:s error:i',
  prepared: 'intermediate waiting - | queued:s balance-low:i canceled:i failed:i stopped:i error:i',
  queued:
    'intermediate waiting successful | rescheduled:s initiated:o balance-low:s canceled:i failed:i stopped:s error:i',
  rescheduled:
    'intermediate waiting successful | scheduled:i queued:s initiated:i balance-low:i canceled:i failed:i stopped:i error:i',
  initiated:
    'intermediate dialing successful | ringing:o in-progress:i busy:i no-answer:i canceled:i failed:i stopped:i error:i',
  ringing:
    'intermediate dialing successful | in-progress:o busy:o no-answer:o canceled:i failed:i stopped:i error:i',
  'in-progress':
    'intermediate connected successful | call-disconnected:o failed:i stopped:i error:i',
  'call-disconnected': 'intermediate wrapping-up successful | completed:o error:i',
  completed: 'terminal ended successful | ',
  'balance-low': 'terminal ended unanswered | ',
  busy: 'terminal ended unanswered | ',
  'no-answer': 'terminal ended unanswered | ',
  canceled: 'terminal ended unsuccessful | ',
  failed: 'terminal ended unsuccessful | ',
  stopped: 'terminal ended unsuccessful | ',
  error: 'terminal ended unsuccessful | ',
}

test('the table holds the 16 statuses with class, phase, group, legal moves and marks as specified', () => {
  const written = Object.entries(LIFECYCLE).map(([status, entry]) => {
    const moves = Object.entries(entry.next).map(([to, move]) => `${to}:${move.mark[0]}`)
    return [status, `${entry.class} ${entry.phase} ${entry.group ?? '-'} | ${moves.join(' ')}`]
  })
  expect(written).toEqual(Object.entries(SPECIFIED))
})

test('a move has the address of its document exactly if it is not inferred', () => {
  const moves = Object.values(LIFECYCLE).flatMap((entry) => Object.values(entry.next))
  for (const { mark, source } of moves) {
    if (mark === 'inferred') expect(source).toBeNull()
    else expect(source).toMatch(/^https:\/\/(www\.bolna\.ai\/docs|github\.com\/bolna-ai)\//)
  }
  expect(moves).toHaveLength(50)
})

test('the stated moves name the document that states them', () => {
  const source = (from: string, to: string) =>
    (LIFECYCLE as Record<string, { next: Record<string, { source: string | null }> }>)[from]?.next[
      to
    ]?.source
  expect(source('prepared', 'queued')).toContain('/api-reference/errors')
  expect(source('scheduled', 'queued')).toContain('call-statuses.md')
  expect(source('queued', 'rescheduled')).toContain('calling-guardrails')
  expect(source('rescheduled', 'queued')).toContain('calling-guardrails')
  expect(source('queued', 'stopped')).toContain('openapi.yml')
  expect(source('scheduled', 'stopped')).toContain('openapi.yml')
  expect(source('queued', 'balance-low')).toContain('list-phone-call-status')
  expect(source('ringing', 'busy')).toContain('list-phone-call-status')
})

test('every status is reached from a start', () => {
  const reached = new Set<string>(Object.values(START_STATUSES).flat())
  for (const status of reached) {
    for (const next of Object.keys(LIFECYCLE[status as keyof typeof LIFECYCLE].next)) {
      reached.add(next)
    }
  }
  expect([...reached].sort()).toEqual([...CALL_STATUSES].sort())
})

test('outbound calls start waiting, inbound calls start with a phone that rings or a line that is up', () => {
  expect(START_STATUSES).toEqual({
    outbound: ['queued', 'scheduled', 'prepared'],
    inbound: ['in-progress', 'ringing'],
  })
})
