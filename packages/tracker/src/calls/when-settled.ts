import type { TrackerContext } from '../context.ts'
import { TrackerError } from '../error.ts'
import type { CallRef, TrackedCall } from './tracked-call.ts'

/** How to wait for a call's end. */
export interface WhenSettledOptions {
  /** Ends the waiting; without it there is no limit. */
  readonly signal?: AbortSignal
}

/**
 * Resolves with the stored call as soon as it is settled, at once where it is already; a call that
 * nobody has heard of yet is waited for too. What another process stores is known within a second. It asks
 * no provider: a poller does, where webhooks are lost. It does not wait for data that come after the end.
 *
 * Rejects with the signal's reason, with a `TrackerError` of code `closed` when the tracker is closed,
 * and with the store's error where the call cannot be read.
 *
 * @example
 * const call = await tracker.whenSettled({ provider: 'dialgen', callId }, { signal: AbortSignal.timeout(600_000) })
 */
export async function whenSettled(
  context: Pick<TrackerContext, 'store' | 'closing' | 'onChange' | 'follows'>,
  ref: CallRef,
  options: WhenSettledOptions = {},
): Promise<TrackedCall> {
  const { signal } = options
  const ending = new AbortController()
  const stop = () => ending.abort(signal?.reason)
  const close = () => ending.abort(new TrackerError('closed', 'The tracker was closed.'))
  signal?.addEventListener('abort', stop)
  context.closing.addEventListener('abort', close)
  if (context.closing.aborted) close()
  if (signal?.aborted) stop()
  try {
    return await Promise.race([ended(ending.signal), settledCall(context, ref, ending.signal)])
  } finally {
    ending.abort()
    signal?.removeEventListener('abort', stop)
    context.closing.removeEventListener('abort', close)
  }
}

/** Rejects when the signal aborts, also while the store is slow. */
function ended(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) return reject(signal.reason)
    signal.addEventListener('abort', () => reject(signal.reason))
  })
}

async function settledCall(
  { store, onChange, follows }: Pick<TrackerContext, 'store' | 'onChange' | 'follows'>,
  ref: CallRef,
  signal: AbortSignal,
): Promise<TrackedCall> {
  // Most are settled when they are asked for, and need no follower; and whoever cannot read hears of it.
  const [known] = await store.load([ref])
  if (known?.row.settled) return known.row
  if (signal.aborted) throw signal.reason
  let isNews = false
  let wake = () => {}
  const stopListening = onChange(({ provider, callId, call }) => {
    if (!call.settled || provider !== ref.provider || callId !== ref.callId) return
    isNews = true
    wake()
  })
  const wakeUp = () => wake()
  signal.addEventListener('abort', wakeUp)
  try {
    // What is stored before the follower has its place is in the row; what comes later is told.
    await follows()
    while (!signal.aborted) {
      isNews = false
      const [stored] = await store.load([ref])
      if (stored?.row.settled) return stored.row
      if (isNews || signal.aborted) continue
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
    throw signal.reason
  } finally {
    signal.removeEventListener('abort', wakeUp)
    stopListening()
  }
}
