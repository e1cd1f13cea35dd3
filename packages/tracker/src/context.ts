import type { Provider } from 'callstate/providers'
import type { Change } from './calls/change.ts'
import type { FoldRules } from './calls/fold-entry.ts'
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
  /** How calls of a provider are folded, also of one that the tracker was not given. */
  readonly rulesOf: (provider: string) => FoldRules
  readonly logger: Logger
  readonly metrics: Metrics
  /** Aborts when the tracker is closed. */
  readonly closing: AbortSignal
  /** Reads and takes in what providers answer. */
  readonly answers: Pick<TakeIn, 'readAnswer' | 'takeAnswer'>
  /** Hears that this tracker has stored something, right after it did. Returns how to stop it. */
  onStored(listener: () => void): () => void
  /** Hears every change that any process stores, soon after it did. Returns how to stop it. */
  onChange(listener: (change: Change) => void): () => void
  /** Resolves when no change that is stored from now on is missed by those who listen. */
  follows(): Promise<void>
}
