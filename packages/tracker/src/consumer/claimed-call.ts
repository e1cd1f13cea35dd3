import { delayMs } from '../backoff.ts'
import { decidedHistory } from '../calls/decided-history.ts'
import type { CallRef, HistoryEntry } from '../calls/tracked-call.ts'
import type { ClaimEnd, ConsumerClaim } from '../store.ts'
import { attemptDataOf } from './attempt-data.ts'
import { type FiredEntry, firedIn } from './changes-of.ts'
import type { ConsumerRun } from './consumer-run.ts'
import { handleEntry } from './handle-change.ts'
import { holdLease, type Lease, type LeaseTerms } from './lease.ts'

/**
 * Handles what a claimed call has for the consumer, one change after the other, until there is nothing
 * left, one fails, or the consumer stops; then gives the call free. Writes nothing once the lease is lost.
 */
export async function workThrough(
  run: ConsumerRun,
  claim: ConsumerClaim,
  terms: LeaseTerms,
): Promise<void> {
  const lease = holdLease(run, claim, terms)
  try {
    // The whole history: whether a fact fires again can only be told from all before it.
    const history = await lease.insist(() => run.context.store.history(claim))
    const fired = firedEntries(run, claim, history ?? [])
    const left = fired.filter(({ sequence }) => sequence > claim.position)
    await lease.end(await handleAll(run, claim, left, lease))
  } finally {
    lease.close()
  }
}

/** What fires for the consumer in each entry of a history; `final` as `FiringOptions` has it. */
export function firedEntries(
  { context, settings }: ConsumerRun,
  { provider, callId }: CallRef,
  history: readonly HistoryEntry[],
  final: 'then' | 'now' = 'then',
): readonly FiredEntry[] {
  const ref = { provider, callId }
  const rules = context.rulesOf(provider)
  return firedIn(ref, decidedHistory(history, rules), {
    filters: settings.filters,
    data: attemptDataOf(history, rules.provider),
    final,
  })
}

/** How the claim is to end. */
async function handleAll(
  run: ConsumerRun,
  claim: ConsumerClaim,
  entries: readonly FiredEntry[],
  lease: Lease,
): Promise<ClaimEnd> {
  const { context, name, settings, stopping } = run
  let { position, tries } = claim
  for (const entry of entries) {
    if (stopping.aborted || lease.lost.aborted) break
    // Tried as often as it may be, and nobody was left to say so: it takes the process with it.
    const isDeadly = tries >= settings.retry.maxTries
    const handled = await handleEntry(run, entry, lease.lost, isDeadly)
    if (handled.kind === 'aborted') break
    if (handled.kind === 'failed') {
      tries++
      const isDead = tries >= settings.retry.maxTries
      context.metrics.handled(name, isDead ? 'dead' : 'retry')
      const { provider, callId } = claim
      context.logger.warn(
        { consumer: name, provider, callId, sequence: entry.sequence, tries },
        isDead ? 'A change was set aside as a dead letter.' : 'A change could not be handled.',
      )
      return isDead ? setAside(run, entry, handled.error) : laterAgain(run, position, tries)
    }
    position = entry.sequence
    // The cursor is not moved for what is left out, so the tries may have been the next one's.
    if (handled.kind === 'left-out') continue
    tries = 0
    context.metrics.handled(name, 'done')
    if (entry !== entries.at(-1) && !(await lease.keep(position))) break
  }
  // A store that names a call without having anything new of it must not be asked in a closed circle.
  const isStuck = position === claim.position && !stopping.aborted
  return { position, tries, nextAt: context.now() + (isStuck ? settings.everyMs : 0) }
}

function setAside({ context }: ConsumerRun, { sequence }: FiredEntry, error: string): ClaimEnd {
  const at = context.now()
  return { position: sequence, tries: 0, nextAt: at, deadLetter: { sequence, error, at } }
}

function laterAgain({ context, settings }: ConsumerRun, position: number, tries: number): ClaimEnd {
  const { retry, random } = settings
  return { position, tries, nextAt: context.now() + delayMs(retry, tries - 1, random) }
}
