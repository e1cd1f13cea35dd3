import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CALL_STATUSES, type CallStatus, checkTransition } from '../../index.ts'
import { replay } from '../../observe.ts'
import type { MessageKind } from '../message.ts'
import type { Moment } from '../tell.ts'
import { KINDS, momentOf, NUMBERS, stories } from '../told-story.fixture.ts'
import { bolna, bolnaExecutionSchema, parseBolnaPayload } from './index.ts'
import { plivoCompleted } from './records.fixture.ts'
import { bolnaReplySchema } from './reference.ts'

/** The one message that is told, as a receiver has it; null where nothing is told. */
function bodyOf(moment: Moment, kind: MessageKind): unknown {
  const messages = bolna.tell?.(moment, kind) ?? []
  expect(messages.length).toBeLessThanOrEqual(1)
  const [message] = messages
  if (message === undefined) return null
  expect(message).toMatchObject({ kind, contentType: 'application/json' })
  return JSON.parse(message.body)
}

const isReply = (kind: MessageKind) => kind === 'call-reply' || kind === 'stop-reply'

test('what is told is recognized, fits the schemas and is read as the moment of which it tells', () => {
  const told = new Map(KINDS.map((kind) => [kind, new Set<CallStatus>()]))
  const checkMessage = (moment: Moment, kind: MessageKind) => {
    const body = bodyOf(moment, kind)
    if (body === null) return
    told.get(kind)?.add(moment.status)
    expect(bolna.recognizes(body)).toBe(true)
    const schema = isReply(kind) ? bolnaReplySchema : bolnaExecutionSchema
    expect(schema.safeParse(body).success).toBe(true)

    const reading = bolna.read({ body, kind })
    const [event, ...others] = reading.ok && reading.type === 'events' ? reading.events : []
    expect(others).toEqual([])
    const { callId, status, attempt, occurredAt } = moment
    expect(event).toMatchObject({ callId, status, word: status, kind })
    const isDated = kind === 'webhook' || kind === 'record'
    expect(event?.attempt).toBe(isDated ? attempt : kind === 'call-reply' ? 1 : null)
    expect(event?.occurredAt).toBe(isDated ? occurredAt : null)
  }
  // Every kind of every story: a call that is stopped while it waits is one in forty.
  fc.assert(
    fc.property(stories(bolna), (moments) => {
      for (const moment of moments) for (const kind of KINDS) checkMessage(moment, kind)
    }),
    { numRuns: 600 },
  )
  const saysAll = [...CALL_STATUSES].toSorted()
  for (const kind of ['webhook', 'record', 'list-item'] as const) {
    expect([...(told.get(kind) ?? [])].toSorted()).toEqual(saysAll)
  }
  expect([...(told.get('call-reply') ?? [])]).toEqual(['queued'])
  expect([...(told.get('stop-reply') ?? [])]).toEqual(['stopped'])
})

test('a story that is told is the story that is heard, to its last detail', () => {
  fc.assert(
    fc.property(stories(bolna), (moments) => {
      const events = moments.flatMap((moment) => {
        const reading = bolna.read({ body: bodyOf(moment, 'webhook'), kind: 'webhook' })
        return reading.ok && reading.type === 'events' ? reading.events : []
      })
      const { call, history } = replay(events, { provider: bolna })
      const last = moments.at(-1)
      expect([call.status, call.attempt]).toEqual([last?.status, last?.attempt])
      expect(history.filter(({ decision }) => decision.kind === 'conflicting')).toEqual([])

      const details = events.at(-1)?.details
      if (last?.status !== 'completed') return
      const { talkMs, ringMs, hangupBy, voicemail } = last.facts
      expect(details?.talkMs).toBe(talkMs ?? undefined)
      expect(details?.ringMs).toBe(ringMs ?? undefined)
      expect(details?.hangupBy).toBe(hangupBy === 'unknown' ? undefined : (hangupBy ?? undefined))
      // Observed: null, never false.
      expect(details?.voicemail).toBe(voicemail === true ? true : undefined)
    }),
  )
})

describe('a record', () => {
  const answered: readonly CallStatus[] = ['queued', 'initiated', 'ringing', 'in-progress']
  const facts = {
    talkMs: 27_200,
    ringMs: 3000,
    cost: 22.99,
    transcript: 'user: Good morning.',
    recordingUrl: 'https://recordings.example/1',
    extraction: { interested: true },
    hangupBy: 'callee',
  } as const
  const recordAt = (path: readonly CallStatus[], direction?: 'inbound') =>
    bodyOf(momentOf(path, facts, direction), 'webhook') as Record<string, never>

  test('has every field that was observed, at every status', () => {
    const { telephony_data, ...fields } = plivoCompleted as Record<string, object>
    for (const path of [['queued'], answered, ['queued', 'initiated', 'busy']] as const) {
      const told = recordAt(path)
      expect(Object.keys(told)).toEqual(expect.arrayContaining(Object.keys(fields)))
      expect(Object.keys(told['telephony_data'] ?? {}).toSorted()).toEqual(
        Object.keys(telephony_data ?? {}).toSorted(),
      )
    }
  })

  test('holds nothing of a conversation before the line is down', () => {
    expect(recordAt(answered)).toMatchObject({
      conversation_duration: 0,
      total_cost: 0,
      transcript: null,
      extracted_data: null,
      telephony_data: { duration: '0.0', recording_url: null, hangup_by: null, ring_duration: 3 },
    })
  })

  test('holds it in part once the line is down, without a recording', () => {
    const told = recordAt([...answered, 'call-disconnected'])
    expect(told).toMatchObject({
      conversation_duration: 27.2,
      transcript: 'user: Good morning.',
      cost_breakdown: { network: 0, platform: 0 },
      extracted_data: null,
      telephony_data: { duration: '0.0', recording_url: '', hangup_by: 'Callee' },
    })
    expect(told['total_cost']).toBeGreaterThan(0)
    expect(told['total_cost']).toBeLessThan(22.99)
  })

  test('holds all of it at its end, the parts of the cost adding up', () => {
    const told = recordAt([...answered, 'call-disconnected', 'completed'])
    const execution = parseBolnaPayload(told)
    if (execution.status !== 'completed') throw new Error('The call is completed.')
    expect(execution).toMatchObject({
      total_cost: 22.99,
      conversation_duration: 27.2,
      extracted_data: { interested: true },
      agent_extraction: { interested: true },
      telephony_data: { duration: 28, recording_url: 'https://recordings.example/1' },
    })
    const parts = Object.values(execution.cost_breakdown ?? {})
    expect(parts).toHaveLength(5)
    expect(parts.reduce((sum: number, part) => sum + (part ?? 0), 0)).toBeCloseTo(22.99, 10)
  })

  test('of a call that was not answered holds no conversation and costs nothing', () => {
    for (const end of ['busy', 'no-answer', 'failed'] as const) {
      expect(recordAt(['queued', 'initiated', 'ringing', end])).toMatchObject({
        conversation_duration: 0,
        total_cost: 0,
        transcript: null,
        telephony_data: { recording_url: null },
      })
    }
  })

  test('has the numbers as they dialled, the agent being called by an inbound call', () => {
    const line = { from_number: NUMBERS.from, to_number: NUMBERS.to }
    expect(recordAt(['queued'])).toMatchObject({
      telephony_data: { ...line, call_type: 'outbound' },
      user_number: NUMBERS.to,
      agent_number: NUMBERS.from,
    })
    expect(recordAt(['in-progress'], 'inbound')).toMatchObject({
      telephony_data: { ...line, call_type: 'inbound' },
      user_number: NUMBERS.from,
      agent_number: NUMBERS.to,
    })
  })

  test('says when a waiting call is to be placed, and how the attempts before it ended', () => {
    const scheduledFor = Date.UTC(2026, 0, 26, 12)
    const step = (attempt: number, status: CallStatus, second: number) => ({
      attempt,
      status,
      occurredAt: Date.UTC(2026, 0, 26, 10, 0, second),
    })
    const steps = [step(1, 'queued', 0), step(1, 'busy', 1), step(2, 'scheduled', 2)]
    const base = { ...momentOf(['queued']), steps, facts: { ...NUMBERS, scheduledFor } }
    const moment: Moment = { ...base, ...step(2, 'scheduled', 2) }
    const reading = bolna.read({ body: bodyOf(moment, 'webhook'), kind: 'webhook' })
    expect(reading).toMatchObject({
      events: [
        {
          attempt: 2,
          details: { scheduledFor },
          earlier: [{ attempt: 1, status: 'busy', occurredAt: Date.UTC(2026, 0, 26, 10, 0, 1) }],
        },
      ],
    })
    const put = {
      ...moment,
      ...step(2, 'rescheduled', 3),
      steps: [...steps, step(2, 'rescheduled', 3)],
    }
    expect(bolna.read({ body: bodyOf(put, 'webhook'), kind: 'webhook' })).toMatchObject({
      events: [{ status: 'rescheduled', details: { scheduledFor } }],
    })
  })
})

describe('a reply', () => {
  test('is given to who places a call, and not to a call that came in or waits for its retry', () => {
    expect(bodyOf(momentOf(['queued']), 'call-reply')).toEqual({
      message: 'done',
      status: 'queued',
      execution_id: 'call-1',
    })
    expect(bodyOf(momentOf(['queued'], {}, 'inbound'), 'call-reply')).toBeNull()
    expect(bodyOf(momentOf(['scheduled', 'queued']), 'call-reply')).toBeNull()
    expect(bodyOf({ ...momentOf(['queued']), attempt: 2 }, 'call-reply')).toBeNull()
  })

  test('is given to who stops a call that waits: no other can be stopped', () => {
    for (const before of ['queued', 'scheduled'] as const) {
      expect(bodyOf(momentOf([before, 'stopped']), 'stop-reply')).toMatchObject({
        status: 'stopped',
      })
    }
    for (const before of ['initiated', 'ringing', 'in-progress'] as const) {
      expect(checkTransition(before, 'stopped').ok).toBe(true)
      expect(bodyOf(momentOf([before, 'stopped']), 'stop-reply')).toBeNull()
    }
  })
})
