import type { EmulatorOptions, Fate } from '@callstate/emulator'
import { FATES } from '@callstate/emulator'
import { createSqliteStore } from '@callstate/tracker/sqlite'
import { bolna } from 'callstate/providers/bolna'
import { dialgen } from 'callstate/providers/dialgen'
import {
  AGENT,
  createClient as createBolnaClient,
} from '../../../emulator/src/bolna/client.fixture.ts'
import { createClient as createDialgenClient } from '../../../emulator/src/dialgen/client.fixture.ts'
import { numberOf } from '../../../emulator/src/http-client.fixture.ts'
import { startService } from '../../../emulator/test/service.fixture.ts'
import { type InspectorLimits, startInspector, trackerSource } from '../../src/index.ts'
import { buildPage } from './built-page.fixture.ts'

/** How long the hook that starts a world may take: on a slow machine the page is built in it. */
export const START_TIMEOUT_MS = 120_000

/** What a world may be told. */
export interface WorldOptions extends EmulatorOptions {
  readonly limits?: Partial<InspectorLimits>
}

/**
 * The whole way that a call's story takes: emulated providers on the step clock, webhooks over HTTP
 * through the weather, a tracker on SQLite, and the inspector over it.
 */
export async function startWorld({ limits = {}, ...options }: WorldOptions = {}) {
  await buildPage()
  const service = await startService(createSqliteStore({ path: ':memory:' }), options)
  const providers = [bolna, dialgen]
  // Between two steps the emulator's clock stands still.
  const source = trackerSource(service.tracker, { name: 'calls.db', providers, speed: 0 })
  const inspector = await startInspector({ source, limits })
  return {
    ...service,
    inspector,
    async [Symbol.asyncDispose]() {
      await inspector.stop()
      await service[Symbol.asyncDispose]()
    },
  }
}

export type World = Awaited<ReturnType<typeof startWorld>>

/** Places one call with Bolna, to the reserved number with this index, and takes in the reply. */
export async function placeBolnaCall(
  { emulator, tracker }: World,
  index: number,
  fate: Fate = FATES[index % FATES.length] as Fate,
  fields: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const { body } = await createBolnaClient(emulator.at('bolna')).post('/call', {
    agent_id: AGENT,
    recipient_phone_number: numberOf(index),
    user_data: { emulated_fate: fate },
    ...fields,
  })
  await tracker.ingest({ provider: 'bolna', body })
  return body.execution_id
}

/** Places one call with Dialgen, and takes in the reply. */
export async function placeDialgenCall({ emulator, tracker }: World, index: number): Promise<void> {
  const { status, body } = await createDialgenClient(emulator.at('dialgen')).post(
    '/api/v1/call/dial',
    {
      to: numberOf(index),
      agentConfigId: 'agent_123',
      userId: 'user_789',
    },
  )
  // It takes no second call to a contact while the first goes on.
  if (status === 200) await tracker.ingest({ provider: 'dialgen', body })
}

/** Prepares a batch of Bolna's, and takes in its list; `place` places its calls, ten minutes later. */
export async function prepareBolnaBatch({ emulator, tracker }: World, count: number) {
  const client = createBolnaClient(emulator.at('bolna'))
  const form = new FormData()
  form.set('agent_id', AGENT)
  const rows = Array.from({ length: count }, (_, index) => `${numberOf(index)}\n`)
  form.set('file', new Blob(['contact_number\n', ...rows]), 'people.csv')
  const { batch_id } = (await client.post('/batches', form)).body
  await emulator.advance(60_000)
  const { body } = await client.get(`/batches/${batch_id}/executions`)
  for (const row of body) await tracker.ingest({ provider: 'bolna', body: row })
  return {
    async place(): Promise<void> {
      const at = new Date(emulator.now() + 600_000).toISOString().replace('Z', '+00:00')
      const plan = new FormData()
      plan.set('scheduled_at', at)
      await client.post(`/batches/${batch_id}/schedule`, plan)
    },
  }
}
