import fc from 'fast-check'
import type { CallEvent } from '../call.ts'
import type { CallStatus } from '../lifecycle.ts'
import { parseStatus } from '../status.ts'
import { callStatus } from './moves.ts'

/** 1 January 2026, 00:00 UTC: when the events of this module begin unless told otherwise. */
export const START_AT = 1_767_225_600_000

/** An event that says its attempt and its time. */
export interface TimedEvent extends CallEvent {
  readonly status: CallStatus
  readonly attempt: number
  readonly occurredAt: number
}

/**
 * The events of one attempt that takes this path: evenly spaced provider times, no details. Pure.
 *
 * @example
 * eventsOf(['queued', 'busy'], { attempt: 2, startAt: 0, stepMs: 500 })
 * // [{ status: 'queued', attempt: 2, occurredAt: 0 }, { status: 'busy', attempt: 2, occurredAt: 500 }]
 */
export function eventsOf(
  path: readonly CallStatus[],
  options: {
    /** Number of the attempt; 1 when left out. */
    readonly attempt?: number
    /** Time of the first event, milliseconds since 1970; the beginning of 2026 when left out. */
    readonly startAt?: number
    /** From one event to the next, in milliseconds; 1000 when left out. */
    readonly stepMs?: number
  } = {},
): readonly TimedEvent[] {
  const { attempt = 1, startAt = START_AT, stepMs = 1000 } = options
  return path.map((status, place) => ({ status, attempt, occurredAt: startAt + place * stepMs }))
}

/**
 * Any event that `observe` may meet, likely or not: every status, other spellings, words outside the
 * table (hostile ones, and ones spelled like a status, among them), up to four attempts or none named,
 * times that are equal, missing or absurd. For "whatever comes in" properties; a list of them is no
 * legal path.
 *
 * @example
 * fc.assert(fc.property(fc.array(callEvent()), (events) => replay(events).history.length === events.length))
 */
export function callEvent(): fc.Arbitrary<CallEvent> {
  const rest = fc.record(
    {
      attempt: fc.oneof(fc.integer({ min: 1, max: 4 }), fc.constant(null)),
      occurredAt: fc.oneof(
        { arbitrary: fc.nat({ max: 9 }).map((second) => START_AT + second * 1000), weight: 8 },
        { arbitrary: fc.constant(null), weight: 2 },
        {
          arbitrary: fc.constantFrom(0, -1, 8.64e15, Number.MAX_VALUE, -Number.MAX_VALUE),
          weight: 1,
        },
      ),
    },
    { requiredKeys: [] },
  )
  return fc.tuple(statusOrWord(), rest).map(([said, others]) => ({ ...said, ...others }))
}

function statusOrWord(): fc.Arbitrary<Pick<CallEvent, 'status' | 'word'>> {
  const parsed = (text: string) => {
    const { status, word } = parseStatus(text)
    return { status, word }
  }
  return fc.oneof(
    { arbitrary: callStatus().map((status) => ({ status })), weight: 16 },
    { arbitrary: fc.constantFrom('cancelled', 'no_answer', 'in_progress').map(parsed), weight: 2 },
    { arbitrary: fc.string({ unit: codeUnit(), maxLength: 20 }).map(parsed), weight: 2 },
    { arbitrary: fc.constantFrom(...HOSTILE_WORDS).map(parsed), weight: 2 },
    // A word of another language that looks like one of ours.
    { arbitrary: callStatus().map((word) => ({ status: null, word })), weight: 1 },
  )
}

/** Any UTF-16 code unit, halves of surrogate pairs among them. */
export function codeUnit(): fc.Arbitrary<string> {
  return fc.nat({ max: 0xffff }).map((code) => String.fromCharCode(code))
}

/** Words that break what quotes, escapes or looks them up carelessly. */
const HOSTILE_WORDS = [
  '',
  '__proto__',
  'constructor',
  'ringing ',
  'RINGING',
  '"]; end --> %% x',
  '</text><script>alert(1)</script>',
  'two\nlines\r\n\u2028and\u0000more\u202e',
  '\ud800 half a pair',
  '#quot; &quot; \\" \\N ``',
  'long '.repeat(400),
] as const
