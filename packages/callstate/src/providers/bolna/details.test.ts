import { describe, expect, test } from 'vitest'
import { CALL_STATUSES, type CallStatus, isTerminal } from '../../index.ts'
import { eventIn } from '../one-event.fixture.ts'
import { MAX_REASON_LENGTH } from '../reason-text.ts'
import { bolna } from './index.ts'
import { record, START } from './records.fixture.ts'

function detailsOf(body: unknown) {
  const parsed = eventIn(bolna, body)
  if (!parsed.ok) throw new Error('no event')
  return parsed.value.details
}

const ENDED: readonly CallStatus[] = ['call-disconnected', ...CALL_STATUSES.filter(isTerminal)]
const GOING_ON = CALL_STATUSES.filter((status) => !ENDED.includes(status))
const WAITING: readonly CallStatus[] = ['scheduled', 'prepared', 'queued', 'rescheduled']

const full = {
  conversation_duration: 27.2,
  answered_by_voice_mail: false,
  telephony_data: {
    ring_duration: '3',
    hangup_by: 'Callee',
    hangup_reason: 'Call recipient hungup',
    hangup_provider_code: 4000,
  },
}

describe('how the call ended', () => {
  test.each(ENDED)('is said at %s', (status) => {
    expect(detailsOf(record(status, 9, full))).toEqual({
      talkMs: 27_200,
      ringMs: 3000,
      voicemail: false,
      hangupBy: 'callee',
      reason: 'Call recipient hungup',
      reasonCode: '4000',
    })
  })

  test.each([...GOING_ON, 'on-hold'])(
    'is not said at %s, where a record still holds the end of the attempt before',
    (status) => {
      expect(detailsOf(record(status, 9, full))).toBeUndefined()
    },
  )

  test.each(ENDED)('a zero at %s counts only if the call is completed', (status) => {
    const details = detailsOf(record(status, 9))
    expect(details).toEqual(status === 'completed' ? { talkMs: 0, ringMs: 0 } : undefined)
  })

  test.each<[unknown, number | undefined]>([
    [48.6, 48_600],
    [49, 49_000],
    ['49', 49_000],
    ['0.0', 0],
    ['27.2', 27_200],
    [0.0004, 0],
    [-1, undefined],
    [-0.4, undefined],
    ['', undefined],
    ['long', undefined],
    ['1e3', undefined],
    [Number.NaN, undefined],
    [null, undefined],
    [true, undefined],
    [[1], undefined],
  ])('conversation_duration %j', (conversation_duration, talkMs) => {
    const body = { id: 'a', status: 'completed', conversation_duration }
    expect(detailsOf(body)?.talkMs).toBe(talkMs)
    const old = { id: 'a', status: 'completed', conversation_time: conversation_duration }
    expect(detailsOf(old)?.talkMs).toBe(talkMs)
  })

  test('conversation_time is the old name; the new one goes first', () => {
    const both = { id: 'a', status: 'completed', conversation_time: 1 }
    expect(detailsOf({ ...both, conversation_duration: 2 })?.talkMs).toBe(2000)
    expect(detailsOf({ ...both, conversation_duration: null })?.talkMs).toBe(1000)
    expect(detailsOf({ ...both, conversation_duration: '' })?.talkMs).toBe(1000)
  })

  test.each<[unknown, string | null, boolean | undefined]>([
    [true, null, true],
    [false, null, false],
    [null, null, undefined],
    ['true', null, true],
    ['false', null, false],
    ['yes', null, undefined],
    ['', null, undefined],
    [false, 'voicemail_detected', true],
    [null, 'voicemail_detected', true],
  ])('answered_by_voice_mail %j with reason %j', (flag, hangup_reason, voicemail) => {
    const body = record('completed', 9, {
      answered_by_voice_mail: flag,
      telephony_data: { hangup_reason },
    })
    expect(detailsOf(body)?.voicemail).toBe(voicemail)
  })

  test.each([
    [{ hangup_provider_code: 3010 }, '3010'],
    [{ hangup_provider_code: '3010' }, '3010'],
    [{ hangup_code: 3010 }, '3010'],
    [{ hangup_provider_code: null, hangup_code: 3010 }, '3010'],
    [{ hangup_provider_code: 4000, hangup_code: 3010 }, '4000'],
    [{ hangup_provider_code: 0 }, '0'],
    [{ hangup_provider_code: '486' }, '486'],
    [{ hangup_provider_code: 31205 }, '31205'],
    [{ hangup_provider_code: 123_456 }, '123456'],
    [{ hangup_provider_code: 1_234_567 }, undefined],
    [{ hangup_provider_code: '+12025550123' }, undefined],
    [{ hangup_provider_code: '' }, undefined],
    [{ hangup_provider_code: {} }, undefined],
    [{ hangup_provider_code: true }, undefined],
    [{}, undefined],
  ])('the code in %j', (telephony_data, reasonCode) => {
    expect(detailsOf({ id: 'a', status: 'busy', telephony_data })?.reasonCode).toBe(reasonCode)
  })

  test.each<[object, string | undefined]>([
    [{ telephony_data: { hangup_reason: 'Call unanswered' } }, 'Call unanswered'],
    [{ termination_reason: 'busy', telephony_data: { hangup_reason: 'Call ended' } }, 'busy'],
    [{ termination_reason: null, telephony_data: { hangup_reason: 'Call ended' } }, 'Call ended'],
    [{ termination_reason: '', telephony_data: { hangup_reason: 'Call ended' } }, 'Call ended'],
    [{ telephony_data: { hangup_reason: 'x'.repeat(MAX_REASON_LENGTH - 1) } }, 'x'.repeat(199)],
    [{ telephony_data: { hangup_reason: 'x'.repeat(MAX_REASON_LENGTH) } }, 'x'.repeat(200)],
    [{ telephony_data: { hangup_reason: 'x'.repeat(MAX_REASON_LENGTH + 1) } }, undefined],
    [{ telephony_data: { hangup_reason: 'SIP 4860' } }, 'SIP 4860'],
    [{ telephony_data: { hangup_reason: 'no route to 55501' } }, undefined],
    [{ telephony_data: { hangup_reason: 'no route to 555-01' } }, undefined],
    [{ termination_reason: 'no route to +1 202 555 0123' }, undefined],
    [{ telephony_data: { hangup_reason: 'no route to sip:a@example.com' } }, undefined],
    [{ telephony_data: { hangup_reason: '' } }, undefined],
    [{ telephony_data: { hangup_reason: 7 } }, undefined],
    [{ error_message: 'invalid phone number format', telephony_data: {} }, undefined],
    [{ telephony_data: null }, undefined],
    [{ telephony_data: 'none' }, undefined],
  ])('the reason in %j', (fields, reason) => {
    expect(detailsOf({ id: 'a', status: 'failed', ...fields })?.reason).toBe(reason)
  })

  test.each<[object, string | undefined]>([
    [{ hangup_by: 'Carrier' }, 'carrier'],
    [{ hangup_by: 'Unknown' }, undefined],
    [{ hangup_by: 7 }, undefined],
    [{ hangup_code: 3010 }, 'carrier'],
    [{ hangup_reason: 'Call recipient rejected' }, 'callee'],
    [{ hangup_provider_code: 3020, call_type: 'inbound' }, 'carrier'],
    [{ hangup_provider_code: 3020, call_type: 'outbound' }, undefined],
    [{ hangup_provider_code: 3020, call_type: 'sideways' }, undefined],
  ])('who hung up in %j', (telephony_data, hangupBy) => {
    expect(detailsOf({ id: 'a', status: 'failed', telephony_data })?.hangupBy).toBe(hangupBy)
  })
})

describe('when a waiting call is to be placed', () => {
  const plan = { scheduled_at: '2026-01-26T12:00:00', rescheduled_at: '2026-01-27T03:30:00Z' }
  const planned = START + 2 * 3_600_000
  const moved = START + 17.5 * 3_600_000

  test.each(WAITING)('is said at %s', (status) => {
    expect(detailsOf({ id: 'a', status, ...plan })).toEqual({ scheduledFor: moved })
  })

  test.each(CALL_STATUSES.filter((status) => !WAITING.includes(status)))(
    'is not said at %s',
    (status) => {
      expect(detailsOf({ id: 'a', status, ...plan })).toBeUndefined()
    },
  )

  test.each<[object, number | undefined]>([
    [{ scheduled_at: plan.scheduled_at }, planned],
    [{ rescheduled_at: plan.rescheduled_at }, moved],
    [{ scheduled_at: plan.rescheduled_at, rescheduled_at: plan.scheduled_at }, moved],
    [{ ...plan, updated_at: '2026-01-27T03:29:59Z' }, moved],
    [{ ...plan, updated_at: plan.rescheduled_at }, planned],
    [{ rescheduled_at: plan.rescheduled_at, updated_at: plan.rescheduled_at }, undefined],
    [{ scheduled_at: plan.scheduled_at, updated_at: plan.rescheduled_at }, planned],
    [{ scheduled_at: 'soon', rescheduled_at: null }, undefined],
  ])('%j', (fields, scheduledFor) => {
    expect(detailsOf({ id: 'a', status: 'rescheduled', ...fields })?.scheduledFor).toBe(
      scheduledFor,
    )
  })
})

describe('what Bolna will do by itself', () => {
  const none = { maxAttempts: 1, retryOn: [], retryOnVoicemail: false, delaysMs: [] }

  test.each([...CALL_STATUSES, 'on-hold'])('is said at %s', (status) => {
    const body = { id: 'a', status, retry_config: { enabled: true, max_retries: '2' } }
    expect(detailsOf(body)?.retryPolicy?.maxAttempts).toBe(3)
  })

  test.each<[unknown, unknown]>([
    [{ enabled: false }, none],
    [{ enabled: false, max_retries: 3 }, none],
    [{ enabled: false, max_retries: 'x' }, none],
    [{}, none],
    [{ enabled: null }, none],
    [{ enabled: 'yes' }, undefined],
    [{ enabled: true, max_retries: -1 }, undefined],
    [null, undefined],
    [[], undefined],
    ['{"enabled":true}', undefined],
  ])('retry_config %j', (retry_config, policy) => {
    expect(detailsOf({ id: 'a', status: 'ringing', retry_config })?.retryPolicy).toEqual(policy)
  })
})
