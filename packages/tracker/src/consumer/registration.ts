import { DEFAULTS } from '../defaults.ts'
import { isTrackerError, TrackerError } from '../error.ts'
import { isDefaultLogger } from '../logger.ts'
import type { ConsumerRun } from './consumer-run.ts'
import { insist } from './insist.ts'

/**
 * Makes the consumer known to the store. Rejects with a `TrackerError`: `closed` where the consumer was
 * stopped before, and `invalid-option`, which is logged, where it must say where it begins.
 */
export async function register(run: ConsumerRun): Promise<void> {
  const { context, name, settings } = run
  const { from } = settings
  const begin = () => context.store.registerConsumer(name, { from, now: context.now() })
  try {
    if (await insist(run, begin, isRefusal)) return
  } catch (error) {
    context.logger.error({ consumer: name }, NOT_BEGUN)
    // Who has no log would look for the mistake at the provider.
    if (isDefaultLogger(context.logger))
      console.error(`@callstate/tracker: "${name}": ${NOT_BEGUN}`)
    throw error
  }
  throw new TrackerError('closed', 'The consumer was stopped before it began.')
}

/**
 * Makes the calls that were there before known to the consumer, step by step, so that nobody who writes is
 * held up; `onStep` hears of each. Resolves when that is done, or the consumer stops.
 */
export async function fill(run: ConsumerRun, onStep: () => void): Promise<void> {
  const { context, name, settings, stopping } = run
  const { fillBatch: limit, fillPauseMs } = DEFAULTS.consumer
  let hasMore = true
  const step = async () => {
    hasMore = await context.store.fillConsumer(name, { limit, now: context.now() })
  }
  while (hasMore && (await insist(run, step))) {
    onStep()
    if (hasMore) await settings.sleep(fillPauseMs, stopping)
  }
}

const NOT_BEGUN =
  'A consumer does not run: its name is new to this store, which has calls, and "from" does not say where it begins.'

/** Whether the store will say the same at every try. */
export function isRefusal(error: unknown): boolean {
  return isTrackerError(error) && error.code === 'invalid-option'
}
