import { DEFAULTS } from '../defaults.ts'
import type { DeadLetter } from '../store.ts'
import { firedEntries } from './claimed-call.ts'
import type { ConsumerRun } from './consumer-run.ts'
import { type Handled, handleEntry } from './handle-change.ts'

/**
 * How long a dead letter is claimed, in milliseconds: as long as handling it can take, since this claim
 * is not prolonged, and the lease for the store.
 */
export function letterClaimMs({ settings }: ConsumerRun): number {
  return Math.ceil(settings.handlerTimeoutMs) + DEFAULTS.consumer.abortGraceMs + settings.leaseMs
}

const MISSING: Handled = { kind: 'failed', error: "It is not in its call's history any more." }

/**
 * Handles a dead letter once more: it is gone where that succeeds, and set aside again where it fails.
 * Where the consumer stops before, it is tried again when its claim has run out.
 */
export async function handleLetter(run: ConsumerRun, letter: DeadLetter): Promise<void> {
  const { context, name } = run
  const { store } = context
  const fired = firedEntries(run, letter, await store.history(letter))
  const entry = fired.find(({ sequence }) => sequence === letter.sequence)
  if (run.stopping.aborted) return
  const handled = entry === undefined ? MISSING : await handleEntry(run, entry)
  switch (handled.kind) {
    case 'aborted':
      return
    case 'left-out':
      return store.endDeadLetter(letter.id, { handled: true })
    case 'done':
      context.metrics.handled(name, 'done')
      return store.endDeadLetter(letter.id, { handled: true })
    case 'failed': {
      context.metrics.handled(name, 'dead')
      const { error } = handled
      return store.endDeadLetter(letter.id, { handled: false, error, at: context.now() })
    }
    default:
      handled satisfies never
  }
}
