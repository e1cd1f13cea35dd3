import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CALL_STATUSES, type CallStatus, isTerminal } from '../../index.ts'
import type { MessageKind } from '../message.ts'
import type { Moment } from '../tell.ts'
import { KINDS, momentOf, NUMBERS, stories } from '../told-story.fixture.ts'
import { dialgen, parseDialgenPayload, safeParseDialgenPayload } from './index.ts'
import { CALL_REPLY, DATA_WEBHOOK, LIVE_STATUS, PERSISTENT_STATUS } from './messages.fixture.ts'

function bodiesOf(moment: Moment, kind: MessageKind): readonly unknown[] {
  const messages = dialgen.tell?.(moment, kind) ?? []
  return messages.map((message) => {
    expect(message).toMatchObject({ kind, contentType: 'application/json' })
    return JSON.parse(message.body)
  })
}

test('what is told is recognized, fits the schema and is read as the moment of which it tells', () => {
  const told = new Map(KINDS.map((kind) => [kind, new Set<CallStatus>()]))
  const checkMessages = (moment: Moment, kind: MessageKind) => {
    for (const body of bodiesOf(moment, kind)) {
      told.get(kind)?.add(moment.status)
      expect(dialgen.recognizes(body)).toBe(true)
      expect(safeParseDialgenPayload(body).ok).toBe(true)

      const reading = dialgen.read({ body, kind })
      const [event, ...others] = reading.ok && reading.type === 'events' ? reading.events : []
      expect(others).toEqual([])
      const { callId, status, occurredAt } = moment
      expect(event).toMatchObject({ callId, status, kind, attempt: null })
      // Where Dialgen's words have a time, it is this one; its ends have one in every webhook.
      expect([null, occurredAt]).toContain(event?.occurredAt)
      if (kind === 'webhook') expect(event?.occurredAt).toBe(occurredAt)
    }
  }
  fc.assert(
    fc.property(stories(dialgen), (moments) => {
      for (const moment of moments) for (const kind of KINDS) checkMessages(moment, kind)
    }),
    { numRuns: 600 },
  )
  const has = CALL_STATUSES.filter((status) => !dialgen.lacks.includes(status))
  const ends = has.filter(isTerminal)
  const sorted = (kind: MessageKind) => [...(told.get(kind) ?? [])].toSorted()
  expect(sorted('webhook')).toEqual(ends.toSorted())
  expect(sorted('record')).toEqual(has.toSorted())
  expect(sorted('list-item')).toEqual(has.toSorted())
  expect(sorted('call-reply')).toEqual(['initiated'])
  expect(sorted('stop-reply')).toEqual([])
})

test('nothing is told of a status that no word of its means', () => {
  for (const status of dialgen.lacks) {
    for (const kind of KINDS) expect(bodiesOf(momentOf([status]), kind)).toEqual([])
  }
})

describe('the messages', () => {
  const path = ['queued', 'initiated', 'completed'] as const
  const facts = {
    talkMs: 180_400,
    recordingUrl: 'https://recordings.example/1',
    transcript: 'Hello.',
    extraction: { intent: 'OTHER' },
  }
  const completed = momentOf(path, facts)
  const namesOf = (body: unknown) => Object.keys(Object(body)).toSorted()

  test('have the fields of the documents', () => {
    const [webhook] = bodiesOf(completed, 'webhook') as [{ callData: object }]
    expect(namesOf(webhook)).toEqual(namesOf(DATA_WEBHOOK))
    expect(namesOf(webhook.callData)).toEqual(namesOf(DATA_WEBHOOK.callData))
    const [live, persistent] = bodiesOf(completed, 'record') as [object, { data: object }]
    expect(namesOf(live)).toEqual(namesOf(LIVE_STATUS))
    expect(namesOf(persistent)).toEqual(namesOf(PERSISTENT_STATUS))
    expect(namesOf(persistent.data)).toEqual(namesOf(PERSISTENT_STATUS.data))
    const { contactId: _contactId, batchId: _batchId, ...item } = LIVE_STATUS
    expect(namesOf(bodiesOf(completed, 'list-item')[0])).toEqual(namesOf(item))
    const [reply] = bodiesOf(momentOf(path.slice(0, 2)), 'call-reply')
    expect(namesOf(reply)).toEqual(namesOf(CALL_REPLY))
  })

  test('hold what was made of the call once it is completed, and not before', () => {
    const [webhook] = bodiesOf(completed, 'webhook')
    expect(parseDialgenPayload(webhook)).toMatchObject({
      status: 'COMPLETED',
      duration: 180,
      recordingUrl: 'https://recordings.example/1',
      transcription: [{ content: 'Hello.' }],
      metricJson: { intent: 'OTHER' },
      direction: 'OUTBOUND',
      phoneNumber: NUMBERS.to,
      startTime: Date.UTC(2026, 0, 26, 10, 0, 1),
      endTime: Date.UTC(2026, 0, 26, 10, 0, 2),
    })
    for (const body of bodiesOf(momentOf(path.slice(0, 2), facts), 'record')) {
      expect(JSON.stringify(body)).not.toMatch(/recordings|Hello|180/)
    }
    const missed = momentOf(['queued', 'initiated', 'no-answer'], { ...facts, ringMs: 19_000 })
    expect(bodiesOf(missed, 'webhook')[0]).toMatchObject({
      callData: { duration: 19, recordingUrl: null, transcription: [], summary: null },
    })
  })

  test('name the person who called, where the call came in', () => {
    const inbound = momentOf(['initiated', 'completed'], {}, 'inbound')
    expect(bodiesOf(inbound, 'webhook')[0]).toMatchObject({
      callData: { direction: 'INBOUND', phoneNumber: NUMBERS.from },
    })
  })

  test('say the code where the word alone would mean another status', () => {
    for (const [status, word, error] of [
      ['busy', 'MISSED', 'BUSY'],
      ['no-answer', 'MISSED', 'NO_ANSWER'],
      ['balance-low', 'FAILED', 'INSUFFICIENT_CREDITS'],
    ] as const) {
      const moment = momentOf(['queued', 'initiated', status])
      expect(bodiesOf(moment, 'webhook')[0]).toMatchObject({ callData: { status: word, error } })
      expect(bodiesOf(moment, 'record')[0]).toMatchObject({ status: word, error })
    }
  })
})
