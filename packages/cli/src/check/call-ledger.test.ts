import { CALL_STATUSES, type RetryPolicy } from 'callstate'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CallLedger } from './call-ledger.ts'
import { reportCall } from './call-report.ts'
import type { EventRow } from './line.ts'

const row = fc.tuple(
  fc.nat(1000),
  fc.constantFrom(0, 1),
  fc.constant(0),
  fc.constantFrom('a', 'b', 'c', 'd', '__proto__'),
  fc.oneof(fc.nat(CALL_STATUSES.length - 1), fc.constantFrom('warp-drive', '')),
  fc.option(fc.integer({ min: 1, max: 3 })),
  fc.option(fc.integer({ min: 1_767_225_600_000, max: 1_767_225_700_000 })),
  fc.constantFrom(null, -1, 0, 1),
  fc.option(fc.nat()),
  fc.option(fc.boolean()),
  fc.option(
    fc.array(
      fc.record({
        attempt: fc.integer({ min: 1, max: 3 }),
        status: fc.constantFrom('busy', 'warp-drive', 'hyper-space'),
        occurredAt: fc.option(fc.integer({ min: 1_767_225_600_000, max: 1_767_225_700_000 })),
      }),
      { maxLength: 3 },
    ),
  ),
)

const policies: readonly RetryPolicy[] = [
  { maxAttempts: 3, retryOn: ['busy'], retryOnVoicemail: false, delaysMs: [60_000] },
  { maxAttempts: 1, retryOn: [], retryOnVoicemail: false, delaysMs: [] },
]

function report(rows: readonly EventRow[], settings: { strict: boolean; hotCalls?: number }) {
  const ledger = new CallLedger(settings)
  for (const one of rows) ledger.take('log', one[0], one, ledger.share(policies))
  const { decisions, events, findings, told } = ledger
  return { calls: [...ledger.entries()].map(reportCall), decisions, events, findings, told }
}

const unrecognized = (line: number, word: string, attempt: number | null = null): EventRow => [
  line,
  0,
  0,
  'a',
  word,
  attempt,
  null,
  null,
  null,
  null,
  null,
]

describe('CallLedger', () => {
  test('says the same however few calls it keeps unpacked', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 80 }), fc.boolean(), (rows, strict) => {
        const expected = report(rows, { strict })
        for (const hotCalls of [1, 2, 3])
          expect(report(rows, { strict, hotCalls })).toEqual(expected)
      }),
      { numRuns: 300 },
    )
  })

  test('gives every event one decision', () => {
    fc.assert(
      fc.property(fc.array(row), (rows) => {
        const { calls, decisions, events } = report(rows, { strict: true })
        const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0)
        expect(events).toBe(rows.length)
        expect(sum(decisions)).toBe(rows.length)
        expect(sum(calls.flatMap((call) => Object.values(call.decisions)))).toBe(rows.length)
      }),
    )
  })

  test('tells calls of different providers apart that have the same identifier', () => {
    const { calls } = report(
      [
        [1, 0, 0, 'a', 8, null, null, null, null, null, null],
        [2, 1, 0, 'a', 2, null, null, null, null, null, null],
      ],
      { strict: false },
    )
    expect(calls.map(({ provider, status }) => [provider, status])).toEqual([
      ['bolna', 'completed'],
      ['dialgen', 'queued'],
    ])
  })

  test('lists every finding of a call', () => {
    const rows = Array.from({ length: 1500 }, (_, index) => unrecognized(index + 1, 'warp-drive'))
    const { calls, findings } = report([...rows, ...rows], { strict: false, hotCalls: 1 })
    expect(findings).toBe(3000)
    expect(calls[0]?.findings.map(({ line }) => line)).toEqual(
      [...rows, ...rows].map(([line]) => line),
    )
  })

  test.each([
    ['warp-drive', 'the status "warp-drive" is not one of the 16 statuses'],
    ['on_hold', 'the status "on_hold" is not one of the 16 statuses'],
    ['completed', 'the status "completed" is not a word of this provider'],
    ['Anita Rao', 'a status (not shown) is not one of the 16 statuses'],
    ['anita.rao', 'a status (not shown) is not one of the 16 statuses'],
    ['call 9876-543-210', 'a status (not shown) is not one of the 16 statuses'],
    ['+12025550123', 'a status (not shown) is not one of the 16 statuses'],
    ['phase2', 'a status (not shown) is not one of the 16 statuses'],
    ['a'.repeat(40), `the status "${'a'.repeat(40)}" is not one of the 16 statuses`],
    ['a'.repeat(41), 'a status (not shown) is not one of the 16 statuses'],
  ])(
    'takes the word %j for unrecognized and repeats it only where it looks like a status',
    (word, message) => {
      const { calls } = report([unrecognized(1, word)], { strict: false })
      expect(calls).toMatchObject([
        { status: null, decisions: { unrecognized: 1 }, findings: [{ message }] },
      ])
    },
  )

  test('finds an unrecognized word of an earlier attempt once in a call', () => {
    const history = (line: number, callId: string, ...words: string[]): EventRow => {
      const earlier = words.map((status) => ({ attempt: 1, status, occurredAt: line }))
      return [
        line,
        0,
        0,
        callId,
        CALL_STATUSES.indexOf('queued'),
        2,
        line,
        null,
        null,
        null,
        earlier,
      ]
    }
    const rows = [
      history(1, 'a', 'busy', 'warp-drive'),
      history(2, 'b', 'warp-drive'),
      history(3, 'a', 'warp-drive', '+12025550123'),
      unrecognized(4, 'on-hold'),
      history(5, 'a', 'on-hold', 'warp-drive', '+12025550123', 'hyper-space'),
    ]
    for (const hotCalls of [1, 100]) {
      const { calls, findings } = report(rows, { strict: false, hotCalls })
      expect(findings).toBe(5)
      expect(
        calls.map((call) => call.findings.map(({ line, message }) => [line, message])),
      ).toEqual([
        [
          [1, 'the status "warp-drive" of an earlier attempt is not one of the 16 statuses'],
          [3, 'a status (not shown) of an earlier attempt is not one of the 16 statuses'],
          [4, 'the status "on-hold" is not one of the 16 statuses'],
          [5, 'the status "hyper-space" of an earlier attempt is not one of the 16 statuses'],
        ],
        [[2, 'the status "warp-drive" of an earlier attempt is not one of the 16 statuses']],
      ])
    }
  })

  test('keeps no unrecognized word in the call itself, where its times could grow with the lines', () => {
    const ledger = new CallLedger({ strict: false })
    for (let line = 1; line <= 1000; line++) {
      ledger.take('log', line, unrecognized(line, 'warp-drive', line), [])
    }
    const [entry] = ledger.entries()
    expect(entry?.call.unrecognized).toEqual([])
    expect(entry?.words?.size).toBe(1)
  })
})
