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
 *
 * What is final of the attempt is handed as it is now, since the call went on without the letter, and what
 * came then was handled. It may go on while the letter is handled: where something final changed
 * meanwhile, the letter is handed once more, so that nothing old stands last.
 */
export async function handleLetter(run: ConsumerRun, letter: DeadLetter): Promise<void> {
  const { context, name } = run
  const { store } = context
  const handled = await handleUpToDate(run, letter)
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

async function handleUpToDate(run: ConsumerRun, letter: DeadLetter): Promise<Handled> {
  const { store } = run.context
  const hasFields = run.settings.filters.some((filter) => typeof filter === 'object')
  let history = await store.history(letter)
  for (;;) {
    if (run.stopping.aborted) return { kind: 'aborted' }
    const fired = firedEntries(run, letter, history, 'now')
    const entry = fired.find(({ sequence }) => sequence === letter.sequence)
    if (entry === undefined) return MISSING
    const handled = await handleEntry(run, entry)
    if (handled.kind !== 'done' || !hasFields) return handled
    const more = await store.history(letter, { after: history.at(-1)?.sequence ?? 0 })
    if (!more.some(({ decided }) => decided !== null && decided.facts.length > 0)) return handled
    history = [...history, ...more]
  }
}
