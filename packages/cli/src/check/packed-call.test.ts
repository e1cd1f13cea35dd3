import { CALL_STATUSES, type CallEvent, EMPTY_CALL, observe, type RetryPolicy } from 'callstate'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { packCall, SharedValues, type TrackedCall, unpackCall } from './packed-call.ts'

const policy: fc.Arbitrary<RetryPolicy> = fc.record({
  maxAttempts: fc.integer({ min: 1, max: 5 }),
  retryOn: fc.subarray([...CALL_STATUSES]),
  retryOnVoicemail: fc.boolean(),
  delaysMs: fc.array(fc.nat(), { maxLength: 3 }),
})

const time = fc.oneof(
  fc.constant(null),
  fc.integer({ min: 1_767_225_600_000, max: 1_767_225_999_999 }),
  fc.double(),
  fc.maxSafeInteger(),
)

const event: fc.Arbitrary<CallEvent> = fc.record(
  {
    status: fc.constantFrom(...CALL_STATUSES),
    attempt: fc.option(fc.integer({ min: 1, max: 4 })),
    occurredAt: time,
    details: fc.record(
      { voicemail: fc.boolean(), talkMs: fc.nat(), retryPolicy: policy },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: ['status'] },
)

const trackedCall: fc.Arbitrary<TrackedCall> = fc
  .tuple(
    fc.array(event),
    fc.array(fc.nat(), { minLength: 6, maxLength: 6 }),
    fc.array(fc.tuple(fc.nat(), fc.nat(), fc.nat(4), fc.oneof(fc.nat(), fc.string()))),
    fc.option(fc.array(fc.string()).map((words) => new Set(words))),
  )
  .map(([events, decisions, findings, words]) => ({
    provider: 1,
    call: events.reduce((call, one) => observe(call, one).call, EMPTY_CALL),
    decisions,
    findings,
    words,
  }))

describe('packCall', () => {
  test('loses nothing of what a log line can bring', () => {
    fc.assert(
      fc.property(trackedCall, fc.constantFrom(0, 1, 100), (tracked, limit) => {
        const policies = new SharedValues<RetryPolicy>(limit)
        expect(unpackCall(packCall(tracked, policies), policies)).toEqual(tracked)
      }),
      { numRuns: 1000 },
    )
  })

  test('needs less than 200 bytes for a call of six statuses', () => {
    const call = CALL_STATUSES.slice(2, 8).reduce(
      (known, status, index) =>
        observe(known, {
          status,
          attempt: 1,
          occurredAt: 1_767_225_600_000 + index * 12_345,
          details: index < 4 ? {} : { talkMs: 48_600 },
        }).call,
      EMPTY_CALL,
    )
    const tracked = {
      provider: 0,
      call,
      decisions: [6, 0, 0, 0, 0, 0],
      findings: [],
      words: null,
    }
    expect(packCall(tracked, new SharedValues()).length).toBeLessThan(200)
  })
})

describe('SharedValues', () => {
  test('keeps values up to its limit once, and leaves others in place', () => {
    const shared = new SharedValues<string>(2)
    const packed = ['a', 'b', 'a', 'c', 'b'].map((value) => shared.pack(value))
    expect(packed).toEqual([0, 1, 0, 'c', 1])
    expect(packed.map((value) => shared.unpack(value))).toEqual(['a', 'b', 'a', 'c', 'b'])
  })
})
