import { bolna } from 'callstate/providers/bolna'
import { expect, test } from 'vitest'
import { DEFAULTS, startEmulator } from '../index.ts'
import { eventOf } from '../read-event.fixture.ts'
import { AGENT, createClient } from './client.fixture.ts'

const DAY_MS = 24 * 60 * 60_000
const week = (days = 7, extraMs = 0) => ({
  from: new Date(DEFAULTS.stepStartAt - DAY_MS).toISOString(),
  to: new Date(DEFAULTS.stepStartAt - DAY_MS + days * DAY_MS + extraMs).toISOString(),
})

test('pages of trimmed rows, the latest first, up to 50 a page and seven days', async () => {
  await using emulator = await startEmulator({ clock: 'step' })
  const client = createClient(emulator.at('bolna'))
  const ids: string[] = []
  for (let index = 0; index < 53; index++) ids.unshift(await client.call())
  await client.call({ agent_id: AGENT.replace('1', '2') })
  const list = async (query: Record<string, string>) =>
    client.get(`/v2/agent/${AGENT}/executions?${new URLSearchParams(query)}`)

  const { body } = await list(week())
  expect(body).toMatchObject({ page_number: 1, page_size: 20, total: 53, has_more: true })
  expect(body.data.map(({ id }: { id: string }) => id)).toEqual(ids.slice(0, 20))
  expect(Object.keys(body.data[0])).toEqual([
    'id',
    'status',
    'conversation_duration',
    'created_at',
    'telephony_data',
  ])
  expect(eventOf(bolna, body.data[0])).toMatchObject({ kind: 'list-item' })

  const second = (await list({ ...week(), page_size: '50', page_number: '2' })).body
  expect([second.data.length, second.has_more]).toEqual([3, false])
  for (const refused of [
    { ...week(), page_size: '51' },
    { ...week(), page_size: '0' },
    { ...week(), page_number: '0' },
    { from: week().from },
    { to: week().to },
    { ...week(7, 1) },
    { from: week().to, to: week().from },
    { ...week(), status: 'missed' },
  ] as Record<string, string>[]) {
    expect((await list(refused)).status, JSON.stringify(refused)).toBe(400)
  }
})

test('filters by status, direction and time', async () => {
  await using emulator = await startEmulator({ clock: 'step' })
  const client = createClient(emulator.at('bolna'))
  const total = async (query: Record<string, string>) => {
    const params = new URLSearchParams({ ...week(), ...query })
    return (await client.get(`/v2/agent/${AGENT}/executions?${params}`)).body.total
  }
  await client.call({ user_data: { emulated_fate: 'busy' } })
  await client.call({ user_data: { emulated_fate: 'voicemail' } })
  emulator.at('bolna').receive({ from: '+12025550177', agentId: AGENT })
  await emulator.idle()
  expect(await total({ status: 'busy' })).toBe(1)
  expect(await total({ call_type: 'inbound' })).toBe(1)
  expect(await total({ answered_by_voice_mail: 'true' })).toBe(1)
  expect((await total({ provider: 'plivo' })) + (await total({ provider: 'twilio' }))).toBe(3)
  expect(await total({ batch_id: 'none' })).toBe(0)
  expect(await total({ to: new Date(DEFAULTS.stepStartAt - 1).toISOString() })).toBe(0)
})
