import { dialgen, safeParseDialgenPayload } from 'callstate/providers/dialgen'
import { expect, test } from 'vitest'
import { type CallTruth, DEFAULTS, startEmulator } from '../index.ts'
import { eventOf } from '../read-event.fixture.ts'
import { startReceiver } from '../receiver.fixture.ts'
import { createClient, DIAL, numberOf } from './client.fixture.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
const NOT_FOUND = { status: 404, body: { error: 'Not Found', message: 'Resource not found' } }
const at = (time: number) => new Date(time).toISOString()
const statusesOf = ({ history }: CallTruth) => history.map(({ status }) => status)

test('a batch is ingested, scheduled, pending, processed and completed, and says so', async () => {
  await using calls = await startReceiver()
  await using ends = await startReceiver()
  await using emulator = await startEmulator({ clock: 'step' })
  const client = createClient(emulator.at('dialgen'))
  const webhooks = { onCallComplete: calls.url, onBatchComplete: ends.url, onBatchFailed: ends.url }
  const { status, body } = await client.post('/api/v1/batch', {
    agentId: 'agent_123',
    userId: 'user_456',
    contacts: [
      {
        id: 'contact_1',
        phoneNumber: numberOf(1),
        name: 'Ada',
        metadata: { emulated_fate: 'answered' },
      },
      { phoneNumber: numberOf(2), company: null, metadata: { emulated_fate: 'failed' } },
      { id: 'contact_1', phoneNumber: numberOf(1), metadata: { emulated_fate: 'answered' } },
    ],
    options: {
      priority: 8,
      scheduledStartTime: at(DEFAULTS.stepStartAt + HOUR_MS),
      timezone: 'America/New_York',
      tags: ['a'],
      webhooks,
    },
  })
  const id = body.batchId
  expect([status, body]).toEqual([
    202,
    {
      success: true,
      batchId: expect.stringMatching(new RegExp(`^batch_${DEFAULTS.stepStartAt}_agent_123_`)),
      status: 'ingesting',
      message: expect.stringContaining('Batch accepted'),
      links: {
        status: `${emulator.at('dialgen').url}/api/v1/batch/${id}/status`,
        dashboard: `${emulator.at('dialgen').url}/batch/monitor/${id}`,
      },
    },
  ])
  const state = async () => (await client.batchStatus(id)).status
  const seen: string[] = [await state()]
  expect(await client.batchCalls(id)).toEqual([])
  while (!seen.includes('completed')) {
    await emulator.advance(500)
    const now = await state()
    if (seen.at(-1) !== now) seen.push(now)
    if (now === 'scheduled') {
      const waiting = await client.batchCalls(id)
      expect(waiting.map((one) => one.status)).toEqual(['SCHEDULED', 'SCHEDULED'])
      await emulator.advance(DEFAULTS.stepStartAt + HOUR_MS - 500 - emulator.now())
    }
  }
  expect(seen).toEqual(['ingesting', 'scheduled', 'pending', 'processing', 'completed'])

  const known = await client.get(body.links.status.replace(emulator.at('dialgen').url, ''))
  expect(known.body).toEqual(await client.batchStatus(id))
  expect(known.body).toEqual({
    batchId: id,
    status: 'completed',
    priority: 8,
    statistics: {
      total: 2,
      processed: 2,
      succeeded: 1,
      failed: 1,
      pending: 0,
      percentComplete: 100,
      successRate: 50,
    },
    performance: {
      callsPerSecond: expect.any(Number),
      estimatedTimeRemaining: null,
      elapsedTime: expect.any(Number),
    },
    timestamps: {
      createdAt: at(DEFAULTS.stepStartAt),
      startedAt: expect.stringMatching(/^2026-01-05T16:00:0/),
      completedAt: expect.any(String),
    },
    recentCalls: expect.any(Array),
    webhooks,
    agentId: 'agent_123',
    userId: 'user_456',
  })
  expect(ends.received.map((one) => one.body)).toEqual([
    {
      event: 'batch.completed',
      batchId: id,
      agentId: 'agent_123',
      userId: 'user_456',
      statistics: {
        total: 2,
        processed: 2,
        succeeded: 1,
        failed: 1,
        percentComplete: 100,
        successRate: 50,
      },
      timestamps: known.body.timestamps,
    },
  ])
  expect(calls.received.map((one) => one.body['callData'])).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ batchId: id, contactName: 'Ada', status: 'COMPLETED' }),
      expect.objectContaining({ batchId: id, contactName: 'Unknown', status: 'FAILED' }),
    ]),
  )
})

test('every message about a batch’s calls is one of the provider, and says the same', async () => {
  await using emulator = await startEmulator({ clock: 'step' })
  const client = createClient(emulator.at('dialgen'))
  const id = await client.batch(30, { retryStrategy: { maxAttempts: 1 } })
  await emulator.idle()
  const { recentCalls } = await client.batchStatus(id, '&limit=all')
  const told = [...(await client.batchCalls(id)), ...recentCalls]
  expect(told).toHaveLength(60)
  const truth = new Map(emulator.truth().calls.map((call) => [call.id, call.status]))
  for (const message of told) {
    expect(safeParseDialgenPayload(message)).toMatchObject({ ok: true })
    const event = eventOf(dialgen, message)
    expect(event.status).toBe(truth.get(event.callId))
  }
  expect(new Set(truth.values()).size).toBeGreaterThan(2)
})

test('check-status shows 10 calls, as many as are asked for, or all', async () => {
  await using emulator = await startEmulator({ clock: 'step' })
  const client = createClient(emulator.at('dialgen'))
  const id = await client.batch(12)
  await emulator.advance(MINUTE_MS)
  const count = async (more = '') => (await client.batchStatus(id, more)).recentCalls.length
  expect(await count()).toBe(10)
  expect(await count('&limit=3')).toBe(3)
  expect([await count('&limit=all'), await count('&limit=-1')]).toEqual([12, 12])
  const wrong = await client.get(`/api/v1/batch/check-status?batchId=${id}&limit=many`)
  expect(wrong).toMatchObject({ status: 400, body: { error: 'Bad Request' } })
})

test('the list has every batch, the latest first', async () => {
  await using emulator = await startEmulator({ clock: 'step' })
  const client = createClient(emulator.at('dialgen'))
  const first = await client.batch(1)
  await emulator.advance(MINUTE_MS)
  const second = await client.batch(2, { priority: 1 })
  const { body } = await client.get('/api/v1/batch/list')
  expect(body.map(({ batchId }: { batchId: string }) => batchId)).toEqual([second, first])
  expect(body[0]).toEqual({
    batchId: second,
    status: 'ingesting',
    total: 2,
    processed: 0,
    succeeded: 0,
    failed: 0,
    percentComplete: 0,
    createdAt: at(DEFAULTS.stepStartAt + MINUTE_MS),
    agentId: 'agent_123',
    priority: 1,
  })
})

test.each([
  ['busy', 'busyDelay', 300_000],
  ['no-answer', 'noAnswerDelay', 3_600_000],
] as const)(
  'a call that is %s is tried again after its %s, and tells its last end',
  async (fate, option, usualMs) => {
    for (const [strategy, attempts, delayMs] of [
      [undefined, 3, usualMs],
      [{ maxAttempts: 1 }, 1, usualMs],
      [{ maxAttempts: 5, [option]: 90_000 }, 5, 90_000],
    ] as const) {
      await using receiver = await startReceiver()
      await using emulator = await startEmulator({ clock: 'step' })
      const client = createClient(emulator.at('dialgen'))
      const webhooks = { onCallComplete: receiver.url }
      const retryStrategy = strategy === undefined ? {} : { retryStrategy: strategy }
      const id = await client.batch(1, { ...retryStrategy, webhooks }, fate)
      await emulator.idle()
      const [call] = emulator.truth().calls
      expect([call?.attempt, call?.status, call?.isSettled]).toEqual([attempts, fate, true])
      for (let attempt = 1; attempt < attempts; attempt++) {
        const timeOf = (number: number, status: string) =>
          call?.history.find((one) => one.attempt === number && one.status === status)?.at ?? 0
        expect(timeOf(attempt + 1, 'queued') - timeOf(attempt, fate)).toBe(delayMs)
      }
      expect(receiver.received).toHaveLength(1)
      expect((await client.batchStatus(id)).statistics).toMatchObject({ processed: 1, failed: 1 })
    }
  },
)

test('between two attempts a call is SCHEDULED, or MISSED where each attempt tells its end', async () => {
  for (const tellsEveryAttempt of [false, true]) {
    await using receiver = await startReceiver()
    await using emulator = await startEmulator({ clock: 'step', dialgen: { tellsEveryAttempt } })
    const client = createClient(emulator.at('dialgen'))
    const webhooks = { onCallComplete: receiver.url }
    const id = await client.batch(1, { webhooks }, 'retried')
    while (emulator.truth().calls[0]?.history.at(-1)?.status !== 'no-answer') {
      await emulator.advance(100)
      const status = emulator.truth().calls[0]?.status
      if (status === 'busy') break
    }
    expect((await client.batchCalls(id))[0]?.status).toBe(
      tellsEveryAttempt ? 'MISSED' : 'SCHEDULED',
    )
    await emulator.advance(5_000)
    expect((await client.batchCalls(id))[0]?.status).toBe('SCHEDULED')
    await emulator.idle()
    const [call] = emulator.truth().calls
    expect(call?.status).toBe('completed')
    expect(call?.attempt).toBeGreaterThan(1)
    const words = receiver.received.map(
      ({ body }) => (body['callData'] as { status: string }).status,
    )
    const missed = Array((call?.attempt ?? 1) - 1).fill('MISSED')
    expect(words).toEqual(tellsEveryAttempt ? [...missed, 'COMPLETED'] : ['COMPLETED'])
    expect(call?.deliveries.map(({ isFinal }) => isFinal)).toEqual(
      words.map((word) => word === 'COMPLETED'),
    )
  }
})

test('a batch begins as many calls in a second as it may', async () => {
  for (const [options, perSecond] of [
    [{}, 10],
    [{ maxCallsPerSecond: 2 }, 2],
  ] as const) {
    await using emulator = await startEmulator({ clock: 'step' })
    await createClient(emulator.at('dialgen')).batch(12, options)
    await emulator.advance(MINUTE_MS)
    const times = emulator
      .truth()
      .calls.map(({ history }) => history.find(({ status }) => status === 'queued')?.at ?? 0)
    const [first = 0] = times
    const offsets = times.map((time) => time - first)
    expect(offsets).toEqual(times.map((_, index) => (index * 1000) / perSecond))
  }
})

test('a batch that is cancelled takes its waiting calls out, and tells no end of them', async () => {
  await using receiver = await startReceiver()
  await using emulator = await startEmulator({ clock: 'step' })
  const client = createClient(emulator.at('dialgen'))
  const webhooks = { onCallComplete: receiver.url, onBatchComplete: receiver.url }
  const id = await client.batch(20, { maxCallsPerSecond: 1, webhooks }, 'answered')
  const waiting = () =>
    emulator.truth().calls.filter(({ status }) => status === 'queued' || status === 'prepared')
  while (emulator.truth().calls.length === 0 || waiting().length > 10) await emulator.advance(100)
  expect(await client.cancel(id)).toEqual({
    status: 200,
    body: {
      success: true,
      batchId: id,
      status: 'cancelled',
      cancelledJobs: 10,
      message: 'Batch processing cancelled successfully',
    },
  })
  const again = { error: 'Bad Request', message: 'Batch is cancelled already' }
  expect(await client.cancel(id)).toEqual({ status: 400, body: again })
  await emulator.idle()
  expect(emulator.truth().totals.statuses).toEqual({ completed: 10, canceled: 10 })
  expect(receiver.received).toHaveLength(10)
  expect(await client.batchStatus(id)).toMatchObject({
    status: 'cancelled',
    statistics: { total: 20, processed: 10, succeeded: 10, failed: 0, pending: 10 },
    timestamps: { completedAt: null },
  })
  const words = (await client.batchCalls(id)).map(({ status }) => status)
  expect(words.filter((word) => word === 'FAILED')).toHaveLength(10)
})

test('a call that is on the line when its batch is cancelled is not tried again', async () => {
  await using emulator = await startEmulator({ clock: 'step' })
  const client = createClient(emulator.at('dialgen'))
  const id = await client.batch(1, {}, 'busy')
  while (emulator.truth().calls[0]?.status !== 'ringing') await emulator.advance(100)
  expect((await client.cancel(id)).body.cancelledJobs).toBe(0)
  await emulator.idle()
  const [call] = emulator.truth().calls
  expect(call && statusesOf(call).slice(-3)).toEqual(['busy', 'scheduled', 'canceled'])
  expect(call?.isSettled).toBe(true)
})

test('a batch can be cancelled at any time before its end, and an unknown one not at all', async () => {
  await using emulator = await startEmulator({ clock: 'step' })
  const client = createClient(emulator.at('dialgen'))
  expect(await client.cancel('batch_1')).toEqual(NOT_FOUND)
  expect((await client.post('/api/v1/batch/cancel')).status).toBe(400)
  const early = await client.batch(2)
  expect((await client.cancel(early)).body).toMatchObject({ status: 'cancelled', cancelledJobs: 0 })
  const later = await client.batch(2, { scheduledStartTime: at(DEFAULTS.stepStartAt + HOUR_MS) })
  await emulator.advance(MINUTE_MS)
  expect((await client.cancel(later)).body.cancelledJobs).toBe(2)
  const over = await client.batch(1)
  await emulator.idle()
  expect(await client.cancel(over)).toMatchObject({
    status: 400,
    body: { message: 'Batch is completed already' },
  })
  expect(emulator.truth().calls).toHaveLength(3)
})

test('a batch needs two minutes for each contact, and fails where none are left at its start', async () => {
  await using receiver = await startReceiver()
  await using emulator = await startEmulator({
    clock: 'step',
    dialgen: { minutes: 4 },
    scenario: { weights: { answered: 1 } },
  })
  const client = createClient(emulator.at('dialgen'))
  const contacts = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ phoneNumber: numberOf(index) }))
  const three = await client.post('/api/v1/batch', { agentId: 'a', contacts: contacts(3) })
  expect(three).toEqual({
    status: 402,
    body: {
      error: 'Insufficient call minutes',
      code: 'INSUFFICIENT_CREDITS',
      message: 'Estimated 6 minutes required, but only 4 available',
      details: { estimatedMinutesRequired: 6, availableMinutes: 4 },
    },
  })
  const webhooks = { onBatchFailed: receiver.url, onBatchComplete: receiver.url }
  const scheduledStartTime = at(DEFAULTS.stepStartAt + DAY_MS)
  const id = await client.batch(2, { scheduledStartTime, webhooks })
  await emulator.advance(MINUTE_MS)
  const dial = () => client.post('/api/v1/call/dial', DIAL)
  while ((await dial()).status !== 402) await emulator.advance(10 * MINUTE_MS)
  await emulator.idle()
  expect(receiver.received.map(({ body }) => body)).toEqual([
    {
      event: 'batch.failed',
      batchId: id,
      agentId: 'agent_123',
      error: 'Insufficient call minutes',
      code: 'INSUFFICIENT_CREDITS',
      timestamp: expect.stringMatching(/^2026-01-06T15:00:0/),
    },
  ])
  expect(await client.batchCalls(id)).toMatchObject(
    Array(2).fill({ status: 'FAILED', error: 'INSUFFICIENT_CREDITS' }),
  )
})

test('a batch’s live status answers for 30 days, its statistics for ever', async () => {
  await using emulator = await startEmulator({ clock: 'step' })
  const client = createClient(emulator.at('dialgen'))
  const id = await client.batch(1)
  const live = () => client.get(`/api/v1/status/batch?batchId=${id}`)
  await emulator.advance(30 * DAY_MS - 1)
  expect((await live()).status).toBe(200)
  await emulator.advance(1)
  expect(await live()).toEqual(NOT_FOUND)
  expect((await client.batchStatus(id)).status).toBe('completed')
  for (const path of ['status/batch', 'batch/check-status']) {
    expect((await client.get(`/api/v1/${path}`)).status).toBe(400)
    expect(await client.get(`/api/v1/${path}?batchId=batch_1`)).toEqual(NOT_FOUND)
  }
})

const CONTACT = { phoneNumber: numberOf(0) }

test.each([
  [{ agentId: undefined }, { agentId: ['Agent ID is required'] }],
  [{ agentId: '\ud800' }, { agentId: ['Invalid agent ID'] }],
  [{ contacts: undefined }, { contacts: ['At least one contact required'] }],
  [{ contacts: [] }, { contacts: ['At least one contact required'] }],
  [{ contacts: [{}] }, { contacts: ['Phone number is required'] }],
  [{ contacts: [{ phoneNumber: '2025550123' }] }, { contacts: ['Invalid phone number'] }],
  [{ contacts: [{ ...CONTACT, email: 'nobody' }] }, { contacts: [expect.any(String)] }],
  [{ options: { webhooks: { onCallComplete: 'here' } } }, { options: [expect.any(String)] }],
  [{ options: { timezone: 'Nowhere/City' } }, { options: ['Must be a time zone'] }],
  [{ options: { scheduledStartTime: 'soon' } }, { options: ['Must be an ISO 8601 time'] }],
])('a batch with %j is refused with 400 and the errors by field', async (fields, fieldErrors) => {
  await using emulator = await startEmulator({ clock: 'step' })
  const request = { agentId: 'agent_123', contacts: [CONTACT], ...fields }
  expect(await createClient(emulator.at('dialgen')).post('/api/v1/batch', request)).toEqual({
    status: 400,
    body: { error: 'Validation failed', code: 'INVALID_REQUEST', details: { fieldErrors } },
  })
})

test('an unknown agent is a 404, another user a 403, a start that is not ahead a 400', async () => {
  await using emulator = await startEmulator({
    clock: 'step',
    dialgen: { agents: ['agent_1'], userId: 'user_1' },
  })
  const client = createClient(emulator.at('dialgen'))
  const create = (fields: Record<string, unknown>) =>
    client.post('/api/v1/batch', { agentId: 'agent_1', contacts: [CONTACT], ...fields })
  expect(await create({ agentId: 'agent_2' })).toMatchObject({
    status: 404,
    body: { code: 'AGENT_NOT_FOUND' },
  })
  expect((await create({ userId: 'user_2' })).status).toBe(403)
  const start = (time: number) => create({ options: { scheduledStartTime: at(time) } })
  expect(await start(DEFAULTS.stepStartAt)).toEqual({
    status: 400,
    body: { error: 'Scheduled start time must be in the future' },
  })
  expect((await start(DEFAULTS.stepStartAt + 1)).status).toBe(202)
})

test.each([
  ['priority', [1, 10], [0.9, 10.1]],
  ['maxCallsPerSecond', [1, 30], [0.9, 30.1]],
  ['maxAttempts', [1, 5], [0, 6]],
  ['busyDelay', [0], [-1]],
  ['noAnswerDelay', [0], [-1]],
  ['contacts', [1, 100_000], [0, 100_001]],
  ['digits', [9, 15], [8, 16]],
] as const)(
  '%s is taken from its least to its greatest value, and not beyond',
  async (name, inside, outside) => {
    await using emulator = await startEmulator({ clock: 'step' })
    const client = createClient(emulator.at('dialgen'))
    const create = async (value: number) => {
      const request = {
        agentId: 'agent_123',
        contacts: Array(name === 'contacts' ? value : 1).fill(
          name === 'digits' ? { phoneNumber: `+${'12025550100000000'.slice(0, value)}` } : CONTACT,
        ),
        options:
          name === 'priority' || name === 'maxCallsPerSecond'
            ? { [name]: value }
            : { retryStrategy: name === 'contacts' || name === 'digits' ? {} : { [name]: value } },
      }
      return (await client.post('/api/v1/batch', request)).status
    }
    for (const value of inside) expect([value, await create(value)]).toEqual([value, 202])
    for (const value of outside) expect([value, await create(value)]).toEqual([value, 400])
  },
)
