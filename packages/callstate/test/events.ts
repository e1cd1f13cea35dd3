import fc from 'fast-check'
import { CALL_STATUSES, type CallEvent, type CallStatus, type EventDetails } from '../src/index.ts'

const DETAILS: readonly EventDetails[] = [
  { reason: 'a' },
  { reason: 'b' },
  { reason: 'b', voicemail: true },
  { talkMs: 0 },
]

/** An event as code without types may hand it in: its status is any text, or no text at all. */
export function untyped(
  event: { readonly status: unknown } & Omit<CallEvent, 'status'>,
): CallEvent {
  return event as CallEvent
}

const WORDS = ['warp', 'constructor', '__proto__', '', 'completed']

/** A status as events tell it: of the table, another spelling, or null beside a foreign word. */
const said = fc.oneof(
  { weight: 20, arbitrary: fc.record({ status: fc.constantFrom(...CALL_STATUSES) }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('cancelled', 'in_progress', 'no_answer').map(textAsStatus),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('warp', 'constructor', '__proto__', '').map(textAsStatus),
  },
  {
    weight: 1,
    arbitrary: fc.record({ status: fc.constant(null), word: fc.constantFrom(...WORDS) }),
  },
)
// Few values, so that equal times and equal attempts are common.
const time = fc.option(fc.integer({ min: 0, max: 6 }), { nil: null })
const attempt = fc.option(fc.integer({ min: 1, max: 3 }), { nil: null })
const mentioned = fc
  .tuple(said, fc.record({ attempt: fc.integer({ min: 1, max: 2 }), occurredAt: time }))
  .map(([status, rest]) => ({ ...status, ...rest }))

/** Events of one call as a careless network and a careless provider could send them. */
export const events: fc.Arbitrary<readonly CallEvent[]> = fc.array(
  fc
    .tuple(
      said,
      fc.record(
        {
          attempt,
          occurredAt: time,
          details: fc.constantFrom(...DETAILS),
          earlier: fc.array(mentioned, { maxLength: 2 }),
        },
        { requiredKeys: [] },
      ),
    )
    .map(([status, rest]) => ({ ...status, ...rest })),
  { maxLength: 9 },
)

function textAsStatus(status: string): { readonly status: CallStatus } {
  return untyped({ status }) as { readonly status: CallStatus }
}
