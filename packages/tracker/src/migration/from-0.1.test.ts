import { describe, expect, test } from 'vitest'
import { callFrom01, eventFrom01, historyFrom01 } from './from-0.1.ts'

// What release 0.1 wrote, typed off from its database files.

describe('what 0.1 knew of a call', () => {
  test('keeps everything under the words of today', () => {
    const text = `{"status":"busy","attempt":2,"heard":[
      {"attempt":0,"bits":32,"seen":[{"status":"ringing","firstAt":null,"lastAt":null}]},
      {"attempt":2,"bits":1028,"seen":[
        {"status":"queued","firstAt":5,"lastAt":6},
        {"status":"busy","firstAt":7,"lastAt":9,"details":{"rawStatus":"BUSY","talkMs":0},"detailsAt":8}]}],
      "unrecognized":[{"raw":"warbling","attempt":null,"firstAt":3,"lastAt":4}]}`
    expect(callFrom01(JSON.parse(text))).toEqual({
      status: 'busy',
      attempt: 2,
      heard: [
        {
          attempt: null,
          bits: 1 << 5,
          seen: [{ status: 'ringing', firstAt: null, lastAt: null }],
        },
        {
          attempt: 2,
          bits: (1 << 2) | (1 << 10),
          seen: [
            { status: 'queued', firstAt: 5, lastAt: 6 },
            {
              status: 'busy',
              firstAt: 7,
              lastAt: 9,
              details: { word: 'BUSY', talkMs: 0 },
              detailsAt: 8,
            },
          ],
        },
      ],
      unrecognized: [{ word: 'warbling', attempt: null, firstAt: 3, lastAt: 4 }],
    })
  })
})

describe('an event of 0.1', () => {
  test.each<[string, string, unknown]>([
    [
      'says its status and its kind of message',
      '{"source":"record","status":"ringing","attempt":1,"occurredAt":5,"eventId":"e-1"}',
      {
        kind: 'record',
        status: 'ringing',
        word: 'ringing',
        attempt: 1,
        occurredAt: 5,
        eventId: 'e-1',
      },
    ],
    [
      'that did not say its kind of message was a webhook',
      '{"status":"busy"}',
      { kind: 'webhook', status: 'busy', word: 'busy' },
    ],
    [
      'with a word of the provider’s own keeps it',
      '{"source":"webhook","status":"no-answer","details":{"rawStatus":"MISSED","reasonCode":"TIMEOUT"}}',
      {
        kind: 'webhook',
        status: 'no-answer',
        word: 'MISSED',
        details: { word: 'MISSED', reasonCode: 'TIMEOUT' },
      },
    ],
    [
      'with another spelling says the status',
      '{"source":"webhook","status":"in_progress","attempt":null}',
      { kind: 'webhook', status: 'in-progress', word: 'in_progress', attempt: null },
    ],
    [
      'with a word outside the table says none',
      '{"source":"webhook","status":"warbling"}',
      { kind: 'webhook', status: null, word: 'warbling' },
    ],
    [
      'with a word that the provider does not have says none, however it is spelled',
      '{"source":"webhook","status":"completed","unrecognized":true,"details":{"rawStatus":"COMPLETED"}}',
      { kind: 'webhook', status: null, word: 'completed', details: { word: 'COMPLETED' } },
    ],
    [
      'with something that is no word says none',
      '{"source":"webhook","status":7}',
      { kind: 'webhook', status: null, word: '(number)' },
    ],
    [
      'that tells of earlier attempts tells of the same',
      '{"source":"webhook","status":"queued","attempt":3,"earlier":[{"attempt":1,"status":"busy","occurredAt":4},{"attempt":2,"status":"warbling"}]}',
      {
        kind: 'webhook',
        status: 'queued',
        word: 'queued',
        attempt: 3,
        earlier: [
          { attempt: 1, status: 'busy', occurredAt: 4 },
          { attempt: 2, status: null, word: 'warbling' },
        ],
      },
    ],
  ])('%s', (_, text, expected) => {
    expect(eventFrom01(JSON.parse(text))).toEqual(expected)
  })
})

describe('a history of 0.1', () => {
  test('says what was decided, and beside a conflict the status that counted after it', () => {
    const history = historyFrom01(
      JSON.parse(`[
        {"event":{"source":"webhook","status":"completed","attempt":1,"occurredAt":9},
         "decision":{"kind":"advanced","attempt":1,"status":"completed","from":null,"skipped":["queued"]}},
        {"event":{"source":"webhook","status":"busy","attempt":1,"occurredAt":7},
         "decision":{"kind":"conflicting","attempt":1,"status":"busy","with":"completed","reason":"two-ends"}},
        {"event":{"source":"webhook","status":"warbling","attempt":null},
         "decision":{"kind":"unrecognized","attempt":null,"raw":"warbling"}},
        {"event":{"source":"webhook","status":"ringing","attempt":1,"occurredAt":3},
         "decision":{"kind":"duplicate","attempt":1,"status":"ringing","enriched":true}}]`),
    )
    expect(history.map(({ decision }) => decision)).toEqual([
      { kind: 'advanced', attempt: 1, status: 'completed', from: null, skipped: ['queued'] },
      {
        kind: 'conflicting',
        attempt: 1,
        status: 'busy',
        conflictsWith: 'completed',
        // Nothing was heard of a line that was up.
        counts: 'busy',
        reason: 'two-ends',
      },
      { kind: 'unrecognized', attempt: null, word: 'warbling' },
      { kind: 'duplicate', attempt: 1, status: 'ringing', enriched: true },
    ])
    expect(history.map(({ event }) => event.status)).toEqual(['completed', 'busy', null, 'ringing'])
  })
})
