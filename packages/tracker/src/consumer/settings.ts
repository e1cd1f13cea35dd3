import type { Backoff } from '../backoff.ts'
import { TrackerError } from '../error.ts'
import { type Sleep, sleep } from '../sleep.ts'
import type { ConsumedChange } from './changes-of.ts'
import { filterOf, type When } from './when.ts'

/** Calls that one consumer handles side by side. */
export const CONSUMER_CONCURRENCY = 8
/** How long a claimed call is kept from others without a sign of life. */
export const CONSUMER_LEASE_MS = 30_000
/** How often the store is looked at for what other processes stored. */
export const CONSUMER_EVERY_MS = 1000
/** How long a handler may take for one change. */
export const CONSUMER_HANDLER_TIMEOUT_MS = 5 * 60_000
/** How long `stop` waits for running handlers. */
export const CONSUMER_STOP_TIMEOUT_MS = 10_000
/** How long a handler may take to return after its signal was aborted. */
export const CONSUMER_ABORT_GRACE_MS = 1000
/** Tries of one change: with the waiting times below, an outage of a quarter of an hour passes. */
export const CONSUMER_MAX_TRIES = 12
/** The waiting times between tries of one change. */
export const CONSUMER_RETRY_BACKOFF: Backoff = { firstMs: 1000, factor: 2, maxMs: 10 * 60_000 }
/** The waiting times while the store fails. */
export const STORE_BACKOFF: Backoff = { firstMs: 100, factor: 2, maxMs: 5000 }
/**
 * How much later than any claim or pause of its own a worker lets a call be due: for workers whose
 * options or clocks differ a little. What is due later was set by a clock that ran ahead.
 */
export const CONSUMER_CLOCK_ROOM_MS = 60 * 60_000
/** Characters of a consumer's name. */
export const MAX_CONSUMER_NAME_LENGTH = 200

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
  if (typeof name !== 'string' || name.length < 1 || name.length > MAX_CONSUMER_NAME_LENGTH) {
    throw invalid('the name of the consumer', `to have 1 to ${MAX_CONSUMER_NAME_LENGTH} characters`)
  }
  const { from = 'start', retry = {} } = options
  if (from !== 'start' && from !== 'now') throw invalid('"from"', 'to be "start" or "now"')
  return {
    wants: filterOf(options.when ?? 'every'),
    from,
    concurrency: whole('concurrency', options.concurrency ?? CONSUMER_CONCURRENCY),
    retry: {
      maxTries: whole('retry.maxTries', retry.maxTries ?? CONSUMER_MAX_TRIES),
      firstMs: positive('retry.firstMs', retry.firstMs ?? CONSUMER_RETRY_BACKOFF.firstMs),
      factor: positive('retry.factor', retry.factor ?? CONSUMER_RETRY_BACKOFF.factor),
      maxMs: positive('retry.maxMs', retry.maxMs ?? CONSUMER_RETRY_BACKOFF.maxMs),
    },
    leaseMs: whole('leaseMs', options.leaseMs ?? CONSUMER_LEASE_MS),
    handlerTimeoutMs: positive(
      'handlerTimeoutMs',
      options.handlerTimeoutMs ?? CONSUMER_HANDLER_TIMEOUT_MS,
    ),
    everyMs: positive('everyMs', options.everyMs ?? CONSUMER_EVERY_MS),
    stopTimeoutMs: positive('stopTimeoutMs', options.stopTimeoutMs ?? CONSUMER_STOP_TIMEOUT_MS),
    sleep: options.sleep ?? sleep,
    random: options.random ?? Math.random,
  }
}

/** The latest time for which a claim or a pause can be set now, by a clock that is right. Pure. */
export function latestDueAt(
  now: number,
  { retry, leaseMs, everyMs }: Pick<ConsumerSettings, 'retry' | 'leaseMs' | 'everyMs'>,
): number {
  const longestMs = Math.max(retry.maxMs, leaseMs, everyMs)
  return now + Math.ceil(longestMs) + CONSUMER_CLOCK_ROOM_MS
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
