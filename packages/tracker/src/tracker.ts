import type { Provider } from 'callstate/providers'
import type { Change } from './calls/change.ts'
import type { WatchFilter } from './calls/changes.ts'
import type { ListQuery } from './calls/list-calls.ts'
import type { Page } from './calls/page.ts'
import type { Data } from './calls/payload-data.ts'
import type { CallRef, HistoryEntry, TrackedCall } from './calls/tracked-call.ts'
import type { Verification } from './calls/verify.ts'
import type { Consumer, ConsumerHandler, ConsumerOptions } from './consumer/consumer.ts'
import type { IngestInput, IngestResult } from './intake/ingest.ts'
import type { Logger } from './logger.ts'
import type { Metrics } from './metrics.ts'
import type { Poller, PollerOptions } from './poller/poller.ts'
import type { DeadLetter } from './store.ts'

/** A call with the data of all its messages. */
export interface CallWithData extends TrackedCall {
  /** The messages' fields, merged: newer ones fill, nothing is erased. Empty where nothing was kept. */
  readonly data: Data
}

/** Calls that stay right: what stands between a provider's messages and your own code. */
export interface Tracker extends AsyncDisposable {
  /**
   * Takes in one message, and resolves when everything that it says is durable. What tells nothing of a
   * call is answered with issues. Throws a `TrackerError`: `unknown-provider`, `store-failed` (deliver it
   * again: what was stored of it by then is repeated, and nothing is lost), `callback-failed`, `closed`.
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
  /** The providers whose messages it reads. */
  readonly providers: readonly Provider[]
  /** One of them by its name, where the tracker knows it. */
  provider(name: string): Provider | undefined
}
