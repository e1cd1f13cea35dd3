import type { Backoff } from '../backoff.ts'
import { TrackerError } from '../error.ts'
import { type Sleep, sleep } from '../sleep.ts'
import type { ConsumedChange } from './changes-of.ts'
import { filterOf, type When } from './when.ts'

/** Calls that one consumer handles side by side. */
export const CONCURRENCY = 8
/** How long a claimed call is kept from others without a sign of life. */
export const LEASE_MS = 30_000
/** How often the store is looked at for what other processes stored. */
export const EVERY_MS = 1000
/** How long a handler may take for one change. */
export const HANDLER_TIMEOUT_MS = 5 * 60_000
/** How long `stop` waits for running handlers. */
export const STOP_TIMEOUT_MS = 10_000
/** How long a handler may take to return after its signal was aborted. */
export const ABORT_GRACE_MS = 1000
/** Tries of one change: with the waiting times below, an outage of a quarter of an hour passes. */
export const MAX_TRIES = 12
/** The waiting times between tries of one change. */
export const RETRY_BACKOFF: Backoff = { firstMs: 1000, factor: 2, maxMs: 10 * 60_000 }
/** The waiting times while the store fails. */
export const STORE_BACKOFF: Backoff = { firstMs: 100, factor: 2, maxMs: 5000 }
/** Characters of a consumer's name. */
export const MAX_NAME_LENGTH = 200

/** How a change that could not be handled is tried again. */
export interface RetryOptions extends Backoff {
  /** Tries in all, the first one included; then it is set aside as a dead letter. */
  readonly maxTries: number
}

/** How changes are handed out. Everything is optional. */
export interface ConsumerOptions {
  /** Which changes the handler gets; `every` when left out. */
  readonly when?: When
  /** Where a consumer of a new name begins; `start` when left out. Known names go on where they were. */
  readonly from?: 'start' | 'now'
  /** Calls that are handled side by side; 8 when left out. */
  readonly concurrency?: number
  readonly retry?: Partial<RetryOptions>
  /**
   * How long a call stays with a worker that gives no sign of life, such as one that crashed; 30 s when
   * left out. A worker that lives keeps its calls, however long a handler runs.
   */
  readonly leaseMs?: number
  /**
   * How long a handler may take for one change; 5 minutes when left out. Then its signal aborts, and
   * the change counts as failed even where the handler does not return.
   */
  readonly handlerTimeoutMs?: number
  /** How often to look for what other processes stored; 1 s when left out. */
  readonly everyMs?: number
  /** How long `stop` lets running handlers go on before it aborts them; 10 s when left out. */
  readonly stopTimeoutMs?: number
  /** Stops the consumer when it aborts. */
  readonly signal?: AbortSignal
  /** How to wait; in real time when left out. */
  readonly sleep?: Sleep
  /** A number from 0 to 1; `Math.random` when left out. */
  readonly random?: () => number
}

/** The options, checked and complete. */
export interface ConsumerSettings {
  readonly wants: (change: ConsumedChange) => boolean
  readonly from: 'start' | 'now'
  readonly concurrency: number
  readonly retry: RetryOptions
  readonly leaseMs: number
  readonly handlerTimeoutMs: number
  readonly everyMs: number
  readonly stopTimeoutMs: number
  readonly sleep: Sleep
  readonly random: () => number
}

/** Throws a `TrackerError` with code `invalid-option` for what cannot be. */
export function settingsOf(name: string, options: ConsumerOptions): ConsumerSettings {
  if (typeof name !== 'string' || name.length < 1 || name.length > MAX_NAME_LENGTH) {
    throw invalid('the name of the consumer', `to have 1 to ${MAX_NAME_LENGTH} characters`)
  }
  const { from = 'start', retry = {} } = options
  if (from !== 'start' && from !== 'now') throw invalid('"from"', 'to be "start" or "now"')
  return {
    wants: filterOf(options.when ?? 'every'),
    from,
    concurrency: whole('concurrency', options.concurrency ?? CONCURRENCY),
    retry: {
      maxTries: whole('retry.maxTries', retry.maxTries ?? MAX_TRIES),
      firstMs: positive('retry.firstMs', retry.firstMs ?? RETRY_BACKOFF.firstMs),
      factor: positive('retry.factor', retry.factor ?? RETRY_BACKOFF.factor),
      maxMs: positive('retry.maxMs', retry.maxMs ?? RETRY_BACKOFF.maxMs),
    },
    leaseMs: whole('leaseMs', options.leaseMs ?? LEASE_MS),
    handlerTimeoutMs: positive('handlerTimeoutMs', options.handlerTimeoutMs ?? HANDLER_TIMEOUT_MS),
    everyMs: positive('everyMs', options.everyMs ?? EVERY_MS),
    stopTimeoutMs: positive('stopTimeoutMs', options.stopTimeoutMs ?? STOP_TIMEOUT_MS),
    sleep: options.sleep ?? sleep,
    random: options.random ?? Math.random,
  }
}

function whole(name: string, value: number): number {
  if (Number.isSafeInteger(value) && value >= 1) return value
  throw invalid(`"${name}"`, 'to be a whole number, 1 at least')
}

function positive(name: string, value: number): number {
  if (Number.isFinite(value) && value > 0) return value
  throw invalid(`"${name}"`, 'to be a number above 0')
}

function invalid(what: string, expected: string): TrackerError {
  return new TrackerError('invalid-option', `Expected ${what} ${expected}; got another value.`)
}
