import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readChecked } from '../internal/index.ts'
import { rawBodies } from '../testing/index.ts'
import { PROVIDERS } from './all.ts'
import { defineProvider } from './define-provider.ts'
import type { Message, ProviderDeclaration } from './index.ts'

const MESSAGE: Message = { body: {}, kind: 'webhook' }
const EVENT = {
  provider: 'acme',
  callId: 'c-1',
  kind: 'webhook',
  status: 'completed',
  word: 'DONE',
} as const
const DATA = {
  provider: 'acme',
  callId: 'c-1',
  kind: 'webhook',
  word: 'news',
  attempt: null,
  occurredAt: null,
} as const

/** Acme whose `read` answers what a caller without types would. */
function acmeThatReads(read: () => unknown) {
  return defineProvider({
    name: 'acme',
    title: 'Acme',
    statuses: { DIALING: { status: 'initiated' }, DONE: { status: 'completed' } },
    kinds: { news: 'data', ping: 'skip' },
    recognizes: () => true,
    read: read as ProviderDeclaration['read'],
  })
}
const answerTo = (reading: unknown) =>
  readChecked(
    acmeThatReads(() => reading),
    MESSAGE,
  )
const eventWith = (parts: object) =>
  answerTo({ ok: true, type: 'events', events: [{ ...EVENT, ...parts }] })
const dataWith = (parts: object) =>
  answerTo({ ok: true, type: 'data', data: { ...DATA, ...parts } })

describe('a good answer', () => {
  test.each([
    { ok: true, type: 'events', events: [EVENT] },
    { ok: true, type: 'events', events: [EVENT, { ...EVENT, status: null }], needsAnswer: true },
    {
      ok: true,
      type: 'events',
      events: [
        {
          ...EVENT,
          attempt: 2,
          occurredAt: 1_769_421_600_000.5,
          details: {},
          eventId: 'e-1',
          sequence: 0,
          earlier: [
            { attempt: 1, status: 'busy', occurredAt: null },
            { attempt: 1, status: null, word: 'HM' },
          ],
        },
      ],
    },
    { ok: true, type: 'events', events: [{ ...EVENT, attempt: null, occurredAt: null }] },
    { ok: true, type: 'data', data: DATA },
    { ok: true, type: 'skip', word: 'ping' },
    { ok: false, issues: [{ path: [], expected: 'x', received: 'y', message: 'z' }] },
  ])('is given back as it is: %j', (reading) => {
    expect(answerTo(reading)).toBe(reading)
  })

  test.each(PROVIDERS.map((provider) => [provider.name, provider] as const))(
    'is every answer of %s to its own messages, and to any JSON',
    (_, provider) => {
      const told = rawBodies(provider).map(({ kind, body }) => ({ kind, body: JSON.parse(body) }))
      const any = fc.record({ kind: fc.constant(null), body: fc.jsonValue() })
      fc.assert(
        fc.property(fc.oneof(told, any), (message: Message) => {
          const reading = readChecked(provider, message)
          expect(reading).not.toHaveProperty('broken')
          expect(reading).toEqual(provider.read(message))
        }),
      )
    },
  )
})

describe('a broken answer names the provider and the part', () => {
  test.each([
    [undefined, 'expected an answer, got nothing'],
    [null, 'expected an answer, got null'],
    ['yes', 'expected an answer, got other text'],
    [[], 'ok: expected true or false, got nothing'],
    [Promise.resolve(), 'expected an answer at once, got a promise'],
    [{ ok: 1 }, 'ok: expected true or false, got number'],
    [{ ok: true }, 'type: expected "events", "data" or "skip", got nothing'],
    [{ ok: true, type: 'event' }, 'type: expected "events", "data" or "skip", got other text'],
    [{ ok: true, type: 'events' }, 'events: expected a list of at least one event, got nothing'],
    [
      { ok: true, type: 'events', events: [] },
      'events: expected a list of at least one event, got an empty one',
    ],
    [
      { ok: true, type: 'events', events: [EVENT, null] },
      'events[1]: expected an object, got null',
    ],
    [
      { ok: true, type: 'events', events: new Array(1) },
      'events[0]: expected an object, got nothing',
    ],
    [
      { ok: true, type: 'events', events: [EVENT], needsAnswer: 'no' },
      'needsAnswer: expected true or false, got other text',
    ],
    [{ ok: true, type: 'data' }, 'data: expected an object, got nothing'],
    [
      { ok: true, type: 'skip', word: 'news' },
      'word: expected a word that its kinds declare as "skip", got another one',
    ],
    [
      { ok: true, type: 'skip', word: 'toString' },
      'word: expected a word that its kinds declare as "skip", got another one',
    ],
    [
      { ok: true, type: 'skip' },
      'word: expected a word that its kinds declare as "skip", got nothing',
    ],
    [{ ok: false }, 'issues: expected a list of at least one issue, got nothing'],
    [{ ok: false, issues: [] }, 'issues: expected a list of at least one issue, got an empty one'],
    [{ ok: false, issues: ['no'] }, 'issues[0]: expected an object, got other text'],
    [
      { ok: false, issues: [{ path: 'a', expected: '', received: '', message: '' }] },
      'issues[0].path: expected a list, got other text',
    ],
    [{ ok: false, issues: [{ path: [] }] }, 'issues[0].expected: expected text, got nothing'],
  ])('%j', (reading, why) => {
    expect(answerTo(reading)).toMatchObject({
      ok: false,
      broken: true,
      issues: [{ message: `Acme's read: ${why}. Mend the provider.` }],
    })
  })

  test.each([
    [{ callId: 7 }, 'callId: expected text, got number'],
    [{ callId: '' }, 'callId: expected text, got empty text'],
    [{ kind: 'poll' }, 'kind: expected a kind of message, got other text'],
    [{ kind: undefined }, 'kind: expected a kind of message, got nothing'],
    [{ attempt: 0 }, 'attempt: expected a whole number from 1 on, or null, got number'],
    [{ attempt: 1.5 }, 'attempt: expected a whole number from 1 on, or null, got number'],
    [{ attempt: '1' }, 'attempt: expected a whole number from 1 on, or null, got other text'],
    [{ occurredAt: Number.NaN }, 'occurredAt: expected finite milliseconds or null, got NaN'],
    [{ occurredAt: new Date(0) }, 'occurredAt: expected finite milliseconds or null, got object'],
    [{ eventId: null }, 'eventId: expected text, or left out, got null'],
    [{ sequence: 0.5 }, 'sequence: expected a whole number, or left out, got number'],
  ])('an event or data with %j', (parts, why) => {
    for (const [answer, where] of [
      [eventWith(parts), 'events[0].'],
      [dataWith(parts), 'data.'],
    ] as const) {
      expect(answer).toMatchObject({
        broken: true,
        issues: [{ message: `Acme's read: ${where}${why}. Mend the provider.` }],
      })
    }
  })

  test.each([
    [{ status: 'DONE' }, 'status: expected a status of the table or null, got other text'],
    [{ status: undefined }, 'status: expected a status of the table or null, got nothing'],
    [{ word: undefined }, "word: expected the provider's own word, got nothing"],
    [{ word: '' }, "word: expected the provider's own word, got empty text"],
    [{ details: null }, 'details: expected an object, got null'],
    [{ earlier: {} }, 'earlier: expected a list, got object'],
    [{ earlier: [null] }, 'earlier[0]: expected an object, got null'],
    [
      { earlier: [{ status: 'busy' }] },
      'earlier[0].attempt: expected a whole number from 1 on, got nothing',
    ],
    [
      { earlier: [{ attempt: 1, status: null }] },
      'earlier[0].status: expected a status of the table, or null and a word, got null',
    ],
    [
      { earlier: [{ attempt: 1, status: 'busy', occurredAt: 'now' }] },
      'earlier[0].occurredAt: expected finite milliseconds or null, got other text',
    ],
  ])('an event with %j', (parts, why) => {
    expect(eventWith(parts)).toMatchObject({
      broken: true,
      issues: [{ message: `Acme's read: events[0].${why}. Mend the provider.` }],
    })
  })

  test('data whose word is not declared, and the path as keys', () => {
    expect(dataWith({ word: 'ping' })).toMatchObject({
      broken: true,
      issues: [{ path: ['data', 'word'] }],
    })
    expect(eventWith({ callId: 7 })).toMatchObject({ issues: [{ path: ['events', 0, 'callId'] }] })
  })

  test('no value is repeated', () => {
    const secret = '+12025550123'
    for (const parts of [
      { status: secret },
      { attempt: secret },
      { kind: secret },
      { occurredAt: secret },
    ]) {
      expect(JSON.stringify(eventWith(parts))).not.toContain(secret)
    }
    expect(JSON.stringify(answerTo({ ok: true, type: 'skip', word: secret }))).not.toContain(secret)
  })

  test('what throws is broken, with what it threw as the cause', () => {
    const cause = new TypeError('of +12025550123')
    const throwing = acmeThatReads(() => {
      throw cause
    })
    const reading = readChecked(throwing, MESSAGE)
    const message = "Acme's read: expected an answer, got an exception. Mend the provider."
    expect(reading).toMatchObject({ ok: false, broken: true, issues: [{ path: [], message }] })
    expect('broken' in reading && reading.cause).toBe(cause)
    const trap = new Proxy({}, { get: () => Symbol('x').toString.call(null) })
    expect(answerTo(trap)).toMatchObject({ broken: true, issues: [{ message }] })
  })
})

test('an identifier that is no well-formed text is the fault of the message', () => {
  for (const answer of [eventWith({ callId: 'c-\ud800' }), dataWith({ callId: '\udc00\ud83d' })]) {
    expect(answer).toMatchObject({ ok: false, issues: [{ expected: 'well-formed text' }] })
    expect(answer).not.toHaveProperty('broken')
  }
  expect(eventWith({ callId: 'c-😀' })).toMatchObject({ ok: true })
})
