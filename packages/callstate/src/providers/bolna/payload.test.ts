import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CALL_STATUSES, isCallstateError } from '../../index.ts'
import { documented } from './documented-payload.fixture.ts'
import { bolnaExecutionSchema, parseBolnaPayload, safeParseBolnaPayload } from './index.ts'
import {
  after,
  CALL_ID,
  naive,
  plivoCompleted,
  record,
  retryScheduled,
  START,
  twilioDisconnected,
} from './records.fixture.ts'

function issuesOf(body: unknown) {
  const parsed = safeParseBolnaPayload(body)
  return parsed.ok ? [] : parsed.issues
}

function completed(body: unknown) {
  const execution = parseBolnaPayload(body)
  if (execution.status !== 'completed') throw new Error('not completed')
  return execution
}

function unfinished(body: unknown) {
  const execution = parseBolnaPayload(body)
  if (execution.status === 'completed') throw new Error('completed')
  return execution
}

describe('records as they really come', () => {
  test('the completed record of the documents, under its old name for the duration', () => {
    const { conversation_time, ...rest } = documented
    expect(parseBolnaPayload(documented)).toEqual({
      ...rest,
      id: '7432382142914',
      word: 'completed',
      conversation_duration: conversation_time,
      created_at: Date.UTC(2024, 0, 23, 1, 14, 37),
      updated_at: Date.UTC(2024, 0, 29, 18, 31, 22),
      batch_run_details: {
        ...documented.batch_run_details,
        created_at: Date.UTC(2024, 0, 23, 1, 14, 37),
        updated_at: Date.UTC(2024, 0, 29, 18, 31, 22),
      },
    })
  })

  test('a completed record: numbers and extraction as text, camel case, fields nobody documents', () => {
    const execution = completed({ ...plivoCompleted, future_field: { deep: [1] } })
    expect(execution).toMatchObject({
      conversation_duration: 27.2,
      total_cost: 9.87,
      agent_extraction: { interested: true },
      telephony_data: { duration: 28, ring_duration: 3, hangup_provider_code: '4000' },
      usage_breakdown: {
        llm_model: { 'model-a': { input: 900, output: 40 } },
        llm_tokens: 940,
        voice_id: 'voice-1',
        buffer_size: 200,
      },
      latency_data: { synthesizer: { turns: -1 } },
      future_field: { deep: [1] },
    })
    expect(execution.usage_breakdown).not.toHaveProperty('llmTokens')
    expect(execution).not.toHaveProperty('provisional')
  })

  test('times with and without a zone in one record are read on one clock', () => {
    const body = {
      ...record('ringing', 2),
      created_at: after(0),
      updated_at: naive(2),
      initiated_at: '2026-01-26T15:30:05+05:30',
      scheduled_at: '2026-01-26T10:00:00Z',
    }
    expect(parseBolnaPayload(body)).toMatchObject({
      created_at: START,
      updated_at: START + 2000,
      initiated_at: START + 5000,
      scheduled_at: START,
    })
  })

  test('what is not final yet stands apart, in the layout of a completed record', () => {
    const execution = unfinished(twilioDisconnected)
    expect(execution.provisional).toMatchObject({
      conversation_duration: 59.4,
      total_cost: 4.32,
      cost_breakdown: { llm: 1.1, network: 0, platform: 0 },
      extracted_data: null,
      agent_extraction: null,
      transfer_call_data: null,
      telephony_data: { duration: 0, recording_url: null },
    })
    expect(execution.telephony_data).toMatchObject({ provider: 'twilio', hangup_by: null })
    for (const field of Object.keys(execution.provisional).filter(
      (key) => key !== 'telephony_data',
    )) {
      expect(execution).not.toHaveProperty(field)
    }
    expect(execution.telephony_data).not.toHaveProperty('recording_url')
    expect(execution.telephony_data).not.toHaveProperty('duration')
  })

  test('every field that is final at completed alone is provisional before', () => {
    const { id, status, ...fields } = plivoCompleted
    const execution = unfinished({ id, status: 'in-progress', ...fields, price_breakdown: null })
    expect(Object.keys(execution.provisional).toSorted()).toEqual([
      'agent_extraction',
      'conversation_duration',
      'cost_breakdown',
      'custom_extractions',
      'extracted_data',
      'latency_data',
      'price_breakdown',
      'summary',
      'telephony_data',
      'total_cost',
      'transcript',
      'transfer_call_data',
      'usage_breakdown',
    ])
  })

  test.each(CALL_STATUSES)('the status %s', (status) => {
    const execution = parseBolnaPayload(record(status, 1))
    expect(execution).toMatchObject({ status, word: status })
    expect('provisional' in execution).toBe(status !== 'completed')
  })

  test('another spelling is put into our words, and an unknown word is kept', () => {
    expect(parseBolnaPayload({ id: 'a', status: 'cancelled' })).toEqual({
      id: 'a',
      status: 'canceled',
      word: 'cancelled',
      provisional: {},
    })
    expect(parseBolnaPayload({ id: 'a', status: 'on-hold' })).toEqual({
      id: 'a',
      status: null,
      word: 'on-hold',
      provisional: {},
    })
  })

  test('the documented retry webhook', () => {
    expect(parseBolnaPayload(retryScheduled)).toEqual({
      id: CALL_ID,
      status: 'scheduled',
      word: 'scheduled',
      retry_count: 1,
      retry_config: { enabled: true, max_retries: 3 },
      retry_history: [{ attempt: 1, status: 'no-answer', at: START + 46_000 }],
      scheduled_at: START + 30 * 60_000,
      provisional: {},
    })
  })

  test('a web call has no telephony_data', () => {
    expect(unfinished(record('ringing', 1, { telephony_data: null })).telephony_data).toBeNull()
    expect(unfinished({ id: 'a', status: 'ringing' })).not.toHaveProperty('telephony_data')
  })

  test.each<[unknown, unknown]>([
    ['{"a":1}', { a: 1 }],
    [{ a: 1 }, { a: 1 }],
    ['[1]', '[1]'],
    ['7', '7'],
    ['plain text', 'plain text'],
    ['', null],
    [null, null],
  ])('an extraction as %j', (data, read) => {
    const execution = completed({
      id: 'a',
      status: 'completed',
      agent_extraction: data,
      extracted_data: data,
    })
    expect(execution.agent_extraction).toEqual(read)
    expect(execution.extracted_data).toEqual(read)
  })

  test.each<[unknown, unknown]>([
    ['', null],
    [null, null],
    ['https://recordings.example/1.mp3', 'https://recordings.example/1.mp3'],
  ])('a recording_url as %j', (recording_url, read) => {
    const lines = { telephony_data: { recording_url }, transfer_call_data: { recording_url } }
    const execution = completed({ id: 'a', status: 'completed', ...lines })
    expect(execution.telephony_data?.recording_url).toBe(read)
    expect(execution.transfer_call_data?.recording_url).toBe(read)
  })

  test('a recording_url that is not said is not made up', () => {
    const execution = completed({ id: 'a', status: 'completed', telephony_data: {} })
    expect(execution.telephony_data).toEqual({})
  })

  test('a code of any kind is text, an empty one is null', () => {
    const lines = { telephony_data: { hangup_provider_code: 4000, hangup_code: '' } }
    expect(completed({ id: 'a', status: 'completed', ...lines }).telephony_data).toEqual({
      hangup_provider_code: '4000',
      hangup_code: null,
    })
  })

  test('"" is null in every field, at every level, and nothing that is left out is made up', () => {
    const anyKind =
      /^(custom_extractions|price_breakdown|summary|extraction_webhook_status|workflow_retries|campaign_id)$/
    const { telephony_data: line, conversation_time, ...top } = documented
    const { id, status, ...listed } = { ...plivoCompleted, ...top, termination_reason: null }
    for (const name of Object.keys(listed).filter((field) => !anyKind.test(field))) {
      expect(completed({ id: 'a', status: 'completed', [name]: '' })).toStrictEqual({
        id: 'a',
        status: 'completed',
        word: 'completed',
        [name]: null,
      })
    }
    for (const name of Object.keys(line)) {
      const telephony_data = { [name]: '' }
      const execution = completed({ id: 'a', status: 'completed', telephony_data })
      expect(execution.telephony_data).toStrictEqual({ [name]: null })
    }
    const deep = {
      retry_config: { enabled: '', max_retries: '', retry_on_statuses: '' },
      retry_history: [{ attempt: 1, status: 'busy', at: '' }],
      cost_breakdown: { llm: '' },
      usage_breakdown: { llm_model: { a: '', b: { input: '' } } },
    }
    expect(completed({ id: 'a', status: 'completed', ...deep })).toMatchObject({
      retry_config: { enabled: null, max_retries: null, retry_on_statuses: null },
      retry_history: [{ attempt: 1, status: 'busy', at: null }],
      cost_breakdown: { llm: null },
      usage_breakdown: { llm_model: { a: null, b: { input: null } } },
    })
    expect(unfinished({ id: 'a', status: 'ringing', telephony_data: '' }).telephony_data).toBeNull()
  })

  test('true and false may come as text', () => {
    const body = { id: 'a', status: 'ringing', answered_by_voice_mail: 'true' }
    const execution = unfinished({ ...body, telephony_data: { hosted_telephony: 'false' } })
    expect(execution.answered_by_voice_mail).toBe(true)
    expect(execution.telephony_data?.hosted_telephony).toBe(false)
  })

  test('the new name of the duration goes before the old one, which is dropped', () => {
    const old = { id: 'a', status: 'completed', conversation_time: 1 }
    expect(completed(old)).toMatchObject({ conversation_duration: 1 })
    const both = completed({ ...old, conversation_duration: 2 })
    expect(both.conversation_duration).toBe(2)
    expect(both).not.toHaveProperty('conversation_time')
    expect(completed({ ...old, conversation_duration: '' }).conversation_duration).toBe(1)
    expect(completed({ id: 'a', status: 'completed' })).not.toHaveProperty('conversation_duration')
  })

  test('names with underscores go before those in camel case', () => {
    const usage_breakdown = { llm_tokens: 1, llmTokens: 2, llmModel: null }
    const execution = completed({ id: 'a', status: 'completed', usage_breakdown })
    expect(execution.usage_breakdown).toEqual({ llm_tokens: 1, llm_model: null })
    const none = completed({ id: 'a', status: 'completed', usage_breakdown: {} })
    expect(none.usage_breakdown).toStrictEqual({})
  })
})

describe('what is refused', () => {
  const says = (body: object) =>
    issuesOf({ id: 'a', status: 'ringing', ...body }).map((issue) => issue.message)
  const hint = 'Pass the message as the provider sent it.'

  test.each([
    ['id', {}, 'text of 1 to 256 characters or a whole number', 'object'],
    ['updated_at', 'yesterday', 'an ISO 8601 time', 'text'],
    ['created_at', 7, 'an ISO 8601 time', 'number'],
    ['retry_count', 'two', 'a number or numeric text', 'text'],
    ['total_cost', ' ', 'a number or numeric text', 'text'],
    ['conversation_duration', [], 'a number or numeric text', 'array'],
    ['transcript', 7, 'text', 'number'],
    ['answered_by_voice_mail', 'yes', 'true or false', 'text'],
    ['telephony_data', 'none', 'object', 'text'],
    ['usage_breakdown', 'none', 'object', 'text'],
    ['usage_breakdown', [], 'object', 'array'],
  ])('%s as %j', (path, value, expected, received) => {
    expect(issuesOf({ id: 'a', status: 'ringing', [path]: value })).toEqual([
      {
        path: [path],
        expected,
        received,
        message: `${path}: expected ${expected}, got ${received}. ${hint}`,
      },
    ])
  })

  test('a place deep in the record is named as it came, final or not', () => {
    const bad = {
      telephony_data: { duration: 'long', ring_duration: 'long', recording_url: 7 },
      cost_breakdown: { llm: 'x' },
      retry_history: [{ attempt: 'one', status: 'busy' }],
    }
    const paths = [
      'cost_breakdown.llm',
      'retry_history.0.attempt',
      'telephony_data.duration',
      'telephony_data.recording_url',
      'telephony_data.ring_duration',
    ]
    for (const status of ['ringing', 'completed']) {
      const issues = issuesOf({ id: 'a', status, ...bad })
      expect(issues.map((issue) => issue.path.join('.')).toSorted()).toEqual(paths)
      expect(issues.map((issue) => issue.received)).not.toContain('nothing')
    }
  })

  test.each([
    [{ id: 'a' }, 'status: expected a status word of 1 to 128 characters, got nothing.'],
    [{ id: 'a', status: 7 }, 'status: expected a status word of 1 to 128 characters, got number.'],
    [
      { status: 'busy' },
      'id: expected text of 1 to 256 characters or a whole number, got nothing.',
    ],
    [null, 'The message: expected an object, got null.'],
    [[], 'The message: expected an object, got array.'],
  ])('%j', (body, message) => {
    expect(issuesOf(body).map((issue) => issue.message)).toEqual([`${message} ${hint}`])
  })

  test('all that is wrong is said at once', () => {
    expect(issuesOf({}).map((issue) => issue.path)).toEqual([['id'], ['status']])
  })

  test('no issue repeats a value', () => {
    const secret = 'SECRET +12025550123'
    const messages = says({
      created_at: secret,
      retry_count: secret,
      telephony_data: secret,
      total_cost: secret,
      context_details: secret,
      usage_breakdown: { llm_model: { [secret]: secret } },
    })
    expect(messages).toHaveLength(6)
    expect(messages.join()).not.toMatch(/SECRET|12025550123/)
  })

  test('parseBolnaPayload throws what safeParseBolnaPayload answers', () => {
    const body = { id: 'a', status: 'ringing', retry_count: 'x', total_cost: 'y' }
    const caught = (() => {
      try {
        return parseBolnaPayload(body)
      } catch (error) {
        return error
      }
    })()
    expect(isCallstateError(caught)).toBe(true)
    expect(caught).toMatchObject({
      code: 'invalid-event',
      message: says(body).join(' '),
      details: { issues: issuesOf(body) },
    })
  })
})

describe('laws', () => {
  const key = fc.string().filter((name) => name !== '__proto__')

  test('numeric text is read as the number', () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(999_999), (whole, fraction) => {
        const text = `${whole}.${String(fraction).padStart(6, '0')}`
        const execution = completed({ id: 'a', status: 'completed', total_cost: text })
        expect(execution.total_cost).toBe(Number.parseFloat(text))
      }),
    )
  })

  test('a time is the same with Z, with an offset and without a zone', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: Date.UTC(2100, 0, 1) }),
        fc.integer({ min: -14 * 60, max: 14 * 60 }),
        fc.nat(999),
        (at, offset, micros) => {
          const fraction = String(micros).padStart(3, '0')
          const text = (time: number) => `${new Date(time).toISOString().slice(0, -1)}${fraction}`
          const size = Math.abs(offset)
          const zone = `${offset < 0 ? '-' : '+'}${String(Math.floor(size / 60)).padStart(2, '0')}:${String(size % 60).padStart(2, '0')}`
          fc.pre(at + offset * 60_000 >= 0)
          const execution = parseBolnaPayload({
            id: 'a',
            status: 'ringing',
            created_at: `${text(at)}Z`,
            updated_at: text(at),
            initiated_at: `${text(at + offset * 60_000)}${zone}`,
          })
          expect(execution).toMatchObject({ created_at: at, updated_at: at, initiated_at: at })
        },
      ),
    )
  })

  test('fields that nobody documents are kept, at every level', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('ringing', 'completed', 'on-hold'),
        fc.dictionary(
          key.map((name) => `x-${name}`),
          fc.jsonValue(),
        ),
        (status, extra) => {
          const body = {
            id: 'a',
            status,
            ...extra,
            telephony_data: { provider: 'plivo', ...extra },
            batch_run_details: { ...extra },
            retry_history: [{ attempt: 1, status: 'busy', ...extra }],
          }
          expect(parseBolnaPayload(body)).toMatchObject({
            ...extra,
            telephony_data: extra,
            batch_run_details: extra,
            retry_history: [extra],
          })
        },
      ),
    )
  })

  test('nothing throws, whatever comes', () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true, withBigInt: true }), (body) => {
        expect(typeof safeParseBolnaPayload(body).ok).toBe('boolean')
      }),
    )
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(plivoCompleted)), fc.anything(), (name, value) => {
        const parsed = safeParseBolnaPayload({ ...plivoCompleted, [name]: value })
        if (!parsed.ok) expect(parsed.issues.length).toBeGreaterThan(0)
      }),
      { numRuns: 500 },
    )
  })

  test('keys of the prototype are data like any other', () => {
    const body: unknown = JSON.parse(
      '{"__proto__":{"polluted":1},"constructor":1,"id":"a","status":"ringing","telephony_data":{"__proto__":{"polluted":1}}}',
    )
    expect(safeParseBolnaPayload(body).ok).toBe(true)
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
    expect(Object.getPrototypeOf(parseBolnaPayload(body))).toBe(Object.prototype)
  })

  test('deep and huge bodies are read', () => {
    const deep: unknown = JSON.parse(`${'['.repeat(5000)}${']'.repeat(5000)}`)
    const extraction = `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`
    const body = {
      ...plivoCompleted,
      future: deep,
      agent_extraction: extraction,
      transcript: 'x'.repeat(2_000_000),
    }
    expect(bolnaExecutionSchema.safeParse(body).success).toBe(true)
  })
})
