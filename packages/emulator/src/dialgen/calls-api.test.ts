import { dialgen } from 'callstate/providers/dialgen'
import { expect, test } from 'vitest'
import { DEFAULTS, startEmulator } from '../index.ts'
import { eventOf } from '../read-event.fixture.ts'
import { createClient, DIAL, numberOf } from './client.fixture.ts'

const DAY_MS = 24 * 60 * 60_000
const DIAL_PATH = '/api/v1/call/dial'
const NOT_FOUND = { status: 404, body: { error: 'Not Found', message: 'Resource not found' } }

test('without a key, or with one that is not the account’s, nothing is answered', async () => {
  await using emulator = await startEmulator({ clock: 'step', apiKeys: ['right'] })
  for (const key of [null, '', 'wrong']) {
    const client = createClient(emulator.at('dialgen'), key)
    for (const reply of [client.live('1'), client.get('/api/v1/batch/list'), client.cancel('1')]) {
      expect(await reply).toEqual({
        status: 401,
        body: { error: 'Unauthorized', message: 'Invalid or missing API key' },
      })
    }
  }
  const client = createClient(emulator.at('dialgen'), 'right')
  expect((await client.get('/api/v1/batch/list')).status).toBe(200)
})

test('the answer to a dial request is the documented one, and an event of the provider', async () => {
  await using emulator = await startEmulator({ clock: 'step' })
  const client = createClient(emulator.at('dialgen'))
  const { status, body } = await client.post(DIAL_PATH, {
    ...DIAL,
    contactId: 'contact_101',
    callerDetails: {
      name: 'Ada Example',
      email: 'ada@example.com',
      company: 'Example Inc.',
      metadata: { customField: 'value' },
    },
    statusCallBackUrl: 'http://127.0.0.1:1/webhook',
  })
  expect([status, body]).toEqual([
    200,
    {
      message: 'Call initiated successfully',
      callId: expect.stringMatching(/^call_[\da-f]{24}$/),
      contactId: 'contact_101',
      status: 'ONGOING',
    },
  ])
  expect(eventOf(dialgen, body)).toMatchObject({ kind: 'call-reply' })
  expect((await client.persistent(body.callId)).body.data.contact.name).toBe('Ada Example')
})

test.each([
  [{ to: undefined }, 'to is required'],
  [{ to: '12025550123' }, 'to must be'],
  [{ to: '+12' }, 'to must be'],
  [{ agentConfigId: undefined }, 'agentConfigId is required'],
  [{ agentConfigId: '' }, 'agentConfigId is required'],
  [{ userId: undefined }, 'userId is required'],
  [{ contactId: '' }, 'contactId'],
  [{ callerDetails: { email: 'nobody' } }, 'callerDetails.email'],
  [{ statusCallBackUrl: 'here' }, 'statusCallBackUrl'],
])(
  'a dial request with %j is refused with 400, and the message names the field',
  async (fields, why) => {
    await using emulator = await startEmulator({ clock: 'step' })
    const client = createClient(emulator.at('dialgen'))
    const { status, body } = await client.post(DIAL_PATH, { ...DIAL, ...fields })
    expect([status, body]).toEqual([
      400,
      { error: 'Bad Request', message: expect.stringContaining(why) },
    ])
    expect(body.message).not.toContain('2025550123')
    expect(emulator.truth().calls).toEqual([])
  },
)

test('text that is no JSON, and questions without an identifier, are a 400', async () => {
  await using emulator = await startEmulator({ clock: 'step' })
  const headers = { authorization: 'Bearer any' }
  const request = { method: 'POST', headers, body: '{' }
  expect((await fetch(emulator.at('dialgen').url + DIAL_PATH, request)).status).toBe(400)
  const client = createClient(emulator.at('dialgen'))
  for (const path of ['status/call', 'call/check-status', 'call/get-metric?callId=1']) {
    expect((await client.get(`/api/v1/${path}`)).status).toBe(400)
  }
})

test('an unknown agent is a 404, another user a 403, an unknown call a 404', async () => {
  await using emulator = await startEmulator({
    clock: 'step',
    dialgen: { agents: ['agent_1'], userId: 'user_1' },
  })
  const client = createClient(emulator.at('dialgen'))
  const dial = (agentConfigId: string, userId: string) =>
    client.post(DIAL_PATH, { ...DIAL, agentConfigId, userId })
  expect(await dial('agent_2', 'user_1')).toMatchObject({
    status: 404,
    body: { code: 'AGENT_NOT_FOUND' },
  })
  expect(await dial('agent_1', 'user_2')).toEqual({
    status: 403,
    body: { error: 'Forbidden', message: 'Access denied' },
  })
  expect((await dial('agent_1', 'user_1')).status).toBe(200)
  expect(await client.live('call_1')).toEqual(NOT_FOUND)
  expect(await client.persistent('call_1')).toEqual(NOT_FOUND)
})

test('a second call to a contact is a 409 that names the first, until that is over', async () => {
  await using emulator = await startEmulator({ clock: 'step' })
  const client = createClient(emulator.at('dialgen'))
  const first = await client.dial({ contactId: 'contact_1' })
  const refusal = {
    status: 409,
    body: { message: 'Call already in progress for this contact', callId: first },
  }
  // The same person by the number, and by the identifier under another number.
  expect(await client.post(DIAL_PATH, DIAL)).toEqual(refusal)
  const moved = { ...DIAL, to: numberOf(1), contactId: 'contact_1' }
  expect(await client.post(DIAL_PATH, moved)).toEqual(refusal)
  // What is refused changes nothing.
  expect((await client.live(first)).body.phoneNumber).toBe(DIAL.to)
  expect((await client.post(DIAL_PATH, { ...DIAL, to: numberOf(2) })).status).toBe(200)
  await emulator.idle()
  expect((await client.post(DIAL_PATH, DIAL)).status).toBe(200)
})

test('a call of a batch is in progress while it is dialed, and not while it waits', async () => {
  await using emulator = await startEmulator({ clock: 'step' })
  const client = createClient(emulator.at('dialgen'))
  const start = new Date(DEFAULTS.stepStartAt + 60_000).toISOString()
  const batch = await client.batch(1, { scheduledStartTime: start }, 'answered')
  await emulator.advance(59_000)
  expect((await client.post(DIAL_PATH, { ...DIAL, to: numberOf(0) })).status).toBe(200)
  await emulator.idle()
  expect((await client.batchStatus(batch)).status).toBe('completed')

  const running = await client.batch(1, {}, 'answered')
  const statuses = async () => (await client.batchCalls(running)).map(({ status }) => status)
  while ((await statuses())[0] !== 'ONGOING') await emulator.advance(1_000)
  const reply = await client.post(DIAL_PATH, { ...DIAL, to: numberOf(0) })
  expect([reply.status, reply.body.callId]).toEqual([
    409,
    (await client.batchCalls(running))[0]?.callId,
  ])
})

test('calls cost the minutes that they last, and without any left a call is refused with 402', async () => {
  await using emulator = await startEmulator({
    clock: 'step',
    dialgen: { minutes: 0.5 },
    scenario: { weights: { answered: 1 } },
  })
  const client = createClient(emulator.at('dialgen'))
  const dial = (index: number) => client.post(DIAL_PATH, { ...DIAL, to: numberOf(index) })
  let placed = 0
  while ((await dial(placed)).status === 200) {
    placed++
    await emulator.idle()
  }
  expect(placed).toBeGreaterThan(0)
  expect(placed).toBeLessThanOrEqual(3)
  expect(await dial(placed)).toEqual({
    status: 402,
    body: {
      error: 'Insufficient call minutes',
      code: 'INSUFFICIENT_CREDITS',
      message: 'No call minutes are left',
    },
  })
  await using poor = await startEmulator({ clock: 'step', dialgen: { minutes: 0 } })
  expect((await createClient(poor.at('dialgen')).post(DIAL_PATH, DIAL)).status).toBe(402)
})

test('the live status goes SCHEDULED, ONGOING, COMPLETED as the call does, and never back', async () => {
  await using emulator = await startEmulator({ clock: 'step' })
  const client = createClient(emulator.at('dialgen'))
  const id = await client.dial({}, 'answered')
  const words = new Map<string, unknown>()
  while (!emulator.truth().calls[0]?.isSettled) {
    const { status, startTime, duration } = (await client.live(id)).body
    words.set(emulator.truth().calls[0]?.status ?? '', status)
    expect(startTime === null).toBe(status === 'SCHEDULED')
    expect(duration).toBe(null)
    await emulator.advance(500)
  }
  expect(Object.fromEntries(words)).toEqual({
    queued: 'SCHEDULED',
    initiated: 'ONGOING',
    ringing: 'ONGOING',
    'in-progress': 'ONGOING',
    'call-disconnected': 'ONGOING',
  })
  expect((await client.live(id)).body).toMatchObject({ status: 'COMPLETED', error: null })
})

test('the live status answers for 30 days from the request, the persistent one from the start and for ever', async () => {
  await using emulator = await startEmulator({ clock: 'step' })
  const client = createClient(emulator.at('dialgen'))
  const id = await client.dial({}, 'busy')
  expect((await client.persistent(id)).body.data).toMatchObject({
    status: 'SCHEDULED',
    endedAt: null,
    duration: null,
  })
  await emulator.advance(30 * DAY_MS - 1)
  expect((await client.live(id)).body).toMatchObject({ status: 'MISSED', error: 'BUSY' })
  await emulator.advance(1)
  expect(await client.live(id)).toEqual(NOT_FOUND)
  await emulator.advance(1_000 * DAY_MS)
  expect((await client.persistent(id)).body.data).toMatchObject({ status: 'MISSED', error: 'BUSY' })
})

test('metrics are there once the call has ended, for whoever names all its parts', async () => {
  await using emulator = await startEmulator({ clock: 'step', dialgen: { userId: 'user_789' } })
  const client = createClient(emulator.at('dialgen'))
  const callId = await client.dial({ contactId: 'contact_1' }, 'voicemail')
  const metrics = (fields: Record<string, string> = {}) => {
    const all = { callId, userId: 'user_789', agentId: 'agent_123', contactId: 'contact_1' }
    return client.get(`/api/v1/call/get-metric?${new URLSearchParams({ ...all, ...fields })}`)
  }
  expect(await metrics()).toEqual(NOT_FOUND)
  await emulator.idle()
  const { body } = await metrics()
  expect(body.callData.metricJson.callStatus).toBe('RESCHEDULE')
  expect(eventOf(dialgen, body)).toMatchObject({ status: 'completed' })
  expect(await metrics({ agentId: 'agent_1' })).toEqual(NOT_FOUND)
  expect(await metrics({ contactId: 'contact_2' })).toEqual(NOT_FOUND)
  expect((await metrics({ userId: 'user_1' })).status).toBe(403)
})

test('no limit of requests is documented; one that is asked for ends in 429, by the minute', async () => {
  for (const [rateLimits, status] of [
    [true, 429],
    [false, 404],
  ] as const) {
    await using emulator = await startEmulator({
      clock: 'step',
      rateLimits,
      dialgen: { requestsPerMinute: 3 },
    })
    const client = createClient(emulator.at('dialgen'))
    const statuses = []
    for (let request = 0; request < 4; request++) statuses.push((await client.live('1')).status)
    expect(statuses).toEqual([404, 404, 404, status])
    await emulator.advance(60_000)
    expect((await client.live('1')).status).toBe(404)
  }
  await using emulator = await startEmulator({ clock: 'step' })
  const client = createClient(emulator.at('dialgen'))
  const replies = await Promise.all(Array.from({ length: 1_200 }, () => client.live('1')))
  expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([404]))
})

test('it answers at the root beside the other provider, and takes no inbound calls', async () => {
  await using emulator = await startEmulator({ clock: 'step' })
  const id = await createClient(emulator.at('dialgen')).dial()
  expect((await createClient({ url: emulator.url }).live(id)).status).toBe(200)
  expect(() => emulator.at('dialgen').receive({ from: numberOf(0) })).toThrow(
    'takes no inbound calls',
  )
})

test.each([
  ['webhookShape', 'flat'],
  ['agents', ['']],
  ['minutes', -1],
  ['requestsPerMinute', 0],
  ['callIds', ['call_1', 'call_1']],
  ['webhookURL', 'http://127.0.0.1:1/'],
])('an option %s that is none is refused by name', async (name, value) => {
  const starting = startEmulator({ dialgen: { [name]: value } as never })
  await expect(starting).rejects.toMatchObject({
    code: 'invalid-option',
    message: expect.stringMatching(new RegExp(`^dialgen.*${name}`)),
  })
})
