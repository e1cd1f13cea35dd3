import { documented } from '../../../callstate/src/providers/bolna/documented-payload.fixture.ts'
import { type BolnaCall, type BolnaStage, bolnaBody, timestamp, uuid } from './bolna-payload.ts'

interface Delivery {
  /** Seconds since the start of the day at which the webhook arrives. */
  readonly at: number
  readonly line: string
}

const NORMAL = ['Callee', 'Call recipient hungup', 4000] as const
const BUSY = ['Carrier', 'Call recipient was busy', 3010] as const
const REJECTED = ['Carrier', 'Call recipient rejected', 3020] as const
const UNANSWERED = ['Carrier', 'Call recipient unanswered', 3000] as const
const TWILIO_TELLS_NOTHING = [null, null, null] as const

/** 4 to 5 webhooks: no `queued` one was ever seen. `completed` came 13 minutes after the start. */
const ANSWERED_LATE_DATA: readonly BolnaStage[] = [
  { status: 'initiated', at: 0 },
  { status: 'ringing', at: 2 },
  { status: 'in-progress', at: 5 },
  { status: 'call-disconnected', at: 33, talked: 27.2, rang: 3, hangup: NORMAL },
  {
    status: 'completed',
    at: 780,
    talked: 27.2,
    rang: 3,
    hangup: NORMAL,
    extraction: '{"interested": true}',
  },
]
/** Disconnect to `completed` in 13 seconds. */
const ANSWERED: readonly BolnaStage[] = [
  { status: 'queued', at: 0 },
  { status: 'initiated', at: 5.5 },
  { status: 'ringing', at: 7.5 },
  { status: 'in-progress', at: 13.5 },
  { status: 'call-disconnected', at: 62.1, talked: 48.6, rang: 6, hangup: NORMAL },
  { status: 'completed', at: 76, talked: 48.6, rang: 6, hangup: NORMAL },
]
const ANSWERED_TWILIO: readonly BolnaStage[] = [
  { status: 'queued', at: 0 },
  { status: 'initiated', at: 3.5 },
  { status: 'ringing', at: 5 },
  { status: 'in-progress', at: 20 },
  { status: 'call-disconnected', at: 79.4, talked: 59.4, hangup: TWILIO_TELLS_NOTHING },
  {
    status: 'completed',
    at: 100,
    talked: 59.4,
    hangup: TWILIO_TELLS_NOTHING,
    extraction: { interested: false },
  },
]
const VOICEMAIL: readonly BolnaStage[] = ANSWERED.map((stage) =>
  stage.hangup === undefined ? stage : { ...stage, voicemail: true as const },
)
const REJECTED_BUT_COMPLETED: readonly BolnaStage[] = [
  { status: 'queued', at: 0 },
  { status: 'initiated', at: 2 },
  { status: 'ringing', at: 4 },
  { status: 'in-progress', at: 9 },
  { status: 'call-disconnected', at: 9.5, rang: 5, hangup: REJECTED },
  { status: 'completed', at: 21, rang: 5, hangup: REJECTED },
]
const BUSY_CALL: readonly BolnaStage[] = [
  { status: 'queued', at: 0 },
  { status: 'initiated', at: 1.5 },
  { status: 'ringing', at: 3.5 },
  { status: 'busy', at: 23, rang: 19, hangup: BUSY },
]
const NO_ANSWER: readonly BolnaStage[] = [
  { status: 'queued', at: 0 },
  { status: 'initiated', at: 0.5 },
  { status: 'ringing', at: 2.5 },
  { status: 'no-answer', at: 46, rang: 43, hangup: UNANSWERED },
]
const INBOUND: readonly BolnaStage[] = [
  { status: 'in-progress', at: 0 },
  {
    status: 'call-disconnected',
    at: 68.4,
    talked: 68.4,
    hangup: ['Caller', 'Call recipient hungup', 4000],
  },
  {
    status: 'completed',
    at: 78.5,
    talked: 68.4,
    hangup: ['Caller', 'Call recipient hungup', 4000],
  },
]
const GUARDRAILS: readonly BolnaStage[] = [
  { status: 'queued', at: 0 },
  { status: 'rescheduled', at: 1, scheduledAt: 3600 },
  { status: 'queued', at: 3600 },
  ...ANSWERED.slice(1).map((stage) => ({ ...stage, at: stage.at + 3600 })),
]

/** A day on which every webhook arrives once, soon, in order. */
export function bolnaCleanDay(): readonly string[] {
  const outbound = (name: string, placedAt: number, carrier: BolnaCall['carrier'] = 'plivo') =>
    ({ name, placedAt, carrier }) satisfies BolnaCall
  return inOrderOfArrival([
    ...deliver(outbound('clean 1', 60), ANSWERED),
    ...deliver(outbound('clean 2', 75), BUSY_CALL),
    ...deliver(outbound('clean 3', 90, 'twilio'), ANSWERED_TWILIO),
    ...deliver(outbound('clean 4', 140), NO_ANSWER),
    ...deliver({ ...outbound('clean 5', 200), direction: 'inbound' }, INBOUND),
    ...deliver(outbound('clean 6', 260), VOICEMAIL),
    ...deliver(outbound('clean 7', 300), REJECTED_BUT_COMPLETED),
    ...deliver(outbound('clean 8', 320), GUARDRAILS),
    ...deliver(outbound('clean 9', 400), [
      { status: 'queued', at: 0 },
      { status: 'balance-low', at: 1 },
    ]),
    ...deliver(outbound('clean 10', 420), [
      { status: 'queued', at: 0 },
      { status: 'stopped', at: 30 },
    ]),
    ...retriedCall('clean 11', 500),
    { at: 5000, line: JSON.stringify(documented) },
  ])
}

/** A day with everything that happens: repeats, disorder, loss, surprises and damage. */
export function bolnaBadDay(): readonly string[] {
  const call = (name: string, placedAt: number) =>
    ({ name, placedAt, carrier: 'plivo' }) satisfies BolnaCall
  const [reordered, repeated, lost, late] = [
    deliver(call('bad 1', 60), ANSWERED),
    deliver(call('bad 2', 100), ANSWERED),
    deliver(call('bad 3', 150), ANSWERED),
    deliver(call('bad 4', 200), ANSWERED_LATE_DATA),
  ]
  const twoEnds = deliver(call('bad 5', 300), [
    ...BUSY_CALL,
    { status: 'completed', at: 60, talked: 12.5, rang: 19, hangup: NORMAL },
  ])
  const disconnectedThenBusy = deliver(call('bad 6', 330), [
    ...BUSY_CALL.slice(0, 3),
    { status: 'call-disconnected', at: 22, rang: 19, hangup: BUSY },
    { status: 'busy', at: 23, rang: 19, hangup: BUSY },
  ])
  const unknownWord = deliver(call('bad 7', 400), [
    ...ANSWERED.slice(0, 4),
    { status: 'transferring', at: 40 },
    ...ANSWERED.slice(4),
  ])
  const misspelt = deliver(call('bad 8', 450), [
    { status: 'queued', at: 0 },
    { status: 'cancelled', at: 4 },
  ])
  const neverEnded = deliver(call('bad 9', 500), ANSWERED.slice(0, 5))
  const [, second, third] = lost as readonly Delivery[]
  return inOrderOfArrival([
    // Each webhook overtakes the one before it.
    ...reordered.map((delivery, index) => ({ ...delivery, at: 300 - index * 10 })),
    // Everything twice, and `call-disconnected` three times.
    ...repeated,
    ...repeated.map((delivery) => ({ ...delivery, at: delivery.at + 20 })),
    { ...(repeated[4] as Delivery), at: 400 },
    // `initiated` and `ringing` never arrived.
    ...lost.filter((delivery) => delivery !== second && delivery !== third),
    // `ringing` arrives ten minutes after the call ended.
    ...late.map((delivery, index) => (index === 1 ? { ...delivery, at: 1600 } : delivery)),
    ...twoEnds,
    ...disconnectedThenBusy,
    ...unknownWord,
    ...misspelt,
    ...neverEnded,
    ...retriedCall('bad 10', 600),
    // What a proxy, a full disk and a careless client leave in a log.
    { at: 700, line: (late[3] as Delivery).line.slice(0, 900) },
    { at: 710, line: '<html><body>502 Bad Gateway</body></html>' },
    { at: 720, line: JSON.stringify({ id: uuid('bad 11'), status: 404 }) },
    { at: 730, line: JSON.stringify({ status: 'completed', updated_at: timestamp(730, 'Z') }) },
    { at: 740, line: '' },
    {
      at: 750,
      line: JSON.stringify({
        provider: 'bolna',
        receivedAt: timestamp(750, 'Z'),
        headers: { 'content-type': 'application/json', 'x-forwarded-for': '13.203.39.153' },
        body: bolnaBody(call('bad 12', 745), { status: 'ringing', at: 4 }),
      }),
    },
  ])
}

/** No answer, a retry after 30 minutes under the same id, and an answer. */
function retriedCall(name: string, placedAt: number): readonly Delivery[] {
  const first: BolnaCall = { name, placedAt, carrier: 'plivo', retryCount: 0 }
  const at = timestamp(placedAt + 46, 'Z')
  const second: BolnaCall = {
    ...first,
    retryCount: 1,
    retryHistory: [{ attempt: 1, status: 'no-answer', at }],
  }
  return [
    ...deliver(first, NO_ANSWER),
    ...deliver(second, [
      { status: 'scheduled', at: 47, scheduledAt: 1846 },
      ...ANSWERED.map((stage) => ({ ...stage, at: stage.at + 1846 })),
    ]),
  ]
}

function deliver(call: BolnaCall, stages: readonly BolnaStage[]): readonly Delivery[] {
  return stages.map((stage) => ({
    at: call.placedAt + stage.at + 0.2,
    line: JSON.stringify(bolnaBody(call, stage)),
  }))
}

function inOrderOfArrival(deliveries: readonly Delivery[]): readonly string[] {
  return deliveries.toSorted((a, b) => a.at - b.at).map((delivery) => delivery.line)
}
