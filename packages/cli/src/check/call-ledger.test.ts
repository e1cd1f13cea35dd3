import { CALL_STATUSES } from 'callstate'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CallLedger, MAX_FINDINGS_PER_CALL } from './call-ledger.ts'
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
  fc.option(fc.record({ talkMs: fc.nat(), voicemail: fc.boolean() }, { requiredKeys: [] })),
  fc.constant(null),
)

function report(rows: readonly EventRow[], settings: { strict: boolean; hotCalls?: number }) {
  const ledger = new CallLedger(settings)
  for (const one of rows) ledger.take('log', one[0], one)
  const { decisions, events, findings, told } = ledger
  return { calls: [...ledger.entries()].map(reportCall), decisions, events, findings, told }
}

const unrecognized = (line: number): EventRow => [
  line,
  0,
  0,
  'a',
  'warp-drive',
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
        [1, 0, 0, 'a', 8, null, null, null, null],
        [2, 1, 0, 'a', 2, null, null, null, null],
      ],
      { strict: false },
    )
    expect(calls.map(({ provider, status }) => [provider, status])).toEqual([
      ['bolna', 'completed'],
      ['dialgen', 'queued'],
    ])
  })

  test.each([-1, 0, 1])(
    'lists as many findings of a call as the limit allows (%i more)',
    (extra) => {
      const count = MAX_FINDINGS_PER_CALL + extra
      const rows = Array.from({ length: count }, (_, index) => unrecognized(index + 1))
      const { calls, findings } = report(rows, { strict: false, hotCalls: 1 })
      const listed = calls[0]?.findings ?? []
      expect(findings).toBe(count)
      expect(listed).toHaveLength(count)
      expect(listed.at(-1)?.message).toBe(
        extra > 0
          ? 'and 1 more findings of this call, not listed'
          : 'the status "warp-drive" is not one of the 16 statuses',
      )
    },
  )

  test('keeps no more of a call for many words outside the table', () => {
    const ledger = new CallLedger({ strict: false })
    for (let line = 1; line <= 20_000; line++) {
      ledger.take('log', line, [line, 0, 0, 'a', `w${line}`, null, null, null, null])
    }
    const [entry] = ledger.entries()
    expect(entry?.call.unrecognized).toEqual([])
    expect(entry?.moreFindings).toBe(20_000 - MAX_FINDINGS_PER_CALL)
  })
})
