import type { TrackerContext } from '../context.ts'
import { errorName } from '../error-name.ts'
import { type PollerOptions, type PollerSettings, settingsOf } from './options.ts'
import { createPace } from './pace.ts'
import { type Line, type PollReport, type PollRun, pollOnce } from './poll-run.ts'

export type { Backoff } from '../backoff.ts'
export type { Sleep } from '../sleep.ts'
export type { FetchAnswer, Fetcher, FetchQuestion } from './fetcher.ts'
export type { PollerOptions } from './options.ts'
export type { PollReport } from './poll-run.ts'

const MINUTE_MS = 60_000

/** Asks providers about silent calls until it is stopped. */
export interface Poller extends AsyncDisposable {
  /**
   * Looks now, and resolves when every call that is overdue was asked about; a look that is under way
   * is shared. For cron jobs, with `everyMs: null`. Rejects with the store's error where it cannot be read.
   */
  runOnce(): Promise<PollReport>
  /** Stops: questions under way are given up, their calls are free for others at once. */
  stop(): Promise<void>
}

/**
 * Asks providers about calls that are silent for longer than they may be, and takes the answers in:
 * only what a provider says changes a call. A call is claimed before it is asked about, so
 * several pollers share the work. It goes on whatever fails.
 *
 * Throws a `TrackerError`: `invalid-option`, `unknown-provider`.
 *
 * @example
 * await using poller = tracker.poll({ fetchers: [createFetcher(bolna, { key })] })
 */
export function startPoller(context: TrackerContext, options: PollerOptions): Poller {
  const settings = settingsOf(options, context.providers)
  const stopping = new AbortController()
  const { signal } = stopping
  const abort = () => stopping.abort()
  const stoppedBy = [context.closing, ...(options.signal ? [options.signal] : [])]
  for (const one of stoppedBy) {
    if (one.aborted) abort()
    one.addEventListener('abort', abort)
  }
  const lines = linesOf(context, settings, signal)
  const run: PollRun = { context, settings, lines, leaseMs: leaseMsOf(settings), signal }

  let running: Promise<PollReport> | null = null
  function runOnce(): Promise<PollReport> {
    running ??= pollOnce(run).finally(() => {
      running = null
    })
    return running
  }

  async function goOn(everyMs: number): Promise<void> {
    while (!signal.aborted) {
      try {
        await runOnce()
      } catch (error) {
        context.logger.error({ error: errorName(error) }, 'Overdue calls could not be looked for.')
      }
      await settings.sleep(everyMs, signal)
    }
  }
  const going = settings.everyMs === null ? null : goOn(settings.everyMs)

  async function stop(): Promise<void> {
    abort()
    for (const one of stoppedBy) one.removeEventListener('abort', abort)
    await going
    // Whoever started it hears of its failure.
    await running?.catch(() => {})
  }
  return { runOnce, stop, [Symbol.asyncDispose]: stop }
}

function linesOf(
  { now }: TrackerContext,
  { fetchers, backoff, maxPauseMs, sleep }: PollerSettings,
  signal: AbortSignal,
): ReadonlyMap<string, Line> {
  return new Map(
    fetchers.map((fetcher) => {
      const { perMinute } = fetcher
      const pace = createPace({ perMinute, backoff, maxPauseMs, now, sleep, signal })
      return [fetcher.provider, { fetcher, pace }]
    }),
  )
}

/** As long as the slowest provider takes for a whole batch, and a minute for the store. */
function leaseMsOf(settings: PollerSettings): number {
  const { fetchers, askTimeoutMs, batchSize, concurrency } = settings
  const slowest = Math.min(...fetchers.map(({ perMinute }) => perMinute))
  const eachMs = Math.max(MINUTE_MS / slowest, askTimeoutMs / concurrency)
  return Math.ceil(batchSize * eachMs + askTimeoutMs) + MINUTE_MS
}
