import { expect, test } from 'vitest'
import { DEFAULTS, type Emulator, startEmulator } from '../index.ts'
import { startReceiver } from '../receiver.fixture.ts'
import { AGENT, createClient } from './client.fixture.ts'

const MINUTE_MS = 60_000
const iso = (time: number) => new Date(time).toISOString().replace('Z', '+00:00')
const CSV = 'contact_number,name\n+12025550101,"Doe, A"\n+12025550102,B\nnobody,C\n'

function formOf(fields: Record<string, string | Blob>): FormData {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value === 'string') form.set(name, value)
    else form.set(name, value, 'people.csv')
  }
  return form
}

function batchClient(emulator: Emulator) {
  const client = createClient(emulator.at('bolna'))
  return {
    ...client,
    create: (fields: Record<string, string | Blob> = {}) =>
      client.post('/batches', formOf({ agent_id: AGENT, file: new Blob([CSV]), ...fields })),
    schedule: (id: string, scheduled_at: string, fields: Record<string, string> = {}) =>
      client.post(`/batches/${id}/schedule`, formOf({ scheduled_at, ...fields })),
    batch: async (id: string) => (await client.get(`/batches/${id}`)).body,
    statuses: async (id: string) =>
      (await client.get(`/batches/${id}/executions`)).body.map(
        ({ status }: { status: string }) => status,
      ),
  }
}

test('a batch is created, processed, scheduled, queued, run and completed, and says so', async () => {
  await using receiver = await startReceiver()
  await using emulator = await startEmulator({
    clock: 'step',
    scenario: { weights: { answered: 1 } },
  })
  const client = batchClient(emulator)
  const { status, body } = await client.create({ webhook_url: receiver.url })
  expect([status, body]).toEqual([
    201,
    { batch_id: expect.stringMatching(/^[\da-f]{32}$/), state: 'created' },
  ])
  const id = body.batch_id
  expect(await client.batch(id)).toMatchObject({
    status: 'created',
    valid_contacts: 2,
    total_contacts: 3,
    file_name: 'people.csv',
  })
  await emulator.advance(MINUTE_MS)
  expect(await client.statuses(id)).toEqual(['prepared', 'prepared'])
  expect(await client.schedule(id, iso(DEFAULTS.stepStartAt + 8 * MINUTE_MS))).toEqual({
    status: 200,
    body: { message: 'success', state: 'scheduled' },
  })
  await emulator.advance(9 * MINUTE_MS)
  expect((await client.batch(id)).status).toBe('queued')
  await emulator.advance(6_000)
  expect((await client.batch(id)).status).toBe('running')
  await emulator.idle()
  expect(await client.batch(id)).toMatchObject({
    status: 'completed',
    execution_status: { completed: 2 },
  })
  expect(receiver.statuses()).toEqual(['processed', 'scheduled', 'queued', 'running', 'completed'])
  expect(emulator.truth().deliveries).toHaveLength(5)

  const [first] = (await client.get(`/batches/${id}/executions`)).body
  expect((await client.get(`/executions/${first.id}`)).body).toMatchObject({
    batch_id: id,
    batch_run_details: { status: 'completed', retried: 0 },
    context_details: { recipient_data: { name: 'Doe, A' } },
  })
  expect((await client.get(`/batches/${AGENT}/all`)).body).toHaveLength(1)
})

test('only a queued or running batch can be stopped; what waits is stopped with it', async () => {
  await using emulator = await startEmulator({ clock: 'step' })
  const client = batchClient(emulator)
  const id = (await client.create()).body.batch_id
  const stop = () => client.post(`/batches/${id}/stop`)
  expect(await stop()).toEqual({
    status: 404,
    body: { error: 404, message: 'Batch is not queued or running' },
  })
  await client.schedule(id, iso(DEFAULTS.stepStartAt + 10 * MINUTE_MS))
  expect((await stop()).status).toBe(404)
  await emulator.advance(10 * MINUTE_MS)
  expect(await stop()).toEqual({ status: 200, body: { message: 'success', state: 'stopped' } })
  expect(await client.statuses(id)).toEqual(['stopped', 'stopped'])
  expect((await stop()).status).toBe(404)
  await emulator.idle()
  expect((await client.batch(id)).status).toBe('stopped')
})

test.each(['stopped', 'deleted'])(
  'a call that is on the line when its batch is %s is not tried again',
  async (state) => {
    await using emulator = await startEmulator({
      clock: 'step',
      scenario: { rules: [{ fate: 'no-answer' }] },
    })
    const client = batchClient(emulator)
    const retry_config = JSON.stringify({ enabled: true, max_retries: 3 })
    const id = (await client.create({ retry_config })).body.batch_id
    await client.schedule(id, iso(DEFAULTS.stepStartAt + 10 * MINUTE_MS))
    await emulator.advance(10 * MINUTE_MS + 20_000)
    expect(emulator.truth().totals.statuses).toEqual({ ringing: 2 })
    const end = () =>
      state === 'stopped' ? client.post(`/batches/${id}/stop`) : client.delete(`/batches/${id}`)
    expect(await end()).toEqual({ status: 200, body: { message: 'success', state } })
    await emulator.idle()
    for (const { history, isSettled } of emulator.truth().calls) {
      const later = history.filter(({ attempt }) => attempt > 1).map(({ status }) => status)
      expect([later, isSettled]).toEqual([['scheduled', 'stopped'], true])
    }
  },
)

test('a schedule is refused as for calls, and when it is more than 30 days ahead or the second', async () => {
  await using emulator = await startEmulator({ clock: 'step' })
  const client = batchClient(emulator)
  const id = (await client.create()).body.batch_id
  const month = DEFAULTS.stepStartAt + 30 * 24 * 60 * MINUTE_MS
  expect((await client.schedule(id, new Date(month).toISOString())).status).toBe(500)
  expect((await client.schedule(id, iso(DEFAULTS.stepStartAt + MINUTE_MS))).status).toBe(400)
  expect((await client.schedule(id, iso(month + 1))).status).toBe(400)
  expect((await client.post(`/batches/${id}/schedule`, formOf({}))).status).toBe(400)
  expect((await client.schedule(id, iso(month))).status).toBe(200)
  expect((await client.schedule(id, iso(month))).status).toBe(400)
})

test('a batch heeds the agent’s hours unless its schedule bypasses them', async () => {
  const guardrails = { call_start_hour: 20, call_end_hour: 21 }
  await using emulator = await startEmulator({
    clock: 'step',
    bolna: { agents: [{ id: AGENT, guardrails }] },
  })
  const client = batchClient(emulator)
  const at = iso(DEFAULTS.stepStartAt + 10 * MINUTE_MS)
  const heeding = (await client.create()).body.batch_id
  const bypassing = (await client.create()).body.batch_id
  await client.schedule(heeding, at)
  await client.schedule(bypassing, at, { bypass_call_guardrails: 'true' })
  await emulator.advance(11 * MINUTE_MS)
  expect(await client.statuses(heeding)).toEqual(['rescheduled', 'rescheduled'])
  expect(await client.statuses(bypassing)).not.toContain('rescheduled')
})

test('a batch is refused without a file, with a bad column or a bad retry_config, and can be deleted', async () => {
  await using emulator = await startEmulator({ clock: 'step' })
  const client = batchClient(emulator)
  expect((await client.create({ file: 'text' })).status).toBe(400)
  expect((await client.create({ file: new Blob(['phone\n+12025550101\n']) })).status).toBe(400)
  expect((await client.create({ retry_config: '{' })).status).toBe(400)
  expect((await client.create({ retry_config: '{"max_retries":9}' })).status).toBe(400)
  expect((await client.create({ from_phone_numbers: 'me' })).status).toBe(400)
  const id = (await client.create({ from_phone_numbers: '+12025550188' })).body.batch_id
  await emulator.advance(MINUTE_MS)
  expect(await client.delete(`/batches/${id}`)).toEqual({
    status: 200,
    body: { message: 'success', state: 'deleted' },
  })
  expect((await client.get(`/batches/${id}`)).status).toBe(404)
  expect(emulator.truth().totals.statuses).toEqual({ stopped: 2 })
})
