import { bolna } from 'callstate/providers/bolna'
import { dialgen } from 'callstate/providers/dialgen'
import { createTracker } from '../create-tracker.ts'
import type { Logger } from '../logger.ts'
import { createMemoryStore } from '../memory/index.ts'
import type { Store } from '../store.ts'
import type { Tracker } from '../tracker.ts'
import type { TrackerOptions } from '../tracker-options.ts'
import type { ConsumedChange } from './consumed-change.ts'
import type { Consumer, ConsumerHandler, ConsumerOptions } from './consumer.ts'
import { createVirtualTime, type VirtualTime } from './virtual-time.fixture.ts'

export const START_AT = Date.parse('2026-03-02T09:00:00Z')
export const NAME = 'billing'

/** Several trackers, as in several processes, on one store and in one virtual time. */
export interface World {
  readonly time: VirtualTime
  readonly store: Store
  readonly tracker: Tracker
  /** Takes in a webhook of a call. */
  webhook(callId: string, status: string, fields?: Record<string, unknown>): Promise<void>
  /** A worker with a tracker of its own; it begins at the start. */
  worker(
    handler: ConsumerHandler,
    options?: ConsumerOptions & { readonly store?: Store; readonly logger?: Logger },
  ): Consumer
}

export function createWorld(options: Partial<TrackerOptions> = {}): World {
  const time = createVirtualTime(START_AT)
  const store = options.store ?? createMemoryStore()
  let ids = 0
  const shared = {
    providers: [bolna, dialgen],
    now: time.now,
    newId: () => `worker-${++ids}`,
    ...options,
  }
  const tracker = createTracker({ ...shared, store })
  return {
    time,
    store,
    tracker,
    async webhook(callId, status, fields = {}) {
      const body = { id: callId, status, retry_count: 0, ...fields }
      const { ok } = await tracker.ingest({ provider: 'bolna', body })
      if (!ok) throw new Error('The webhook of the test is not one.')
    },
    worker(handler, { store: own = store, logger, ...consuming } = {}) {
      const process = createTracker({ ...shared, store: own, ...(logger && { logger }) })
      const shown: ConsumerOptions = { sleep: time.sleep, random: () => 1, from: 'start' }
      return process.consume(NAME, handler, { ...shown, ...consuming })
    },
  }
}

/** What a handler was given, in short. */
export function inShort({ callId, sequence, call }: ConsumedChange): string {
  return `${callId} ${sequence} ${call.status}`
}

/** Records what a handler is given. */
export function recorder(): { readonly heard: string[]; readonly handler: ConsumerHandler } {
  const heard: string[] = []
  return { heard, handler: (change) => void heard.push(inShort(change)) }
}

/** A random source that gives the same numbers for the same seed. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** The store, whose methods fail as `fails` says: before they did anything, or after they did it all. */
export function faulty(
  store: Store,
  fails: (method: keyof Store) => 'before' | 'after' | null,
): Store {
  return new Proxy(store, {
    get(target, name: keyof Store) {
      if (name === 'onStored') return target.onStored.bind(target)
      const method = target[name] as (...args: unknown[]) => Promise<unknown>
      return async (...args: unknown[]) => {
        const fault = fails(name)
        if (fault === 'before') throw new Error('The store is down.')
        const answer = await method.apply(target, args)
        if (fault === 'after') throw new Error('The answer was lost.')
        return answer
      }
    },
  })
}
