import fc from 'fast-check'
import { CALL_STATUSES, type CallEvent, type EventDetails } from '../src/index.ts'

const DETAILS: readonly EventDetails[] = [
  { reason: 'a' },
  { reason: 'b' },
  { reason: 'b', voicemail: true },
  { talkMs: 0 },
]

const status = fc.oneof(
  { weight: 20, arbitrary: fc.constantFrom(...CALL_STATUSES) },
  { weight: 1, arbitrary: fc.constantFrom('cancelled', 'in_progress', 'no_answer') },
  { weight: 1, arbitrary: fc.constantFrom('warp', 'constructor', '__proto__', '') },
)
// Few values, so that equal times and equal attempts are common.
const time = fc.option(fc.integer({ min: 0, max: 6 }), { nil: null })
const attempt = fc.option(fc.integer({ min: 1, max: 3 }), { nil: null })

/** Events of one call as a careless network and a careless provider could send them. */
export const events: fc.Arbitrary<readonly CallEvent[]> = fc.array(
  fc.record(
    {
      status,
      attempt,
      occurredAt: time,
      details: fc.constantFrom(...DETAILS),
      earlier: fc.array(
        fc.record({ attempt: fc.integer({ min: 1, max: 2 }), status, occurredAt: time }),
        { maxLength: 2 },
      ),
    },
    { requiredKeys: ['status'] },
  ),
  { maxLength: 9 },
)
