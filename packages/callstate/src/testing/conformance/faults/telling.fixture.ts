import type { Provider, Tell, ToldMessage } from '../../../providers/index.ts'
import { answering, type Fault, reading } from '../fault.fixture.ts'
import { acme, isRecord } from '../honest.fixture.ts'

const PATHS =
  'what it tells of its legal paths, in webhooks and in records, is read back as the same paths'
const OTHERS = 'what it tells in lists and replies is read back as the same step'
const UNTOLD = 'the statuses of which it tells nothing are listed'
const PURE = 'telling changes nothing and gives the same messages each time'
const DELIVERS = 'what it delivers of a call is recognized, and proven where it proves its origin'
const APART = 'what it delivers of two steps is never one message'

const honest: Tell = (moment, kind) => acme.tell?.(moment, kind) ?? []

/** Tells as the honest provider does, and then changes each message. */
function telling(
  change: (message: ToldMessage, moment: Parameters<Tell>[0]) => ToldMessage,
): Partial<Provider> {
  return {
    tell: (moment, kind) => honest(moment, kind).map((message) => change(message, moment)),
  }
}

function withFields(message: ToldMessage, fields: object): ToldMessage {
  return { ...message, body: JSON.stringify({ ...JSON.parse(message.body), ...fields }) }
}

let calls = 0

export const TELLING_FAULTS: readonly Fault[] = [
  {
    check: PATHS,
    provider: telling((message, { status, steps }) =>
      withFields(message, { at: steps.find((step) => step.status === status)?.occurredAt }),
    ),
    says: /queued, rescheduled, queued leaves the call rescheduled/,
  },
  {
    check: PATHS,
    provider: reading((event) =>
      event.status === 'completed'
        ? { ...event, earlier: [{ attempt: 1, status: 'busy' }] }
        : event,
    ),
    says: /in-progress, completed conflicts with the/,
  },
  ...(
    [
      [telling((message) => ({ ...message, kind: 'stop-reply' })), /says that it is a stop-reply/],
      [
        telling((message) => ({ ...message, contentType: 'text/xml' })),
        /not what it receives \(content-type\)/,
      ],
      [telling((message) => ({ ...message, body: '{' })), /not what it receives \(not-decodable\)/],
      [telling((message) => withFields(message, { state: 7 })), /is answered, but|is not read/],
      [
        telling((message) => withFields(message, { acmeId: 'call-9' })),
        /is read with another call/,
      ],
      [
        telling((message, { steps }) =>
          withFields(message, { state: 'WAIT', at: steps[0]?.occurredAt }),
        ),
        /queued, rescheduled is read as queued/,
      ],
      [
        telling((message) => withFields(message, { state: 'BUSY' })),
        /read with busy, which is no step/,
      ],
      [telling((message) => withFields(message, { attempt: 3 })), /read with queued in attempt 3/],
      [telling((message) => withFields(message, { at: 5 })), /read with queued at another time/],
      [
        telling((message) => withFields(message, { state: 'HOLD' })),
        /read with no status, which is no step/,
      ],
      [
        telling((message, { attempt }) => withFields(message, attempt === 2 ? { attempt: 1 } : {})),
        /busy, initiated is read with initiated at another time/,
      ],
    ] satisfies readonly (readonly [Partial<Provider>, RegExp])[]
  ).map(([provider, says]) => ({ check: PATHS, provider, says })),
  {
    check: PATHS,
    provider: reading((event) => ({ ...event, occurredAt: event.occurredAt ?? null, word: ' ' })),
    says: /is answered, but it has no word of the provider/,
  },
  {
    check: PATHS,
    provider: {
      tell: (moment, kind) => [
        ...honest(moment, kind),
        ...(moment.status === 'busy' ? honest({ ...moment, status: 'completed' }, kind) : []),
      ],
    },
    says: /read with completed, which is no step of it/,
  },
  {
    check: PATHS,
    provider: {
      // What was said before is said again, and last.
      tell: (moment, kind) => {
        const earlier = moment.steps.slice(0, -1).map((step) => ({ ...moment, ...step }))
        return [moment, ...earlier].flatMap((one) => honest(one, kind))
      },
      ...reading((event) => ({ ...event, attempt: event.status === 'queued' ? 2 : 1 })),
    },
    says: /read with queued in attempt 2/,
  },
  {
    check: OTHERS,
    provider: telling((message) =>
      message.kind === 'list-item' ? withFields(message, { acmeId: 'call-9' }) : message,
    ),
    says: /what it tells in a list-item .* is read with another call/,
  },
  {
    check: OTHERS,
    provider: telling((message) =>
      message.kind === 'stop-reply' ? { ...message, body: 'stopped' } : message,
    ),
    says: /what it tells in a stop-reply is no JSON/,
  },
  {
    check: UNTOLD,
    provider: { tell: (moment, kind) => (moment.status === 'busy' ? [] : honest(moment, kind)) },
    says: /in a webhook it tells nothing of busy; list them in untold.webhook/,
  },
  {
    check: UNTOLD,
    provider: {
      tell: (moment, kind) =>
        moment.status === 'busy' && kind === 'record' ? [] : honest(moment, kind),
    },
    says: /in a record it tells nothing of busy; list them in untold.record/,
  },
  {
    check: UNTOLD,
    samples: { untold: { webhook: ['queued'] } },
    says: /untold.webhook lists queued, of which it tells/,
  },
  {
    check: PURE,
    provider: {
      tell: (moment, kind) => {
        Object.assign(moment.facts, { cost: ++calls })
        return honest(moment, kind)
      },
    },
    says: /telling a webhook changes the moment/,
  },
  {
    check: PURE,
    provider: telling((message) => withFields(message, { at: ++calls })),
    says: /a webhook is told in another way the second time/,
  },
  {
    check: DELIVERS,
    provider: { recognizes: (body) => isRecord(body) && body['state'] !== 'DIAL' },
    says: /what it delivers of initiated is not recognized/,
  },
  {
    check: DELIVERS,
    provider: {
      origin: acme.origin.map(({ sign: _sign, ...others }) => others),
    },
    says: /what it delivers of queued is missing to its signature/,
  },
  {
    check: APART,
    provider: { sameMessage: (body) => (isRecord(body) ? [body['acmeId']] : null) },
    says: /what it delivers of in-progress is the same message as of initiated/,
  },
  {
    check: APART,
    provider: {
      ...telling((message) => withFields(message, { at: 0, state: 'WAIT' })),
      sameMessage: () => null,
    },
    says: /is the same message as of initiated/,
  },
  {
    check: PATHS,
    provider: answering((reading) =>
      reading.ok && reading.type === 'events' ? { ...reading, events: [] } : reading,
    ),
    says: /is answered, but it tells no event/,
  },
]
