import { TrackerError } from './error.ts'
import type { Store } from './store.ts'

/** A store whose tables are made before its first use. */
export interface ReadyStore {
  /** The store; each of its methods first waits until it is ready. */
  readonly store: Store
  /** Resolves when the tables are there. A failure is tried anew the next time. Rejects once closed. */
  ready(): Promise<void>
  /** Whether somebody has asked for the tables by now. */
  isUsed(): boolean
  /** Whether the tables are there, and the tracker is not closed. */
  isReady(): boolean
}

/** Makes a store ready at its first use. */
export function createReadyStore(store: Store, closing: AbortSignal): ReadyStore {
  let migrated: Promise<void> | null = null
  let hasTables = false

  async function ready(): Promise<void> {
    if (closing.aborted) throw new TrackerError('closed', 'The tracker was closed.')
    migrated ??= store.migrate()
    try {
      await migrated
      hasTables = true
    } catch (error) {
      migrated = null
      throw error
    }
  }

  const whenReady =
    <Args extends readonly unknown[], Answer>(method: (...args: Args) => Promise<Answer>) =>
    async (...args: Args): Promise<Answer> => {
      await ready()
      return method(...args)
    }

  return {
    ready,
    isUsed: () => migrated !== null,
    isReady: () => hasTables && !closing.aborted,
    store: {
      migrate: ready,
      load: whenReady((refs) => store.load(refs)),
      append: whenReady((writes, options) => store.append(writes, options)),
      replace: whenReady((write) => store.replace(write)),
      history: whenReady((ref, page) => store.history(ref, page)),
      list: whenReady((query) => store.list(query)),
      position: whenReady(() => store.position()),
      changes: whenReady((after, page) => store.changes(after, page)),
      onStored: (listener) => store.onStored(listener),
      claimSilent: whenReady((claim) => store.claimSilent(claim)),
      postponePoll: whenReady((ref, poll) => store.postponePoll(ref, poll)),
      registerConsumer: whenReady((name, begin) => store.registerConsumer(name, begin)),
      fillConsumer: whenReady((name, step) => store.fillConsumer(name, step)),
      removeConsumer: whenReady((name) => store.removeConsumer(name)),
      claimCalls: whenReady((consumer, claim) => store.claimCalls(consumer, claim)),
      endClaim: whenReady((consumer, ref, owner, end) => store.endClaim(consumer, ref, owner, end)),
      keepClaim: whenReady((consumer, ref, owner, keep) =>
        store.keepClaim(consumer, ref, owner, keep),
      ),
      deadLetters: whenReady((page) => store.deadLetters(page)),
      reviveDeadLetters: whenReady((consumer, which) => store.reviveDeadLetters(consumer, which)),
      claimDeadLetters: whenReady((consumer, claim) => store.claimDeadLetters(consumer, claim)),
      endDeadLetter: whenReady((id, end) => store.endDeadLetter(id, end)),
      counts: whenReady((at) => store.counts(at)),
      close: () => store.close(),
    },
  }
}
