import type { TrackerContext } from '../context.ts'
import { DEFAULTS } from '../defaults.ts'
import { runLoop } from './consumer-loop.ts'
import type { ConsumerHandler, ConsumerRun } from './consumer-run.ts'
import { type ConsumerOptions, settingsOf } from './settings.ts'

export type { ConsumerHandler, HandlerControl } from './consumer-run.ts'
export type { ConsumerOptions, RetryOptions } from './settings.ts'

/** A consumer at work. */
export interface Consumer extends AsyncDisposable {
  readonly name: string
  /**
   * Resolves when the consumer is registered: what is stored from then on reaches it, also while it
   * does not run. Rejects with a `TrackerError` with code `closed` where it was stopped before, and
   * with code `invalid-option` where the name is new to a store with calls and `from` was left out:
   * then nothing is handled.
   */
  readonly ready: Promise<void>
  /**
   * Resolves when nothing is due for this consumer any more, or it has stopped; for tests and scripts.
   * A change that waits for its next try is not due, nor is what a worker that died holds until its claim
   * runs out. Rejects as `ready` does where the consumer must say where it begins.
   */
  idle(): Promise<void>
  /**
   * Begins nothing new, lets running handlers end their change, aborts those that take longer than
   * `stopTimeoutMs`, and gives its calls to other workers. Never rejects.
   */
  stop(): Promise<void>
}

/**
 * Hands the changes of every call to a handler: those of one call in order and one at a time, those of
 * different calls side by side, each at least once and with the same key at every try. Where it stands
 * is kept in the store, so workers of one name, in any number of processes, share the work.
 *
 * "One at a time" has one exception: a handler that ignores its aborted signal, such as after
 * `handlerTimeoutMs`, may still run when the next try begins, and set what is old after it.
 *
 * A change that fails is tried again after a while, and holds up its own call only; one that failed
 * `retry.maxTries` times is set aside as a dead letter. Dead letters that are replayed are handled
 * beside what their call goes on with, with what is final now. Throws a `TrackerError` with code `invalid-option`.
 */
export function startConsumer(
  context: TrackerContext,
  name: string,
  handler: ConsumerHandler,
  options: ConsumerOptions = {},
): Consumer {
  const settings = settingsOf(name, options)
  const stopping = new AbortController()
  const aborting = new AbortController()
  const run: ConsumerRun = {
    name,
    context,
    settings,
    handler,
    stopping: stopping.signal,
    aborting: aborting.signal,
  }
  const loop = runLoop(run)
  // Who does not wait for it does not have to hear of it.
  loop.ready.catch(() => {})
  // To what this process stores at once; to what others store where the store can tell.
  const listening = [context.onStored(loop.wake), context.store.onStored(loop.wake)]

  async function end(): Promise<void> {
    stopping.abort()
    loop.wake()
    for (const stopListening of listening) stopListening()
    for (const signal of stoppedBy) signal.removeEventListener('abort', stop)
    const over = new AbortController()
    const wait = (ms: number) => Promise.race([loop.ended, settings.sleep(ms, over.signal)])
    await wait(settings.stopTimeoutMs)
    aborting.abort()
    // Once for handlers and once for the store, neither of which has to answer.
    await wait(2 * DEFAULTS.consumer.abortGraceMs)
    over.abort()
  }

  let ending: Promise<void> | null = null
  function stop(): Promise<void> {
    ending ??= end()
    return ending
  }
  const stoppedBy = [context.closing, ...(options.signal === undefined ? [] : [options.signal])]
  for (const signal of stoppedBy) signal.addEventListener('abort', stop)
  if (stoppedBy.some(({ aborted }) => aborted)) void stop()
  return { name, ready: loop.ready, idle: loop.idle, stop, [Symbol.asyncDispose]: stop }
}
