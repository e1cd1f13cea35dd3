import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createActor, createMachine } from 'xstate'
import { REDACTED, redactPayload } from './index.ts'

test('a webhook keeps its structure, statuses, times and numbers, and loses what tells of a person', () => {
  const { payload, redacted } = redactPayload({
    id: '5f0c3a52-1f7e-4b7c-9a55-0123456789ab',
    status: 'call-disconnected',
    smart_status: 'REPLY_SENT',
    created_at: '2026-01-01T10:00:00.000000',
    endedAt: 1_767_261_600_000,
    total_cost: 22.99,
    conversation_duration: 48.6,
    answered_by_voice_mail: false,
    error_message: null,
    transcript: 'assistant: hello Priya',
    extracted_data: { interested: true, budget: 900 },
    context_details: { recipient_phone_number: '+12025550123', retries: 2 },
    telephony_data: {
      duration: '48',
      to_number: '+12025550123',
      recording_url: 'https://recordings.example/1.mp3',
      hangup_reason: 'Call hung up by Priya',
      provider: 'plivo',
    },
    batch_number: 2_025_550_123,
    legs: [{ status: 'busy', dialed: 12_025_550_123 }, 'no answer yet'],
    '+12025550199': 'busy',
    empty: '',
  })
  expect(payload).toEqual({
    id: '5f0c3a52-1f7e-4b7c-9a55-0123456789ab',
    status: 'call-disconnected',
    smart_status: 'REPLY_SENT',
    created_at: '2026-01-01T10:00:00.000000',
    endedAt: 1_767_261_600_000,
    total_cost: 22.99,
    conversation_duration: 48.6,
    answered_by_voice_mail: false,
    error_message: null,
    transcript: REDACTED,
    extracted_data: REDACTED,
    context_details: { recipient_phone_number: REDACTED, retries: 2 },
    telephony_data: {
      duration: '48',
      to_number: REDACTED,
      recording_url: REDACTED,
      hangup_reason: REDACTED,
      provider: 'plivo',
    },
    batch_number: REDACTED,
    legs: [{ status: 'busy', dialed: REDACTED }, REDACTED],
    [REDACTED]: REDACTED,
    empty: '',
  })
  expect(redacted).toEqual([
    'transcript',
    'extracted_data',
    'context_details.recipient_phone_number',
    'telephony_data.to_number',
    'telephony_data.recording_url',
    'telephony_data.hangup_reason',
    'batch_number',
    'legs.0.dialed',
    'legs.1',
    REDACTED,
  ])
})

test('a long number stands only under the name of a time', () => {
  const shown = (fields: object) => redactPayload(fields).payload
  expect(shown({ code: 999_999, other: 1_000_000 })).toEqual({ code: 999_999, other: REDACTED })
  expect(shown({ at: 1_767_261_600, startTime: 1_767_261_600_000 })).toEqual({
    at: 1_767_261_600,
    startTime: 1_767_261_600_000,
  })
  expect(shown({ at: 12_025_550_123, time: 5_550_123 })).toEqual({ at: REDACTED, time: REDACTED })
})

const phone = fc
  .tuple(
    fc.constantFrom(
      '+1 202 555 01',
      '+120255501',
      '1-202-555-01',
      '(202) 555-01',
      '202.555.01',
      '0012025550',
    ),
    fc.integer({ min: 10, max: 99 }),
  )
  .map(([start, end]) => `${start}${end}`)
const said = fc.constantFrom(
  'Hello, this is Priya.',
  'yes please call tomorrow',
  'priya@example.com',
)
const secret = fc.oneof(phone, said)

test('no phone number and no sentence passes, wherever it stands', () => {
  const tree = fc.letrec((tie) => ({
    node: fc.oneof(
      { depthSize: 'small' },
      secret,
      phone.map((text) => Number(text.replaceAll(/\D/g, ''))),
      fc.array(tie('node'), { maxLength: 3 }),
      fc.dictionary(fc.oneof(fc.constantFrom('a', 'data', 'status', 'legs'), secret), tie('node'), {
        maxKeys: 3,
      }),
    ),
  })).node
  fc.assert(
    fc.property(tree, (value) => {
      const text = JSON.stringify(redactPayload(value))
      expect(text).not.toMatch(/\d{7}|555|Priya|priya|tomorrow|example/)
    }),
  )
})

test('anything at all is read, and reading twice changes nothing more', () => {
  fc.assert(
    fc.property(fc.anything(), (value) => {
      const { payload } = redactPayload(value)
      expect(redactPayload(payload).payload).toEqual(payload)
    }),
  )
  const deep: unknown = Array.from({ length: 5000 }).reduce((inner) => ({ a: inner }), 'busy')
  expect(JSON.stringify(redactPayload(deep).payload)).toContain(REDACTED)
})

test('what contains itself, shares its parts or throws is read to an end', () => {
  const loop: Record<string, unknown> = { status: 'busy' }
  loop['again'] = loop
  loop['list'] = [loop]
  expect(redactPayload(loop).payload).toEqual({
    status: 'busy',
    again: REDACTED,
    list: [REDACTED],
  })

  // Each level twice: two to the power of thirty values.
  const doubled = (make: (inner: unknown) => unknown) =>
    Array.from({ length: 30 }).reduce((inner) => make(inner), 'busy')
  for (const wide of [doubled((a) => ({ a, b: a })), doubled((a) => [a, a])]) {
    expect(redactPayload(wide).redacted.length).toBeLessThan(100_000)
  }

  const throwing = {
    get status(): string {
      throw new Error('not now')
    },
  }
  expect(redactPayload({ throwing }).payload).toEqual({ throwing: {} })
})

test('what has a form of its own in JSON is read in that form', () => {
  const child = createActor(createMachine({ id: 'child' }))
  const payload = { at: new Date(0), child, own: { toJSON: () => 'busy' } }
  expect(redactPayload(payload).payload).toEqual({
    at: '1970-01-01T00:00:00.000Z',
    child: { xstate$$type: 1, id: REDACTED },
    own: 'busy',
  })
})

test('the values that are shown have an end', () => {
  const values = (count: number) => redactPayload(Array.from({ length: count }, () => [1]))
  // The list itself, and each element with the one in it.
  expect(values(10_000).redacted).toEqual([])
  expect(values(10_001).redacted).toEqual(['10000'])
})
