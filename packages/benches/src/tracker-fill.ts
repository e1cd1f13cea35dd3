import { createHash } from 'node:crypto'
import { createTracker, type Tracker } from '@callstate/tracker'
import { createSqliteStore } from '@callstate/tracker/sqlite'
import { bolna } from 'callstate/providers/bolna'
import { isStored } from './tracker-messages.ts'

/** What is said of every call. */
const STATUSES = ['queued', 'in-progress', 'completed'] as const

export const EVENTS_PER_CALL = STATUSES.length

/** Calls that are under way at the same time, and events that are handed over at once. */
const AT_ONCE = 500

const START = Date.UTC(2026, 0, 5, 9)

export function openTracker(path: string): Tracker {
  return createTracker({ store: createSqliteStore({ path }), providers: [bolna] })
}

/** Takes in the calls with these numbers, `AT_ONCE` at a time, each event after the one before it. */
export async function fill(
  tracker: Tracker,
  from: number,
  to: number,
  onProgress: (calls: number) => void = () => {},
): Promise<void> {
  for (let first = from; first < to; first += AT_ONCE) {
    const calls = Array.from({ length: Math.min(AT_ONCE, to - first) }, (_, place) => first + place)
    for (const status of STATUSES)
      await ingestTogether(
        tracker,
        calls.map((call) => bodyOf(call, status)),
      )
    onProgress(first + calls.length)
  }
}

/** A message that comes when its call has ended, with data that were not there before. */
export function lateBodyOf(call: number, more: number): string {
  return bodyOf(call, 'completed', { total_cost: more })
}

export async function ingestTogether(tracker: Tracker, bodies: readonly string[]): Promise<void> {
  const taken = await Promise.all(
    bodies.map((rawBody) => tracker.ingest({ provider: 'bolna', rawBody })),
  )
  if (!taken.every(isStored)) throw new Error('An event was not stored.')
}

/** A webhook, trimmed: so many whole ones would fill a disk. */
function bodyOf(call: number, status: (typeof STATUSES)[number], more: object = {}): string {
  // Identifiers come in no order, as they do in life.
  const id = createHash('sha1').update(String(call)).digest('hex').slice(0, 32)
  const at = START + call * 1000 + STATUSES.indexOf(status) * 20_000
  const isDone = status === 'completed'
  return JSON.stringify({
    id,
    agent_id: 'a1b2c3d4-0000-4000-8000-000000000000',
    status,
    created_at: new Date(START + call * 1000).toISOString(),
    updated_at: new Date(at).toISOString(),
    conversation_duration: isDone ? 18.4 : 0,
    retry_count: 0,
    telephony_data: {
      to_number: '+12025550123',
      provider: 'plivo',
      hangup_reason: isDone ? 'Callee hung up' : null,
    },
    ...more,
  })
}
