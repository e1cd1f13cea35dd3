import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { eventKeyOf } from '../event-key.ts'
import { MAX_ID_LENGTH, MAX_STATUS_LENGTH } from '../fields.ts'
import type { MessageKind, ProviderEvent } from '../message.ts'
import { eventIn } from '../one-event.fixture.ts'
import { bolna } from './index.ts'
import { CALL_ID, plivoCompleted, record, retryScheduled, START } from './records.fixture.ts'
import { bolnaReplySchema, MAX_RETRY_HISTORY, parseBolnaEvent } from './reference.ts'

function read(body: unknown, kind?: MessageKind) {
  const parsed = parseBolnaEvent(body, kind)
  if (!parsed.ok) throw new Error(parsed.issues.map((issue) => issue.message).join(' '))
  return parsed.value
}

function issuesOf(body: unknown) {
  const parsed = eventIn(bolna, body)
  return parsed.ok ? [] : parsed.issues
}

describe('the five messages, told apart by shape', () => {
  const listItem = {
    id: CALL_ID,
    status: 'busy',
    conversation_duration: 0,
    created_at: '2026-01-26T10:00:00.123456+00:00',
    telephony_data: { duration: '0.0', to_number: '+12025550123' },
  }

  test('a webhook says its attempt and its time', () => {
    expect(read(record('ringing', 2))).toStrictEqual({
      provider: 'bolna',
      kind: 'webhook',
      callId: CALL_ID,
      status: 'ringing',
      word: 'ringing',
      attempt: 1,
      occurredAt: START + 2000,
    })
  })

  test('a row of a list says neither: created_at is not the time of its status', () => {
    expect(read(listItem)).toEqual({
      provider: 'bolna',
      kind: 'list-item',
      callId: CALL_ID,
      status: 'busy',
      word: 'busy',
      attempt: null,
      occurredAt: null,
    })
  })

  test('the reply to POST /call opens the first attempt', () => {
    const reply = { message: 'done', status: 'queued', execution_id: CALL_ID }
    expect(bolnaReplySchema.safeParse(reply)).toMatchObject({ success: true })
    expect(read(reply)).toEqual({
      provider: 'bolna',
      kind: 'call-reply',
      callId: CALL_ID,
      status: 'queued',
      word: 'queued',
      attempt: 1,
      occurredAt: null,
    })
  })

  test('the reply to a stop says which call, and not in which attempt', () => {
    const reply = { message: 'done', status: 'stopped', execution_id: CALL_ID }
    expect(bolnaReplySchema.safeParse(reply)).toMatchObject({ success: true })
    expect(read(reply)).toEqual({
      provider: 'bolna',
      kind: 'stop-reply',
      callId: CALL_ID,
      status: 'stopped',
      word: 'stopped',
      attempt: null,
      occurredAt: null,
    })
  })

  test.each<[string, unknown, MessageKind]>([
    ['id and status alone', { id: 'a', status: 'ringing' }, 'webhook'],
    ['id, queued', { id: 'a', status: 'queued' }, 'webhook'],
    ['id, stopped', { id: 'a', status: 'stopped' }, 'webhook'],
    ['both ids, queued', { id: 'a', execution_id: 'a', status: 'queued' }, 'webhook'],
    ['id null, queued', { id: null, execution_id: 'a', status: 'queued' }, 'call-reply'],
    ['execution_id with another status', { execution_id: 'a', status: 'ringing' }, 'webhook'],
    ['created and updated', { id: 'a', status: 'busy', created_at: '', updated_at: '' }, 'webhook'],
    ['created, not updated', { id: 'a', status: 'busy', created_at: '' }, 'list-item'],
    ['neither', retryScheduled, 'webhook'],
  ])('%s', (_title, body, kind) => {
    expect(read(body).kind).toBe(kind)
  })

  test.each<MessageKind>(['webhook', 'record', 'list-item', 'call-reply', 'stop-reply'])(
    'a caller who knows that it is a %s is believed',
    (kind) => {
      const event = read({ execution_id: 'a', status: 'queued' }, kind)
      expect(event.kind).toBe(kind)
      expect(event.attempt).toBe(kind === 'call-reply' ? 1 : null)
    },
  )
})

describe('which call', () => {
  test.each<[unknown, string]>([
    ['5b0c7d3e-1f2a-4c6b-9d8e-0a1b2c3d4e5f', '5b0c7d3e-1f2a-4c6b-9d8e-0a1b2c3d4e5f'],
    [7432382142914, '7432382142914'],
    [0, '0'],
    [Number.MAX_SAFE_INTEGER, '9007199254740991'],
    ['agent-1#1701234567', 'agent-1#1701234567'],
    ['x'.repeat(MAX_ID_LENGTH - 1), 'x'.repeat(MAX_ID_LENGTH - 1)],
    ['x'.repeat(MAX_ID_LENGTH), 'x'.repeat(MAX_ID_LENGTH)],
  ])('%j', (id, callId) => {
    expect(read({ id, status: 'ringing' }).callId).toBe(callId)
    expect(read({ execution_id: id, status: 'ringing' }).callId).toBe(callId)
  })

  test.each([
    ['', 'empty text'],
    ['x'.repeat(MAX_ID_LENGTH + 1), 'text'],
    [-1, 'number'],
    [1.5, 'number'],
    [Number.MAX_SAFE_INTEGER + 1, 'number'],
    [Number.NaN, 'number'],
    [true, 'boolean'],
    [{}, 'object'],
    [[], 'array'],
    [null, 'null'],
    [undefined, 'nothing'],
  ])('not %j', (id, received) => {
    expect(issuesOf({ id, status: 'ringing' })).toEqual([
      {
        path: ['id'],
        expected: 'text of 1 to 256 characters or a whole number',
        received,
        message: `id: expected text of 1 to 256 characters or a whole number, got ${received}. Without it no call can be named: pass the body as Bolna sent it.`,
      },
    ])
  })

  test('an unreadable execution_id is named where there is no id', () => {
    expect(issuesOf({ execution_id: {}, status: 'queued' })).toMatchObject([
      { path: ['execution_id'], received: 'object' },
    ])
    expect(issuesOf({ status: 'queued' })).toMatchObject([{ path: ['id'], received: 'nothing' }])
    expect(issuesOf({ id: {}, execution_id: 'a', status: 'queued' })).toMatchObject([
      { path: ['id'] },
    ])
  })
})

describe('which status', () => {
  test('an unknown word is kept as it came', () => {
    const event = read({ id: 'a', status: 'on-hold' })
    expect([event.status, event.word]).toEqual([null, 'on-hold'])
    expect(event.details).toBeUndefined()
  })

  test.each([
    ['balance_low', 'balance-low'],
    ['cancelled', 'canceled'],
    ['no_answer', 'no-answer'],
  ])('%s means %s, and the word is kept', (word, status) => {
    const event = read({ id: 'a', status: word })
    expect(event).toMatchObject({ status, word, details: { word } })
  })

  test.each(['x'.repeat(MAX_STATUS_LENGTH - 1), 'x'.repeat(MAX_STATUS_LENGTH), 'toString'])(
    'a word of any kind: %s',
    (status) => {
      expect(read({ id: 'a', status })).toMatchObject({ status: null, word: status })
    },
  )

  test.each([
    ['', 'empty text'],
    ['x'.repeat(MAX_STATUS_LENGTH + 1), 'text'],
    [7, 'number'],
    [null, 'null'],
    [undefined, 'nothing'],
    [['busy'], 'array'],
    [{ status: 'busy' }, 'object'],
  ])('not %j', (status, received) => {
    expect(issuesOf({ id: 'a', status })).toEqual([
      {
        path: ['status'],
        expected: 'a status word of 1 to 128 characters',
        received,
        message: `status: expected a status word of 1 to 128 characters, got ${received}. A message without one says nothing about a call: pass the body as Bolna sent it.`,
      },
    ])
  })

  test('all that is wrong is said at once', () => {
    expect(issuesOf({}).map((issue) => issue.path)).toEqual([['id'], ['status']])
  })

  test.each([
    [null, 'null'],
    [undefined, 'nothing'],
    ['text', 'text'],
    [7, 'number'],
    [[{ id: 'a', status: 'busy' }], 'array'],
  ])('a body that is no object: %j', (body, received) => {
    expect(issuesOf(body)).toMatchObject([{ path: [], expected: 'an object', received }])
  })
})

describe('when', () => {
  test.each<[unknown, number | null]>([
    ['2026-01-26T10:00:00Z', START],
    ['2026-01-26T10:00:00', START],
    ['2026-01-26T10:00:00.142110', START + 142],
    ['2026-01-26T10:00:00.142110+00:00', START + 142],
    ['2026-01-26T15:30:00+05:30', START],
    ['yesterday', null],
    ['', null],
    [null, null],
    [1769421600000, null],
    [{}, null],
  ])('updated_at %j', (updated_at, occurredAt) => {
    expect(read({ id: 'a', status: 'ringing', updated_at }).occurredAt).toBe(occurredAt)
  })
})

describe('which attempt', () => {
  test.each<[unknown, number | null]>([
    [0, 1],
    [1, 2],
    ['2', 3],
    ['0.0', 1],
    [undefined, null],
    [null, null],
    [-1, null],
    [0.5, null],
    ['', null],
    ['two', null],
    [Number.MAX_SAFE_INTEGER - 1, Number.MAX_SAFE_INTEGER],
    [Number.MAX_SAFE_INTEGER, null],
    [[1], null],
  ])('retry_count %j', (retry_count, attempt) => {
    expect(read({ id: 'a', status: 'ringing', retry_count }).attempt).toBe(attempt)
  })

  test('the documented retry webhook opens attempt 2 and tells the end of attempt 1', () => {
    expect(read(retryScheduled)).toEqual({
      provider: 'bolna',
      kind: 'webhook',
      callId: CALL_ID,
      status: 'scheduled',
      word: 'scheduled',
      attempt: 2,
      occurredAt: null,
      details: {
        scheduledFor: START + 30 * 60_000,
        retryPolicy: {
          maxAttempts: 4,
          retryOn: ['no-answer', 'busy', 'failed'],
          retryOnVoicemail: false,
          delaysMs: [1_800_000, 3_600_000, 7_200_000],
        },
      },
      earlier: [{ attempt: 1, status: 'no-answer', occurredAt: START + 46_000 }],
    })
  })

  test('what cannot be read in a history is left out', () => {
    const retry_history = [
      { attempt: '1', status: 'busy', at: 'never' },
      { attempt: 2, status: 'warp' },
      { attempt: 0, status: 'busy' },
      { attempt: 1.5, status: 'busy' },
      { attempt: 'one', status: 'busy' },
      { attempt: 1e300, status: 'busy' },
      { attempt: 1, status: 7 },
      { attempt: 1, status: '' },
      { status: 'busy' },
      null,
      'busy',
      [],
    ]
    expect(read({ id: 'a', status: 'ringing', retry_history }).earlier).toEqual([
      { attempt: 1, status: 'busy', occurredAt: null },
      { attempt: 2, status: null, word: 'warp', occurredAt: null },
    ])
  })

  test.each([
    [null],
    [[]],
    [{}],
    ['busy'],
    [[null]],
    [{ length: 1, 0: { attempt: 1, status: 'busy' } }],
  ])('no history in %j', (retry_history) => {
    expect(read({ id: 'a', status: 'ringing', retry_history })).not.toHaveProperty('earlier')
  })

  test.each([
    [MAX_RETRY_HISTORY - 1, MAX_RETRY_HISTORY - 1],
    [MAX_RETRY_HISTORY, MAX_RETRY_HISTORY],
    [MAX_RETRY_HISTORY + 1, MAX_RETRY_HISTORY],
  ])('of a history of %i entries %i are read', (length, count) => {
    const retry_history = Array.from({ length }, (_, at) => ({ attempt: at + 1, status: 'busy' }))
    expect(read({ id: 'a', status: 'ringing', retry_history }).earlier).toHaveLength(count)
  })
})

describe('recognizes', () => {
  test.each<[unknown, boolean]>([
    [{ id: 'a', status: 'ringing' }, true],
    [{ id: 7, status: 'some-new-word' }, true],
    [{ id: 'a', status: 'Ringing' }, true],
    [{ id: 'a', status: 'RINGING-2' }, true],
    [{ id: 'a', status: 'half DONE' }, true],
    [{ execution_id: 'a', status: 'queued' }, true],
    [{ id: null, execution_id: 'a', status: 'queued' }, true],
    [retryScheduled, true],
    [plivoCompleted, true],
    [{ id: 'a' }, false],
    [{ id: 'a', created_at: 'x' }, false],
    [{ status: 'ringing' }, false],
    [{ id: {}, status: 'ringing' }, false],
    [{ id: {}, execution_id: 'a', status: 'ringing' }, false],
    [{ execution_id: '', status: 'queued' }, false],
    [{ execution_id: 'a', status: 7 }, false],
    [{ execution_id: 'a' }, false],
    [[{ id: 'a', status: 'ringing' }], false],
    [null, false],
    ['ringing', false],
  ])('%j: %s', (body, expected) => {
    expect(bolna.recognizes(body)).toBe(expected)
  })

  test.each(['COMPLETED', 'ON_HOLD', 'NO ANSWER', 'X'])(
    'a status in capitals, %s, only beside a field of its own',
    (status) => {
      expect(bolna.recognizes({ id: 'call_9', status })).toBe(false)
      expect(bolna.recognizes({ execution_id: 'call_9', status, updated_at: 'x' })).toBe(false)
      for (const field of [
        'agent_id',
        'conversation_duration',
        'conversation_time',
        'created_at',
        'retry_count',
        'telephony_data',
        'updated_at',
      ]) {
        expect(bolna.recognizes({ id: 'call_9', status, [field]: null })).toBe(true)
        expect(bolna.recognizes({ id: 'call_9', status, [field]: undefined })).toBe(false)
      }
    },
  )

  test.each([404, null, '', {}, ['busy'], 'x'.repeat(MAX_STATUS_LENGTH + 1)])(
    'a status that is no word, so that the issue can name it: %j',
    (status) => {
      const body = { id: 'a', status }
      expect(bolna.recognizes(body)).toBe(true)
      expect(issuesOf(body).map(({ path }) => path)).toEqual([['status']])
    },
  )
})

describe('the key of an event', () => {
  const first = record('busy', 24, { retry_count: 1 })
  const key = (body: unknown) => eventKeyOf(read(body))

  test.each([
    ['another call', { ...first, id: 'b' }],
    ['another attempt', { ...first, retry_count: 2 }],
    ['an attempt that is not said', { ...first, retry_count: null }],
    ['another status', { ...first, status: 'failed' }],
    ['a later change', { ...first, updated_at: '2026-01-26T10:00:25Z' }],
    ['another code', { ...first, telephony_data: { hangup_code: 3010 } }],
    [
      'the end of an earlier attempt',
      { ...first, retry_history: [{ attempt: 1, status: 'busy' }] },
    ],
  ])('%s is another event', (_title, other) => {
    expect(key(other)).not.toBe(key(first))
  })

  test('the words of a reason are no part of the key: they may hold personal data', () => {
    const reasoned = { ...first, termination_reason: 'user_busy' }
    expect(read(reasoned).details?.reason).toBe('user_busy')
    expect(key(reasoned)).toBe(key(first))
  })

  test('the same delivery again is the same event, and so is the record that says the same', () => {
    expect(key({ ...first })).toBe(key(first))
    expect(eventKeyOf(read(first, 'record'))).toBe(key(first))
  })

  test('the key outlives a store that sorts the keys of its objects', () => {
    const event = read(retryScheduled)
    const { details, ...rest } = event
    const turned = Object.fromEntries(Object.entries(details ?? {}).toReversed())
    expect(eventKeyOf({ ...rest, details: turned })).toBe(eventKeyOf(event))
  })

  test('fields left out and fields that are null say the same', () => {
    const bare: ProviderEvent = {
      provider: 'bolna',
      kind: 'webhook',
      callId: 'a',
      status: 'busy',
      word: 'busy',
    }
    expect(eventKeyOf({ ...bare, details: {} })).toBe(eventKeyOf(bare))
    expect(eventKeyOf({ ...bare, attempt: null, occurredAt: null })).toBe(eventKeyOf(bare))
  })

  test('no phone number, transcript or error message gets into an event or its key', () => {
    const body = record('failed', 3, {
      transcript: 'SECRET-transcript',
      error_message: 'SECRET-message +12025550123',
      extracted_data: { name: 'SECRET-name' },
      telephony_data: { hangup_reason: 'rejected by +12025550123', hangup_by: 'SECRET-party' },
    })
    expect(JSON.stringify(read(body)) + key(body)).not.toMatch(/SECRET|12025550/)
  })
})

describe('hostile bodies', () => {
  test('nothing throws, whatever comes, and an issue never repeats a value', () => {
    fc.assert(
      fc.property(
        fc.anything({ withNullPrototype: true, withBigInt: true, withMap: true }),
        (body) => {
          const parsed = eventIn(bolna, body)
          expect(typeof bolna.recognizes(body)).toBe('boolean')
          if (bolna.recognizes(body) && !parsed.ok) {
            expect(parsed.issues.map(({ path }) => path)).toEqual([['status']])
          }
          if (parsed.ok) expect(typeof eventKeyOf(parsed.value)).toBe('string')
        },
      ),
      { numRuns: 500 },
    )
  })

  test('wrong kinds in every field but id and status lose nothing else', () => {
    const names = Object.keys(plivoCompleted).filter((name) => name !== 'id' && name !== 'status')
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.anything(), (name, value) => {
        expect(read({ ...plivoCompleted, [name]: value })).toMatchObject({
          callId: CALL_ID,
          status: 'completed',
        })
      }),
      { numRuns: 500 },
    )
  })

  test('keys of the prototype are data like any other', () => {
    const body: unknown = JSON.parse(
      '{"__proto__":{"id":"b","polluted":1},"constructor":1,"id":"a","status":"__proto__","retry_count":{"__proto__":1}}',
    )
    expect(read(body)).toMatchObject({
      callId: 'a',
      status: null,
      word: '__proto__',
      attempt: null,
    })
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
    expect(issuesOf(JSON.parse('{"__proto__":{"id":"a","status":"busy"}}'))).toHaveLength(2)
  })

  test('deep and huge bodies are read like small ones', () => {
    const deep: unknown = JSON.parse(`${'['.repeat(5000)}${']'.repeat(5000)}`)
    const body = { ...plivoCompleted, extracted_data: deep, transcript: 'x'.repeat(5_000_000) }
    expect(read(body)).toEqual(read(plivoCompleted))
  })

  test('lone surrogates stay as they are', () => {
    expect(read({ id: '\ud800', status: '\udc00' })).toMatchObject({
      callId: '\ud800',
      word: '\udc00',
    })
  })
})
