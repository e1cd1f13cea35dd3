import { createMemoryStore } from '@callstate/tracker/memory'
import { createSqliteStore } from '@callstate/tracker/sqlite'
import { CALL_STATUSES, checkTransition, START_STATUSES } from 'callstate'
import { bolna, bolnaExecutionSchema } from 'callstate/providers/bolna'
import { dialgen } from 'callstate/providers/dialgen'
import { expect, test } from 'vitest'
import { documented } from '../../callstate/src/providers/bolna/documented-payload.fixture.ts'
import { allCalls } from '../../tracker/test/all-calls.ts'
import { createClient as createBolnaClient } from '../src/bolna/client.fixture.ts'
import { createClient as createDialgenClient } from '../src/dialgen/client.fixture.ts'
import { numberOf } from '../src/http-client.fixture.ts'
import {
  type CallTruth,
  disagreements,
  FATES,
  SOURCE_ADDRESS_HEADER,
  type WeatherName,
} from '../src/index.ts'
import { startService } from './service.fixture.ts'

// 1,000 calls in each weather, over HTTP from the request to the last webhook. Dialgen takes no second
// call to a contact while the first goes on, and there are 100 reserved numbers: hence the rounds.
const ROUNDS = 10
const OF_BOLNA = 60
const OF_DIALGEN = 40
/** Calls of the one batch of Bolna. */
const OF_BATCH = 4
const CALLS = ROUNDS * (OF_BOLNA + OF_DIALGEN) + OF_BATCH
const AGENT = '123e4567-e89b-12d3-a456-426655440000'
/** Longer than every budget, so that whatever is silent is asked about. */
const SILENCE_MS = 2 * 3_600_000
const MAX_LOOKS = 24

type Service = Awaited<ReturnType<typeof startService>>

test.each<WeatherName>(['clear', 'rain', 'storm'])(
  'in %s weather the tracker and the truth agree on every one of more than 1,000 calls',
  async (weather) => {
    const store =
      weather === 'storm' ? createSqliteStore({ path: ':memory:' }) : createMemoryStore()
    await using service = await startService(store, { weather, seed: `end to end in ${weather}` })
    const { emulator, tracker, bodies } = service
    for (let round = 0; round < ROUNDS; round++) await placeCalls(service, round)
    const truth = emulator.truth()
    const untold = disagreements(truth, await beliefs(service))
    await heal(service)

    expect(truth.totals).toMatchObject({ calls: CALLS, settled: CALLS })
    expect(disagreements(truth, await beliefs(service))).toEqual([])
    await expectBolnaAttempts(service)
    expect(await tracker.verify()).toMatchObject({ calls: CALLS, differences: [] })

    // It did rain, and it was by asking alone that what got lost was learned.
    expect(truth.totals.outcomes.lost > 0).toBe(weather !== 'clear')
    expect(truth.totals.repeats > 0).toBe(weather !== 'clear')
    expect(untold.length > 0).toBe(weather !== 'clear')

    for (const call of truth.calls) expectLegal(call)
    const seen = new Set(truth.calls.flatMap(({ history }) => history.map(({ status }) => status)))
    expect(CALL_STATUSES.filter((status) => !seen.has(status))).toEqual([])
    for (const { provider, body } of bodies) expectRead(provider, body)
  },
)

test('the documented example payload goes in as a webhook, and comes out as it was', async () => {
  await using service = await startService(createMemoryStore(), {})
  const { emulator, tracker, url } = service
  const [address = ''] = bolna.delivery.sourceAddresses
  const response = await fetch(`${url}/webhooks/bolna`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', [SOURCE_ADDRESS_HEADER]: address },
    body: JSON.stringify(documented),
  })
  expect(response.status).toBe(200)
  const ref = { provider: 'bolna', callId: String(documented.id) }
  const found = await tracker.get(ref)
  expect([found?.status, found?.settled]).toEqual(['completed', true])
  const [entry] = await tracker.history(ref)
  expect(JSON.parse(entry?.payload ?? '')).toEqual(documented)

  // The emulator's own record has every field of it, but for the old name of the duration.
  const client = createBolnaClient(emulator.at('bolna'))
  const id = await client.call({ user_data: { emulated_fate: 'answered' } })
  await emulator.idle()
  const { body } = await client.get(`/executions/${id}`)
  const { conversation_time, extraction_webhook_status, ...fields } = documented
  expect(Object.keys(fields).filter((field) => !Object.hasOwn(body, field))).toEqual([])
  const ofTelephony = Object.keys(documented.telephony_data)
  expect(ofTelephony.filter((field) => !Object.hasOwn(body.telephony_data, field))).toEqual([])
})

/** One round: calls of all fates, some to be tried again, and batches; then all goes to its end. */
async function placeCalls(service: Service, round: number): Promise<void> {
  if (round === 0) await placeBolnaBatch(service)
  for (let index = 0; index < OF_BOLNA; index++) await placeBolnaCall(service, index)
  if (round % 2 === 0) await placeDialgenBatch(service)
  else for (let index = 0; index < OF_DIALGEN; index++) await placeDialgenCall(service, index)
  await service.emulator.idle()
}

async function placeBolnaCall({ emulator, tracker }: Service, index: number): Promise<void> {
  // Half of them have each fate in turn, the rest is left to chance.
  const fate = FATES[index % (2 * FATES.length)]
  const { status, body } = await createBolnaClient(emulator.at('bolna')).post('/call', {
    agent_id: AGENT,
    recipient_phone_number: numberOf(index),
    ...(fate !== undefined && { user_data: { emulated_fate: fate } }),
    ...(index % 3 === 0 && { retry_config: { enabled: true, max_retries: 2 } }),
  })
  expect(status).toBe(200)
  await tracker.ingest({ provider: 'bolna', body })
}

/** The calls of a batch are heard of by webhooks, or else by its list. */
async function placeBolnaBatch({ emulator, tracker }: Service): Promise<void> {
  const client = createBolnaClient(emulator.at('bolna'))
  const form = new FormData()
  form.set('agent_id', AGENT)
  const rows = Array.from({ length: OF_BATCH }, (_, index) => `${numberOf(index)}\n`)
  form.set('file', new Blob(['contact_number\n', ...rows]), 'people.csv')
  const { batch_id } = (await client.post('/batches', form)).body
  await emulator.advance(60_000)
  const plan = new FormData()
  plan.set('scheduled_at', new Date(emulator.now() + 600_000).toISOString().replace('Z', '+00:00'))
  expect((await client.post(`/batches/${batch_id}/schedule`, plan)).status).toBe(200)
  const { body } = await client.get(`/batches/${batch_id}/executions`)
  expect(body).toHaveLength(OF_BATCH)
  for (const row of body) await tracker.ingest({ provider: 'bolna', body: row })
}

async function placeDialgenCall({ emulator, tracker }: Service, index: number): Promise<void> {
  const { status, body } = await createDialgenClient(emulator.at('dialgen')).post(
    '/api/v1/call/dial',
    {
      to: numberOf(index),
      agentConfigId: 'agent_123',
      userId: 'user_789',
    },
  )
  expect(status).toBe(200)
  await tracker.ingest({ provider: 'dialgen', body })
}

async function placeDialgenBatch({ emulator, tracker }: Service): Promise<void> {
  const client = createDialgenClient(emulator.at('dialgen'))
  const id = await client.batch(OF_DIALGEN, {
    retryStrategy: { maxAttempts: 3, busyDelay: 600_000, noAnswerDelay: 1_800_000 },
  })
  await emulator.advance(60_000)
  const calls = await client.batchCalls(id)
  expect(calls).toHaveLength(OF_DIALGEN)
  for (const body of calls) await tracker.ingest({ provider: 'dialgen', body })
}

/** Asks about silent calls until nobody knows more. */
async function heal({ emulator, poller }: Service): Promise<void> {
  for (let look = 0; look < MAX_LOOKS; look++) {
    await emulator.advance(SILENCE_MS)
    const { news, limited, failed } = await poller.runOnce()
    if (news + limited + failed === 0) return
  }
}

/** What the service believes of a call, as `disagreements` asks for it. */
async function beliefs({ tracker }: Service) {
  const calls = await allCalls(tracker)
  const statuses = new Map(
    calls.map(({ provider, callId, status }) => [`${provider} ${callId}`, status]),
  )
  return ({ provider, id }: CallTruth) => statuses.get(`${provider} ${id}`)
}

/** Bolna numbers its attempts and tells its policy: those must be right too. Dialgen does neither. */
async function expectBolnaAttempts({ emulator, tracker }: Service): Promise<void> {
  const calls = emulator.truth().calls.filter(({ provider }) => provider === 'bolna')
  expect(calls.some(({ attempt }) => attempt > 1)).toBe(true)
  for (const { provider, id, attempt, isSettled } of calls) {
    const found = await tracker.get({ provider, callId: id })
    expect([id, found?.attempt, found?.settled]).toEqual([id, attempt, isSettled])
  }
}

/** Every step that the emulator took is a legal one of the strict side. */
function expectLegal({ id, direction, history }: CallTruth): void {
  const starts: readonly string[] = [...START_STATUSES[direction]]
  for (const [place, { attempt, status }] of history.entries()) {
    const before = history[place - 1]
    const isFirst = before === undefined || before.attempt !== attempt
    const isLegal = isFirst ? starts.includes(status) : checkTransition(before.status, status).ok
    expect([id, before?.status, status, isLegal]).toEqual([id, before?.status, status, true])
  }
}

/** Every body fits the provider's schema and is read without an issue. */
function expectRead(provider: string, body: unknown): void {
  if (provider === 'bolna') expect(bolnaExecutionSchema.safeParse(body).error).toBeUndefined()
  const reading = (provider === 'bolna' ? bolna : dialgen).read({ body, kind: 'webhook' })
  expect(reading.ok ? [] : reading.issues).toEqual([])
}
