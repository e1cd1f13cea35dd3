import type { TrackerContext } from '../context.ts'
import { DEFAULTS } from '../defaults.ts'
import { TrackerError } from '../error.ts'
import { sleep } from '../sleep.ts'
import type { CallRef, TrackedCall } from './tracked-call.ts'

/** How to wait for a call's end. */
export interface WhenSettledOptions {
  /** Ends the waiting; without it there is no limit. */
  readonly signal?: AbortSignal
  /** How often to read the stored call again; 1 second by default. */
  readonly checkEveryMs?: number
}

/**
 * Resolves with the stored call as soon as it is settled, at once where it is already; a call that
 * nobody has heard of yet is waited for too. It asks no provider: a poller does, where webhooks are lost.
 *
 * Rejects with the signal's reason, with a `TrackerError` of code `closed` when the tracker is closed,
 * and with the store's error where the call cannot be read.
 *
 * @example
 * const call = await tracker.whenSettled({ provider: 'dialgen', callId }, { signal: AbortSignal.timeout(600_000) })
 */
export async function whenSettled(
  context: Pick<TrackerContext, 'store' | 'closing' | 'onChange'>,
  ref: CallRef,
  options: WhenSettledOptions = {},
): Promise<TrackedCall> {
  const { signal, checkEveryMs = DEFAULTS.whenSettled.checkEveryMs } = options
  if (!(checkEveryMs > 0)) {
    const message = `Expected checkEveryMs to be a number above 0; got ${String(checkEveryMs)}.`
    throw new TrackerError('invalid-option', message)
  }
  const ending = new AbortController()
  const stop = () => ending.abort(signal?.reason)
  const close = () => ending.abort(new TrackerError('closed', 'The tracker was closed.'))
  signal?.addEventListener('abort', stop)
  context.closing.addEventListener('abort', close)
  if (context.closing.aborted) close()
  if (signal?.aborted) stop()
  try {
    return await Promise.race([
      ended(ending.signal),
      settledCall(context, ref, checkEveryMs, ending),
    ])
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
  { store, onChange }: Pick<TrackerContext, 'store' | 'onChange'>,
  ref: CallRef,
  checkEveryMs: number,
  { signal }: AbortController,
): Promise<TrackedCall> {
  let wake = new AbortController()
  const wakeUp = () => wake.abort()
  const stopListening = onChange(({ provider, callId, settled }) => {
    if (settled && provider === ref.provider && callId === ref.callId) wakeUp()
  })
  signal.addEventListener('abort', wakeUp)
  try {
    while (!signal.aborted) {
      // Made anew before the look, so that what is stored during it leads to another one.
      wake = new AbortController()
      const [stored] = await store.load([ref])
      if (stored?.row.settled) return stored.row
      if (!signal.aborted) await sleep(checkEveryMs, wake.signal)
    }
    throw signal.reason
  } finally {
    stopListening()
  }
}
