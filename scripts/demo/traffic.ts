import { setTimeout as wait } from 'node:timers/promises'
import { API_KEY, type World } from './world.ts'

const AGENT_ID = '123e4567-e89b-12d3-a456-426655440000'

/** Places so many calls over so many milliseconds of real time, as a dialer would. */
export async function placeCalls(
  world: World,
  calls: number,
  overMs: number,
  signal: AbortSignal,
): Promise<void> {
  const startedAt = performance.now()
  const placing: Promise<void>[] = []
  for (let index = 0; index < calls && !signal.aborted; index++) {
    const dueMs = startedAt + (index * overMs) / calls - performance.now()
    if (dueMs > 1) await wait(dueMs, undefined, { signal }).catch(() => {})
    placing.push(placeBolnaCall(world, index))
  }
  await Promise.all(placing)
}

async function placeBolnaCall({ emulator, tracker }: World, index: number): Promise<void> {
  const body = await post(`${emulator.bolna.url}/call`, {
    agent_id: AGENT_ID,
    recipient_phone_number: numberOf(index),
  })
  // The reply is the first that is heard of a call, and the only thing where every webhook is lost.
  await tracker.ingest({ provider: 'bolna', body })
}

async function post(url: string, body: unknown): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`POST ${url} was answered with ${response.status}.`)
  return response.json()
}

/** Numbers that are reserved for examples. */
function numberOf(index: number): string {
  return `+120255501${String(index % 100).padStart(2, '0')}`
}
