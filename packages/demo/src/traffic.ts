import { setTimeout as wait } from 'node:timers/promises'
import { numberOf } from '../../emulator/src/http-client.fixture.ts'
import { API_KEY, type World } from './world.ts'

/** Requests that go on at once. */
const AT_ONCE = 16
/** The others are Bolna's. */
const OF_TEN_BY_DIALGEN = 3
/** Bolna places a call again where nobody answers, or a machine does: each attempt has a cost of its own. */
const RETRIES = {
  enabled: true,
  max_retries: 2,
  retry_on_voicemail: true,
  retry_intervals_minutes: [1, 1],
}
const AGENT_ID = '123e4567-e89b-12d3-a456-426655440000'

/** Places so many calls over so many milliseconds of real time, as a dialer would. */
export async function placeCalls(
  world: World,
  calls: number,
  overMs: number,
  signal: AbortSignal,
): Promise<void> {
  const startedAt = performance.now()
  let next = 0
  const placeInTurn = async () => {
    while (next < calls && !signal.aborted) {
      const index = next++
      const dueMs = startedAt + (index * overMs) / calls - performance.now()
      if (dueMs > 1) await wait(dueMs, undefined, { signal }).catch(() => {})
      await placeCall(world, index)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, placeInTurn))
}

async function placeCall(world: World, index: number): Promise<void> {
  const isTaken = index % 10 < OF_TEN_BY_DIALGEN && (await placeDialgenCall(world, index))
  if (!isTaken) await placeBolnaCall(world, index)
}

async function placeBolnaCall({ emulator, tracker }: World, index: number): Promise<void> {
  const { response, body } = await post(`${emulator.at('bolna').url}/call`, {
    agent_id: AGENT_ID,
    recipient_phone_number: numberOf(index),
    retry_config: RETRIES,
  })
  if (!response.ok) throw new Error(`Bolna answered ${response.status}.`)
  // The reply is the first that is heard of a call, and the only thing where every webhook is lost.
  await tracker.ingest({ provider: 'bolna', body })
}

/** False where Dialgen refuses the call since the last one to this contact goes on. */
async function placeDialgenCall({ emulator, tracker }: World, index: number): Promise<boolean> {
  const { response, body } = await post(`${emulator.at('dialgen').url}/api/v1/call/dial`, {
    to: numberOf(index),
    agentConfigId: 'agent_123',
    userId: 'user_789',
  })
  if (response.status === 409) return false
  if (!response.ok) throw new Error(`Dialgen answered ${response.status}.`)
  await tracker.ingest({ provider: 'dialgen', body })
  return true
}

async function post(url: string, content: unknown): Promise<{ response: Response; body: unknown }> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify(content),
  })
  return { response, body: await response.json() }
}
