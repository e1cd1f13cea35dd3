import { createHmac } from 'node:crypto'
import { type CallStatus, isSettled, replay } from 'callstate'
import { dialgen, safeParseDialgenPayload } from 'callstate/providers/dialgen'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FATES, type Fate, startEmulator } from '../index.ts'
import { eventOf } from '../read-event.fixture.ts'
import { type Received, startReceiver } from '../receiver.fixture.ts'
import { createClient } from './client.fixture.ts'

const SECRET = 'a test secret'

/** The ends that Dialgen can show, by fate: the word, the code and the status that they lead to. */
const ENDS = {
  answered: [['COMPLETED', null, 'completed']],
  voicemail: [['COMPLETED', null, 'completed']],
  'late-completed': [['COMPLETED', null, 'completed']],
  busy: [['MISSED', 'BUSY', 'busy']],
  'no-answer': [['MISSED', 'NO_ANSWER', 'no-answer']],
  // Dialed singly, so that no further attempt follows.
  retried: [['MISSED', 'NO_ANSWER', 'no-answer']],
  failed: [
    ['FAILED', 'INVALID_NUMBER', 'failed'],
    ['FAILED', 'NETWORK_ERROR', 'failed'],
  ],
  'balance-low': [['FAILED', 'INSUFFICIENT_CREDITS', 'balance-low']],
} as const satisfies Partial<
  Record<Fate, readonly (readonly [string, string | null, CallStatus])[]>
>

const SHAPES = ['data', 'event'] as const
const isSigned = ({ body, headers }: Received, secret = SECRET) =>
  headers['x-dialgen-signature'] ===
  createHmac('sha256', secret).update(JSON.stringify(body)).digest('hex')
const callDataOf = (received: Received | undefined) =>
  received?.body['callData'] as Readonly<Record<string, unknown>>

describe.each(SHAPES)('a webhook of the shape %s', (webhookShape) => {
  test.each(Object.keys(ENDS) as (keyof typeof ENDS)[])(
    'tells the end of a call that is %s, signed, as the record and the truth do',
    async (fate) => {
      await using receiver = await startReceiver()
      await using emulator = await startEmulator({
        clock: 'step',
        webhooks: { dialgen: { keys: SECRET } },
        dialgen: { webhookShape },
      })
      const client = createClient(emulator.at('dialgen'))
      const id = await client.dial({ statusCallBackUrl: receiver.url }, fate)
      await emulator.idle()
      const [call] = emulator.truth().calls
      expect(call).toMatchObject({ id, fate, isSettled: true, attempt: 1 })

      const [received, ...others] = receiver.received
      expect(others).toEqual([])
      if (received === undefined) throw new Error('no webhook came')
      expect(isSigned(received)).toBe(true)
      expect(isSigned(received, 'another secret')).toBe(false)
      const payload = safeParseDialgenPayload(received.body)
      if (!payload.ok) throw new Error(JSON.stringify(payload.issues))
      const { callId, status, error } = payload.value
      expect(callId).toBe(id)
      expect(ENDS[fate]).toContainEqual([status, error, call?.status])

      const heard = [
        received.body,
        (await client.live(id)).body,
        (await client.persistent(id)).body,
      ]
      const events = heard.map((body) => eventOf(dialgen, body))
      expect(events.map((event) => event.status)).toEqual(Array(3).fill(call?.status))
      // The time of the end is when the line went down, or never was up; one of the shapes has none.
      const down = call?.history.find((one) => one.status === 'call-disconnected')
      const endedAt = (down ?? call?.history.at(-1))?.at
      expect(events.map(({ occurredAt }) => occurredAt)).toEqual([
        webhookShape === 'data' ? endedAt : null,
        null,
        endedAt,
      ])
      const { call: known, history } = replay(events, { provider: dialgen })
      expect([known.status, isSettled(known)]).toEqual([call?.status, true])
      expect(history.filter(({ decision }) => decision.kind === 'conflicting')).toEqual([])
    },
  )

  test('has the fields of the documents for a completed call', async () => {
    await using receiver = await startReceiver()
    await using emulator = await startEmulator({
      clock: 'step',
      webhooks: { dialgen: { url: receiver.url } },
      dialgen: { webhookShape },
    })
    await createClient(emulator.at('dialgen')).dial({}, 'answered')
    await emulator.idle()
    const documented = {
      data: {
        success: true,
        callData: {
          id: expect.stringMatching(/^call_/),
          contactId: expect.stringMatching(/^contact_/),
          agentId: 'agent_123',
          callSid: expect.stringMatching(/^CA[\da-f]{32}$/),
          batchId: '',
          direction: 'OUTBOUND',
          status: 'COMPLETED',
          startTime: expect.any(String),
          endTime: expect.any(String),
          duration: expect.any(Number),
          phoneNumber: '+12025550123',
          contactName: 'Unknown',
          transcription: expect.any(Array),
          recordingUrl: expect.any(String),
          summary: expect.any(String),
          metricJson: expect.objectContaining({ callStatus: 'SUCCESS' }),
          createdAt: '2026-01-05T15:00:00.000Z',
          callDate: '2026-01-05T15:00:00.000Z',
        },
        metricSchema: {},
      },
      event: {
        event: 'call.completed',
        callId: expect.stringMatching(/^call_/),
        status: 'COMPLETED',
        duration: expect.any(Number),
        contactId: expect.stringMatching(/^contact_/),
        summary: expect.any(String),
        recordingUrl: expect.any(String),
      },
    }
    expect(receiver.received.map(({ body }) => body)).toEqual([documented[webhookShape]])
    // Without a secret nothing is signed.
    expect(receiver.received[0]?.headers).not.toHaveProperty('x-dialgen-signature')
  })
})

test('a completed call ended when its line went down, and is told when its data are there', async () => {
  await using receiver = await startReceiver()
  await using emulator = await startEmulator({
    clock: 'step',
    webhooks: { dialgen: { url: receiver.url } },
  })
  await createClient(emulator.at('dialgen')).dial({}, 'late-completed')
  await emulator.idle()
  const [call] = emulator.truth().calls
  const at = (status: CallStatus) =>
    call?.history.find((one) => one.status === status)?.at ?? Number.NaN
  const callData = callDataOf(receiver.received[0])
  expect(Date.parse(String(callData['startTime']))).toBe(at('initiated'))
  expect(Date.parse(String(callData['endTime']))).toBe(at('call-disconnected'))
  expect(callData['duration']).toBe(
    Math.round((at('call-disconnected') - at('in-progress')) / 1000),
  )
  expect(call?.deliveries[0]?.at).toBe(at('completed'))
  expect(at('completed') - at('call-disconnected')).toBeGreaterThanOrEqual(600_000)
})

test('a call goes where its request says, and else to the default', async () => {
  await using own = await startReceiver()
  await using usual = await startReceiver()
  await using emulator = await startEmulator({
    clock: 'step',
    webhooks: { dialgen: { url: usual.url } },
  })
  const client = createClient(emulator.at('dialgen'))
  const first = await client.dial({ statusCallBackUrl: own.url })
  await emulator.idle()
  const second = await client.dial()
  await emulator.idle()
  const ids = ({ received }: typeof own) => received.map((one) => callDataOf(one)['id'])
  expect([ids(own), ids(usual)]).toEqual([[first], [second]])
})

test('a webhook that is refused is tried again after 1, 5 and 25 seconds, the same to the letter', async () => {
  await using receiver = await startReceiver(() => 500)
  await using emulator = await startEmulator({
    clock: 'step',
    webhooks: { dialgen: { url: receiver.url, keys: SECRET } },
  })
  await createClient(emulator.at('dialgen')).dial({}, 'busy')
  await emulator.idle()
  const [delivery] = emulator.truth().calls[0]?.deliveries ?? []
  expect(delivery?.outcome).toBe('failed')
  expect(delivery?.tries.map(({ at }) => at - delivery.at)).toEqual([0, 1_000, 6_000, 31_000])
  expect(delivery?.tries.map(({ sourceAddress }) => sourceAddress)).toEqual(Array(4).fill(null))
  const [first] = receiver.received
  for (const { body, headers } of receiver.received) {
    expect(body).toEqual(first?.body)
    expect(headers['x-dialgen-signature']).toBe(first?.headers['x-dialgen-signature'])
  }
})

test('fates that Dialgen cannot show are never drawn, whatever the weights and wishes', async () => {
  const shown = new Set<Fate>()
  await fc.assert(
    fc.asyncProperty(fc.string(), async (seed) => {
      await using emulator = await startEmulator({
        seed,
        clock: 'step',
        scenario: { weights: Object.fromEntries(FATES.map((fate) => [fate, 1])) },
      })
      const client = createClient(emulator.at('dialgen'))
      for (let index = 0; index < 20; index++) {
        await client.dial({ contactId: `c-${index}`, to: `+1202555010${index % 10}` }, 'stopped')
        await emulator.idle()
      }
      for (const { fate, isSettled: isOver } of emulator.truth().calls) {
        expect(isOver).toBe(true)
        shown.add(fate)
      }
    }),
    { numRuns: 10 },
  )
  expect(shown).toEqual(new Set(Object.keys(ENDS)))
})
