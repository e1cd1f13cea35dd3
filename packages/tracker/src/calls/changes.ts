import { TrackerError } from '../error.ts'
import { errorName } from '../error-name.ts'
import type { Logger } from '../logger.ts'
import { unfailing } from '../unfailing.ts'
import type { Change } from './change.ts'
import type { CallRef } from './tracked-call.ts'

/** Which changes to watch. */
export interface WatchFilter {
  readonly provider?: string
  readonly callId?: string
}

/** Tells everybody in this process who wants to know of a change. */
export interface Changes {
  tell(change: Change): void
  /** Calls `listener` for every change that is told from now on; returns how to stop it. */
  listen(listener: (change: Change) => void): () => void
  /**
   * Every change that is told from now on, until one of the signals aborts. A watcher that lets
   * `buffer` changes pile up gets a `TrackerError` with code `watch-overflow` instead of a gap.
   */
  watch(
    filter: WatchFilter,
    signals: readonly AbortSignal[],
    buffer: number,
  ): AsyncGenerator<Change, void, undefined>
}

/** `onListeners` hears how many listen, whenever that changes. */
export function createChanges(logger: Logger, onListeners: (count: number) => void): Changes {
  const listeners = new Set<(change: Change) => void>()

  function listen(listener: (change: Change) => void): () => void {
    // A function of its own for each, so that one listener may listen twice; and what is stored stays
    // stored, whatever a listener does.
    const own = unfailing(listener, (error) =>
      logger.error({ error: errorName(error) }, 'A listener to changes threw.'),
    )
    listeners.add(own)
    onListeners(listeners.size)
    return () => {
      if (listeners.delete(own)) onListeners(listeners.size)
    }
  }

  return {
    listen,
    tell(change) {
      for (const listener of listeners) listener(change)
    },
    watch(filter, signals, buffer) {
      // Listening begins with the call, not with the first step of the loop.
      const waiting: Change[] = []
      let overflowed = false
      let closed = false
      let wake = () => {}
      const stop = listen((change) => {
        // After one that was lost, nothing more: what follows would hide the gap.
        if (overflowed || !isWanted(change, filter)) return
        if (waiting.length < buffer) waiting.push(change)
        else overflowed = true
        wake()
      })
      const ended = () => closed || signals.some(({ aborted }) => aborted)
      const onAbort = () => wake()
      for (const signal of signals) signal.addEventListener('abort', onAbort)
      const close = () => {
        closed = true
        stop()
        for (const signal of signals) signal.removeEventListener('abort', onAbort)
        wake()
      }
      return closing(steps(), close)

      async function* steps(): AsyncGenerator<Change, void, undefined> {
        for (;;) {
          const next = waiting.shift()
          if (next !== undefined && !ended()) yield next
          else if (ended()) return
          else if (overflowed) throw overflow(buffer)
          else {
            await new Promise<void>((resolve) => {
              wake = resolve
            })
          }
        }
      }
    },
  }
}

/** The generator, with `close` called when it ends in any way, also before its first step. */
function closing<Item>(
  inner: AsyncGenerator<Item, void, undefined>,
  close: () => void,
): AsyncGenerator<Item, void, undefined> {
  async function ending<Result>(step: Promise<IteratorResult<Item, Result>>) {
    try {
      const result = await step
      if (result.done === true) close()
      return result
    } catch (error) {
      close()
      throw error
    }
  }
  const outer: AsyncGenerator<Item, void, undefined> = {
    next: () => ending(inner.next()),
    return(value) {
      close()
      return ending(inner.return(value as undefined))
    },
    throw: (error) => ending(inner.throw(error)),
    [Symbol.asyncIterator]: () => outer,
    async [Symbol.asyncDispose]() {
      close()
      await inner.return(undefined)
    },
  }
  return outer
}

function isWanted(ref: CallRef, { provider, callId }: WatchFilter): boolean {
  return (
    (provider === undefined || ref.provider === provider) &&
    (callId === undefined || ref.callId === callId)
  )
}

function overflow(buffer: number): TrackerError {
  return new TrackerError(
    'watch-overflow',
    `More than ${buffer} changes waited for a watcher, so one would be lost. Take them faster, raise "buffer", or use "consume", which loses nothing.`,
  )
}
