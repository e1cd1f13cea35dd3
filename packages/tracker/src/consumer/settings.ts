import { positiveNumber, wholeNumber } from '../assert-number.ts'
import type { Backoff } from '../backoff.ts'
import { DEFAULTS } from '../defaults.ts'
import { TrackerError } from '../error.ts'
import { type Sleep, sleep } from '../sleep.ts'
import type { ConsumedChange } from './consumed-change.ts'
import { type ChangeFilter, filtersOf, type When } from './when.ts'

/** The waiting times while the store fails. */
export const STORE_BACKOFF: Backoff = { firstMs: 100, factor: 2, maxMs: 5000 }

/** How a change that could not be handled is tried again. */
export interface RetryOptions extends Backoff {
  /** Tries in all, the first one included; then it is set aside as a dead letter. */
  readonly maxTries: number
}

/** How changes are handed out. Everything is optional. */
export interface ConsumerOptions<Changed = ConsumedChange> {
  /** Which changes the handler gets; `every` when left out. */
  readonly when?: When<Changed>
  /**
   * Where a consumer of a new name begins: with everything there is, with what comes from now on, or with
   * what came at a time or later. To be said where the store has calls. Known names go on where they were.
   */
  readonly from?: 'start' | 'now' | Date
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
  readonly filters: readonly ChangeFilter[]
  /** As the store takes it; null where nothing is said. */
  readonly from: 'start' | 'now' | number | null
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
  if (
    typeof name !== 'string' ||
    name.length < 1 ||
    name.length > DEFAULTS.consumer.maxNameLength
  ) {
    throw invalid(
      'the name of the consumer',
      `to have 1 to ${DEFAULTS.consumer.maxNameLength} characters`,
    )
  }
  const { retry = {} } = options
  return {
    filters: filtersOf(options.when ?? 'every'),
    from: beginningOf(options.from),
    concurrency: wholeNumber('concurrency', options.concurrency ?? DEFAULTS.consumer.concurrency),
    retry: {
      maxTries: wholeNumber('retry.maxTries', retry.maxTries ?? DEFAULTS.consumer.retry.maxTries),
      firstMs: positiveNumber('retry.firstMs', retry.firstMs ?? DEFAULTS.consumer.retry.firstMs),
      factor: positiveNumber('retry.factor', retry.factor ?? DEFAULTS.consumer.retry.factor),
      maxMs: positiveNumber('retry.maxMs', retry.maxMs ?? DEFAULTS.consumer.retry.maxMs),
    },
    leaseMs: wholeNumber('leaseMs', options.leaseMs ?? DEFAULTS.consumer.leaseMs),
    handlerTimeoutMs: positiveNumber(
      'handlerTimeoutMs',
      options.handlerTimeoutMs ?? DEFAULTS.consumer.handlerTimeoutMs,
    ),
    everyMs: positiveNumber('everyMs', options.everyMs ?? DEFAULTS.consumer.everyMs),
    stopTimeoutMs: positiveNumber(
      'stopTimeoutMs',
      options.stopTimeoutMs ?? DEFAULTS.consumer.stopTimeoutMs,
    ),
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
  return now + Math.ceil(longestMs) + DEFAULTS.consumer.clockRoomMs
}

function beginningOf(from: ConsumerOptions['from']): ConsumerSettings['from'] {
  if (from === undefined) return null
  if (from === 'start' || from === 'now') return from
  const time = from instanceof Date ? from.getTime() : Number.NaN
  if (!Number.isNaN(time)) return time
  throw invalid('"from"', 'to be "start", "now" or a Date')
}

function invalid(what: string, expected: string): TrackerError {
  return new TrackerError('invalid-option', `Expected ${what} ${expected}; got another value.`)
}
