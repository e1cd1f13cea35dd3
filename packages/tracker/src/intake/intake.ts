import type { FoldRules } from '../calls/fold-entry.ts'
import type { CallRef } from '../calls/tracked-call.ts'
import { TrackerError } from '../error.ts'
import type { Store } from '../store.ts'
import type { Folded } from './fold.ts'
import { type Group, groupsOf, type TakeResult } from './fold-group.ts'
import { createGroupWriter, type WrittenGroups } from './group-writer.ts'
import type { IntakeLimits } from './limits.ts'
import type { Message } from './message.ts'
import { createRowCache } from './row-cache.ts'
import { createWaitingQueue, type Taken, type Waiting } from './waiting-queue.ts'

/** Messages of a failed batch that are tried one by one before the rest is given up. */
const FAILURES_BEFORE_GIVING_UP = 3

/** Takes messages in, many at a time. */
export interface Intake {
  /**
   * Resolves when everything that one message says is durable, with what became of each. Rejects with a
   * `TrackerError` where the store failed: then some of it may be stored, and to take it again is right.
   */
  take(messages: readonly Message[], receivedAt: number): Promise<readonly Taken[]>
  /** Lets go of what is remembered of a call. */
  forget(ref: CallRef): void
  /** Resolves when nothing is waiting. */
  idle(): Promise<void>
}

/** What an intake needs. */
export interface IntakeSettings {
  readonly store: Store
  /** By provider. */
  readonly rules: ReadonlyMap<string, FoldRules>
  /** Hears what was stored; must not throw. */
  readonly onStored: (folded: Folded) => void
  readonly now: () => number
  readonly limits: IntakeLimits
}

/**
 * An intake that writes in groups: while one batch is on its way to the store, what comes in waits and
 * goes together in the next, so that under load many messages share one commit.
 *
 * Nothing that it remembers has to be true: a row is written only over the revision that it was made
 * from, and who loses that race reads and folds again. So whatever is forgotten, or changed by others,
 * costs a reading and no more.
 */
export function createIntake(settings: IntakeSettings): Intake {
  const { limits } = settings
  const queue = createWaitingQueue(limits)
  const cache = createRowCache(limits.cachedCalls)
  const writer = createGroupWriter({ ...settings, cache })
  let draining: Promise<void> | null = null

  async function drain(): Promise<void> {
    try {
      while (!queue.isEmpty) {
        // What comes in during one turn of the event loop goes together: one commit serves many requests.
        // It also lets everything else run beside a store that answers at once.
        await new Promise((resolve) => setImmediate(resolve))
        await commit(queue.next(limits.batch))
      }
    } finally {
      draining = null
    }
  }

  /** Resolves with whether the store took the batch as a whole. */
  async function commit(batch: readonly Waiting[]): Promise<boolean> {
    const groups = groupsOf(batch)
    let written: WrittenGroups
    try {
      written = await writer.write(groups)
    } catch (error) {
      for (const { ref } of groups) cache.doubt(ref)
      await recover(batch, error)
      return false
    }
    for (const result of written.done) finish(result)
    for (const group of written.outrun) again(group)
    return true
  }

  /** One message that the store does not take must not take the others with it. */
  async function recover(batch: readonly Waiting[], error: unknown): Promise<void> {
    if (batch.length === 1) return batch[0]?.reject(storeFailed(error))
    let failures = 0
    for (const [place, one] of batch.entries()) {
      if (failures === FAILURES_BEFORE_GIVING_UP) {
        for (const rest of batch.slice(place)) rest.reject(storeFailed(error))
        return
      }
      failures = (await commit([one])) ? 0 : failures + 1
    }
  }

  function finish({ group, known, added, folded, taken }: TakeResult): void {
    const row = known.row ?? null
    for (const identity of added) known.identities.add(identity)
    if (row !== null) cache.set(group.ref, known)
    for (const one of folded) settings.onStored(one)
    for (const [place, { resolve, reject }] of group.waiting.entries()) {
      const one = taken[place]
      if (one === undefined) reject(new Error('A message got no answer.'))
      else resolve({ ...one, row })
    }
  }

  function again({ ref, waiting }: Group): void {
    cache.doubt(ref)
    const goOn = waiting.filter((one) => ++one.lostRaces <= limits.lostRaces)
    for (const one of waiting) {
      if (goOn.includes(one)) continue
      one.reject(storeFailed(new Error(`lost against other writers ${limits.lostRaces} times`)))
    }
    queue.putBack(goOn)
  }

  return {
    take(messages, receivedAt) {
      const taken = queue.add(messages, receivedAt)
      if (!queue.isEmpty) draining ??= drain()
      return taken
    },
    forget: cache.delete,
    async idle() {
      while (draining !== null) await draining
    },
  }
}

function storeFailed(cause: unknown): TrackerError {
  if (cause instanceof TrackerError) return cause
  return new TrackerError(
    'store-failed',
    'The event could not be stored; nothing of it was acknowledged. Deliver it again.',
    { cause },
  )
}
