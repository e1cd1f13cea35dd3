import { createHash } from 'node:crypto'
import { RULES_VERSION } from 'callstate/internal'
import { bolna } from 'callstate/providers/bolna'
import { dialgen } from 'callstate/providers/dialgen'
import { expect, test } from 'vitest'
import { type FoldedRow, type FoldRules, foldEntry, type ToldEntry } from './fold-entry.ts'
import type { StoredEvent } from './tracked-call.ts'

/** The digest of what is decided over the messages below, by version of the rules. */
const DIGESTS: Readonly<Record<number, string>> = {
  2: 'ef4758ae8a83385e0fd648927d8ed338a67a18049511e028ac77c5bd0ff92d9d',
}

const policy = {
  maxAttempts: 3,
  retryOn: ['no-answer', 'busy'],
  retryOnVoicemail: false,
  delaysMs: [60_000],
} as const

const RULES: readonly FoldRules[] = [
  { provider: bolna, policy: undefined, budgets: {} },
  { provider: bolna, policy, budgets: {}, expects: ['extraction'], dataBudgetMs: 1000 },
  { provider: dialgen, policy: undefined, budgets: {} },
  { provider: dialgen, policy, budgets: {}, expects: ['hangupBy'] },
]

const cents = (amount: number) => ({ amount, currency: null, unit: 'cent' })

/** What is kept of every message: the references below lead into it. */
const KEPT = { transcript: 'user: yes', extracted_data: { a: 1 } }

/** Messages that tell an end, more or less of it, with and without attempt and time, and others beside. */
const EVENTS: readonly StoredEvent[] = [
  ended('completed', 1, 3, { cost: cents(7), durationMs: 5000, transcript: '/transcript' }),
  ended('completed', 1, 3, { cost: cents(8), hangupBy: 'callee' }),
  ended('completed', null, 10, { cost: cents(10), extraction: '/extracted_data' }),
  ended('completed', null, null, {}),
  ended('busy', 2, 6, { cost: cents(0), voicemail: false }),
  ended('no-answer', null, 4, { cost: cents(1) }),
  ended('failed', 1, null, { reason: 'line down', cost: cents(2) }),
  ended('stopped', null, 12, { extraction: '/gone' }),
  { ...ended('completed', 1, 9, { cost: cents(99) }), kind: 'list-item' },
  heard('in-progress', 1, 2),
  heard('call-disconnected', null, 3),
  heard('ringing', 2, 5),
  { ...heard('queued', 3, 7), earlier: [{ attempt: 2, status: 'failed', occurredAt: 6 }] },
  { ...heard(null, null, 8), final: { extraction: '/extracted_data' } },
  { ...heard(null, 1, 1), final: { cost: cents(9) } },
]

function heard(
  status: StoredEvent['status'],
  attempt: number | null,
  occurredAt: number | null,
): StoredEvent {
  return { kind: 'webhook', status, word: status ?? 'note', attempt, occurredAt }
}

function ended(
  status: StoredEvent['status'],
  attempt: number | null,
  occurredAt: number | null,
  final: NonNullable<StoredEvent['final']>,
): StoredEvent {
  return { ...heard(status, attempt, occurredAt), final }
}

/** Every three of them in every order, also one that comes again. */
function* ofThree(): Generator<readonly StoredEvent[]> {
  for (const first of EVENTS) {
    for (const second of EVENTS) {
      for (const third of EVENTS) yield [first, second, third]
    }
  }
}

test('what is decided, and the ledgers, over the enumerated messages are those of this version', () => {
  const hash = createHash('sha256')
  const told = { ready: 0, corrected: 0, missing: 0, none: 0 }
  for (const rules of RULES) {
    for (const events of ofThree()) {
      let row: FoldedRow | undefined
      for (const [place, event] of events.entries()) {
        const folded = foldEntry(row, entryOf(event, place), rules)
        row = folded.row
        hash.update(`${inFixedOrder(folded.decided)}\n`)
        for (const { ready, corrected } of folded.decided.facts) {
          if (ready.length > 0) told.ready++
          if (corrected.length > 0) told.corrected++
          if (corrected.some(({ now }) => now === null)) told.none++
        }
        if (folded.decided.dataDueAt !== null) told.missing++
      }
      hash.update(`${inFixedOrder(row?.attempts)}\n`)
    }
  }
  // A digest of nothing would stay the same for ever.
  for (const times of Object.values(told)) expect(times).toBeGreaterThan(100)
  expect(
    hash.digest('hex'),
    'What is decided with a message, or a ledger, is another than it was. If that is meant, raise RULES_VERSION in rules-version.ts of callstate and pin the new digest here under its number: what is stored says by which rules it was decided.',
  ).toBe(DIGESTS[RULES_VERSION])
})

function entryOf(event: StoredEvent, place: number): ToldEntry {
  return {
    type: event.status === null ? 'data' : 'event',
    event,
    sequence: place + 1,
    // The same message has another key when it comes again, so that a tie is one of the cases.
    key: `m${EVENTS.indexOf(event)}.${place}`,
    receivedAt: 1_769_421_600_000 + place * 1000,
    kept: () => KEPT,
  }
}

/** As text, by name: the order in which fields are written is no rule. */
function inFixedOrder(data: unknown): string {
  return JSON.stringify(data, (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  )
}
