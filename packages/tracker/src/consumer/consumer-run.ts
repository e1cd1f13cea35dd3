import type { TrackerContext } from '../context.ts'
import type { ConsumedChange } from './consumed-change.ts'
import type { ConsumerSettings } from './settings.ts'

/** What a handler is given beside the change. */
export interface HandlerControl {
  /**
   * Aborts when the handler is to end at once: it took too long, another worker has the call by now,
   * or the consumer is stopping and its time is up.
   */
  readonly signal: AbortSignal
}

/**
 * User code that handles a change. It fails by throwing or rejecting. It is called for one change of a
 * call at a time, with one exception: where it ignores its aborted signal, such as after
 * `handlerTimeoutMs`, it may still run when the next try begins.
 */
export type ConsumerHandler<Changed = ConsumedChange> = (
  change: Changed,
  control: HandlerControl,
) => void | Promise<void>

/** What the parts of one running consumer share. */
export interface ConsumerRun {
  readonly name: string
  readonly context: TrackerContext
  readonly settings: ConsumerSettings
  readonly handler: ConsumerHandler
  /** Aborts when nothing new is to be begun. */
  readonly stopping: AbortSignal
  /** Aborts when what runs is to end at once. */
  readonly aborting: AbortSignal
}
