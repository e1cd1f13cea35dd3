import type { Provider } from 'callstate/providers'
import { assertCount, assertTime } from './assert-number.ts'
import type { Change } from './calls/change.ts'
import { createChanges, WATCH_BUFFER, type WatchFilter } from './calls/changes.ts'
import { forgetCall } from './calls/forget.ts'
import { type ListQuery, listCalls } from './calls/list-calls.ts'
import type { Page } from './calls/page.ts'
import { type Data, mergePayloads } from './calls/payload-data.ts'
import { timeInStatusOf } from './calls/time-in-status.ts'
import type { CallRef, HistoryEntry, TrackedCall } from './calls/tracked-call.ts'
import { type Verification, verifyCalls } from './calls/verify.ts'
import { whenSettled } from './calls/when-settled.ts'
import type { Consumer, ConsumerHandler, ConsumerOptions } from './consumer/consumer.ts'
import { startConsumer } from './consumer/consumer.ts'
import { listDeadLetters, replayDeadLetters } from './consumer/dead-letters.ts'
import type { TrackerContext } from './context.ts'
import { TrackerError } from './error.ts'
import type { IngestInput, IngestResult } from './intake/ingest.ts'
import { createIntake } from './intake/intake.ts'
import { INTAKE_LIMITS } from './intake/intake-limits.ts'
import { providerOf, readMessage } from './intake/message.ts'
import { type Logger, SILENT, unfailingLogger } from './logger.ts'
import { createMetrics, type Metrics } from './metrics.ts'
import { type Poller, type PollerOptions, startPoller } from './poller/poller.ts'
import type { DeadLetter, Store, StoreCounts } from './store.ts'
import { assertBudgets, ownOf, providersByName, type TrackerOptions } from './tracker-options.ts'

/** A call with the data of all its messages. */
export interface CallWithData extends TrackedCall {
  /** The messages' fields, merged: newer ones fill, nothing is erased. Empty where nothing was kept. */
  readonly data: Data
}

/** Calls that stay right: what stands between a provider's messages and your own code. */
export interface Tracker extends AsyncDisposable {
  /**
   * Takes in one message, and resolves when it is durable. What is no event of a call is answered with
   * issues. Throws a `TrackerError`: `unknown-provider`, `store-failed` (deliver it again), `closed`.
   */
  ingest(input: IngestInput): Promise<IngestResult>
  /** One call with its data; null where nothing was heard of it. */
  get(ref: CallRef): Promise<CallWithData | null>
  /** Calls by what they are like, the newest first. */
  list(query?: ListQuery): Promise<Page<TrackedCall>>
  /** Calls that have been silent for longer than their budget, the longest overdue first. */
  overdue(query?: ListQuery & { readonly now?: number }): Promise<Page<TrackedCall>>
  /** Everything ever heard of a call, in the order in which it was stored, with its decisions. */
  history(
    ref: CallRef,
    options?: { readonly after?: number; readonly limit?: number },
  ): Promise<readonly HistoryEntry[]>
  /**
   * Changes as this tracker stores them, from now on. What other processes store is not among them: use
   * `consume`, which loses nothing either.
   */
  watch(
    filter?: WatchFilter,
    options?: { readonly signal?: AbortSignal; readonly buffer?: number },
  ): AsyncGenerator<Change, void, undefined>
  /** Resolves as soon as the call is settled, whoever stored it. Rejects with the signal's reason. */
  whenSettled(
    ref: CallRef,
    options?: { readonly signal?: AbortSignal; readonly checkEveryMs?: number },
  ): Promise<TrackedCall>
  /** Hands every change to a handler, at least once and in order per call, from a durable cursor. */
  consume(name: string, handler: ConsumerHandler, options?: ConsumerOptions): Consumer
  /** What a consumer failed to handle, oldest first. */
  deadLetters(query?: {
    readonly consumer?: string
    readonly limit?: number
    readonly cursor?: string | null
  }): Promise<Page<DeadLetter>>
  /** Has dead letters handled again: one, or all of a consumer. Their number. */
  replayDeadLetters(consumer: string, options?: { readonly id?: string }): Promise<number>
  /** Forgets a consumer, where it stands and its dead letters. Stop its workers first. */
  removeConsumer(name: string): Promise<void>
  /** Asks providers about silent calls, from now on. */
  poll(options: PollerOptions): Poller
  /** Compares every call with the replay of its history. May run while calls come in. */
  verify(options?: {
    readonly signal?: AbortSignal
    readonly onProgress?: (calls: number) => void
  }): Promise<Verification>
  /**
   * Removes what a call's messages held and keeps its lifecycle. False where there is no such call.
   * Throws a `TrackerError` with code `unknown-provider` for a provider that the tracker was not given.
   */
  forget(ref: CallRef): Promise<boolean>
  /** Ends pollers, consumers and watchers, lets what is being stored end, and closes the store. */
  close(): Promise<void>

  readonly metrics: Metrics
  readonly logger: Logger
  readonly now: () => number
  /** A provider by its name, where the tracker knows it. */
  provider(name: string): Provider | undefined
}

/**
 * Makes a tracker. Nothing is read or written before the first use, which also makes the tables.
 * Throws a `TrackerError` with code `invalid-option` for two providers of one name.
 *
 * @example
 * const tracker = createTracker({ store: createMemoryStore(), providers: [bolna] })
 * await tracker.ingest({ provider: 'bolna', body: { id: 'c-1', status: 'ringing' } })
 */
export function createTracker(options: TrackerOptions): Tracker {
  const { store, budgets, retryPolicies = {}, providerBudgets = {} } = options
  const logger = unfailingLogger(options.logger ?? SILENT)
  for (const some of [budgets ?? {}, ...Object.values(providerBudgets)]) assertBudgets(some)
  const now = options.now ?? Date.now
  const newId = options.newId ?? (() => crypto.randomUUID())
  const providers = providersByName(options.providers)
  const metrics = createMetrics(
    { counts: countsOf, providers: [...providers.keys()], logger, now },
    options.meter,
  )
  const changes = createChanges(logger)
  const closer = new AbortController()
  const running = new Set<{ stop(): Promise<void> }>()

  const retryPolicyOf = (provider: string) => ownOf(retryPolicies, provider)
  const intake = createIntake({
    store,
    rulesOf: (name) => {
      const provider = providers.get(name)
      if (provider === undefined) throw new Error(`There is no provider ${name}.`)
      const own = ownOf(providerBudgets, name)
      return { provider, policy: retryPolicyOf(name), budgets: { ...budgets, ...own } }
    },
    onChange: tell,
    now,
    limits: { ...INTAKE_LIMITS, ...options.limits },
  })

  function tell(change: Change): void {
    for (const { status, ms } of timeInStatusOf(change)) {
      metrics.timeInStatus(change.provider, status, ms)
    }
    changes.tell(change)
  }

  /** Metrics ask at any time; before the first use there is nothing to count, and no table. */
  async function countsOf(): Promise<StoreCounts | null> {
    return migrated === null || closer.signal.aborted ? null : store.counts({ now: now() })
  }

  let migrated: Promise<void> | null = null
  /** The store with its tables made. A failure is tried anew the next time. */
  async function ready(): Promise<void> {
    if (closer.signal.aborted) throw new TrackerError('closed', 'The tracker was closed.')
    migrated ??= store.migrate()
    try {
      await migrated
    } catch (error) {
      migrated = null
      throw error
    }
  }

  async function ingest(input: IngestInput): Promise<IngestResult> {
    // What was received lies behind us, whatever the caller's clock says.
    const receivedAt = Math.floor(Math.min(input.receivedAt ?? now(), now()))
    assertTime('receivedAt', receivedAt)
    const reading = readMessage(input, providers, options.redact)
    if (!reading.ok) return reading
    await ready()
    const { message } = reading
    const { decision, repeated, row, sequence } = await intake.take(message, receivedAt)
    metrics.event(message.event.provider, decision.kind, repeated)
    if (decision.kind === 'conflicting' || decision.kind === 'unrecognized') {
      const { provider, callId } = message.event
      logger.warn({ provider, callId, decision: decision.kind }, 'An event does not fit its call.')
    }
    return { ok: true, decision, repeated, call: row, sequence }
  }

  const context: TrackerContext = {
    store: readied(store, ready),
    providers,
    now,
    newId,
    retryPolicyOf,
    logger,
    metrics,
    closing: closer.signal,
    ingest,
    onChange: changes.listen,
  }

  /** Remembers what is to be stopped with the tracker, until it is stopped by itself. */
  function keep<Running extends { stop(): Promise<void> }>(started: Running): Running {
    const stop = async () => {
      await started.stop()
      running.delete(kept)
    }
    const kept = { ...started, stop, [Symbol.asyncDispose]: stop }
    running.add(kept)
    return kept
  }

  async function end(): Promise<void> {
    try {
      await Promise.all([...running].map((one) => one.stop()))
    } finally {
      closer.abort()
      await intake.idle()
      metrics.close()
      await store.close()
    }
  }

  let ending: Promise<void> | null = null
  function close(): Promise<void> {
    ending ??= end()
    return ending
  }

  return {
    ...reading(context),
    ingest,
    watch: (filter = {}, { signal, buffer = WATCH_BUFFER } = {}) =>
      changes.watch(
        filter,
        signal === undefined ? [closer.signal] : [signal, closer.signal],
        buffer,
      ),
    whenSettled: (ref, waiting = {}) => whenSettled(context, ref, waiting),
    consume: (name, handler, consuming = {}) =>
      keep(startConsumer(context, name, handler, consuming)),
    deadLetters: (query = {}) => listDeadLetters(context, query),
    replayDeadLetters: (consumer, which = {}) => replayDeadLetters(context, consumer, which),
    removeConsumer: (name) => context.store.removeConsumer(name),
    poll: (polling) => keep(startPoller(context, polling)),
    async forget(ref) {
      await ready()
      const provider = providerOf(providers, ref.provider)
      intake.forget(ref)
      const forgotten = await forgetCall(store, provider, ref, now())
      intake.forget(ref)
      return forgotten
    },
    close,
    [Symbol.asyncDispose]: close,
    metrics,
    logger,
    now,
    provider: (name) => providers.get(name),
  }
}

type Reading = Pick<Tracker, 'get' | 'list' | 'overdue' | 'history' | 'verify'>

/** The part of a tracker that only reads. */
function reading({ store, providers, now }: TrackerContext): Reading {
  return {
    async get(ref) {
      const [stored] = await store.load([ref])
      if (stored === undefined) return null
      return { ...stored.row, data: mergePayloads(await store.history(ref)) }
    },
    list: (query = {}) => listCalls(store, query),
    overdue: ({ now: by = now(), ...query } = {}) =>
      listCalls(store, query, { order: 'due', dueBy: by }),
    async history(ref, { after, limit } = {}) {
      assertCount('after', after ?? 0)
      assertCount('limit', limit ?? 1)
      return store.history(ref, { ...(after && { after }), ...(limit !== undefined && { limit }) })
    },
    verify: (checking = {}) => verifyCalls(store, providers, checking),
  }
}

/** The store, each of whose methods first waits until it is ready. */
function readied(store: Store, ready: () => Promise<void>): Store {
  return new Proxy(store, {
    get(target, name: keyof Store) {
      const method = target[name] as (...args: never[]) => Promise<unknown>
      return async (...args: never[]) => {
        await ready()
        return method.apply(target, args)
      }
    },
  })
}
