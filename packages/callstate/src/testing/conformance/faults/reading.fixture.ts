import type { SampleExpectation } from '../../index.ts'
import { answering, type Fault, reading } from '../fault.fixture.ts'
import { isRecord, waiting } from '../honest.fixture.ts'

let calls = 0

/** An expectation that no sample with types could have. */
const expecting = (expect: unknown) => ({
  messages: [{ ...waiting, expect: expect as SampleExpectation }],
})

export const READING_FAULTS: readonly Fault[] = [
  ...(
    [
      [
        [{ status: 'queued' }],
        /"waiting" has a list as expect; several events are expected as { events: \[…\] }/,
      ],
      [{ type: 'data' }, /"waiting" expects a type; say { reads: 'data' }/],
      [{ type: 'skip', word: 'note' }, /say { reads: 'skip' }/],
      [{ type: 'news' }, /say { reads: 'events' }, { reads: 'data' } or { reads: 'skip' }/],
      [{ events: { status: 'queued' } }, /"waiting" has no list as expect.events/],
      [{ ok: true }, /"waiting" expects "ok", which is compared with nothing; there are reads, /],
      [{ events: [{ stats: 'queued' }] }, /expects "stats", which is compared with nothing/],
      ['queued', /"waiting" has no object as expect/],
    ] as const
  ).map(
    ([expect, says]): Fault => ({
      check: 'every sample is read as expected',
      samples: expecting(expect),
      says,
    }),
  ),
  {
    check: 'every sample is recognized, unless its shape is ambiguous',
    provider: { recognizes: (body) => isRecord(body) && 'note' in body },
    says: /sample "talking" is not recognized/,
  },
  {
    check: 'every sample is recognized, unless its shape is ambiguous',
    samples: { messages: [{ ...waiting, ambiguous: 'others name their calls so too' }] },
    says: /sample "waiting" is recognized, though it is ambiguous/,
  },
  ...(
    [
      [
        reading((event) => ({ ...event, occurredAt: 1 })),
        /"waiting" .* occurredAt is 1, expected 1000/,
      ],
      [reading((event) => ({ ...event, provider: 'other' })), /names another provider/],
      [reading((event) => ({ ...event, callId: '' })), /names no call/],
      [reading((event) => ({ ...event, kind: 'rumour' })), /kind of message is none of the known/],
      [reading((event) => ({ ...event, attempt: 0 })), /its attempt is no whole number/],
      [reading((event) => ({ ...event, occurredAt: Number.NaN })), /its time is no finite number/],
      [reading((event) => ({ ...event, status: 'on-hold' })), /none of the 16 and not null/],
      [
        reading((event) => ({ ...event, status: 'ringing' })),
        /ringing, which the provider is said to lack/,
      ],
      [reading((event) => ({ ...event, word: '' })), /it has no word of the provider/],
      [reading((event) => ({ ...event, eventId: '' })), /event id is empty/],
      [reading((event) => ({ ...event, sequence: 1.5 })), /sequence number is no whole number/],
      [
        reading((event) => ({ ...event, earlier: [{ attempt: 0, status: 'busy' }] })),
        /an earlier end that it mentions has no attempt/,
      ],
      [answering((honest) => ({ ...honest, events: [] })), /it tells no event/],
      [
        answering((honest) => ({ ...honest, type: 'rumour' })),
        /neither events nor data nor skipped/,
      ],
      [
        answering((honest, { body }) =>
          isRecord(body) && body['type'] === 'note'
            ? { ok: true, type: 'skip', word: 'note' }
            : honest,
        ),
        /"a note" is read, but its word is not one that the provider declares as "skip"/,
      ],
      [
        answering((honest, { body }) =>
          isRecord(body) && body['type'] === 'note'
            ? { ok: true, type: 'skip', word: 'ping' }
            : honest,
        ),
        /"a note" is read, but it is taken for "skip", expected "data"/,
      ],
      [
        answering((honest) =>
          honest.ok && honest.type === 'data'
            ? { ...honest, data: { ...honest.data, attempt: 1 } }
            : honest,
        ),
        /"a note" is read, but attempt is 1, expected 2/,
      ],
      [
        answering((honest) =>
          honest.ok && honest.type === 'events'
            ? { ...honest, events: [...honest.events, ...honest.events] }
            : honest,
        ),
        /"waiting" is read, but it tells 2 events, expected 1/,
      ],
      [
        answering((honest) => ({ ...honest, needsAnswer: true })),
        /"waiting" is read, but it needs an answer/,
      ],
      [
        answering((honest) => ({ ...honest, needsAnswer: false })),
        /"a call that waits for what to do" is read, but it needs no answer/,
      ],
    ] as const
  ).map(([provider, says]) => ({ check: 'every sample is read as expected', provider, says })),
  {
    check: 'every sample is read as expected',
    provider: reading((event) => ({ ...event, kind: 'record' })),
    samples: { messages: [{ ...waiting, kind: 'webhook' }] },
    says: /kind of message is not the one that was told/,
  },
  {
    check: 'every sample is read as expected',
    samples: { messages: [{ name: 'torn', body: { acmeId: 'call-1', attempt: 1, at: 0 } }] },
    says: /sample "torn" is not read; state should be a text and is undefined/,
  },
  {
    check: 'every sample is read as expected',
    samples: {
      messages: [{ ...waiting, expect: { events: [{ status: 'queued' }, { status: 'busy' }] } }],
    },
    says: /it tells 1 events, expected 2/,
  },
  {
    check: 'every sample is read as expected',
    samples: {
      messages: [{ name: 'in XML', delivery: { contentType: 'text/xml', body: '<call/>' } }],
    },
    says: /sample "in XML" is not decoded: content-type/,
  },
  {
    check: 'reading changes nothing and gives the same answer each time',
    provider: reading((event, body) => {
      Object.assign(Object(body), { seen: true })
      return event
    }),
    says: /reading sample "waiting" changes it/,
  },
  {
    check: 'reading changes nothing and gives the same answer each time',
    provider: reading((event) => ({ ...event, occurredAt: ++calls })),
    says: /read in another way the second time/,
  },
  {
    check: 'every order of the samples ends in the same calls',
    provider: reading((event) => ({ ...event, attempt: ++calls })),
    says: /read in another order/,
  },
]
