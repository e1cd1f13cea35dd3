import { expect, test } from 'vitest'
import { untyped } from '../test/events.ts'
import {
  type CallEvent,
  type CallStatus,
  EMPTY_CALL,
  type EventDetails,
  merge,
  observe,
  parseStatus,
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
  const skippedOf = (...statuses: CallStatus[]) => {
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
    conflictsWith: 'busy',
    counts: 'busy',
    reason: 'two-ends',
  })
})

test('an end and a status that exclude each other conflict without being two ends', () => {
  const [one, other] = [{ status: 'busy' }, { status: 'in-progress' }] as const
  expect(lastDecision([one, other])).toMatchObject({ conflictsWith: 'busy', reason: 'no-path' })
  expect(lastDecision([other, one])).toMatchObject({
    conflictsWith: 'in-progress',
    reason: 'no-path',
  })
})

test('an end is named before other statuses that exclude the new one', () => {
  const known = [{ status: 'call-disconnected' }, { status: 'completed' }] as const
  expect(lastDecision([...known, { status: 'busy' }])).toMatchObject({ conflictsWith: 'completed' })
  expect(lastDecision([{ status: 'canceled' }, { status: 'prepared' }])?.kind).toBe('late')
})

test('a status that decides between two known ends is conflicting, since it moves the status', () => {
  const ends = [{ status: 'failed' }, { status: 'stopped' }] as const
  expect(replay(ends).call.status).toBe('stopped')
  const { call, decision } = observe(replay(ends).call, { status: 'in-progress' })
  expect(call.status).toBe('failed')
  expect(decision).toEqual({
    kind: 'conflicting',
    attempt: 1,
    status: 'in-progress',
    conflictsWith: 'stopped',
    counts: 'failed',
    reason: 'two-ends',
  })
})

test('a provider may declare that it reports two ends by design', () => {
  const provider = { habits: { reportsBoth: [['busy', 'completed']] as const } }
  for (const order of [
    ['busy', 'completed'],
    ['completed', 'busy'],
  ] as const) {
    const { call, history } = replay(
      order.map((status) => ({ status })),
      { provider },
    )
    expect(call.status).toBe('busy')
    expect(history.some(({ decision }) => decision.kind === 'conflicting')).toBe(false)
  }
  const other = replay([{ status: 'no-answer' }, { status: 'completed' }], { provider })
  expect(other.history[1]?.decision.kind).toBe('conflicting')
  const third = replay([{ status: 'busy' }, { status: 'failed' }, { status: 'completed' }], {
    provider,
  })
  expect(third.history[1]?.decision).toMatchObject({ kind: 'conflicting', conflictsWith: 'busy' })
  const without = replay([{ status: 'busy' }, { status: 'completed' }], {})
  expect(without.history[1]?.decision.kind).toBe('conflicting')
  expect(third.history[2]?.decision).toMatchObject({ kind: 'conflicting', conflictsWith: 'failed' })
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
  const events: CallEvent[] = [
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
  const same: CallEvent[] = [
    { status: 'queued', occurredAt: 5 },
    { status: 'scheduled', occurredAt: 5 },
  ]
  expect(statusOf(...same)).toBe('queued')
})

test('aliases count as their status, parsed before or handed in as they are', () => {
  for (const alias of [parseStatus('cancelled'), untyped({ status: 'cancelled' })]) {
    expect(kinds([{ status: 'canceled' }, alias])).toEqual(['advanced', 'duplicate'])
  }
})

test('what parseStatus says can be observed as it is, with the time beside it', () => {
  const heard = ['queued', 'in_progress', 'warp'].map((text, index) => ({
    ...parseStatus(text),
    occurredAt: index,
  }))
  const { call, history } = replay(heard)
  expect(call.status).toBe('in-progress')
  expect(timeline(call).map(({ status }) => status)).toEqual(['queued', 'in-progress'])
  expect(history[2]?.decision).toEqual({ kind: 'unrecognized', attempt: null, word: 'warp' })
})

test('an event has room for its identifier and number, which the call does not hold', () => {
  const event: CallEvent = { status: 'ringing', eventId: 'evt_1', sequence: 7 }
  expect(observe(undefined, event)).toEqual(observe(undefined, { status: 'ringing' }))
})

test('an unrecognized word is kept as it came and does not move the call', () => {
  const { call, history } = replay([
    { status: 'queued' },
    { status: null, word: 'warp', attempt: 2, occurredAt: 9 },
    untyped({ status: 'warp', attempt: 2, occurredAt: 5 }),
    { status: null, word: 'abc' },
    untyped({ status: 'abc', attempt: 2 }),
  ])
  expect(call.status).toBe('queued')
  expect(call.unrecognized).toEqual([
    { word: 'abc', attempt: null, firstAt: null, lastAt: null },
    { word: 'abc', attempt: 2, firstAt: null, lastAt: null },
    { word: 'warp', attempt: 2, firstAt: 5, lastAt: 9 },
  ])
  expect(history[1]?.decision).toEqual({ kind: 'unrecognized', attempt: 2, word: 'warp' })
})

test('later details win; at the same time they are joined, the greater text first', () => {
  const detailsAfter = (
    ...events: readonly (readonly [number | null, (EventDetails | undefined)?])[]
  ) => {
    const list = events.map(([occurredAt, details]) => ({
      status: 'busy' as const,
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

test('a word that the provider does not have is kept as it came, even where it is spelled like one of ours', () => {
  const { call, decision } = observe(undefined, { status: null, word: 'completed' })
  expect(decision).toEqual({ kind: 'unrecognized', attempt: null, word: 'completed' })
  expect(call.status).toBeNull()
  expect(observe(undefined, { status: 'completed', word: 'DONE' }).call.status).toBe('completed')
})

test('without a status and without a word, the kind of what came is the word', () => {
  for (const [event, word] of [
    [untyped({ status: null }), '(null)'],
    [{} as CallEvent, '(undefined)'],
    [null as unknown as CallEvent, '(undefined)'],
    [untyped({ status: 5 }), '(number)'],
  ] as const) {
    expect(observe(undefined, event).decision).toEqual({
      kind: 'unrecognized',
      attempt: null,
      word,
    })
  }
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
    expect(call.heard[0]?.attempt).toBeNull()
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
    earlier: [{ attempt: 1, status: 'no-answer', occurredAt: 7 }],
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
    ] as const) {
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
  const event = untyped({ status: ['queued'] })
  expect(observe(undefined, event).decision).toMatchObject({
    kind: 'unrecognized',
    word: '(object)',
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
  const unheard: CallEvent = {
    status: 'scheduled',
    attempt: 2,
    earlier: [{ attempt: 1, status: null, word: 'warp' }],
  }
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
    conflictsWith: 'busy',
    counts: 'scheduled',
    reason: 'two-ends',
  })
  expect(observe(known, { ...event, status: null, word: 'warp' }).decision.kind).toBe(
    'unrecognized',
  )
})

test('merging joins unrecognized words and attempts of both sides', () => {
  const left = replay([
    { status: null, word: 'warp', occurredAt: 3 },
    { status: 'busy', attempt: 1 },
  ]).call
  const right = replay([
    { status: null, word: 'warp', occurredAt: 1 },
    { status: 'queued', attempt: 2 },
  ]).call
  const both = merge(left, right)
  expect(both).toEqual(merge(right, left))
  expect(both).toMatchObject({ status: 'queued', attempt: 2 })
  expect(both.unrecognized).toEqual([{ word: 'warp', attempt: null, firstAt: 1, lastAt: 3 }])
  expect(merge(both, left)).toEqual(both)
})
