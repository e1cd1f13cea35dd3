import { replay } from 'callstate'
import type { Provider } from 'callstate/providers'
import { TrackerError } from '../error.ts'
import { withoutReason } from '../intake/fold.ts'
import { messageKey } from '../intake/message-key.ts'
import type { Store } from '../store.ts'
import { type CallRef, type HistoryEntry, withStatus } from './tracked-call.ts'

/** How often a call that is written to all the time is tried. */
const MAX_TRIES = 100

/**
 * Removes the payloads of a call and the provider's free text, for good; the lifecycle stays, and what
 * comes later is kept without payload too. False where there is no such call. Idempotent.
 */
export async function forgetCall(
  store: Store,
  provider: Provider,
  ref: CallRef,
  now: number,
): Promise<boolean> {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const [stored] = await store.load([ref])
    if (stored === undefined) return false
    const { row } = stored
    const history = await store.history(ref)
    // An entry was added since the row was read: read again.
    if (history.length !== row.events) continue
    const keys = new Set<string>()
    const entries = history.map((entry): HistoryEntry => {
      const event = withoutReason(entry.event)
      // The old key is a digest of what is removed.
      const bare = messageKey({
        type: entry.decision === null ? 'data' : 'event',
        event: { ...event, ...ref },
        said: null,
        isWhole: false,
        sameAs: null,
      })
      const key = keys.has(bare) ? `${bare}:${entry.sequence}` : bare
      keys.add(key)
      return { ...entry, key, event, payload: null }
    })
    const statuses = entries.filter(({ decision }) => decision !== null)
    const { call } = replay(
      statuses.map(({ event }) => event),
      { provider },
    )
    const forgotten = {
      ...row,
      ...withStatus(call),
      forgottenAt: row.forgottenAt ?? now,
      revision: row.revision + 1,
    }
    if (await store.replace({ row: forgotten, basedOn: row.revision, entries })) return true
  }
  throw new TrackerError(
    'store-failed',
    `The call was written to by others ${MAX_TRIES} times in a row. Try again.`,
  )
}
