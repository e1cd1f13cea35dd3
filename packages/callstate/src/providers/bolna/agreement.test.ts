import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { CALL_STATUSES } from '../../index.ts'
import { eventIn } from '../one-event.fixture.ts'
import { bolna, bolnaRetryPolicy, safeParseBolnaPayload } from './index.ts'

// `bolna.read` reads a few fields by hand, for speed. The schema stays the truth: whatever it reads,
// the event says the same.

const seconds = fc.oneof(
  fc.constantFrom<unknown>(0, '0.0', null, '', 'long'),
  fc.double({ min: 0, max: 5000, noNaN: true }),
  fc.nat(5000).map(String),
)
const time = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    '',
    '2026-01-26T10:00:00',
    '2026-01-26T10:00:00.142110+05:30',
    'never',
  ),
  fc
    .date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true })
    .map((date) => date.toISOString()),
)
const words = fc.oneof(
  fc.constantFrom<string>(...CALL_STATUSES, 'cancelled', 'on-hold'),
  fc.string(),
)

const messages = fc.record(
  {
    id: fc.oneof(fc.uuid(), fc.nat(), fc.constantFrom<unknown>('agent#17', '', null)),
    status: words,
    updated_at: time,
    created_at: time,
    scheduled_at: time,
    rescheduled_at: time,
    conversation_duration: seconds,
    conversation_time: seconds,
    answered_by_voice_mail: fc.constantFrom<unknown>(true, false, 'true', 'false', '', null, 'no'),
    retry_count: fc.constantFrom<unknown>(0, 1, '2', '', null, -1),
    retry_config: fc.constantFrom<unknown>(
      null,
      { enabled: false },
      { enabled: true, max_retries: '2', retry_on_statuses: ['busy'] },
      { enabled: true, max_retries: 'x' },
    ),
    retry_history: fc.oneof(
      fc.constant(null),
      fc.array(
        fc.record({ attempt: fc.constantFrom<unknown>(1, '2', 'x'), status: words, at: time }),
        { maxLength: 3 },
      ),
    ),
    telephony_data: fc.oneof(
      fc.constant(null),
      fc.record(
        {
          duration: seconds,
          ring_duration: seconds,
          hangup_provider_code: fc.constantFrom<unknown>(4000, '3010', null, ''),
          hangup_reason: fc.constantFrom<unknown>('Call unanswered', '', null, 7),
        },
        { requiredKeys: [] },
      ),
    ),
  },
  { requiredKeys: ['id', 'status'] },
)

const ms = (value: number | null | undefined) =>
  value === null || value === undefined ? undefined : Math.round(value * 1000)

test('whatever the schema reads, the event says the same', () => {
  let agreed = 0
  fc.assert(
    fc.property(messages, (body) => {
      const payload = safeParseBolnaPayload(body)
      if (!payload.ok) return
      const parsed = eventIn(bolna, body)
      if (!parsed.ok) throw new Error('the schema reads what the event parser refuses')
      const execution = payload.value
      const event = parsed.value
      agreed++

      expect(event.callId).toBe(execution.id)
      expect([event.status, event.word]).toEqual([execution.status, execution.word])
      expect(event.occurredAt).toBe(execution.updated_at ?? null)
      const retries = execution.retry_count ?? -1
      expect(event.attempt).toBe(retries >= 0 ? retries + 1 : null)
      expect(event.earlier).toEqual(earlierIn(execution.retry_history))
      const config = execution.retry_config
      expect(event.details?.retryPolicy).toEqual(config ? bolnaRetryPolicy(config) : undefined)

      if (execution.status !== 'completed') return
      expect(event.details?.talkMs).toBe(ms(execution.conversation_duration))
      expect(event.details?.ringMs).toBe(ms(execution.telephony_data?.ring_duration))
      expect(event.details?.voicemail).toBe(execution.answered_by_voice_mail ?? undefined)
      expect(event.details?.reason).toBe(execution.telephony_data?.hangup_reason ?? undefined)
      const code = execution.telephony_data?.hangup_provider_code
      expect(event.details?.reasonCode).toBe(code ?? undefined)
    }),
    { numRuns: 5000 },
  )
  expect(agreed).toBeGreaterThan(500)
})

function earlierIn(
  history:
    | readonly {
        readonly attempt: number
        readonly status: string
        readonly at?: number | null | undefined
      }[]
    | null
    | undefined,
) {
  const earlier = history
    ?.filter(({ status }) => status !== '')
    .map(({ attempt, status, at }) => ({ attempt, ...said(status), occurredAt: at ?? null }))
  return earlier?.length ? earlier : undefined
}

/** What an earlier status is where its word is another spelling, or none of ours. */
function said(word: string): { readonly status: string | null; readonly word?: string } {
  if ((CALL_STATUSES as readonly string[]).includes(word)) return { status: word }
  return { status: word === 'cancelled' ? 'canceled' : null, word }
}
