import type { ProviderDeclaration } from 'callstate/providers'
import type { FoldRules } from './calls/fold-entry.ts'
import { createFollower, type Follower } from './calls/follower.ts'
import { forgetCall } from './calls/forget.ts'
import { rebuildCalls } from './calls/rebuild.ts'
import { whenSettled } from './calls/when-settled.ts'
import { type ConsumerHandler, type ConsumerOptions, startConsumer } from './consumer/consumer.ts'
import { listDeadLetters, replayDeadLetters } from './consumer/dead-letters.ts'
import type { TrackerContext } from './context.ts'
import { DEFAULTS } from './defaults.ts'
import { errorName } from './error-name.ts'
import type { Folded } from './intake/fold.ts'
import { createIntake, type Intake } from './intake/intake.ts'
import { providerOf } from './intake/read-message.ts'
import { createTakeIn, type TakeIn } from './intake/take-in.ts'
import { assertKnownOptions } from './known-options.ts'
import { type Logger, loggerOf } from './logger.ts'
import { createMetrics } from './metrics.ts'
import { startPoller } from './poller/poller.ts'
import { createReader } from './reader.ts'
import { createReadyStore } from './ready-store.ts'
import { rulesByProvider, rulesOfUnknown } from './rules-by-provider.ts'
import type { Tracker } from './tracker.ts'
import { providersByName, TRACKER_OPTIONS, type TrackerOptions } from './tracker-options.ts'
import { unfailing } from './unfailing.ts'

/**
 * Makes a tracker. Nothing is read or written before the first use, which also makes the tables.
 * Throws a `TrackerError` with code `invalid-option` for two providers of one name.
 *
 * @example
 * const tracker = createTracker({ store: createMemoryStore(), providers: [bolna] })
 * await tracker.ingest({ provider: 'bolna', body: { id: 'c-1', status: 'ringing' } })
 */
export function createTracker<const Providers extends readonly ProviderDeclaration[]>(
  options: TrackerOptions<Providers>,
): Tracker<Providers[number]>
export function createTracker(options: TrackerOptions): Tracker {
  assertKnownOptions('the options of createTracker', options, TRACKER_OPTIONS)
  const parts = createParts(options)
  const { context, follower, closer, takeIn } = parts
  const { store, providers, logger, metrics, now } = context
  const running = createRunning()

  let ending: Promise<void> | null = null
  function close(): Promise<void> {
    ending ??= end(parts, running)
    return ending
  }

  return {
    ...createReader(context, parts.rules),
    ingest: takeIn.ingest,
    watch: (filter = {}, { signal, buffer = DEFAULTS.watch.buffer } = {}) => {
      const signals = signal === undefined ? [closer.signal] : [signal, closer.signal]
      return follower.watch(filter, signals, buffer)
    },
    whenSettled: (ref, waiting = {}) => whenSettled(context, ref, waiting),
    consume: (name: string, handler: ConsumerHandler, consuming: ConsumerOptions = {}) =>
      running.keep(startConsumer(context, name, handler, consuming)),
    deadLetters: (query = {}) => listDeadLetters(context, query),
    replayDeadLetters: (consumer, which = {}) => replayDeadLetters(context, consumer, which),
    removeConsumer: (name) => store.removeConsumer(name),
    poll: (polling) => running.keep(startPoller(context, polling)),
    async rebuild(rebuilding = {}) {
      try {
        return await rebuildCalls(store, parts.rules, { ...rebuilding, now })
      } finally {
        parts.stored()
      }
    },
    async forget(ref) {
      await parts.ready()
      const { name } = providerOf(providers, ref.provider)
      const forgotten = await forgetCall(store, context.rulesOf(name), ref, now())
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
  readonly follower: Follower
  readonly rules: ReadonlyMap<string, FoldRules>
  readonly intake: Intake
  readonly takeIn: TakeIn
  readonly closer: AbortController
  /** Resolves when the store has its tables. */
  ready(): Promise<void>
  /** Tells who waits for it that something was stored. */
  stored(): void
}

function createParts(options: TrackerOptions): Parts {
  const { redact, now = Date.now, newId = () => crypto.randomUUID() } = options
  const logger = loggerOf(options.logger)
  const providers = providersByName(options.providers)
  const rules = rulesByProvider(options, providers)
  const closer = new AbortController()
  const { store, ready, isUsed, isReady } = createReadyStore(options.store, closer.signal)
  // Metrics ask at any time; before the first use there is nothing to count, and no table.
  const counts = async () =>
    isUsed() && !closer.signal.aborted ? options.store.counts({ now: now() }) : null
  const names = [...providers.keys()]
  const metrics = createMetrics({ counts, providers: names, logger, now }, options.meter)
  const rulesOf = (name: string) => rules.get(name) ?? rulesOfUnknown(name)
  const follower = createFollower({ store, rulesOf, logger, closing: closer.signal })
  const signal = createStoredSignal(logger)
  const stored = () => {
    follower.wake()
    signal.raise()
  }
  const onStored = ({ row, timeInStatus }: Folded) => {
    for (const { status, ms } of timeInStatus) metrics.timeInStatus(row.provider, status, ms)
    stored()
  }
  const limits = { ...DEFAULTS.intake, ...options.limits }
  // What waits when the tracker is closed is still written.
  const intake = createIntake({ store: options.store, rules, onStored, now, limits })
  const gettingReady = async () => {
    await ready()
    // Who began to watch before a message came hears of it.
    await follower.placed()
  }
  const readyToTake = () => (isReady() && follower.isPlaced ? null : gettingReady())
  const takeIn = createTakeIn({
    providers,
    intake,
    redact,
    now,
    ready: readyToTake,
    metrics,
    logger,
  })
  const context: TrackerContext = {
    store,
    providers,
    now,
    newId,
    rulesOf,
    logger,
    metrics,
    closing: closer.signal,
    answers: takeIn,
    onStored: signal.listen,
    onChange: follower.listen,
    follows: follower.begun,
  }
  return { context, follower, rules, intake, takeIn, closer, ready, stored }
}

async function end({ context, closer, follower, intake }: Parts, running: Running): Promise<void> {
  try {
    await running.stop()
  } finally {
    closer.abort()
    await intake.idle()
    await follower.ended()
    context.metrics.close()
    await context.store.close()
  }
}

/** Tells whoever wants to know that something was stored, and not what. */
interface StoredSignal {
  raise(): void
  listen(listener: () => void): () => void
}

function createStoredSignal(logger: Logger): StoredSignal {
  const listeners = new Set<() => void>()
  return {
    raise() {
      for (const listener of listeners) listener()
    },
    listen(listener) {
      // What is stored stays stored, whatever a listener does.
      const own = unfailing(listener, (error) =>
        logger.error({ error: errorName(error) }, 'A listener to what is stored threw.'),
      )
      listeners.add(own)
      return () => void listeners.delete(own)
    },
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
