import { CALL_STATUSES, type CallStatus, isSettled, isTerminal, outcome, replay } from 'callstate'
import { bolna, safeParseBolnaPayload } from 'callstate/providers/bolna'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { AGENT, createClient, NUMBER } from './bolna/client.fixture.ts'
import { INBOUND_FATES } from './fate.ts'
import { FATES, type Fate, startEmulator } from './index.ts'
import { eventOf } from './read-event.fixture.ts'
import { startReceiver } from './receiver.fixture.ts'

const RETRY = { enabled: true, max_retries: 3, retry_on_statuses: ['no-answer', 'busy', 'failed'] }

const ENDS = {
  answered: ['completed'],
  voicemail: ['completed'],
  rejected: ['completed'],
  busy: ['busy'],
  'no-answer': ['no-answer'],
  failed: ['failed'],
  canceled: ['canceled'],
  stopped: ['stopped'],
  error: ['error'],
  'balance-low': ['balance-low'],
  rescheduled: ['completed'],
  retried: ['completed'],
  'late-completed': ['completed'],
} as const satisfies Record<Fate, readonly CallStatus[]>

const OUTCOMES: Partial<Record<Fate, string>> = {
  answered: 'reached',
  voicemail: 'voicemail',
  rejected: 'not-reached',
  busy: 'not-reached',
  'balance-low': 'not-placed',
  retried: 'reached',
}

test.each(FATES)('%s: webhooks, record and truth tell the same life', async (fate) => {
  await using receiver = await startReceiver()
  await using emulator = await startEmulator({
    clock: 'step',
    webhooks: { bolna: { url: receiver.url } },
    scenario: { rules: [{ destination: '+1202*', fate }] },
  })
  const client = createClient(emulator.at('bolna'))
  const id = await client.call(fate === 'retried' ? { retry_config: RETRY } : {})
  await emulator.idle()
  const [call] = emulator.truth().calls
  expect(call).toMatchObject({ id, fate, isSettled: true })
  expect(ENDS[fate]).toContain(call?.status)

  const events = receiver.received.map(({ body }) => {
    expect(safeParseBolnaPayload(body)).toMatchObject({ ok: true })
    return eventOf(bolna, body)
  })
  expect(events.map(({ status, attempt }) => ({ status, attempt }))).toEqual(
    call?.history.map(({ status, attempt }) => ({ status, attempt })),
  )
  expect(events.map(({ occurredAt }) => occurredAt)).toEqual(call?.history.map(({ at }) => at))
  const { call: heard, history } = replay(events)
  expect([heard.status, heard.attempt, isSettled(heard)]).toEqual([
    call?.status,
    call?.attempt,
    true,
  ])
  expect(history.filter(({ decision }) => decision.kind === 'conflicting')).toEqual([])
  expect(outcome(heard)).toBe(OUTCOMES[fate] ?? outcome(heard))
  expect((await client.get(`/executions/${id}`)).body).toEqual(receiver.received.at(-1)?.body)
})

test('every end that a call can have is the end of some fate', () => {
  const ends: readonly CallStatus[] = FATES.flatMap((fate) => ENDS[fate])
  expect(CALL_STATUSES.filter((status) => isTerminal(status) && !ends.includes(status))).toEqual([])
})

test('retried needs a further attempt, and rescheduled passes through rescheduled', async () => {
  await using emulator = await startEmulator({ clock: 'step' })
  const client = createClient(emulator.at('bolna'))
  await client.call({ user_data: { emulated_fate: 'retried' }, retry_config: RETRY })
  await client.call({ user_data: { emulated_fate: 'retried' } })
  await client.call({ user_data: { emulated_fate: 'rescheduled' } })
  await emulator.idle()
  const [retried, alone, moved] = emulator.truth().calls
  expect(retried?.attempt).toBeGreaterThan(1)
  expect([alone?.attempt, alone?.status]).toEqual([1, 'no-answer'])
  expect(moved?.history.map(({ status }) => status)).toEqual(
    expect.arrayContaining(['queued', 'rescheduled', 'completed']),
  )
})

test('late-completed comes 10 to 14 minutes after the line went down', async () => {
  await using emulator = await startEmulator({
    clock: 'step',
    scenario: { weights: { 'late-completed': 1 } },
  })
  const client = createClient(emulator.at('bolna'))
  for (let index = 0; index < 20; index++) await client.call()
  await emulator.idle()
  for (const { history } of emulator.truth().calls) {
    const at = (status: CallStatus) =>
      history.find((one) => one.status === status)?.at ?? Number.NaN
    const lagMs = at('completed') - at('call-disconnected')
    expect(lagMs).toBeGreaterThanOrEqual(600_000)
    expect(lagMs).toBeLessThanOrEqual(840_000)
  }
})

test('inbound calls begin when the line is up, and swap the numbers', async () => {
  await using receiver = await startReceiver()
  await using emulator = await startEmulator({
    clock: 'step',
    webhooks: { bolna: { url: receiver.url } },
  })
  for (const fate of INBOUND_FATES) {
    emulator.at('bolna').receive({ from: '+12025550177', metadata: { emulated_fate: fate } })
  }
  await emulator.idle()
  const { calls } = emulator.truth()
  expect(calls.map(({ fate, isSettled }) => [fate, isSettled])).toEqual(
    INBOUND_FATES.map((fate) => [fate, true]),
  )
  for (const { history } of calls) expect(history[0]?.status).toBe('in-progress')
  for (const { body } of receiver.received) {
    expect(body).toMatchObject({
      initiated_at: null,
      scheduled_at: null,
      telephony_data: { call_type: 'inbound', from_number: '+12025550177' },
    })
  }
})

test('an inbound call needs a phone number, and an agent of the account where it names one', async () => {
  await using emulator = await startEmulator({ clock: 'step', bolna: { agents: [{ id: AGENT }] } })
  const refusal = expect.objectContaining({ code: 'invalid-option' })
  expect(() => emulator.at('bolna').receive({ from: 'a friend' })).toThrow(refusal)
  expect(() => emulator.at('bolna').receive({ from: NUMBER, agentId: 'another' })).toThrow(refusal)
  const response = await fetch(`${emulator.url}/emulator/bolna/inbound`, {
    method: 'POST',
    body: JSON.stringify({ from: NUMBER, agentId: 'another' }),
  })
  expect([response.status, await response.json()]).toEqual([
    400,
    { message: expect.stringContaining('agentId') },
  ])
  expect(emulator.truth().calls).toEqual([])
  for (const [body, field] of [
    [{ from: NUMBER, agentId: 7 }, 'agentId: '],
    [{ agentId: AGENT }, 'from: '],
    [{ from: NUMBER, metadata: [] }, 'metadata: '],
    ['text', 'expected an object'],
  ] as const) {
    const answered = await fetch(`${emulator.url}/emulator/bolna/inbound`, {
      method: 'POST',
      body: JSON.stringify(body),
    })
    expect([answered.status, await answered.json()]).toEqual([
      400,
      { message: expect.stringContaining(field) },
    ])
  }
  emulator.at('bolna').receive({ from: NUMBER, agentId: AGENT })
  expect(emulator.truth().calls).toHaveLength(1)
})

test('over many seeds the machine refuses nothing, and every status of the lifecycle is reached', async () => {
  const seen = new Set<CallStatus>()
  const fates = new Set<Fate>()
  await fc.assert(
    fc.asyncProperty(fc.string(), fc.integer({ min: 0, max: 3 }), async (seed, retries) => {
      await using emulator = await startEmulator({
        seed,
        clock: 'step',
        scenario: { weights: Object.fromEntries(FATES.map((fate) => [fate, 1])) },
      })
      const client = createClient(emulator.at('bolna'))
      const retry_config = {
        enabled: true,
        max_retries: retries,
        retry_on_statuses: ['no-answer', 'busy', 'failed', 'error'],
        retry_on_voicemail: true,
      }
      for (let index = 0; index < 30; index++) {
        await client.call(retries === 0 ? {} : { retry_config })
      }
      emulator.at('bolna').receive({ from: '+12025550177' })
      const form = new FormData()
      form.set('agent_id', '123e4567-e89b-12d3-a456-426655440000')
      form.set('file', new Blob(['contact_number\n+12025550101\n+12025550102\n']), 'a.csv')
      const { body } = await client.post('/batches', form)
      const schedule = new FormData()
      schedule.set('scheduled_at', '2026-01-05T15:10:00+00:00')
      await client.post(`/batches/${body.batch_id}/schedule`, schedule)
      await emulator.idle()
      const { calls } = emulator.truth()
      expect(calls).toHaveLength(33)
      for (const call of calls) {
        expect(call.isSettled).toBe(true)
        fates.add(call.fate)
        for (const { status } of call.history) seen.add(status)
      }
    }),
    { numRuns: 25 },
  )
  expect(seen).toEqual(new Set(CALL_STATUSES))
  expect(fates).toEqual(new Set(FATES))
})
