import type { Change } from './calls/change.ts'
import { type Changes, createChanges } from './calls/changes.ts'
import { forgetCall } from './calls/forget.ts'
import { timeInStatusOf } from './calls/time-in-status.ts'
import { whenSettled } from './calls/when-settled.ts'
import { startConsumer } from './consumer/consumer.ts'
import { listDeadLetters, replayDeadLetters } from './consumer/dead-letters.ts'
import type { TrackerContext } from './context.ts'
import { DEFAULTS } from './defaults.ts'
import { createIntake, type Intake } from './intake/intake.ts'
import { providerOf } from './intake/read-message.ts'
import { createTakeIn, type TakeIn } from './intake/take-in.ts'
import { assertKnownOptions } from './known-options.ts'
import { loggerOf } from './logger.ts'
import { createMetrics } from './metrics.ts'
import { startPoller } from './poller/poller.ts'
import { createReader } from './reader.ts'
import { createReadyStore } from './ready-store.ts'
import type { Tracker } from './tracker.ts'
import {
  providersByName,
  rulesByProvider,
  TRACKER_OPTIONS,
  type TrackerOptions,
} from './tracker-options.ts'

/**
 * Makes a tracker. Nothing is read or written before the first use, which also makes the tables.
 * Throws a `TrackerError` with code `invalid-option` for two providers of one name.
 *
 * @example
 * const tracker = createTracker({ store: createMemoryStore(), providers: [bolna] })
 * await tracker.ingest({ provider: 'bolna', body: { id: 'c-1', status: 'ringing' } })
 */
export function createTracker(options: TrackerOptions): Tracker {
  assertKnownOptions('the options of createTracker', options, TRACKER_OPTIONS)
  const parts = createParts(options)
  const { context, changes, closer, takeIn } = parts
  const { store, providers, logger, metrics, now } = context
  const running = createRunning()

  let ending: Promise<void> | null = null
  function close(): Promise<void> {
    ending ??= end(parts, running)
    return ending
  }

  return {
    ...createReader(context),
    ingest: takeIn.ingest,
    watch: (filter = {}, { signal, buffer = DEFAULTS.watch.buffer } = {}) => {
      const signals = signal === undefined ? [closer.signal] : [signal, closer.signal]
      return changes.watch(filter, signals, buffer)
    },
    whenSettled: (ref, waiting = {}) => whenSettled(context, ref, waiting),
    consume: (name, handler, consuming = {}) =>
      running.keep(startConsumer(context, name, handler, consuming)),
    deadLetters: (query = {}) => listDeadLetters(context, query),
    replayDeadLetters: (consumer, which = {}) => replayDeadLetters(context, consumer, which),
    removeConsumer: (name) => store.removeConsumer(name),
    poll: (polling) => running.keep(startPoller(context, polling)),
    async forget(ref) {
      await parts.ready()
      const forgotten = await forgetCall(store, providerOf(providers, ref.provider), ref, now())
      // What is remembered of it holds digests of what was removed.
      parts.intake.forget(ref)
      return forgotten
    },
    close,
    [Symbol.asyncDispose]: close,
    metrics,
    logger,
    now,
    providers: [...providers.values()],
    provider: (name) => providers.get(name),
  }
}

/** What a tracker is made of. */
interface Parts {
  readonly context: TrackerContext
  readonly changes: Changes
  readonly intake: Intake
  readonly takeIn: TakeIn
  readonly closer: AbortController
  /** Resolves when the store has its tables. */
  ready(): Promise<void>
}

function createParts(options: TrackerOptions): Parts {
  const { redact, now = Date.now, newId = () => crypto.randomUUID() } = options
  const logger = loggerOf(options.logger)
  const providers = providersByName(options.providers)
  const rules = rulesByProvider(options, providers)
  const closer = new AbortController()
  const { store, ready, isUsed } = createReadyStore(options.store, closer.signal)
  // Metrics ask at any time; before the first use there is nothing to count, and no table.
  const counts = async () =>
    isUsed() && !closer.signal.aborted ? options.store.counts({ now: now() }) : null
  const names = [...providers.keys()]
  const metrics = createMetrics({ counts, providers: names, logger, now }, options.meter)
  const changes = createChanges(logger)
  const onChange = (change: Change) => {
    for (const { status, ms } of timeInStatusOf(change)) {
      metrics.timeInStatus(change.provider, status, ms)
    }
    changes.tell(change)
  }
  const limits = { ...DEFAULTS.intake, ...options.limits }
  // What waits when the tracker is closed is still written.
  const intake = createIntake({ store: options.store, rules, onChange, now, limits })
  const takeIn = createTakeIn({ providers, intake, redact, now, ready, metrics, logger })
  const context: TrackerContext = {
    store,
    providers,
    now,
    newId,
    retryPolicyOf: (provider) => rules.get(provider)?.policy,
    logger,
    metrics,
    closing: closer.signal,
    answers: takeIn,
    onChange: changes.listen,
  }
  return { context, changes, intake, takeIn, closer, ready }
}

async function end({ context, closer, intake }: Parts, running: Running): Promise<void> {
  try {
    await running.stop()
  } finally {
    closer.abort()
    await intake.idle()
    context.metrics.close()
    await context.store.close()
  }
}

/** What runs until it is stopped, by itself or with its tracker. */
interface Stoppable {
  stop(): Promise<void>
}

/** Remembers what is to be stopped with the tracker, until it is stopped by itself. */
interface Running extends Stoppable {
  keep<Started extends Stoppable>(started: Started): Started
}

function createRunning(): Running {
  const running = new Set<Stoppable>()
  return {
    keep<Started extends Stoppable>(started: Started): Started {
      const stop = async () => {
        await started.stop()
        running.delete(kept)
      }
      const kept = { ...started, stop, [Symbol.asyncDispose]: stop }
      running.add(kept)
      return kept
    },
    async stop(): Promise<void> {
      await Promise.all([...running].map((one) => one.stop()))
    },
  }
}
