import { expect, test } from 'vitest'
import { DEFAULTS, startEmulator } from '../index.ts'
import { MAX_BODY_DEPTH } from '../json-body.ts'
import { startReceiver } from '../receiver.fixture.ts'
import { AGENT, createClient, NUMBER } from './client.fixture.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const iso = (time: number) => new Date(time).toISOString().replace('Z', '+00:00')

test('without a key, or with one that is not the account’s, nothing is answered', async () => {
  await using emulator = await startEmulator({ clock: 'step', apiKeys: ['right'] })
  for (const key of [null, '', 'wrong']) {
    for (const path of ['/executions/1', '/user/me', '/batches/1']) {
      expect(await createClient(emulator.at('bolna'), key).get(path)).toEqual({
        status: 401,
        body: { error: 401, message: 'Access denied' },
      })
    }
  }
  expect((await createClient(emulator.at('bolna'), 'right').get('/user/me')).status).toBe(200)
})

test.each([
  [{ agent_id: undefined }, 'agent_id'],
  [{ recipient_phone_number: undefined }, 'recipient_phone_number'],
  [{ recipient_phone_number: '12025550123' }, 'recipient_phone_number'],
  [{ recipient_phone_number: '+12' }, 'recipient_phone_number'],
  [{ from_phone_number: 'me' }, 'from_phone_number'],
  [{ retry_config: { enabled: true, max_retries: 4 } }, 'retry_config.max_retries'],
  [{ retry_config: { retry_on_statuses: ['stopped'] } }, 'retry_config.retry_on_statuses.0'],
  [{ scheduled_at: 'tomorrow' }, 'scheduled_at'],
])(
  'POST /call with %j is refused with 400, and the message names the field',
  async (fields, name) => {
    await using emulator = await startEmulator({ clock: 'step' })
    const request = { agent_id: AGENT, recipient_phone_number: NUMBER, ...fields }
    const { status, body } = await createClient(emulator.at('bolna')).post('/call', request)
    expect([status, body]).toEqual([400, { error: 1001, message: expect.stringContaining(name) }])
    expect(body.message).not.toContain('12025550123')
    expect(emulator.truth().calls).toEqual([])
  },
)

test('an unknown agent, execution or call is a 404', async () => {
  await using emulator = await startEmulator({ clock: 'step', bolna: { agents: [{ id: 'a-1' }] } })
  const client = createClient(emulator.at('bolna'))
  const call = { agent_id: AGENT, recipient_phone_number: NUMBER }
  expect((await client.post('/call', call)).status).toBe(404)
  expect((await client.post('/call', { ...call, agent_id: 'a-1' })).status).toBe(200)
  expect((await client.get(`/executions/${AGENT}`)).status).toBe(404)
  expect((await client.post(`/call/${AGENT}/stop`)).status).toBe(404)
  expect((await client.post(`/v2/agent/${AGENT}/stop`)).status).toBe(404)
})

test('scheduled_at: Z is a 500, less than two minutes a 400, else it rounds up to ten minutes', async () => {
  await using emulator = await startEmulator({ clock: 'step' })
  const client = createClient(emulator.at('bolna'))
  const place = (scheduled_at: string) =>
    client.post('/call', { agent_id: AGENT, recipient_phone_number: NUMBER, scheduled_at })
  expect((await place(new Date(DEFAULTS.stepStartAt + HOUR_MS).toISOString())).status).toBe(500)
  expect(await place(iso(DEFAULTS.stepStartAt + 2 * MINUTE_MS - 1))).toEqual({
    status: 400,
    body: { error: 1001, message: 'Scheduled time should be atleast 2 minutes in the future' },
  })
  const { status, body } = await place(iso(DEFAULTS.stepStartAt + 2 * MINUTE_MS))
  expect([status, body.status]).toEqual([200, 'queued'])
  expect(await client.status(body.execution_id)).toBe('scheduled')
  await emulator.advance(10 * MINUTE_MS - 1)
  expect(await client.status(body.execution_id)).toBe('scheduled')
  await emulator.advance(1)
  expect(await client.status(body.execution_id)).toBe('queued')
})

test.each(['2026-02-30T10:00:00+00:00', '2026-02-30T10:00', '2026-01-06T24:30:00+00:00'])(
  'scheduled_at: %s, which no calendar and no clock has, is a 400',
  async (scheduled_at) => {
    await using emulator = await startEmulator({ clock: 'step' })
    const request = { agent_id: AGENT, recipient_phone_number: NUMBER, scheduled_at }
    const { status } = await createClient(emulator.at('bolna')).post('/call', request)
    expect([status, emulator.truth().calls]).toEqual([400, []])
  },
)

test('a body that lies too deep is refused, and no call is left of it', async () => {
  await using receiver = await startReceiver()
  await using emulator = await startEmulator({
    clock: 'step',
    webhooks: { bolna: { url: receiver.url } },
  })
  const client = createClient(emulator.at('bolna'))
  const place = async (depth: number) => {
    // The body and its user_data are two of them.
    const lists = '['.repeat(depth - 2) + ']'.repeat(depth - 2)
    const user_data = { deep: JSON.parse(lists) }
    const request = { agent_id: AGENT, recipient_phone_number: NUMBER, user_data }
    return (await client.post('/call', request)).status
  }
  expect(await place(MAX_BODY_DEPTH - 1)).toBe(200)
  expect(await place(MAX_BODY_DEPTH)).toBe(200)
  expect(await place(MAX_BODY_DEPTH + 1)).toBe(400)
  await emulator.idle()
  expect(emulator.truth().totals).toMatchObject({ calls: 2, settled: 2 })
  expect(receiver.received.length).toBeGreaterThan(2)
})

test('a call that is stopped before it is dialed shows nothing of the line it would have had', async () => {
  await using emulator = await startEmulator({ clock: 'step' })
  const client = createClient(emulator.at('bolna'))
  const id = await client.call({ user_data: { emulated_fate: 'answered' } })
  await client.post(`/call/${id}/stop`)
  expect((await client.get(`/executions/${id}`)).body).toMatchObject({
    status: 'stopped',
    conversation_duration: 0,
    transcript: null,
    telephony_data: { ring_duration: 0, post_dial_delay: 0, provider_call_id: null },
  })
})

test('a queued or scheduled call can be stopped, and no other', async () => {
  await using receiver = await startReceiver()
  await using emulator = await startEmulator({
    clock: 'step',
    webhooks: { bolna: { url: receiver.url } },
  })
  const client = createClient(emulator.at('bolna'))
  const queued = await client.call()
  const scheduled = await client.call({ scheduled_at: iso(DEFAULTS.stepStartAt + HOUR_MS) })
  for (const id of [queued, scheduled]) {
    expect(await client.post(`/call/${id}/stop`)).toEqual({
      status: 200,
      body: { message: 'done', status: 'stopped', execution_id: id },
    })
    expect((await client.post(`/call/${id}/stop`)).status).toBe(400)
  }
  const ringing = await client.call({ user_data: { emulated_fate: 'no-answer' } })
  await emulator.advance(20_000)
  expect(await client.status(ringing)).toBe('ringing')
  expect(await client.post(`/call/${ringing}/stop`)).toEqual({
    status: 400,
    body: { error: 1001, message: expect.any(String) },
  })
  await emulator.idle()
  expect(emulator.truth().calls.map(({ status }) => status)).toEqual([
    'stopped',
    'stopped',
    'no-answer',
  ])
  expect(receiver.received.filter(({ body }) => body['id'] === queued)).toHaveLength(2)
})

test('an agent’s queued calls are stopped together, and no one else’s', async () => {
  await using emulator = await startEmulator({ clock: 'step' })
  const client = createClient(emulator.at('bolna'))
  const mine = [await client.call(), await client.call()]
  const other = await client.call({ agent_id: AGENT.replace('1', '2') })
  const later = await client.call({ scheduled_at: iso(DEFAULTS.stepStartAt + HOUR_MS) })
  const { body } = await client.post(`/v2/agent/${AGENT}/stop`)
  expect(body).toEqual({ stopped_executions: mine })
  expect(await Promise.all([other, later].map(client.status))).toEqual(['queued', 'scheduled'])
})

test('guardrails put a call off to their start on the recipient’s clock, unless they are bypassed', async () => {
  // 15:00 UTC is 10:00 in New York.
  const guardrails = { call_start_hour: 12, call_end_hour: 18 }
  await using emulator = await startEmulator({
    clock: 'step',
    scenario: { weights: { busy: 1 } },
    bolna: { agents: [{ id: AGENT, guardrails }] },
  })
  const client = createClient(emulator.at('bolna'))
  const held = await client.call()
  const bypassing = await client.call({ bypass_call_guardrails: true })
  await emulator.advance(MINUTE_MS)
  expect(await Promise.all([held, bypassing].map(client.status))).toEqual(['rescheduled', 'busy'])
  expect((await client.post(`/call/${held}/stop`)).status).toBe(400)
  await emulator.idle()
  const [call] = emulator.truth().calls
  expect(call?.history.slice(0, 4).map(({ status }) => status)).toEqual([
    'queued',
    'rescheduled',
    'queued',
    'initiated',
  ])
  expect(call?.history[2]?.at).toBe(DEFAULTS.stepStartAt + 2 * HOUR_MS)
  expect((await client.get(`/executions/${held}`)).body.rescheduled_at).toMatch(/^2026-01-05T17:00/)
})

test('an agent’s hours and webhook address can be set over the API', async () => {
  await using receiver = await startReceiver()
  await using emulator = await startEmulator({ clock: 'step' })
  const client = createClient(emulator.at('bolna'))
  const made = await client.post('/v2/agent', { agent_config: { webhook_url: receiver.url } })
  expect([made.status, made.body.state]).toEqual([201, 'created'])
  const id = made.body.agent_id
  const calling_guardrails = { call_start_hour: 0, call_end_hour: 1 }
  expect(await client.patch(`/v2/agent/${id}`, { agent_config: { calling_guardrails } })).toEqual({
    status: 200,
    body: { message: 'success', state: 'updated' },
  })
  expect((await client.get(`/v2/agent/${id}`)).body).toMatchObject({
    webhook_url: receiver.url,
    calling_guardrails,
  })
  const call = await client.call({ agent_id: id })
  await emulator.advance(MINUTE_MS)
  expect([await client.status(call), receiver.statuses()]).toEqual([
    'rescheduled',
    ['queued', 'rescheduled'],
  ])
  const wrong = { agent_config: { calling_guardrails: { call_start_hour: 9, call_end_hour: 24 } } }
  expect((await client.patch(`/v2/agent/${id}`, wrong)).status).toBe(400)
})

test('retry_config brings the same execution back as scheduled, with its history', async () => {
  await using receiver = await startReceiver()
  await using emulator = await startEmulator({
    clock: 'step',
    scenario: { weights: { busy: 1 } },
    webhooks: { bolna: { url: receiver.url } },
  })
  const client = createClient(emulator.at('bolna'))
  const retry_config = { enabled: true, max_retries: 2, retry_intervals_minutes: [15, 60] }
  const id = await client.call({ retry_config })
  await emulator.idle()
  const [call] = emulator.truth().calls
  expect([call?.status, call?.attempt]).toEqual(['busy', 3])
  const busy = call?.history.filter(({ status }) => status === 'busy') ?? []
  const queued = call?.history.filter(({ status }) => status === 'queued') ?? []
  expect(queued.slice(1).map(({ at }, index) => at - (busy[index]?.at ?? 0))).toEqual([
    15 * MINUTE_MS,
    60 * MINUTE_MS,
  ])
  expect(call?.deliveries.map(({ isFinal }) => isFinal).indexOf(true)).toBe(
    (call?.deliveries.length ?? 0) - 1,
  )
  const planned = receiver.received.find(({ body }) => body['status'] === 'scheduled')?.body
  expect(planned).toMatchObject({
    id,
    retry_count: 1,
    retry_config,
    retry_history: [{ attempt: 1, status: 'busy', at: expect.stringMatching(/Z$/) }],
    scheduled_at: expect.stringMatching(/Z$/),
    initiated_at: null,
    telephony_data: { hangup_by: null },
  })
})

test('an attempt that was put off leaves nothing of that in the next one', async () => {
  const guardrails = { call_start_hour: 12, call_end_hour: 13 }
  await using emulator = await startEmulator({
    clock: 'step',
    bolna: { agents: [{ id: AGENT, guardrails }] },
  })
  const client = createClient(emulator.at('bolna'))
  const id = await client.call({
    user_data: { emulated_fate: 'no-answer' },
    retry_config: { enabled: true, max_retries: 1 },
  })
  const record = async () => (await client.get(`/executions/${id}`)).body
  await emulator.advance(MINUTE_MS)
  // It is 10 in the morning for the recipient.
  expect(await record()).toMatchObject({
    status: 'rescheduled',
    rescheduled_at: expect.stringContaining('2026-01-05T17:00:00.000'),
  })
  await emulator.idle()
  expect(await record()).toMatchObject({
    status: 'no-answer',
    retry_count: 1,
    rescheduled_at: null,
  })
})

test('a wallet that is empty ends calls with balance-low, and completed calls empty it', async () => {
  await using emulator = await startEmulator({
    clock: 'step',
    scenario: { weights: { answered: 1 } },
    bolna: { wallet: 0.01 },
  })
  const client = createClient(emulator.at('bolna'))
  await client.call()
  await emulator.idle()
  await client.call()
  await emulator.idle()
  expect(emulator.truth().calls.map(({ status }) => status)).toEqual(['completed', 'balance-low'])
  expect((await client.get('/user/me')).body.wallet).toBeLessThan(0)
})

test('500 calls a minute are answered, and the next with 429 until the minute is over', async () => {
  await using emulator = await startEmulator({ clock: 'step' })
  const client = createClient(emulator.at('bolna'))
  const request = { agent_id: AGENT, recipient_phone_number: NUMBER }
  for (let index = 0; index < 500; index++) await client.call()
  expect(await client.post('/call', request)).toEqual({
    status: 429,
    body: { error: 429, message: expect.any(String) },
  })
  expect((await client.get('/user/me')).status).toBe(200)
  await emulator.advance(MINUTE_MS)
  expect((await client.post('/call', request)).status).toBe(200)
})

test('what is null, empty, partial and final at which status', async () => {
  await using receiver = await startReceiver()
  await using emulator = await startEmulator({
    clock: 'step',
    webhooks: { bolna: { url: receiver.url } },
    scenario: { weights: { answered: 1 } },
  })
  const client = createClient(emulator.at('bolna'))
  for (let index = 0; index < 30; index++) await client.call()
  await emulator.idle()
  const at = (status: string) =>
    receiver.received.filter(({ body }) => body['status'] === status).map(({ body }) => body)
  // biome-ignore lint/suspicious/noExplicitAny: a record as a receiver sees it.
  const final = new Map<unknown, any>(at('completed').map((body) => [body['id'], body]))
  for (const body of at('in-progress')) {
    expect(body).toMatchObject({ transcript: null, conversation_duration: 0, total_cost: 0 })
    expect(body['telephony_data']).toMatchObject({ recording_url: null, duration: '0.0' })
  }
  for (const body of at('call-disconnected')) {
    const end = final.get(body['id'])
    expect(body).toMatchObject({
      transcript: expect.any(String),
      conversation_duration: end.conversation_duration,
      extracted_data: null,
      agent_extraction: null,
      cost_breakdown: { network: 0, platform: 0 },
    })
    expect(body['total_cost']).toBeLessThan(end.total_cost)
    expect(body['telephony_data']).toMatchObject({ recording_url: '', duration: '0.0' })
    expect(end.telephony_data.recording_url).toMatch(/^https:/)
    expect(end.telephony_data.duration).toMatch(/^\d+$/)
  }
  const kinds = new Set(
    [...final.values()].map(({ provider, created_at, agent_extraction, telephony_data }) =>
      [
        provider,
        created_at.endsWith('+00:00') ? 'offset' : 'naive',
        agent_extraction === null ? 'null' : typeof agent_extraction,
        telephony_data.hangup_by === null ? 'unsaid' : 'said',
      ].join(' '),
    ),
  )
  expect(kinds).toEqual(
    new Set([
      'plivo offset string said',
      'plivo offset null said',
      'twilio naive object unsaid',
      'twilio naive null unsaid',
    ]),
  )
})

test('a rejected call is completed, and has nothing of a conversation', async () => {
  await using emulator = await startEmulator({ clock: 'step' })
  const client = createClient(emulator.at('bolna'))
  const id = await client.call({ user_data: { emulated_fate: 'rejected' } })
  await emulator.idle()
  expect((await client.get(`/executions/${id}`)).body).toMatchObject({
    status: 'completed',
    conversation_duration: 0,
    total_cost: 0,
    transcript: null,
    summary: null,
    extracted_data: null,
    billing_settled: true,
    telephony_data: { duration: '0.0', recording_url: '' },
  })
})

test('an extraction may come later than completed, with a second completed', async () => {
  await using receiver = await startReceiver()
  await using emulator = await startEmulator({
    clock: 'step',
    webhooks: { bolna: { url: receiver.url } },
    scenario: { weights: { answered: 1 } },
  })
  const client = createClient(emulator.at('bolna'))
  for (let index = 0; index < 60; index++) await client.call()
  await emulator.idle()
  const completed = receiver.received
    .map(({ body }) => body)
    .filter(({ status }) => status === 'completed')
  const ids = [...new Set(completed.map(({ id }) => id))]
  const twice = ids
    .map((id) => completed.filter((body) => body['id'] === id))
    .filter(({ length }) => length > 1)
  expect(twice.length).toBeGreaterThan(3)
  expect(twice.length).toBeLessThan(30)
  for (const [first, second, ...others] of twice) {
    expect(others).toEqual([])
    expect(first).toMatchObject({ extracted_data: null, agent_extraction: null })
    expect(second?.['extracted_data']).toEqual({
      user_interested: expect.any(Boolean),
      callback_user: expect.any(Boolean),
    })
    // Nothing else has changed, but for the time of the change.
    const changed = { updated_at: null, extraction_webhook_status: null }
    expect({ ...second, ...changed, extracted_data: null, agent_extraction: null }).toEqual({
      ...first,
      ...changed,
    })
    const { body } = await client.get(`/executions/${first?.['id']}`)
    expect(body).toEqual(second)
  }
})

test('a call that nobody answered costs nothing', async () => {
  await using emulator = await startEmulator({ clock: 'step', bolna: { wallet: 5 } })
  const client = createClient(emulator.at('bolna'))
  for (const fate of ['busy', 'no-answer', 'failed', 'canceled']) {
    await client.call({ user_data: { emulated_fate: fate } })
  }
  await emulator.idle()
  expect((await client.get('/user/me')).body.wallet).toBe(5)
})

test('1,000 requests a minute of any other kind are answered, and the next with 429', async () => {
  await using emulator = await startEmulator({ clock: 'step' })
  const client = createClient(emulator.at('bolna'))
  for (let count = 0; count < 1_000; count++) {
    expect((await client.get('/user/me')).status).toBe(200)
  }
  expect((await client.get('/batches/1')).status).toBe(429)
  await emulator.advance(MINUTE_MS)
  expect((await client.get('/user/me')).status).toBe(200)
})
