import { delayMs } from '../backoff.ts'
import { keyOfRef } from '../calls/tracked-call.ts'
import type { TrackerContext } from '../context.ts'
import { errorName } from '../error-name.ts'
import type { SilentCall } from '../store.ts'
import { type Asked, askAbout } from './ask-about.ts'
import type { Fetcher } from './fetcher.ts'
import type { PollerSettings } from './options.ts'
import type { Pace } from './pace.ts'

/** What one look at the calls that are to be asked about came to. */
export interface PollReport {
  /** Questions that were asked and ended; the sum of all others. */
  readonly asked: number
  /** Answers that told something new. */
  readonly news: number
  readonly nothingNew: number
  /** Answers that the provider does not know the call. */
  readonly unknownCalls: number
  /** Answers that it is asked too much. */
  readonly limited: number
  /** No answer, or none that can be used. */
  readonly failed: number
}

/** How one provider is asked. */
export interface Line {
  readonly fetcher: Fetcher
  readonly pace: Pace
}

/** What a run needs. */
export interface PollRun {
  readonly context: TrackerContext
  readonly settings: PollerSettings
  readonly lines: ReadonlyMap<string, Line>
  readonly leaseMs: number
  readonly signal: AbortSignal
}

/**
 * Asks about every call that is overdue now, for silence or for data, once each, batch by batch. Rejects
 * where the store cannot be read; what else fails is counted and logged, and the call is asked about again later.
 */
export async function pollOnce(run: PollRun): Promise<PollReport> {
  const counts = { asked: 0, news: 0, nothingNew: 0, unknownCalls: 0, limited: 0, failed: 0 }
  // Side by side, so that a slow provider does not hold up another.
  const ends = await Promise.allSettled(
    [...run.lines.values()].map((line) =>
      pollProvider(run, line, (asked) => {
        counts.asked++
        counts[COUNTED[asked.kind]]++
      }),
    ),
  )
  for (const end of ends) if (end.status === 'rejected') throw end.reason
  return counts
}

async function pollProvider(
  run: PollRun,
  line: Line,
  count: (asked: Asked) => void,
): Promise<void> {
  const { context, settings, leaseMs, signal } = run
  const { provider } = line.fetcher
  const limit = settings.batchSize
  const done = new Set<string>()
  while (!signal.aborted && line.pace.pausedUntil() === null) {
    const now = context.now()
    const claimed = await context.store.claimSilent({ provider, now, until: now + leaseMs, limit })
    const fresh = claimed.filter(({ row }) => !done.has(keyOfRef(row)))
    // The answer led to a due time that has passed as well: one question a run is enough.
    for (const silent of claimed) if (!fresh.includes(silent)) await later(run, silent)
    for (const { row } of fresh) done.add(keyOfRef(row))
    const queue = fresh.values()
    const worker = async () => {
      for (const silent of queue) {
        const asked = await askOne(run, line, silent)
        if (asked !== null) count(asked)
      }
    }
    await Promise.all(Array.from({ length: settings.concurrency }, worker))
    if (claimed.length < limit || fresh.length === 0) break
  }
}

const COUNTED = {
  news: 'news',
  'nothing-new': 'nothingNew',
  'unknown-call': 'unknownCalls',
  limited: 'limited',
  failed: 'failed',
} as const satisfies Record<Asked['kind'], keyof PollReport>

/** Asks about one call and says when it is next; null where it was not asked after all. */
async function askOne(run: PollRun, line: Line, silent: SilentCall): Promise<Asked | null> {
  const { context, settings, signal } = run
  const { fetcher, pace } = line
  const { row } = silent
  if (pace.pausedUntil() === null) await pace.turn()
  const paused = pace.pausedUntil()
  if (signal.aborted) return giveBack(run, silent)
  if (paused !== null) {
    await postpone(run, silent, paused + delayMs(settings.backoff, 0, settings.random))
    return null
  }
  const { askTimeoutMs: timeoutMs, sleep } = settings
  const asked = await askAbout(context, fetcher, row, { timeoutMs, sleep, signal })
  if (asked.kind === 'failed' && signal.aborted) return giveBack(run, silent)

  if (asked.kind === 'limited') pace.limited(asked.retryAfterMs)
  else if (asked.kind !== 'failed') pace.answered()
  context.metrics.poll(row.provider, asked.kind)
  if (asked.kind === 'failed') {
    const { provider, callId } = row
    context.logger.warn({ provider, callId, why: asked.why }, 'A question about a call failed.')
  }
  await settle(run, line, silent, asked)
  return asked
}

/** Says when a call is asked about again, by what the question led to. */
async function settle(run: PollRun, line: Line, silent: SilentCall, asked: Asked): Promise<void> {
  const { context, settings } = run
  const { row } = silent
  switch (asked.kind) {
    case 'limited': {
      const from = line.pace.pausedUntil() ?? context.now()
      return postpone(run, silent, from + delayMs(settings.backoff, 0, settings.random))
    }
    case 'failed':
      return later(run, silent, 1)
    case 'news':
    case 'nothing-new':
      // With another time to ask, or none, the store has begun anew by itself.
      if (asked.askAt !== row.askAt) return
      break
    case 'unknown-call':
      break
    default: {
      const never: never = asked
      return never
    }
  }
  if (settings.maxAsks === null || silent.asked + 1 < settings.maxAsks) return later(run, silent, 1)
  const { provider, callId } = row
  const fields = { provider, callId, asked: silent.asked + 1 }
  context.logger.warn(fields, 'A call stays overdue: it was asked about as often as it may be.')
  return postpone(run, silent, null, 1)
}

/** Asks again after the waiting time that is due now; `more` questions are counted. */
function later(run: PollRun, silent: SilentCall, more = 0): Promise<void> {
  const { context, settings } = run
  const delay = delayMs(settings.backoff, silent.asked, settings.random)
  return postpone(run, silent, context.now() + delay, more)
}

/** The poller stops: whoever looks next gets the call. */
async function giveBack(run: PollRun, silent: SilentCall): Promise<null> {
  await postpone(run, silent, run.context.now())
  return null
}

async function postpone(
  { context }: PollRun,
  { row, asked }: SilentCall,
  at: number | null,
  more = 0,
): Promise<void> {
  const { provider, callId, askAt } = row
  try {
    await context.store.postponePoll(row, { askAt, at, asked: asked + more })
  } catch (error) {
    // The claim's lease runs out by itself.
    const message = 'The next question about a call could not be put off.'
    context.logger.error({ provider, callId, error: errorName(error) }, message)
  }
}
