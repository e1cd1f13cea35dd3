import fc from 'fast-check'
import { expect, test } from 'vitest'
import { events } from '../test/events.ts'
import { type CallEvent, EMPTY_CALL, observe, replay, timeline } from './index.ts'
import { attemptOfEvent, attemptsOf } from './internal/index.ts'

const placed = (...events: CallEvent[]) =>
  timeline(replay(events).call).map(({ attempt, status }) => `${attempt} ${status}`)

const firstEnded: CallEvent = { status: 'no-answer', attempt: 1, occurredAt: 100 }
const secondBegan: CallEvent = { status: 'scheduled', attempt: 2, occurredAt: 200 }
const secondUndated: CallEvent = { status: 'scheduled', attempt: 2 }

test('nothing heard is no attempt', () => {
  expect(attemptsOf(EMPTY_CALL)).toEqual([])
})

test('what does not say its attempt belongs to the first as long as no other is known', () => {
  expect(placed({ status: 'queued' }, { status: 'ringing', occurredAt: 5 })).toEqual([
    '1 queued',
    '1 ringing',
  ])
  expect(placed({ status: 'queued' }, { status: 'ringing', attempt: 1 })).toEqual([
    '1 queued',
    '1 ringing',
  ])
})

test('with a time, it belongs to the latest attempt that had begun by then', () => {
  const at = (occurredAt: number) => placed(firstEnded, secondBegan, { status: 'busy', occurredAt })
  expect(at(250)).toContain('2 busy')
  expect(at(200)).toContain('2 busy')
  expect(at(199)).toContain('1 busy')
  expect(at(1)).toContain('1 busy')
})

test('where the begin of the latest attempt is unknown, the end of the one before divides them', () => {
  const at = (occurredAt: number) =>
    placed(firstEnded, secondUndated, { status: 'ringing', occurredAt })
  expect(at(101)).toContain('2 ringing')
  expect(at(100)).toContain('1 ringing')
  expect(at(99)).toContain('1 ringing')
})

test('where no time divides the attempts, the latest is taken', () => {
  const undated: CallEvent = { status: 'no-answer', attempt: 1 }
  const event: CallEvent = { status: 'ringing', occurredAt: 5 }
  expect(placed(undated, secondUndated, event)).toContain('2 ringing')
  expect(
    placed({ status: 'ringing', attempt: 1 }, secondUndated, { status: 'queued', occurredAt: 5 }),
  ).toContain('2 queued')
})

test('only an end of the attempt before divides, not a status on its way', () => {
  const rang: CallEvent = { status: 'ringing', attempt: 1, occurredAt: 90 }
  const again: CallEvent = { status: 'ringing', occurredAt: 150 }
  expect(placed(rang, firstEnded, secondUndated, again)).toContain('2 ringing')
})

test('an attempt had begun at its first known time', () => {
  const secondRang: CallEvent = { status: 'ringing', attempt: 2, occurredAt: 300 }
  const busy: CallEvent = { status: 'busy', occurredAt: 250 }
  expect(placed(firstEnded, secondBegan, secondRang, busy)).toContain('2 busy')
})

test('where nothing is known of the attempt before, the latest is taken', () => {
  expect(placed(secondUndated, { status: 'busy', occurredAt: 5 })).toContain('2 busy')
  const undated: CallEvent = { status: 'no-answer', attempt: 1 }
  expect(placed(undated, secondUndated, { status: 'busy', occurredAt: 0 })).toContain('2 busy')
})

test('the end of the attempt before, told again a little later, does not end the next one', () => {
  const again: CallEvent = { status: 'no-answer', occurredAt: 101 }
  expect(placed(firstEnded, secondUndated, again)).toEqual(['1 no-answer', '2 scheduled'])
  expect(replay([again, firstEnded, secondUndated]).call.status).toBe('scheduled')
})

test('without a time, it is read into the latest attempt unless an attempt had it already', () => {
  expect(placed(firstEnded, secondBegan, { status: 'busy' })).toContain('2 busy')
  const rang: CallEvent = { status: 'ringing', attempt: 1, occurredAt: 90 }
  expect(placed(rang, firstEnded, secondBegan, { status: 'ringing' })).toEqual([
    '1 ringing',
    '1 no-answer',
    '2 scheduled',
  ])
  expect(placed(firstEnded, secondBegan, { status: 'no-answer' })).toEqual([
    '1 no-answer',
    '2 scheduled',
  ])
})

test('before the first attempt that was said, it belongs to the one before that', () => {
  const third: CallEvent = { status: 'queued', attempt: 3, occurredAt: 200 }
  expect(placed(third, { status: 'busy', occurredAt: 50 })).toEqual(['2 busy', '3 queued'])
  const first: CallEvent = { status: 'queued', attempt: 1, occurredAt: 200 }
  expect(placed(first, { status: 'busy', occurredAt: 50 })).toEqual(['1 queued', '1 busy'])
})

test('heard in two attempts, a status is read into both, with its time in each', () => {
  const events: CallEvent[] = [
    firstEnded,
    secondBegan,
    { status: 'ringing', occurredAt: 90, details: { reason: 'a' } },
    { status: 'ringing', occurredAt: 290, details: { reason: 'b' } },
  ]
  const [first, second] = attemptsOf(replay(events).call)
  expect(first?.seen[0]).toEqual({ status: 'ringing', firstAt: 90, lastAt: 90 })
  expect(second?.seen[1]).toMatchObject({ firstAt: 290, lastAt: 290, details: { reason: 'b' } })
})

test('what belongs to a passed attempt is late and does not move the call', () => {
  const { call } = replay([firstEnded, secondBegan])
  const observed = observe(call, { status: 'ringing', occurredAt: 90 })
  expect(observed.decision).toEqual({ kind: 'late', attempt: 1, status: 'ringing' })
  expect(observed.call).toMatchObject({ status: 'scheduled', attempt: 2 })
  const again = observe(observed.call, { status: 'ringing', occurredAt: 90 })
  expect(again.decision).toMatchObject({ kind: 'duplicate', attempt: 1, enriched: false })
})

test('details go to the attempt of their own time, and bear witness of it', () => {
  const events: CallEvent[] = [
    { status: 'scheduled', attempt: 1, occurredAt: 0 },
    { status: 'completed', occurredAt: 60, details: { voicemail: true } },
    { status: 'scheduled', attempt: 2, occurredAt: 1800 },
    { status: 'completed', occurredAt: 2100 },
  ]
  const [first, second] = attemptsOf(replay(events).call)
  expect(first?.seen[1]).toMatchObject({ status: 'completed', details: { voicemail: true } })
  expect(second?.seen[1]).toEqual({ status: 'completed', firstAt: 2100, lastAt: 2100 })

  const between: CallEvent[] = [
    { status: 'busy', occurredAt: 10 },
    { status: 'scheduled', attempt: 2, occurredAt: 20 },
    { status: 'busy', occurredAt: 25, details: { reason: 'a' } },
    { status: 'scheduled', attempt: 3, occurredAt: 30 },
    { status: 'busy', occurredAt: 35 },
  ]
  expect(placed(...between)).toEqual(['1 busy', '2 scheduled', '2 busy', '3 scheduled', '3 busy'])
})

test('the attempt of an event is the one into which it is read', () => {
  const unsaid = fc.record({
    status: fc.constantFrom('queued', 'ringing', 'in-progress', 'busy', 'failed'),
    occurredAt: fc.option(fc.integer({ min: 0, max: 6 }), { nil: null }),
  })
  const places = new Set<number>()
  fc.assert(
    fc.property(events, unsaid, (list, event) => {
      const { call } = replay(list)
      const attempt = attemptOfEvent(call, event)
      places.add(attempt)
      const after = observe(call, event)
      expect(after.decision).toMatchObject({ attempt })
      // What is learned later of the status alone moves it to no other attempt.
      expect(attemptOfEvent(after.call, event)).toBe(attempt)
      const same = call.heard[0]?.attempt === null ? call.heard[0].seen : []
      const known = same.find(({ status }) => status === event.status)
      const [at, firstAt, lastAt] = [
        event.occurredAt,
        known?.firstAt ?? null,
        known?.lastAt ?? null,
      ]
      // Between its first and its last time, of a status that nobody numbers, none is kept.
      if (at !== null && firstAt !== null && lastAt !== null && at > firstAt && at < lastAt) return
      const record = attemptsOf(after.call).find((one) => one.attempt === attempt)
      expect(record?.seen.map(({ status }) => status)).toContain(event.status)
    }),
    { numRuns: 2000 },
  )
  expect([...places].sort()).toEqual([1, 2, 3])
})

test('a message that tells no status belongs to the latest attempt that had begun', () => {
  const data = (occurredAt: number | null, ...list: CallEvent[]) =>
    attemptOfEvent(replay(list).call, { status: null, occurredAt })
  expect(data(null)).toBe(1)
  expect(data(5, { status: 'queued' })).toBe(1)
  expect(data(null, firstEnded, secondBegan)).toBe(2)
  expect(data(199, firstEnded, secondBegan)).toBe(1)
  expect(data(200, firstEnded, secondBegan)).toBe(2)
  expect(data(100, firstEnded, secondUndated)).toBe(1)
  expect(data(101, firstEnded, secondUndated)).toBe(2)
  expect(attemptOfEvent(replay([firstEnded]).call, { status: null, attempt: 3 })).toBe(3)
})
