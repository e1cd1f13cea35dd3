import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { isCallstateError } from '../../error.ts'
import { eventIn } from '../one-event.fixture.ts'
import {
  dialgen,
  dialgenPayloadSchema,
  parseDialgenPayload,
  safeParseDialgenPayload,
} from './index.ts'
import {
  CALL_REPLY,
  DATA_WEBHOOK,
  EVENT_WEBHOOK,
  LIVE_STATUS,
  MESSAGES,
  PERSISTENT_STATUS,
} from './messages.fixture.ts'

const NOTHING_SAID = {
  event: null,
  contactId: null,
  batchId: null,
  agentId: null,
  agent: null,
  callSid: null,
  direction: null,
  phoneNumber: null,
  contactName: null,
  contact: null,
  startTime: null,
  endTime: null,
  endedAt: null,
  createdAt: null,
  error: null,
}

const issuesOf = (body: unknown) => {
  const result = safeParseDialgenPayload(body)
  return result.ok
    ? []
    : result.issues.map(({ path, expected, received }) => [path.join('.'), expected, received])
}

describe('the payload of each kind of message', () => {
  test('the live status of a call that goes on', () => {
    expect(parseDialgenPayload(LIVE_STATUS)).toEqual({
      ...NOTHING_SAID,
      callId: 'call_123',
      status: 'ONGOING',
      word: 'ONGOING',
      startTime: Date.UTC(2025, 10, 15, 14, 30, 1, 123),
      phoneNumber: '+12025550123',
      contactId: 'contact_456',
      raw: LIVE_STATUS,
    })
  })

  test('the persistent status', () => {
    const { data } = PERSISTENT_STATUS
    expect(parseDialgenPayload(PERSISTENT_STATUS)).toEqual({
      ...NOTHING_SAID,
      callId: data.id,
      status: 'COMPLETED',
      word: 'COMPLETED',
      direction: 'OUTBOUND',
      createdAt: Date.UTC(2026, 0, 7, 6, 34, 13, 605),
      endedAt: Date.UTC(2026, 0, 7, 6, 34, 51, 871),
      contact: data.contact,
      agent: 'Agent Name',
      duration: 35,
      recordingUrl: data.recordingUrl,
      summary: null,
      transcription: data.transcription,
      metricJson: null,
      raw: PERSISTENT_STATUS,
    })
  })

  test('the flat webhook', () => {
    expect(parseDialgenPayload(EVENT_WEBHOOK)).toEqual({
      ...NOTHING_SAID,
      callId: 'call_123',
      status: 'COMPLETED',
      word: 'COMPLETED',
      event: 'call.completed',
      contactId: 'contact_456',
      duration: 180,
      recordingUrl: EVENT_WEBHOOK.recordingUrl,
      summary: 'Call summary...',
      transcription: null,
      metricJson: null,
      raw: EVENT_WEBHOOK,
    })
  })

  test('the webhook with the call data', () => {
    const { callData } = DATA_WEBHOOK
    expect(parseDialgenPayload(DATA_WEBHOOK)).toEqual({
      ...NOTHING_SAID,
      callId: 'call_123',
      status: 'COMPLETED',
      word: 'COMPLETED',
      contactId: 'contact_456',
      agentId: 'agent_789',
      callSid: 'CA123',
      direction: 'OUTBOUND',
      startTime: Date.UTC(2025, 10, 15, 14, 30),
      endTime: Date.UTC(2025, 10, 15, 14, 33),
      createdAt: Date.UTC(2025, 10, 15, 14, 30),
      phoneNumber: '+12025550123',
      contactName: 'Ada Example',
      duration: 180,
      recordingUrl: callData.recordingUrl,
      summary: 'Call summary text...',
      transcription: callData.transcription,
      metricJson: callData.metricJson,
      raw: DATA_WEBHOOK,
    })
  })

  test('the reply to a dial request', () => {
    expect(parseDialgenPayload(CALL_REPLY)).toEqual({
      ...NOTHING_SAID,
      callId: 'call_123',
      status: 'ONGOING',
      word: 'ONGOING',
      contactId: 'contact_456',
      raw: CALL_REPLY,
    })
  })
})

describe('a payload', () => {
  test.each(['SCHEDULED', 'ONGOING', 'MISSED', 'FAILED', 'PAUSED'])(
    'of %s offers no final data, which stays in raw',
    (status) => {
      const body = { ...EVENT_WEBHOOK, status, transcription: [], metricJson: {} }
      const payload = parseDialgenPayload(body)
      expect(payload.status).toBe(status === 'PAUSED' ? null : status)
      expect(payload.word).toBe(status)
      for (const field of ['duration', 'recordingUrl', 'summary', 'transcription', 'metricJson']) {
        expect(payload).not.toHaveProperty(field)
      }
      expect(payload.raw).toBe(body)
    },
  )

  test('takes numbers as text, text as numbers, "" and null as nothing, a time without a zone as UTC', () => {
    const body = {
      callId: 7,
      status: 'COMPLETED',
      contactId: 8,
      batchId: '',
      phoneNumber: null,
      duration: '180.5',
      recordingUrl: '',
      startTime: '2025-11-15 14:30:00',
      endTime: 'soon',
      contact: null,
      metricJson: null,
      transcription: { turns: 3 },
    }
    const { raw, ...payload } = parseDialgenPayload(body)
    expect(raw).toBe(body)
    expect(payload).toEqual({
      ...NOTHING_SAID,
      callId: '7',
      status: 'COMPLETED',
      word: 'COMPLETED',
      contactId: '8',
      duration: 180.5,
      recordingUrl: null,
      summary: null,
      metricJson: null,
      transcription: { turns: 3 },
      startTime: Date.UTC(2025, 10, 15, 14, 30),
    })
    for (const duration of ['', null, undefined]) {
      expect(parseDialgenPayload({ ...body, duration })).toHaveProperty('duration', null)
    }
    for (const field of ['contact', 'metricJson', 'summary', 'error', 'startTime']) {
      expect(parseDialgenPayload({ ...body, [field]: '' })).toHaveProperty(field, null)
    }
  })

  test('keeps every unknown field in raw', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...MESSAGES),
        fc.string(),
        fc.jsonValue(),
        (message, name, value) => {
          fc.pre(!(name in message) && !['data', 'callData', '__proto__'].includes(name))
          fc.pre(!(name in NOTHING_SAID))
          const payload = parseDialgenPayload({ ...message, [name]: value })
          expect(payload.raw[name]).toBe(value)
        },
      ),
    )
  })

  test('agrees with the event on identifier and status', () => {
    for (const message of MESSAGES) {
      const payload = parseDialgenPayload(message)
      const event = eventIn(dialgen, message)
      expect(event.ok && [event.value.callId, event.value.details?.word]).toEqual([
        payload.callId,
        payload.word,
      ])
    }
  })
})

describe('the schema', () => {
  /** The call of a message, named as it is without an envelope. */
  const callIn = (message: (typeof MESSAGES)[number]): Record<string, unknown> => {
    const { callData, data, ...flat }: Record<string, unknown> = { ...message }
    const { id, ...call } = { ...flat, ...(callData ?? data ?? {}) } as Record<string, unknown>
    return { callId: id, ...call }
  }

  test('reads as the parser does, the call alone', () => {
    for (const message of MESSAGES) {
      const { word, raw, ...payload } = parseDialgenPayload(message)
      expect(dialgenPayloadSchema.parse(callIn(message))).toMatchObject({
        ...payload,
        status: word,
      })
    }
  })

  test('is extended by the metrics of an agent, which the payload then has', () => {
    const mine = dialgenPayloadSchema.extend({
      metricJson: z
        .object({ intent: z.enum(['SALES_INQUIRY', 'OTHER']) })
        .nullable()
        .default(null),
      nickname: z.string().optional(),
    })
    const payload = parseDialgenPayload(DATA_WEBHOOK, mine)
    expect(payload).toMatchObject({ metricJson: { intent: 'SALES_INQUIRY' }, duration: 180 })
    expect(parseDialgenPayload({ ...LIVE_STATUS, nickname: 'Ada' }, mine).nickname).toBe('Ada')
    const wrong = { ...EVENT_WEBHOOK, metricJson: { intent: 'NONE' } }
    expect(safeParseDialgenPayload(wrong, mine)).toMatchObject({
      ok: false,
      issues: [{ path: ['metricJson', 'intent'], expected: 'SALES_INQUIRY or OTHER' }],
    })
  })

  test('reads as JSON Schema, as it comes and as it is given', () => {
    const { properties, required } = z.toJSONSchema(dialgenPayloadSchema, { io: 'input' })
    expect(required).toEqual(['callId', 'status'])
    expect(Object.keys(properties ?? {}).toSorted()).toEqual(
      [
        ...Object.keys(NOTHING_SAID),
        ...['callId', 'status', 'duration', 'recordingUrl', 'summary'],
        ...['transcription', 'metricJson'],
      ].toSorted(),
    )
    expect(properties).toMatchObject({
      callId: { anyOf: [{ type: 'string', minLength: 1, maxLength: 256 }, { type: 'integer' }] },
      status: { type: 'string', minLength: 1, maxLength: 128 },
      startTime: { type: ['string', 'null'] },
      duration: { type: ['number', 'string', 'null'], description: 'Seconds.' },
      error: { type: ['string', 'number', 'null'] },
    })
    const given = z.toJSONSchema(dialgenPayloadSchema, { io: 'output' })
    expect(given.properties).toMatchObject({
      startTime: { type: ['number', 'null'] },
      contactId: { type: ['string', 'null'] },
    })
  })
})

describe('a payload is refused', () => {
  test('for the same essentials as the event', () => {
    for (const body of [null, 5, {}, { callData: { id: '' } }, { callId: 'a', status: 5 }]) {
      expect(safeParseDialgenPayload(body)).toEqual(eventIn(dialgen, body))
      expect(safeParseDialgenPayload(body).ok).toBe(false)
    }
  })

  test.each([
    [{ duration: 'long' }, [['duration', 'seconds, 0 or more', 'text']]],
    [{ duration: -1 }, [['duration', 'seconds, 0 or more', 'number']]],
    [{ summary: {} }, [['summary', 'text or number', 'object']]],
    [{ error: true }, [['error', 'text or number', 'boolean']]],
    [{ metricJson: [] }, [['metricJson', 'record', 'array']]],
    [{ contact: 'Ada' }, [['contact', 'object', 'text']]],
    [{ contact: { phoneNumber: {} } }, [['contact.phoneNumber', 'text or number', 'object']]],
  ])('for a field of another kind: %j', (fields, issues) => {
    expect(issuesOf({ ...EVENT_WEBHOOK, ...fields })).toEqual(issues)
    const prefixed = issues.map(([path, ...rest]) => [`callData.${path}`, ...rest])
    expect(issuesOf({ callData: { ...DATA_WEBHOOK.callData, ...fields } })).toEqual(prefixed)
    expect(eventIn(dialgen, { ...EVENT_WEBHOOK, ...fields }).ok).toBe(true)
  })

  test('by an error that names the issues and no value', () => {
    const body = { ...EVENT_WEBHOOK, summary: ['+12025550123'], error: false }
    const thrown = errorOf(() => parseDialgenPayload(body))
    if (!isCallstateError(thrown)) throw new Error('expected an error of this library')
    expect(thrown.code).toBe('invalid-event')
    expect(thrown.message).toBe(
      'error: expected text or number, got boolean. Pass the message as the provider sent it. summary: expected text or number, got array. Pass the message as the provider sent it.',
    )
    expect(thrown.details).toMatchObject({ issues: [{ path: ['error'] }, { path: ['summary'] }] })
  })

  test('never by an error of safeParseDialgenPayload', () => {
    const field = fc.constantFrom(
      'callId',
      'status',
      'callData',
      'data',
      'contact',
      'duration',
      'metricJson',
    )
    const body = fc.oneof(fc.anything(), fc.dictionary(field, fc.anything()))
    fc.assert(
      fc.property(body, fc.anything(), (value, other) => {
        expect(typeof safeParseDialgenPayload(value).ok).toBe('boolean')
        const nearly = { ...EVENT_WEBHOOK, contact: other, duration: other, error: other }
        expect(typeof safeParseDialgenPayload(nearly).ok).toBe('boolean')
      }),
      { numRuns: 500 },
    )
  })
})

function errorOf(act: () => unknown): unknown {
  try {
    return act()
  } catch (error) {
    return error
  }
}
