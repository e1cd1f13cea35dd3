import type { Store } from '../store.ts'
import type { TrackedCall } from './tracked-call.ts'

const CALLS_AT_A_TIME = 200

/** Hands every stored call on, some at a time. It may run while calls are written. */
export async function eachPage(
  store: Pick<Store, 'list'>,
  signal: AbortSignal | undefined,
  take: (rows: readonly TrackedCall[]) => Promise<void>,
): Promise<void> {
  let after = null
  for (;;) {
    signal?.throwIfAborted()
    const rows: readonly TrackedCall[] = await store.list({
      order: 'newest',
      after,
      limit: CALLS_AT_A_TIME,
    })
    await take(rows)
    const last = rows.at(-1)
    if (last === undefined || rows.length < CALLS_AT_A_TIME) return
    after = { at: last.firstReceivedAt, provider: last.provider, callId: last.callId }
  }
}
