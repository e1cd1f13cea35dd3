import { EventEmitter, once } from 'node:events'
import type { Call } from 'callstate'
import { bolna } from 'callstate/providers/bolna'
import { dialgen } from 'callstate/providers/dialgen'
import { createTracker } from '../create-tracker.ts'
import type { LogFields } from '../logger.ts'
import { createMemoryStore } from '../memory/index.ts'
import type { Store } from '../store.ts'
import type { Tracker } from '../tracker.ts'
import { json, type Reply } from './api-server.fixture.ts'
import { createFetcher } from './create-fetcher.ts'
import type { Poller, PollerOptions, PollReport, Sleep } from './poller.ts'

export const MINUTE_MS = 60_000
export const HOUR_MS = 60 * MINUTE_MS
export const START_AT = 1_767_225_600_000
export const API_KEY = 'secret-key-1'

/** The report of a run that had nothing to do. */
export const NOTHING: PollReport = {
  asked: 0,
  news: 0,
  nothingNew: 0,
  unknownCalls: 0,
  limited: 0,
  failed: 0,
}

/** A clock that a test moves. */
export interface TestClock {
  at: number
}

/** A tracker of a test and what it is made of. */
export interface World {
  readonly tracker: Tracker
  readonly store: Store
  readonly clock: TestClock
  /** Every line that was logged. */
  readonly log: readonly { readonly fields: LogFields; readonly message: string }[]
  /** A poller that looks only when it is told to, at Bolna behind this address. */
  poller(url: string, options?: Partial<PollerOptions>): Poller
  /** A call that has been ringing for an hour: its webhooks are lost. */
  silent(callId: string): Promise<void>
  known(callId: string): Promise<Call | undefined>
}

export function createWorld(store: Store = createMemoryStore()): World {
  const clock: TestClock = { at: START_AT }
  const log: { fields: LogFields; message: string }[] = []
  const write = (fields: LogFields, message: string) => void log.push({ fields, message })
  const tracker = createTracker({
    store,
    providers: [bolna, dialgen],
    now: () => clock.at,
    logger: { debug: write, info: write, warn: write, error: write },
  })
  return {
    tracker,
    store,
    clock,
    log,
    poller: (url, options = {}) =>
      tracker.poll({
        fetchers: [createFetcher(bolna, { key: API_KEY, baseUrl: url })],
        everyMs: null,
        // A turn a millisecond: these tests are about other things.
        perMinute: { bolna: MINUTE_MS },
        random: () => 1,
        ...options,
      }),
    async silent(callId) {
      await tracker.ingest({
        provider: 'bolna',
        body: record(callId, 'ringing', clock.at - 60 * MINUTE_MS),
      })
    },
    known: async (callId) => (await tracker.get({ provider: 'bolna', callId }))?.knowledge,
  }
}

/** What Bolna says of a call. */
export function record(callId: string, status: string, at = START_AT): Record<string, unknown> {
  return { id: callId, status, updated_at: new Date(at).toISOString() }
}

/** The identifier in the address of a request to Bolna. */
export function askedFor(path: string | undefined): string {
  return decodeURIComponent(path?.split('/').at(-1) ?? '')
}

/** Answers every question with this status of the call that was asked for. */
export const tells =
  (word: string, at?: number): Reply =>
  (response, request) =>
    json(record(askedFor(request.url), word, at))(response, request)

/** A timer in whose hands turns cost no time and timeouts never come. */
export const noTime: Sleep = (ms, signal) =>
  new Promise((resolve) => {
    if (ms < 1 || signal.aborted) return resolve()
    signal.addEventListener('abort', () => resolve())
  })

/** A timer without time: every waiting is noted and lasts until the test ends it. */
export interface TestTimer {
  readonly sleep: Sleep
  /** How long each waiting is that has begun and not ended. */
  waiting(): readonly number[]
  /** Resolves as soon as there is a waiting of this length. */
  begun(ms: number): Promise<void>
  /** Ends the waiting of this length that began first, as soon as there is one. */
  end(ms: number): Promise<void>
}

export function createTestTimer(): TestTimer {
  const waits = new Set<{ readonly ms: number; readonly end: () => void }>()
  const began = new EventEmitter()
  const find = (ms: number) => [...waits].find((wait) => wait.ms === ms)
  const reached = async (ms: number) => {
    while (find(ms) === undefined) await once(began, 'wait')
  }
  return {
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal.aborted) return resolve()
        const end = () => {
          waits.delete(wait)
          signal.removeEventListener('abort', end)
          resolve()
        }
        const wait = { ms, end }
        waits.add(wait)
        signal.addEventListener('abort', end)
        began.emit('wait')
      }),
    waiting: () => [...waits].map(({ ms }) => ms),
    begun: reached,
    async end(ms) {
      await reached(ms)
      find(ms)?.end()
    },
  }
}
