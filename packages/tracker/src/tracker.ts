import type { Provider, ProviderDataOf, ProviderDeclaration } from 'callstate/providers'
import type { AttemptWithData } from './calls/attempts-with-data.ts'
import type { Change } from './calls/change.ts'
import type { WatchFilter } from './calls/changes.ts'
import type { ListQuery, OverdueCall, OverdueQuery } from './calls/list-calls.ts'
import type { Page } from './calls/page.ts'
import type { Data } from './calls/payload-data-fields.ts'
import type { RebuildOptions, Rebuilt } from './calls/rebuild.ts'
import type { CallRef, HistoryEntry, TrackedCall } from './calls/tracked-call.ts'
import type { Verification, VerifyOptions } from './calls/verify.ts'
import type { WhenSettledOptions } from './calls/when-settled.ts'
import type { ConsumedChange, ConsumedChangeOf } from './consumer/consumed-change.ts'
import type { Consumer, ConsumerHandler, ConsumerOptions } from './consumer/consumer.ts'
import type { FieldFilter, NarrowedOf } from './consumer/when.ts'
import type { IngestInput, IngestResult } from './intake/ingest.ts'
import type { Logger } from './logger.ts'
import type { Metrics } from './metrics.ts'
import type { Poller, PollerOptions } from './poller/poller.ts'
import type { DeadLetter } from './store.ts'

/** A call with the data of its attempts. */
export interface CallWithData<Provider extends string = string, AttemptData = Data>
  extends Omit<TrackedCall, 'attempts'> {
  readonly provider: Provider
  /** Every attempt of which something is known, the first one first. */
  readonly attempts: readonly AttemptWithData<AttemptData>[]
  /** The data of the latest attempt; empty where nothing was kept. */
  readonly data: AttemptData
}

/** A call of a provider, with its data; of several providers a call of each. */
export type CallWithDataOf<P extends ProviderDeclaration> = P extends unknown
  ? CallWithData<P['name'], ProviderDataOf<P>>
  : never

/**
 * Calls that stay right: what stands between a provider's messages and your own code. `P` are its
 * providers, by which the data of its calls are typed; a tracker of any is one of all.
 */
export type Tracker<P extends ProviderDeclaration = ProviderDeclaration> = TypedTracker<
  ConsumedChangeOf<P>,
  CallWithDataOf<P>
>

/** A tracker by what it hands on: changes with data, and calls. */
export interface TypedTracker<out Changed extends ConsumedChange, out Found extends CallWithData>
  extends AsyncDisposable {
  /**
   * Takes in one message, and resolves when everything that it says is durable. What tells nothing of a
   * call is answered with issues. Throws a `TrackerError`: `unknown-provider`, `store-failed` (deliver it
   * again: what was stored of it by then is repeated, and nothing is lost), `callback-failed`, `closed`.
   */
  ingest(input: IngestInput): Promise<IngestResult>
  /** One call with the data of its attempts; null where nothing was heard of it. */
  get(ref: CallRef): Promise<Found | null>
  /** Calls by what they are like, the newest first. */
  list(query?: ListQuery): Promise<Page<TrackedCall>>
  /**
   * Calls that have been silent for longer than their budget, or are over without the data that are
   * expected, the longest overdue first; each says why, and which data are missing.
   */
  overdue(query?: OverdueQuery): Promise<Page<OverdueCall>>
  /** Everything ever heard of a call, in the order in which it was stored, with its decisions. */
  history(
    ref: CallRef,
    options?: { readonly after?: number; readonly limit?: number },
  ): Promise<readonly HistoryEntry[]>
  /**
   * Changes as they are stored, by this and every other process, soon after it: none is missed that is
   * stored from now on, and some of the last second may come too. Use `consume` for what must not be lost
   * with this process.
   */
  watch(
    filter?: WatchFilter,
    options?: { readonly signal?: AbortSignal; readonly buffer?: number },
  ): AsyncGenerator<Change, void, undefined>
  /** Resolves as soon as the call is settled, whoever stored it. Rejects with the signal's reason. */
  whenSettled(ref: CallRef, options?: WhenSettledOptions): Promise<TrackedCall>
  /**
   * Hands changes to a handler, at least once and in order per call, from a durable cursor. By `when` it is
   * said which; what a filter lets through is known to the handler's types.
   */
  consume<Narrowed>(
    name: string,
    handler: ConsumerHandler<Changed & Narrowed>,
    options: Omit<ConsumerOptions, 'when'> & { readonly when: FieldFilter<Narrowed> },
  ): Consumer
  consume<const Filters extends readonly FieldFilter[]>(
    name: string,
    handler: ConsumerHandler<Changed & NarrowedOf<Filters[number]>>,
    options: Omit<ConsumerOptions, 'when'> & { readonly when: Filters },
  ): Consumer
  consume<Wanted extends Changed>(
    name: string,
    handler: ConsumerHandler<Wanted>,
    options: Omit<ConsumerOptions, 'when'> & {
      readonly when: (change: Changed) => change is Wanted
    },
  ): Consumer
  consume(
    name: string,
    handler: ConsumerHandler<Changed>,
    options?: ConsumerOptions<Changed>,
  ): Consumer
  /** What a consumer failed to handle, oldest first. */
  deadLetters(query?: {
    readonly consumer?: string
    readonly limit?: number
    readonly cursor?: string | null
  }): Promise<Page<DeadLetter>>
  /**
   * Has dead letters handled again: one, or all of a consumer. Their number. What is final is handed as it
   * is now, not as it was; what has no value any more is not `ready` or `gained` again.
   */
  replayDeadLetters(consumer: string, options?: { readonly id?: string }): Promise<number>
  /** Forgets a consumer, where it stands and its dead letters. Stop its workers first. */
  removeConsumer(name: string): Promise<void>
  /** Asks providers about overdue calls, from now on: silent ones, and those whose data are missing. */
  poll(options: PollerOptions): Poller
  /** Compares every call with the replay of its history. May run while calls come in. */
  verify(options?: VerifyOptions): Promise<Verification>
  /**
   * Folds every call anew by the rules and options of today; writes only with `write: true`, and tells what
   * it did or would do. May run while calls come in. What was handed out is corrected where it changes.
   */
  rebuild(options?: RebuildOptions): Promise<Rebuilt>
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
  /** The providers whose messages it reads. */
  readonly providers: readonly Provider[]
  /** One of them by its name, where the tracker knows it. */
  provider(name: string): Provider | undefined
}
