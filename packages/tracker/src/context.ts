import type { RetryPolicy } from 'callstate'
import type { Provider } from 'callstate/providers'
import type { Change } from './calls/change.ts'
import type { TakeIn } from './intake/take-in.ts'
import type { Logger } from './logger.ts'
import type { Metrics } from './metrics.ts'
import type { Store } from './store.ts'

/** What the parts of one tracker share. */
export interface TrackerContext {
  readonly store: Store
  readonly providers: ReadonlyMap<string, Provider>
  /** Our clock, in ms since 1970. */
  readonly now: () => number
  /** A new identifier that nobody else has. */
  readonly newId: () => string
  /** The policy of a provider's calls where their events do not bring one. */
  readonly retryPolicyOf: (provider: string) => RetryPolicy | undefined
  readonly logger: Logger
  readonly metrics: Metrics
  /** Aborts when the tracker is closed. */
  readonly closing: AbortSignal
  /** Reads and takes in what providers answer. */
  readonly answers: Pick<TakeIn, 'readAnswer' | 'takeAnswer'>
  /** Hears every change that this tracker stores, right after it was stored. Returns how to stop it. */
  onChange(listener: (change: Change) => void): () => void
}
