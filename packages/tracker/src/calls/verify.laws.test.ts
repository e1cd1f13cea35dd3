import { bolna } from 'callstate/providers/bolna'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createTracker } from '../create-tracker.ts'
import { openTracker, REF } from './stored-call.fixture.ts'

const STATUSES = ['ringing', 'in-progress', 'busy', 'call-disconnected', 'completed', 'canceled']

test('verify finds no difference where nobody wrote, whatever came, was redacted, forgotten or rebuilt', async () => {
  const message = fc.record(
    {
      status: fc.constantFrom(...STATUSES),
      retry_count: fc.integer({ min: 0, max: 2 }),
      updated_at: fc.integer({ min: 0, max: 4 }).map((s) => `2026-01-26T10:00:0${s}Z`),
      total_cost: fc.constantFrom(null, 1, 2.5, '3'),
      conversation_duration: fc.constantFrom(0, 30),
      hangup_reason: fc.constantFrom('x', 'y'),
      extracted_data: fc.constantFrom(null, { a: 1 }, { a: 2 }),
      transcript: fc.constantFrom('user: a', 'user: b'),
      telephony_data: fc.constantFrom({ recording_url: 'https://x.test/1' }, {}),
    },
    { requiredKeys: ['status'] },
  )
  const step = fc.oneof(
    { weight: 8, arbitrary: message },
    { weight: 1, arbitrary: fc.constantFrom('forget' as const, 'rebuild' as const) },
  )
  const seen = { forget: 0, rebuild: 0, redacted: 0 }
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 3, maxLength: 14 }),
      fc.boolean(),
      async (steps, isRedacted) => {
        const redact = () => ({ transcript: null })
        const { store, tracker, send } = openTracker(isRedacted ? { redact } : {})
        const policy = { maxAttempts: 3, retryOn: ['busy' as const], retryOnVoicemail: false }
        const other = createTracker({
          ...{ store, providers: [bolna], expects: { bolna: ['extraction'] } },
          retryPolicies: { bolna: { ...policy, delaysMs: [1000] } },
        })
        if (isRedacted) seen.redacted++
        for (const one of steps) {
          if (one === 'forget') seen.forget += Number(await tracker.forget(REF))
          else if (one === 'rebuild') seen.rebuild += (await other.rebuild({ write: true })).rebuilt
          else await send(JSON.stringify({ id: 'c-1', ...one }))
          expect((await tracker.verify()).differences).toEqual([])
          expect((await other.verify()).differences).toEqual([])
        }
      },
    ),
    { numRuns: 150 },
  )
  expect(Object.values(seen).every((times) => times > 10)).toBe(true)
})
