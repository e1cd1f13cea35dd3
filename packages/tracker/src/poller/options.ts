import { positiveNumber, wholeNumber } from '../assert-number.ts'
import type { Backoff } from '../backoff.ts'
import type { TrackerContext } from '../context.ts'
import { DEFAULTS } from '../defaults.ts'
import { TrackerError } from '../error.ts'
import { type Sleep, sleep } from '../sleep.ts'
import type { Fetcher } from './fetcher.ts'

/** How providers are asked about silent calls. */
export interface PollerOptions {
  /** Who answers, one for each provider. */
  readonly fetchers: readonly Fetcher[]
  /** How often to look for overdue calls; 30 seconds by default. Null: only when `runOnce` is called. */
  readonly everyMs?: number | null
  /** Questions to one provider at a time; 4 by default. */
  readonly concurrency?: number
  /**
   * Questions a minute by provider, spread evenly; what the fetcher says by default, and 60 where it says
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
  Required<Omit<PollerOptions, 'fetchers' | 'backoff' | 'perMinute' | 'signal'>>
> & {
  readonly backoff: Backoff
  readonly fetchers: readonly (Fetcher & { readonly perMinute: number })[]
}

/**
 * Fills in the defaults. Throws a `TrackerError`: `invalid-option` for what cannot be, `unknown-provider`
 * for a fetcher of a provider that the tracker was not given.
 */
export function settingsOf(
  options: PollerOptions,
  providers: TrackerContext['providers'],
): PollerSettings {
  const backoff = { ...DEFAULTS.poller.backoff, ...options.backoff }
  const { everyMs = DEFAULTS.poller.everyMs, maxAsks = DEFAULTS.poller.maxAsks } = options
  if (everyMs !== null) positiveNumber('everyMs', everyMs)
  if (maxAsks !== null) wholeNumber('maxAsks', maxAsks)
  if (options.fetchers.length === 0) throw invalid('Expected at least one fetcher; got none.')
  const names = options.fetchers.map(({ provider }) => provider)
  const twice = names.find((name, place) => names.indexOf(name) !== place)
  if (twice !== undefined) throw invalid(`Expected one fetcher a provider; got two for "${twice}".`)
  for (const name of Object.keys(options.perMinute ?? {})) {
    if (!names.includes(name)) throw invalid(`perMinute names "${name}", which has no fetcher.`)
  }
  return {
    fetchers: options.fetchers.map((fetcher) => fetcherOf(fetcher, options.perMinute, providers)),
    everyMs,
    maxAsks,
    concurrency: wholeNumber('concurrency', options.concurrency ?? DEFAULTS.poller.concurrency),
    batchSize: wholeNumber('batchSize', options.batchSize ?? DEFAULTS.poller.batchSize),
    askTimeoutMs: positiveNumber(
      'askTimeoutMs',
      options.askTimeoutMs ?? DEFAULTS.poller.askTimeoutMs,
    ),
    maxPauseMs: positiveNumber('maxPauseMs', options.maxPauseMs ?? DEFAULTS.poller.maxPauseMs),
    backoff: {
      firstMs: positiveNumber('backoff.firstMs', backoff.firstMs),
      factor: positiveNumber('backoff.factor', backoff.factor),
      maxMs: positiveNumber('backoff.maxMs', backoff.maxMs),
    },
    random: options.random ?? Math.random,
    sleep: options.sleep ?? sleep,
  }
}

function fetcherOf(
  fetcher: Fetcher,
  perMinute: PollerOptions['perMinute'],
  providers: TrackerContext['providers'],
): Fetcher & { readonly perMinute: number } {
  const { provider } = fetcher
  if (!providers.has(provider)) {
    throw new TrackerError(
      'unknown-provider',
      `There is a fetcher for "${provider}", which the tracker was not given: add it to \`providers\`.`,
    )
  }
  const own = perMinute && Object.hasOwn(perMinute, provider) ? perMinute[provider] : undefined
  const rate = own ?? fetcher.perMinute ?? DEFAULTS.poller.perMinute
  positiveNumber(`perMinute of "${provider}"`, rate)
  return { provider, perMinute: rate, fetch: (question) => fetcher.fetch(question) }
}

function invalid(message: string): TrackerError {
  return new TrackerError('invalid-option', message)
}
