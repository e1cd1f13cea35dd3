import { describe, expect, test } from 'vitest'
import { bolna } from './bolna/index.ts'
import { dialgen } from './dialgen/index.ts'
import { eventKeyOf } from './event-key.ts'
import { eventIn } from './one-event.fixture.ts'
import type { Provider } from './provider.ts'

function keyOf(provider: Provider, body: unknown): string {
  const parsed = eventIn(provider, body)
  if (!parsed.ok) throw new Error(parsed.issues.map(({ message }) => message).join(' '))
  return eventKeyOf(parsed.value)
}

const bolnaEnd = { id: 'a', status: 'failed', updated_at: '2026-01-26T10:00:00Z' }
const dialgenEnd = { callId: 'a', status: 'FAILED', endTime: '2026-01-26T10:00:00Z' }

describe('a key', () => {
  test('has no free text in it: a reason that differs makes no other event', () => {
    const words = 'Ada said no'
    const one = keyOf(bolna, { ...bolnaEnd, termination_reason: words })
    expect(one).toBe(keyOf(bolna, bolnaEnd))
    expect(one).toBe(keyOf(bolna, { ...bolnaEnd, telephony_data: { hangup_reason: words } }))
    expect(keyOf(dialgen, { ...dialgenEnd, error: words })).toBe(keyOf(dialgen, dialgenEnd))
  })

  test('has what else an event says', () => {
    const parsed = eventIn(bolna, bolnaEnd)
    if (!parsed.ok) throw new Error('the message is well formed')
    const event = parsed.value
    const policy = { maxAttempts: 2, retryOn: [], retryOnVoicemail: false, delaysMs: [] }
    const keys = [
      event,
      { ...event, status: null },
      { ...event, eventId: 'e' },
      { ...event, sequence: 1 },
      { ...event, earlier: [{ attempt: 1, status: 'busy' as const }] },
      ...[
        { word: 'failed?' },
        { reasonCode: '4000' },
        { hangupBy: 'callee' as const },
        { voicemail: false },
        { talkMs: 1 },
        { ringMs: 1 },
        { scheduledFor: 1 },
        { retryPolicy: policy },
        { retryPolicy: { ...policy, maxAttempts: 3 } },
      ].map((details) => ({ ...event, details })),
    ].map((one) => eventKeyOf(one))
    expect(new Set(keys).size).toBe(keys.length)
    expect(eventKeyOf({ ...event, kind: 'record' })).toBe(keys[0])
  })

  test('is bounded, whatever a message holds', () => {
    // A lone surrogate is written as six characters.
    const long = (length: number) => '\ud800'.repeat(length)
    const many = <T>(item: T) => Array.from({ length: 10_000 }, () => item)
    const fill = long(100_000)
    const flooded = {
      id: long(256),
      status: 'failed',
      updated_at: '2026-01-26T10:00:00Z',
      termination_reason: long(200),
      telephony_data: {
        hangup_reason: fill,
        hangup_by: fill,
        hangup_code: fill,
        ring_duration: fill,
      },
      retry_config: {
        enabled: true,
        retry_on_statuses: many('busy'),
        retry_intervals_minutes: many(1 / 3),
      },
      retry_history: many({ attempt: 2, status: long(128), at: '2026-01-26T10:00:00Z' }),
    }
    // The identifier, 32 earlier attempts with a word of 128 characters each, and what is short.
    expect(keyOf(bolna, flooded).length).toBeLessThan(6 * (256 + 32 * 128) + 4_096)
    const loud = { callId: long(256), status: long(128), error: fill, hangupReason: fill }
    expect(keyOf(dialgen, loud).length).toBeLessThan(6 * (256 + 2 * 128) + 256)
  })
})
