import { expect, test } from 'vitest'
import {
  type CallEvent,
  EMPTY_CALL,
  type EventDetails,
  merge,
  observe,
  replay,
  timeline,
} from './index.ts'

const kinds = (events: readonly CallEvent[]) =>
  replay(events).history.map(({ decision }) => decision.kind)
const lastDecision = (events: readonly CallEvent[]) => replay(events).history.at(-1)?.decision

test('a call begins empty, with null or undefined standing for it', () => {
  expect(EMPTY_CALL).toEqual({ status: null, attempt: 1, heard: [], unrecognized: [] })
  const expected = observe(EMPTY_CALL, { status: 'queued' })
  expect(observe(undefined, { status: 'queued' })).toEqual(expected)
  expect(observe(null, { status: 'queued' })).toEqual(expected)
})

test('what was heard is kept by attempt, with first and last time', () => {
  const { call } = replay([
    { status: 'ringing', attempt: 1, occurredAt: 20 },
    { status: 'queued', attempt: 1, occurredAt: 10 },
    { status: 'ringing', attempt: 1, occurredAt: 30 },
  ])
  expect(call).toEqual({
    status: 'ringing',
    attempt: 1,
    heard: [
      {
        attempt: 1,
        bits: 0b100100,
        seen: [
          { status: 'queued', firstAt: 10, lastAt: 10 },
          { status: 'ringing', firstAt: 20, lastAt: 30 },
        ],
      },
    ],
    unrecognized: [],
  })
})

test('a late status is told apart from a repeated one', () => {
  expect(kinds([{ status: 'ringing' }, { status: 'initiated' }, { status: 'initiated' }])).toEqual([
    'advanced',
    'late',
    'duplicate',
  ])
})

test('statuses that were not heard are listed as skipped, from the nearest start', () => {
  const skippedOf = (...statuses: string[]) => {
    const decision = lastDecision(statuses.map((status) => ({ status })))
    return decision?.kind === 'advanced' ? decision.skipped : decision
  }
  expect(skippedOf('queued', 'ringing')).toEqual(['initiated'])
  expect(skippedOf('in-progress', 'completed')).toEqual(['call-disconnected'])
  expect(skippedOf('initiated')).toEqual(['queued'])
  expect(skippedOf('failed')).toEqual(['queued'])
  expect(skippedOf('completed')).toEqual(['in-progress', 'call-disconnected'])
  expect(skippedOf('in-progress')).toEqual([])
  expect(skippedOf('initiated', 'in-progress')).toEqual([])
})

test('a new attempt is retried, and what it skipped is counted from an outbound start', () => {
  const first: CallEvent[] = [{ status: 'busy', attempt: 1 }]
  expect(lastDecision([...first, { status: 'scheduled', attempt: 2 }])).toEqual({
    kind: 'retried',
    attempt: 2,
    status: 'scheduled',
    from: 'busy',
    skipped: [],
  })
  expect(lastDecision([...first, { status: 'in-progress', attempt: 2 }])).toMatchObject({
    kind: 'retried',
    skipped: ['queued', 'initiated'],
  })
  expect(lastDecision([{ status: 'queued', attempt: 2 }])).toMatchObject({
    kind: 'retried',
    from: null,
  })
})

test('news of an earlier attempt is late and does not move the call', () => {
  const events: CallEvent[] = [
    { status: 'queued', attempt: 2 },
    { status: 'no-answer', attempt: 1 },
  ]
  expect(kinds(events)).toEqual(['retried', 'late'])
  expect(replay(events).call).toMatchObject({ status: 'queued', attempt: 2 })
})

test('two ends of one attempt conflict, and the decision names the other end', () => {
  expect(lastDecision([{ status: 'busy' }, { status: 'completed' }])).toEqual({
    kind: 'conflicting',
    attempt: 1,
    status: 'completed',
    with: 'busy',
    reason: 'two-ends',
  })
})

test('an end and a status that exclude each other conflict without being two ends', () => {
  const [one, other] = [{ status: 'busy' }, { status: 'in-progress' }]
  expect(lastDecision([one, other])).toMatchObject({ with: 'busy', reason: 'no-path' })
  expect(lastDecision([other, one])).toMatchObject({ with: 'in-progress', reason: 'no-path' })
})

test('an end is named before other statuses that exclude the new one', () => {
  const known = [{ status: 'call-disconnected' }, { status: 'completed' }]
  expect(lastDecision([...known, { status: 'busy' }])).toMatchObject({ with: 'completed' })
  expect(lastDecision([{ status: 'canceled' }, { status: 'prepared' }])?.kind).toBe('late')
})

test('a status that decides between two known ends is conflicting, since it moves the status', () => {
  const ends = [{ status: 'failed' }, { status: 'stopped' }]
  expect(replay(ends).call.status).toBe('stopped')
  const { call, decision } = observe(replay(ends).call, { status: 'in-progress' })
  expect(call.status).toBe('failed')
  expect(decision).toEqual({
    kind: 'conflicting',
    attempt: 1,
    status: 'in-progress',
    with: 'stopped',
    reason: 'two-ends',
  })
})

test('a provider may declare that it reports two ends by design', () => {
  const rules = { reportsBoth: [['busy', 'completed']] as const }
  for (const order of [
    ['busy', 'completed'],
    ['completed', 'busy'],
  ]) {
    const { call, history } = replay(
      order.map((status) => ({ status })),
      rules,
    )
    expect(call.status).toBe('busy')
    expect(history.some(({ decision }) => decision.kind === 'conflicting')).toBe(false)
  }
  const other = replay([{ status: 'no-answer' }, { status: 'completed' }], rules)
  expect(other.history[1]?.decision.kind).toBe('conflicting')
  const third = replay([{ status: 'busy' }, { status: 'failed' }, { status: 'completed' }], rules)
  expect(third.history[1]?.decision).toMatchObject({ kind: 'conflicting', with: 'busy' })
  const without = replay([{ status: 'busy' }, { status: 'completed' }], {})
  expect(without.history[1]?.decision.kind).toBe('conflicting')
  expect(third.history[2]?.decision).toMatchObject({ kind: 'conflicting', with: 'failed' })
})

test('waiting statuses go back and forth by provider time', () => {
  const events: CallEvent[] = [
    { status: 'queued', occurredAt: 1 },
    { status: 'rescheduled', occurredAt: 2 },
    { status: 'queued', occurredAt: 3 },
  ]
  expect(kinds(events)).toEqual(['advanced', 'advanced', 'advanced'])
  expect(replay(events).call.status).toBe('queued')
  expect(replay(events.toReversed()).call.status).toBe('queued')
})

test('beyond waiting, how far counts and not when: clocks may be wrong', () => {
  const events = [
    { status: 'ringing', occurredAt: 5 },
    { status: 'in-progress', occurredAt: 3 },
  ]
  expect(replay(events).call.status).toBe('in-progress')
})

test('waiting statuses without times stand in the order of the table', () => {
  const statusOf = (...events: CallEvent[]) => replay(events).call.status
  expect(statusOf({ status: 'rescheduled' }, { status: 'queued' })).toBe('rescheduled')
  expect(statusOf({ status: 'scheduled', occurredAt: 5 }, { status: 'queued' })).toBe('scheduled')
  expect(statusOf({ status: 'scheduled', occurredAt: 0 }, { status: 'queued' })).toBe('scheduled')
  const same = [
    { status: 'queued', occurredAt: 5 },
    { status: 'scheduled', occurredAt: 5 },
  ]
  expect(statusOf(...same)).toBe('queued')
})

test('aliases count as their status', () => {
  expect(kinds([{ status: 'canceled' }, { status: 'cancelled' }])).toEqual([
    'advanced',
    'duplicate',
  ])
})

test('an unrecognized status is kept raw and does not move the call', () => {
  const { call, history } = replay([
    { status: 'queued' },
    { status: 'warp', attempt: 2, occurredAt: 9 },
    { status: 'warp', attempt: 2, occurredAt: 5 },
    { status: 'abc' },
    { status: 'abc', attempt: 2 },
  ])
  expect(call.status).toBe('queued')
  expect(call.unrecognized).toEqual([
    { raw: 'abc', attempt: null, firstAt: null, lastAt: null },
    { raw: 'abc', attempt: 2, firstAt: null, lastAt: null },
    { raw: 'warp', attempt: 2, firstAt: 5, lastAt: 9 },
  ])
  expect(history[1]?.decision).toEqual({ kind: 'unrecognized', attempt: 2, raw: 'warp' })
})

test('later details win; at the same time they are joined, the greater text first', () => {
  const detailsAfter = (
    ...events: readonly (readonly [number | null, (EventDetails | undefined)?])[]
  ) => {
    const list = events.map(([occurredAt, details]) => ({
      status: 'busy',
      occurredAt,
      ...(details && { details }),
    }))
    const [sighting] = replay(list).call.heard[0]?.seen ?? []
    return [sighting?.details, sighting?.detailsAt]
  }
  const [a, b] = [{ reason: 'a' }, { reason: 'b' }]
  const cases = [
    [
      [1, a],
      [2, b],
      [b, 2],
    ],
    [
      [1, b],
      [2, a],
      [a, 2],
    ],
    [
      [1, a],
      [1, b],
      [b, 1],
    ],
    [
      [null, b],
      [0, a],
      [a, 0],
    ],
    [
      [null, a],
      [null, b],
      [b, null],
    ],
    [
      [1, a],
      [2, undefined],
      [a, 1],
    ],
    [
      [1, { ...a, talkMs: 5 }],
      [1, { ...b, voicemail: true }],
      [{ ...b, talkMs: 5, voicemail: true }, 1],
    ],
  ] as const
  for (const [one, other, expected] of cases) {
    expect(detailsAfter(one, other)).toEqual(expected)
    expect(detailsAfter(other, one)).toEqual(expected)
  }
})

test('details that are no JSON break nothing', () => {
  const circular: { self?: unknown } = {}
  circular.self = circular
  for (const details of [circular, { talkMs: 5n }, { voicemail: () => true }, null, 'text', 5]) {
    const { call } = observe(undefined, { status: 'busy', details } as CallEvent)
    const again = observe(call, { status: 'busy', details: { reason: 'a' } })
    expect(again.call.status).toBe('busy')
    expect(observe(again.call, { status: 'busy', details } as CallEvent).call.status).toBe('busy')
  }
})

test('a word that the provider does not have is kept raw, even where it is spelled like one of ours', () => {
  const { call, decision } = observe(undefined, { status: 'completed', unrecognized: true })
  expect(decision).toEqual({ kind: 'unrecognized', attempt: null, raw: 'completed' })
  expect(call.status).toBeNull()
  expect(observe(undefined, { status: 'completed', unrecognized: false }).call.status).toBe(
    'completed',
  )
})

test('a repeat with a new time or new details is an enriched duplicate', () => {
  const known = replay([{ status: 'busy', occurredAt: 5 }]).call
  const enrich = (event: Partial<CallEvent>) =>
    observe(known, { status: 'busy', occurredAt: 5, ...event }).decision
  const duplicate = { kind: 'duplicate', attempt: 1, status: 'busy' }
  expect(enrich({})).toEqual({ ...duplicate, enriched: false })
  expect(enrich({ occurredAt: 6 })).toEqual({ ...duplicate, enriched: true })
  expect(enrich({ details: { reason: 'a' } })).toEqual({ ...duplicate, enriched: true })
})

test('times and attempts that are none are taken as not said', () => {
  for (const occurredAt of [Number.NaN, Number.POSITIVE_INFINITY, '5', {}]) {
    const { call } = observe(undefined, { status: 'busy', occurredAt } as CallEvent)
    expect(timeline(call)[0]?.occurredAt).toBeNull()
  }
  for (const attempt of [0, -1, 1.5, Number.NaN, '2', 2 ** 53]) {
    const { call } = observe(undefined, { status: 'busy', attempt } as CallEvent)
    expect(call.heard[0]?.attempt).toBe(0)
    expect(call.attempt).toBe(1)
  }
  expect(observe(undefined, { status: 'busy', attempt: 2 ** 53 - 1 }).call.attempt).toBe(
    2 ** 53 - 1,
  )
  expect(
    Object.is(
      observe(undefined, { status: 'busy', occurredAt: -0 }).call.heard[0]?.seen[0]?.firstAt,
      0,
    ),
  ).toBe(true)
})

test('an event teaches the ends of earlier attempts that it mentions', () => {
  const retry: CallEvent = {
    status: 'scheduled',
    attempt: 2,
    earlier: [{ attempt: 1, status: 'no_answer', occurredAt: 7 }],
  }
  const { call, decision } = observe(undefined, retry)
  expect(decision).toMatchObject({ kind: 'retried', attempt: 2, status: 'scheduled' })
  expect(timeline(call)).toEqual([
    { attempt: 1, status: 'no-answer', occurredAt: 7 },
    { attempt: 2, status: 'scheduled', occurredAt: null },
  ])
  expect(observe(call, retry)).toEqual({
    call,
    decision: { kind: 'duplicate', attempt: 2, status: 'scheduled', enriched: false },
  })
})

test('any time counts more than none, also at and before 1970', () => {
  for (const occurredAt of [0, -5]) {
    for (const events of [
      [{ status: 'busy' }, { status: 'busy', occurredAt }],
      [{ status: 'busy', occurredAt }, { status: 'busy' }],
    ]) {
      const [sighting] = replay(events).call.heard[0]?.seen ?? []
      expect(sighting).toEqual({ status: 'busy', firstAt: occurredAt, lastAt: occurredAt })
    }
  }
})

test('the same details at a later time are as old as that time', () => {
  const details = { reason: 'a' }
  const { call } = replay([
    { status: 'busy', occurredAt: 5, details },
    { status: 'busy', occurredAt: 9 },
    { status: 'busy', occurredAt: 7, details },
  ])
  expect(call.heard[0]?.seen[0]?.detailsAt).toBe(7)
})

test('a status that is no text is unrecognized, even where it would turn into one', () => {
  const event = { status: ['queued'] } as unknown as CallEvent
  expect(observe(undefined, event).decision).toMatchObject({
    kind: 'unrecognized',
    raw: '(object)',
  })
})

test('a repeat that mentions something new is late, one that only dates it is enriched', () => {
  const known = replay([{ status: 'scheduled', attempt: 2 }]).call
  const mention = (call = known, occurredAt: number | null = null) =>
    observe(call, {
      status: 'scheduled',
      attempt: 2,
      earlier: [{ attempt: 1, status: 'busy', occurredAt }],
    })
  expect(mention().decision).toEqual({ kind: 'late', attempt: 2, status: 'scheduled' })
  expect(mention(mention().call, 4).decision).toMatchObject({ kind: 'duplicate', enriched: true })
  const unheard = { status: 'scheduled', attempt: 2, earlier: [{ attempt: 1, status: 'warp' }] }
  expect(observe(known, unheard).decision).toMatchObject({ kind: 'duplicate', enriched: true })
})

test('a history that contradicts what is known is a conflict', () => {
  const known = replay([{ status: 'busy', attempt: 1 }]).call
  const event: CallEvent = {
    status: 'scheduled',
    attempt: 2,
    earlier: [{ attempt: 1, status: 'completed' }],
  }
  expect(observe(known, event).decision).toEqual({
    kind: 'conflicting',
    attempt: 1,
    status: 'completed',
    with: 'busy',
    reason: 'two-ends',
  })
  expect(observe(known, { ...event, status: 'warp' }).decision.kind).toBe('unrecognized')
})

test('merging joins unrecognized words and attempts of both sides', () => {
  const left = replay([
    { status: 'warp', occurredAt: 3 },
    { status: 'busy', attempt: 1 },
  ]).call
  const right = replay([
    { status: 'warp', occurredAt: 1 },
    { status: 'queued', attempt: 2 },
  ]).call
  const both = merge(left, right)
  expect(both).toEqual(merge(right, left))
  expect(both).toMatchObject({ status: 'queued', attempt: 2 })
  expect(both.unrecognized).toEqual([{ raw: 'warp', attempt: null, firstAt: 1, lastAt: 3 }])
  expect(merge(both, left)).toEqual(both)
})
