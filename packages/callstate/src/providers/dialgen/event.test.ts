import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CALL_STATUSES, observe, parseStatus } from '../../index.ts'
import { eventKeyOf } from '../event-key.ts'
import type { MessageKind, ProviderEvent } from '../message.ts'
import { eventIn } from '../one-event.fixture.ts'
import { dialgen } from './index.ts'
import {
  CALL_REPLY,
  DATA_WEBHOOK,
  EVENT_WEBHOOK,
  LIVE_STATUS,
  MESSAGES,
  PERSISTENT_STATUS,
  RECENT_CALL,
} from './messages.fixture.ts'
import { DIALGEN_BATCH_STATUSES, isDialgenStatus, parseDialgenEvent } from './reference.ts'

const parsed = (body: unknown): ProviderEvent => {
  const result = eventIn(dialgen, body)
  if (!result.ok) throw new Error(result.issues.map(({ message }) => message).join(' '))
  return result.value
}
const live = (fields: Record<string, unknown>) => parsed({ ...LIVE_STATUS, ...fields })
const issuesOf = (body: unknown) => {
  const result = eventIn(dialgen, body)
  return result.ok ? [] : result.issues.map(({ path, received }) => [path.join('.'), received])
}

describe('each kind of message', () => {
  test('the live status', () => {
    expect(parsed(LIVE_STATUS)).toEqual({
      provider: 'dialgen',
      callId: 'call_123',
      status: 'initiated',
      word: 'ONGOING',
      attempt: null,
      occurredAt: Date.UTC(2025, 10, 15, 14, 30, 1, 123),
      kind: 'record',
      details: { word: 'ONGOING' },
    })
  })

  test('the persistent status', () => {
    expect(parsed(PERSISTENT_STATUS)).toEqual({
      provider: 'dialgen',
      callId: 'cmk3n7v8l0001k004w0f0b3b1',
      status: 'completed',
      word: 'COMPLETED',
      attempt: null,
      occurredAt: Date.UTC(2026, 0, 7, 6, 34, 51, 871),
      kind: 'record',
      details: { word: 'COMPLETED', talkMs: 35_000 },
    })
  })

  test('the flat webhook, which has no time', () => {
    expect(parsed(EVENT_WEBHOOK)).toEqual({
      provider: 'dialgen',
      callId: 'call_123',
      status: 'completed',
      word: 'COMPLETED',
      attempt: null,
      occurredAt: null,
      kind: 'webhook',
      details: { word: 'COMPLETED', talkMs: 180_000 },
    })
  })

  test('the webhook with the call data, whose metrics have a callStatus of their own', () => {
    expect(parsed(DATA_WEBHOOK)).toEqual({
      provider: 'dialgen',
      callId: 'call_123',
      status: 'completed',
      word: 'COMPLETED',
      attempt: null,
      occurredAt: Date.UTC(2025, 10, 15, 14, 33),
      kind: 'webhook',
      details: { word: 'COMPLETED', talkMs: 180_000 },
    })
  })

  test('the reply to a dial request', () => {
    expect(parsed(CALL_REPLY)).toEqual({
      provider: 'dialgen',
      callId: 'call_123',
      status: 'initiated',
      word: 'ONGOING',
      attempt: null,
      occurredAt: null,
      kind: 'call-reply',
      details: { word: 'ONGOING' },
    })
  })

  test('is recognized by its shape', () => {
    for (const body of MESSAGES) expect(dialgen.recognizes(body)).toBe(true)
  })
})

test.each<MessageKind>(['webhook', 'record', 'list-item', 'call-reply', 'stop-reply'])(
  'a caller who knows that it is a %s is believed',
  (kind) => {
    for (const body of [...MESSAGES, RECENT_CALL]) {
      const result = parseDialgenEvent(body, kind)
      expect(result).toEqual({ ok: true, value: { ...parsed(body), kind } })
    }
    expect(parseDialgenEvent(null, kind)).toEqual(eventIn(dialgen, null))
  },
)

test('the provider leaves the kind to the shape where none is named', () => {
  expect(eventIn(dialgen, CALL_REPLY)).toEqual(parseDialgenEvent(CALL_REPLY))
})

describe('the time of an event', () => {
  const START = '2025-11-15T14:30:00.000Z'
  const END = '2025-11-15T14:33:00.000Z'
  const end = Date.parse(END)

  test.each([
    ['SCHEDULED', null],
    ['ONGOING', Date.parse(START)],
    ['COMPLETED', end],
    ['MISSED', end],
    ['FAILED', end],
    ['PAUSED', null],
  ])('of %s', (status, expected) => {
    expect(live({ status, startTime: START, endTime: END }).occurredAt).toBe(expected)
  })

  test('of an end is endTime or, where that is missing or unreadable, endedAt', () => {
    expect(live({ status: 'MISSED', endedAt: END }).occurredAt).toBe(end)
    expect(live({ status: 'MISSED', endTime: '', endedAt: END }).occurredAt).toBe(end)
    expect(live({ status: 'MISSED', endTime: END, endedAt: START }).occurredAt).toBe(end)
  })

  test('of an end is never computed from start and duration', () => {
    expect(live({ status: 'COMPLETED', startTime: START, duration: 180 }).occurredAt).toBeNull()
  })

  test('without a zone is UTC, and garbage is no time', () => {
    expect(live({ startTime: '2025-11-15 14:30:00' }).occurredAt).toBe(Date.parse(START))
    for (const startTime of ['soon', 5, null, {}, '']) {
      expect(live({ startTime }).occurredAt).toBeNull()
    }
  })
})

describe('the details', () => {
  test.each([
    ['COMPLETED', { talkMs: 12_500 }],
    ['FAILED', { talkMs: 12_500 }],
    ['MISSED', {}],
    ['ONGOING', {}],
    ['SCHEDULED', {}],
    ['PAUSED', {}],
  ])('hold the talking time of %s', (status, talk) => {
    expect(live({ status, duration: 12.5 }).details).toEqual({ word: status, ...talk })
  })

  test('hold no talking time of a call that was not answered, whatever its word', () => {
    for (const status of ['MISSED', 'FAILED']) {
      for (const error of ['BUSY', 'NO_ANSWER', 'INSUFFICIENT_CREDITS']) {
        expect(live({ status, error, duration: 19 }).details).toEqual({
          word: status,
          reasonCode: error,
        })
      }
    }
  })

  test.each([
    ['180', 180_000],
    ['0.0', 0],
    ['1.0006', 1_001],
    [0, 0],
    [-0, 0],
    [1_000_000_000, 1_000_000_000_000],
  ])('read a duration of %j as %d ms', (duration, talkMs) => {
    expect(live({ status: 'COMPLETED', duration }).details).toEqual({
      word: 'COMPLETED',
      talkMs,
    })
  })

  test('leave out a duration that is none', () => {
    const none = ['', ' ', '0x10', '1e3', '1.', '.5', '-1', '5 s', '9'.repeat(400)]
    for (const duration of [
      ...none,
      -1,
      Number.NaN,
      1_000_000_001,
      1e308,
      null,
      true,
      [],
      ['5'],
      {},
    ]) {
      expect(live({ status: 'COMPLETED', duration }).details).toEqual({ word: 'COMPLETED' })
    }
  })

  test('hold an error code for every status', () => {
    for (const status of ['SCHEDULED', 'ONGOING', 'COMPLETED', 'MISSED', 'FAILED', 'PAUSED']) {
      for (const error of ['BUSY', 'INVALID_NUMBER']) {
        expect(live({ status, error }).details).toEqual({ word: status, reasonCode: error })
      }
    }
  })

  test.each(['Carrier said no', 'busy', 7, 'LINE_7', 'X', 'SIP 486', 'y'.repeat(200)])(
    'hold an error that is no code as the reason: %j',
    (error) => {
      expect(live({ error }).details).toEqual({ word: 'ONGOING', reason: `${error}` })
    },
  )

  test.each([
    'no route to +1 (202) 555-0123',
    'PHONE_12025550123',
    12_025_550_123,
    'ada@example.com did not answer',
    'y'.repeat(201),
    'Y'.repeat(100_000),
    '',
    null,
    {},
    [],
    true,
    Number.NaN,
  ])('leave out an error that is too long, or has a number or an address in it', (error) => {
    expect(live({ error }).details).toEqual({ word: 'ONGOING' })
  })

  test.each([
    ['COMPLETED', undefined, undefined],
    ['COMPLETED', 'OUTBOUND', undefined],
    ['USER_HANGUP', 'OUTBOUND', 'callee'],
    ['USER_HANGUP', 'INBOUND', 'caller'],
    ['USER_HANGUP', undefined, undefined],
    ['USER_HANGUP', 'SIDEWAYS', undefined],
    ['SILENCE', undefined, 'agent'],
    ['TIMEOUT', 'INBOUND', 'provider'],
    ['FAILED', 'OUTBOUND', undefined],
  ])('say who hung up: %s of a call that is %s', (code, direction, hangupBy) => {
    const expected = { word: 'FAILED', reason: code, ...(hangupBy && { hangupBy }) }
    const places = [
      { hangupReason: code },
      { hangupStatus: code },
      { metricJson: { hangupReason: code } },
      { metricJson: { hangupStatus: code } },
    ]
    for (const place of places) {
      expect(live({ status: 'FAILED', direction, ...place }).details).toEqual(expected)
    }
  })

  test('leave out a hangup code that is not documented, and prefer the message of an error', () => {
    for (const hangupReason of ['BORED', 'toString', 7, null, {}, ['SILENCE']]) {
      expect(live({ hangupReason }).details).toEqual({ word: 'ONGOING' })
    }
    expect(live({ metricJson: 'SILENCE' }).details).toEqual({ word: 'ONGOING' })
    expect(live({ error: 'No route', hangupReason: 'SILENCE' }).details).toEqual({
      word: 'ONGOING',
      reason: 'No route',
      hangupBy: 'agent',
    })
  })
})

describe('a status word that is none of the five', () => {
  test('is kept as it came', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 128 }), (word) => {
        fc.pre(!(word in dialgen.statuses))
        const event = live({ status: word })
        expect([event.status, event.word, event.details]).toEqual([null, word, { word }])
      }),
    )
  })

  test('means nothing, even where it is spelled like one of ours', () => {
    const words = [...CALL_STATUSES, ...DIALGEN_BATCH_STATUSES, 'cancelled', 'no_answer', 'Missed']
    expect(words.some((word) => parseStatus(word).kind === 'alias')).toBe(true)
    for (const word of words) {
      expect(isDialgenStatus(word)).toBe(false)
      const event = live({ status: word, error: 'BUSY', duration: 9 })
      expect(event).toMatchObject({ status: null, word, occurredAt: null })
      expect(event.details).not.toHaveProperty('talkMs')
      const { call } = observe(undefined, event)
      expect([call.status, call.unrecognized[0]?.word]).toEqual([null, word])
    }
  })

  test('has no status, and a word that is one of the five has one', () => {
    for (const body of MESSAGES) expect(parsed(body).status).not.toBeNull()
  })
})

describe('a message without the essentials', () => {
  test.each([
    [null, [['', 'null']]],
    [undefined, [['', 'nothing']]],
    ['text', [['', 'text']]],
    [[LIVE_STATUS], [['', 'array']]],
    [
      {},
      [
        ['callId', 'nothing'],
        ['status', 'nothing'],
      ],
    ],
    [{ callId: 'call_123' }, [['status', 'nothing']]],
    [{ callId: 'call_123', status: '' }, [['status', 'empty text']]],
    [{ callId: 'call_123', status: 5 }, [['status', 'number']]],
    [{ callId: '', status: 'MISSED' }, [['callId', 'empty text']]],
    [{ callId: {}, status: 'MISSED' }, [['callId', 'object']]],
    [{ callId: 1.5, status: 'MISSED' }, [['callId', 'number']]],
    [{ callId: 2 ** 53, status: 'MISSED' }, [['callId', 'number']]],
    [
      { success: true, callData: {} },
      [
        ['callData.id', 'nothing'],
        ['callData.status', 'nothing'],
      ],
    ],
    [
      { success: true, callData: null },
      [
        ['callId', 'nothing'],
        ['status', 'nothing'],
      ],
    ],
    [{ success: true, data: { id: 'a' } }, [['data.status', 'nothing']]],
    [
      { success: true, data: [] },
      [
        ['callId', 'nothing'],
        ['status', 'nothing'],
      ],
    ],
  ])('%j has an issue for each', (body, issues) => {
    expect(issuesOf(body)).toEqual(issues)
  })

  test('says what to do, and that a batch is no call', () => {
    const message = (body: unknown) => {
      const result = eventIn(dialgen, body)
      return result.ok ? [] : result.issues.map((found) => found.message)
    }
    expect(message(7)).toEqual([
      'The message: expected a JSON object, got number. Pass the parsed body.',
    ])
    expect(message({ callData: { status: 'MISSED', batchId: 'batch_123' } })).toEqual([
      'callData.id: expected text of 1 to 256 characters or a whole number, got nothing. Pass the message as the provider sent it.',
    ])
    expect(message({ status: 'MISSED' })).toEqual([
      'callId: expected text of 1 to 256 characters or a whole number, got nothing. Pass the message as the provider sent it.',
    ])
    expect(message({ event: 'batch.completed', batchId: 'batch_123' })).toEqual([
      'callId: expected text of 1 to 256 characters or a whole number, got nothing. A message about a batch is no event of a call.',
      'status: expected a status word of 1 to 128 characters, got nothing. Pass the message as the provider sent it.',
    ])
  })

  test('is refused by the length of its identifier and its word', () => {
    const body = (id: number, word: number) => ({
      callId: 'a'.repeat(id),
      status: 'A'.repeat(word),
    })
    for (const id of [1, 255, 256]) expect(issuesOf(body(id, 1))).toEqual([])
    for (const word of [1, 127, 128]) expect(issuesOf(body(1, word))).toEqual([])
    expect(issuesOf(body(257, 129))).toEqual([
      ['callId', 'text'],
      ['status', 'text'],
    ])
  })
})

describe('an identifier', () => {
  test('may be a whole number, and id stands for callId', () => {
    expect(parsed({ callId: 12, status: 'MISSED' }).callId).toBe('12')
    expect(parsed({ id: 'a', status: 'MISSED' }).callId).toBe('a')
    expect(parsed({ callData: { callId: 'b', status: 'MISSED' } }).callId).toBe('b')
    expect(
      parsed({ callId: 'c', data: { id: 'd', status: 'ONGOING' }, status: 'MISSED' }).callId,
    ).toBe('c')
  })
})

describe('shapes', () => {
  test.each<[unknown, string]>([
    [{ id: 'a', status: 'COMPLETED' }, 'an id without an envelope'],
    [{ id: 'a', callId: 'b', status: 'COMPLETED' }, 'an id beside the callId'],
    [{ id: 'a', callId: 'b' }, 'an id beside the callId, no status'],
    [{ callId: 'a', status: 'completed' }, 'another spelling'],
    [{ callId: 'a', status: 'COMPLETED?' }, 'more than capitals'],
    [{ callId: 'a', status: '_A' }, 'a leading underscore'],
    [{ callId: 'a', status: '' }, 'no word'],
    [{ callId: 'a', status: 'A'.repeat(129) }, 'a word that is too long'],
    [{ callId: '', status: 'COMPLETED' }, 'no identifier'],
    [{ callId: {}, status: 'COMPLETED' }, 'an identifier of another kind'],
    [{ status: 'COMPLETED' }, 'no identifier at all'],
    [{ callData: { callId: 'a', status: 'COMPLETED' } }, 'a callId in an envelope'],
    [{ callData: { id: 'a', status: 'completed' } }, 'another spelling in an envelope'],
    [{ status: 'ringing', callData: { id: 'a', status: 'MISSED' } }, 'a status beside it'],
    [{ callData: {} }, 'an empty envelope'],
    [{ callData: null }, 'no envelope'],
    [{ success: true, data: { id: 'a' } }, 'the data of anybody'],
    [{ success: true, data: { id: 'a', status: 5 } }, 'the data of anybody'],
    [{ success: true, data: [] }, 'a list of data'],
    [{ id: 'a', status: 'completed', agent_id: 'b' }, 'another provider'],
    [{ event: 'batch.completed', batchId: 'a' }, 'a batch'],
    [[LIVE_STATUS], 'a list'],
    [{}, 'nothing'],
    [null, 'nothing'],
    ['text', 'text'],
  ])('%j is not recognized: %s', (body, _why) => {
    expect(dialgen.recognizes(body)).toBe(false)
  })

  test('an unknown word in capitals is recognized', () => {
    expect(dialgen.recognizes({ callId: 'a', status: 'ON_HOLD' })).toBe(true)
    expect(dialgen.recognizes({ callId: 'a', id: null, status: 'ON_HOLD' })).toBe(true)
  })

  test.each([undefined, null, 5, {}, ['MISSED']])(
    'a status that is missing or no text is recognized, so that the issue can name it: %j',
    (status) => {
      for (const [body, path] of [
        [{ callId: 'a', status }, 'status'],
        [{ callData: { id: 'a', status } }, 'callData.status'],
      ] as const) {
        expect(dialgen.recognizes(body)).toBe(true)
        expect(issuesOf(body).map(([where]) => where)).toEqual([path])
      }
    },
  )
})

describe('the key of an event', () => {
  const key = (body: unknown) => eventKeyOf(parsed(body))
  const ended = { ...LIVE_STATUS, status: 'FAILED', endTime: '2025-11-15T14:33:00Z', duration: 9 }

  test('is the same for a delivery that comes again, and for another message that says the same', () => {
    expect(key(structuredClone(ended))).toBe(key(ended))
    expect(key({ success: true, callData: { ...ended, id: 'call_123' } })).toBe(key(ended))
    expect(key(ended)).not.toContain('+12025550123')
  })

  test.each([
    { callId: 'call_124' },
    { status: 'COMPLETED' },
    { endTime: '2025-11-15T14:33:01Z' },
    { duration: 10 },
    { error: 'NETWORK_ERROR' },
    { error: 'INVALID_NUMBER' },
    { hangupReason: 'SILENCE' },
  ])('is another one with %j', (change) => {
    expect(key({ ...ended, ...change })).not.toBe(key(ended))
  })

  test('holds no words of an error: they may be personal data', () => {
    expect(key({ ...ended, error: 'No route' })).toBe(key(ended))
  })

  test('tells apart attempts, raw words and who hung up', () => {
    const event = parsed(ended)
    const details = { ...event.details, hangupBy: 'callee' } as const
    const raw = { ...event.details, word: 'MISSED' }
    const others = [
      { ...event, attempt: 2 },
      { ...event, status: null },
      { ...event, details },
      { ...event, details: raw },
    ]
    const keys = [event, ...others].map((other) => eventKeyOf(other))
    expect(new Set(keys).size).toBe(5)
    expect(eventKeyOf({ ...event, kind: 'webhook' })).toBe(keys[0])
    const { details: _, ...bare } = event
    expect(eventKeyOf(bare)).not.toBe(keys[0])
  })
})

test('no input makes it throw, and what it cannot read has an issue', () => {
  const field = fc.constantFrom(
    'callId',
    'id',
    'status',
    'callData',
    'data',
    'error',
    'duration',
    'metricJson',
  )
  const body = fc.oneof(
    fc.anything(),
    fc.dictionary(field, fc.oneof(fc.anything(), fc.constantFrom(...MESSAGES))),
  )
  fc.assert(
    fc.property(body, (value) => {
      const result = eventIn(dialgen, value)
      if (dialgen.recognizes(value) && !result.ok) {
        expect(result.issues.map(({ path }) => path.at(-1))).toEqual(['status'])
      }
      if (result.ok) expect(typeof eventKeyOf(result.value)).toBe('string')
      else expect(result.issues.length).toBeGreaterThan(0)
    }),
    { numRuns: 1000 },
  )
})

test('no issue repeats a value', () => {
  const secret = '+12025550123'
  for (const body of [
    secret,
    { callId: [secret], status: [secret] },
    { callData: { id: { secret }, status: 5 } },
  ]) {
    expect(JSON.stringify(eventIn(dialgen, body))).not.toContain(secret)
  }
})
