import { CALL_STATUSES } from 'callstate'
import fc from 'fast-check'
import { createColors } from 'picocolors'
import { expect, test } from 'vitest'
import { timelineText } from './timeline-text.ts'

const plain = createColors(false)

test('each attempt has its own scale, and a status without a time has no bar', () => {
  const start = Date.parse('2026-01-01T00:00:00Z')
  const entry = (
    attempt: number,
    status: 'queued' | 'ringing' | 'busy',
    second: number | null,
  ) => ({
    attempt,
    status,
    occurredAt: second === null ? null : start + second * 1000,
  })
  const entries = [
    entry(1, 'queued', 0),
    entry(1, 'ringing', 10),
    entry(1, 'busy', 20),
    entry(2, 'queued', 3600),
    entry(2, 'ringing', null),
    entry(2, 'busy', 3602),
  ]
  expect(timelineText(entries, plain)).toMatchInlineSnapshot(`
    "  attempt 1  2026-01-01 00:00:00Z
        queued                 +0 s  ████████████████████ 10 s
        ringing               +10 s                      ████████████████████ 10 s
        busy                  +20 s                                          ■
      attempt 2  2026-01-01 01:00:00Z
        queued                 +0 s  ████████████████████████████████████████ 2 s
        ringing                   ?
        busy                   +2 s                                          ■
    "
  `)
})

test('any times give one line a status, and its bar stays within the chart', () => {
  const entries = fc.array(
    fc.record({
      attempt: fc.integer({ min: 1, max: 3 }),
      status: fc.constantFrom(...CALL_STATUSES),
      occurredAt: fc.option(fc.maxSafeInteger()),
    }),
  )
  fc.assert(
    fc.property(entries, (known) => {
      const lines = timelineText(known, plain).split('\n').slice(0, -1)
      const attempts = new Set(known.map(({ attempt }) => attempt)).size
      expect(lines).toHaveLength(known.length + attempts)
      for (const line of lines) {
        expect(line).not.toMatch(/NaN|undefined|Infinity/)
        const chart = / {2}( *(?:█+|▏|■))/.exec(line.slice(31))?.[1] ?? ''
        expect(chart.length).toBeLessThanOrEqual(41)
      }
    }),
  )
})
