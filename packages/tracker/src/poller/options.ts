import type { Backoff } from '../backoff.ts'
import type { TrackerContext } from '../context.ts'
import { TrackerError } from '../error.ts'
import { type Sleep, sleep } from '../sleep.ts'
import type { Asker } from './asker.ts'

const SECOND_MS = 1_000
const MINUTE_MS = 60 * SECOND_MS

/** How often the store is looked through for overdue calls. */
export const POLL_EVERY_MS = 30 * SECOND_MS
/** Questions to one provider at a time. */
export const POLL_CONCURRENCY = 4
/** Questions a minute to a provider that publishes no limit. */
export const POLL_PER_MINUTE = 60
/** Waiting times between two questions about the same call. */
export const POLL_BACKOFF: Backoff = { firstMs: MINUTE_MS, factor: 2, maxMs: 60 * MINUTE_MS }
/** Questions about one silence: with the waiting times above, about a day of them at most. */
export const POLL_MAX_ASKS = 30
/** How long one question may take. */
export const POLL_ASK_TIMEOUT_MS = 15 * SECOND_MS
/** Calls that are claimed at a time. */
export const POLL_BATCH = 50
/** The longest time for which a provider is left alone because it said that it is asked too much. */
export const POLL_MAX_PAUSE_MS = 60 * MINUTE_MS

/** How providers are asked about silent calls. */
export interface PollerOptions {
  /** Who answers, one for each provider. */
  readonly askers: readonly Asker[]
  /** How often to look for overdue calls; 30 seconds by default. Null: only when `runOnce` is called. */
  readonly everyMs?: number | null
  /** Questions to one provider at a time; 4 by default. */
  readonly concurrency?: number
  /**
   * Questions a minute by provider, spread evenly; what the asker says by default, and 60 where it says
   * nothing. It holds for this poller: several of them share a provider's limit.
   */
  readonly perMinute?: Readonly<Record<string, number>>
  /** Waiting times between two questions about one call: full jitter under 1 minute, doubled up to 1 hour. */
  readonly backoff?: Partial<Backoff>
  /**
   * Questions about one silence, 30 by default; null for no limit. After them the call stays listed as
   * overdue, and is not asked about until its due time changes. A question that failed is never the
   * last one, so that an outage of the provider does not end the asking.
   */
  readonly maxAsks?: number | null
  /** How long one question may take; 15 seconds by default. */
  readonly askTimeoutMs?: number
  /** Calls that are claimed at a time; 50 by default. */
  readonly batchSize?: number
  /** How long a provider is left alone at most that says it is asked too much; 1 hour by default. */
  readonly maxPauseMs?: number
  /** Stops the poller. */
  readonly signal?: AbortSignal
  /** Gives numbers from 0 to 1, for the jitter. */
  readonly random?: () => number
  /** How to wait; real time by default. */
  readonly sleep?: Sleep
}

/** The options with nothing left open. */
export type PollerSettings = Readonly<
  Required<Omit<PollerOptions, 'askers' | 'backoff' | 'perMinute' | 'signal'>>
> & {
  readonly backoff: Backoff
  readonly askers: readonly (Asker & { readonly perMinute: number })[]
}

/**
 * Fills in the defaults. Throws a `TrackerError`: `invalid-option` for what cannot be, `unknown-provider`
 * for an asker of a provider that the tracker was not given.
 */
export function settingsOf(
  options: PollerOptions,
  providers: TrackerContext['providers'],
): PollerSettings {
  const backoff = { ...POLL_BACKOFF, ...options.backoff }
  const { everyMs = POLL_EVERY_MS, maxAsks = POLL_MAX_ASKS } = options
  if (everyMs !== null) assertPositive('everyMs', everyMs)
  if (maxAsks !== null) assertCount('maxAsks', maxAsks)
  if (options.askers.length === 0) throw invalid('Expected at least one asker; got none.')
  const names = options.askers.map(({ provider }) => provider)
  const twice = names.find((name, place) => names.indexOf(name) !== place)
  if (twice !== undefined) throw invalid(`Expected one asker a provider; got two for "${twice}".`)
  for (const name of Object.keys(options.perMinute ?? {})) {
    if (!names.includes(name)) throw invalid(`perMinute names "${name}", which has no asker.`)
  }
  return {
    askers: options.askers.map((asker) => askerOf(asker, options.perMinute, providers)),
    everyMs,
    maxAsks,
    concurrency: assertCount('concurrency', options.concurrency ?? POLL_CONCURRENCY),
    batchSize: assertCount('batchSize', options.batchSize ?? POLL_BATCH),
    askTimeoutMs: assertPositive('askTimeoutMs', options.askTimeoutMs ?? POLL_ASK_TIMEOUT_MS),
    maxPauseMs: assertPositive('maxPauseMs', options.maxPauseMs ?? POLL_MAX_PAUSE_MS),
    backoff: {
      firstMs: assertPositive('backoff.firstMs', backoff.firstMs),
      factor: assertPositive('backoff.factor', backoff.factor),
      maxMs: assertPositive('backoff.maxMs', backoff.maxMs),
    },
    random: options.random ?? Math.random,
    sleep: options.sleep ?? sleep,
  }
}

function askerOf(
  asker: Asker,
  perMinute: PollerOptions['perMinute'],
  providers: TrackerContext['providers'],
): Asker & { readonly perMinute: number } {
  const { provider } = asker
  if (!providers.has(provider)) {
    throw new TrackerError(
      'unknown-provider',
      `There is an asker for "${provider}", which the tracker was not given: add it to \`providers\`.`,
    )
  }
  const own = perMinute && Object.hasOwn(perMinute, provider) ? perMinute[provider] : undefined
  const rate = own ?? asker.perMinute ?? POLL_PER_MINUTE
  assertPositive(`perMinute of "${provider}"`, rate)
  return { provider, perMinute: rate, ask: (question) => asker.ask(question) }
}

function assertPositive(name: string, value: number): number {
  if (Number.isFinite(value) && value > 0) return value
  throw invalid(`Expected ${name} to be a number above 0; got ${String(value)}.`)
}

function assertCount(name: string, value: number): number {
  if (Number.isSafeInteger(value) && value >= 1) return value
  throw invalid(`Expected ${name} to be a whole number, 1 or more; got ${String(value)}.`)
}

function invalid(message: string): TrackerError {
  return new TrackerError('invalid-option', message)
}
