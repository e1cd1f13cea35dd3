import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { finalFieldsIn } from '../final-fields-in.ts'
import { stories } from '../told-story.fixture.ts'
import { dialgen } from './index.ts'
import {
  CALL_REPLY,
  DATA_WEBHOOK,
  EVENT_WEBHOOK,
  LIVE_STATUS,
  PERSISTENT_STATUS,
  RECENT_CALL,
} from './messages.fixture.ts'

function saidIn(body: unknown) {
  const reading = dialgen.read({ kind: null, body })
  const [event] = reading.ok && reading.type === 'events' ? reading.events : []
  if (event === undefined) throw new Error('No event.')
  return finalFieldsIn(dialgen, event, body)
}

/** The metrics reply of the documents: no recording, the transcript an object. */
const METRICS = {
  success: true,
  callData: {
    ...DATA_WEBHOOK.callData,
    recordingUrl: undefined,
    transcription: { turns: 2 },
  },
  metricSchema: {},
}

describe('the messages of the documents', () => {
  test.each<[string, unknown, object]>([
    ['live status', LIVE_STATUS, {}],
    ['reply to a dial request', CALL_REPLY, {}],
    [
      'webhook with call data',
      DATA_WEBHOOK,
      {
        durationMs: 180_000,
        recording: '/callData/recordingUrl',
        transcript: '/callData/transcription',
        extraction: '/callData/metricJson',
      },
    ],
    [
      'metrics reply',
      METRICS,
      {
        durationMs: 180_000,
        transcript: '/callData/transcription',
        extraction: '/callData/metricJson',
      },
    ],
    [
      'persistent status',
      PERSISTENT_STATUS,
      { durationMs: 35_000, recording: '/data/recordingUrl', transcript: '/data/transcription' },
    ],
    ['flat webhook', EVENT_WEBHOOK, { durationMs: 180_000, recording: '/recordingUrl' }],
    ['call of a batch', RECENT_CALL, { durationMs: 46_000 }],
  ])('%s', (_, body, said) => {
    expect(saidIn(body)).toEqual(said)
  })

  test('each of a completed call has the duration, which is all that is expected', () => {
    expect(dialgen.habits.final.completed?.expected).toEqual(['durationMs'])
    for (const body of [DATA_WEBHOOK, METRICS, PERSISTENT_STATUS, EVENT_WEBHOOK, RECENT_CALL]) {
      expect(saidIn(body)).toHaveProperty('durationMs')
    }
  })

  test('say no cost, so that none is declared', () => {
    for (const { final } of Object.values(dialgen.habits.final)) expect(final).not.toContain('cost')
  })
})

test('what is told of a completed call is what is true of it', () => {
  let completed = 0
  fc.assert(
    fc.property(stories(dialgen), (moments) => {
      for (const moment of moments) {
        const { talkMs = null, recordingUrl, transcript, extraction } = moment.facts
        for (const kind of ['webhook', 'record'] as const) {
          const bodies = (dialgen.tell?.(moment, kind) ?? []).map(({ body }) => JSON.parse(body))
          const said = bodies.map(saidIn)
          const hasSome = (field: 'recording' | 'transcript' | 'extraction') =>
            said.some((one) => one[field] !== undefined)
          const isMade = moment.status === 'completed'
          expect(hasSome('recording')).toBe(isMade && (recordingUrl ?? null) !== null)
          expect(hasSome('transcript')).toBe(isMade && (transcript ?? null) !== null)
          // Its records have no metrics.
          const hasMetrics = isMade && kind === 'webhook'
          expect(hasSome('extraction')).toBe(hasMetrics && (extraction ?? null) !== null)
          if (!isMade) continue
          completed++
          for (const { durationMs = null } of said) {
            // In whole seconds.
            expect(durationMs).toBe(talkMs === null ? null : Math.round(talkMs / 1000) * 1000)
          }
        }
      }
    }),
    { numRuns: 300 },
  )
  expect(completed).toBeGreaterThan(50)
})
