import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { IngestInput, Tracker } from '@callstate/tracker'
import type { Provider } from 'callstate/providers'
import { PROVIDERS } from 'callstate/providers/all'
import type { DatabaseOptions } from '../src/calls/database-options.ts'
import { openTracker } from '../src/calls/open-tracker.ts'
import type { ServiceOptions } from '../src/calls/service-options.ts'

/** The moment at which the tests look at the small database. */
export const NOW = Date.parse('2026-01-01T01:00:00Z')

const START = Date.parse('2026-01-01T00:00:00Z')

const bolna = (id: string, status: string, second: number, more: object = {}) => ({
  provider: 'bolna',
  body: { id, status, updated_at: new Date(START + second * 1000).toISOString(), ...more },
  receivedAt: START + second * 1000 + 400,
})

/** A call that went well, one with a conflict, one that fell silent, one nobody can read, one of Dialgen's. */
const MESSAGES = [
  bolna('c-1', 'queued', 0),
  bolna('c-1', 'ringing', 5),
  bolna('c-1', 'in-progress', 9),
  bolna('c-1', 'call-disconnected', 60),
  bolna('c-1', 'completed', 72, {
    conversation_duration: 48.6,
    total_cost: 12.5,
    transcript: 'user: hello',
  }),
  bolna('c-2', 'busy', 130, { total_cost: 0 }),
  bolna('c-2', 'in-progress', 120.5),
  bolna('c-3', 'ringing', 1800),
  bolna('c-4', 'warp-drive', 1900),
  {
    provider: 'dialgen',
    body: { callId: 'call_5', status: 'FAILED', error: 'NETWORK_ERROR', duration: 0 },
    receivedAt: START + 2_000_000,
  },
] as const

/** A retried call with its data, one without, and one that fell silent after an attempt without its cost. */
export const MONEY: readonly IngestInput[] = [
  bolna('m-1', 'completed', 20, { retry_count: 0, total_cost: 20, conversation_duration: 4 }),
  bolna('m-1', 'ringing', 40, { retry_count: 1 }),
  bolna('m-1', 'completed', 60, {
    retry_count: 1,
    total_cost: 10.125,
    conversation_duration: 12,
    answered_by_voice_mail: false,
    transcript: 'user: hello',
    telephony_data: { hangup_by: 'Callee', recording_url: 'https://recordings.example/m-1' },
  }),
  bolna('m-2', 'completed', 90, { transcript: 'user: hello' }),
  bolna('m-3', 'completed', 120, { retry_count: 0, conversation_duration: 4 }),
  bolna('m-3', 'ringing', 180, { retry_count: 1 }),
]

/** Fills a database with five calls, or with what else these messages tell. */
export async function fill(
  options: DatabaseOptions,
  messages: readonly IngestInput[] = MESSAGES,
): Promise<void> {
  await withOpen(options, async (tracker) => {
    for (const message of messages) await tracker.ingest(message)
  })
}

/** Does something with a tracker on a database, which is made where it is missing. */
export async function withOpen<Answer>(
  options: DatabaseOptions,
  work: (tracker: Tracker) => Promise<Answer>,
  providers: readonly Provider[] = PROVIDERS,
  service: ServiceOptions = {},
): Promise<Answer> {
  const { tracker, close } = await openTracker(options, {
    create: true,
    providers,
    service,
    now: () => NOW,
  })
  return work(tracker).finally(close)
}

/** A folder for the files of one test file, and how to remove it. */
export async function temporaryFolder(): Promise<{
  path(name: string): string
  remove(): Promise<void>
}> {
  const folder = await mkdtemp(join(tmpdir(), 'cli-tracker-test-'))
  return { path: (name) => join(folder, name), remove: () => rm(folder, { recursive: true }) }
}
