import { delayMs } from '../backoff.ts'
import type { ClaimEnd, ConsumerClaim } from '../store.ts'
import { type ConsumedChange, changesOf } from './changes-of.ts'
import type { ConsumerRun } from './consumer-run.ts'
import { handleChange } from './handle-change.ts'
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
    const changes = await changesSince(run, claim, lease)
    await lease.end(await handleAll(run, claim, changes, lease))
  } finally {
    lease.close()
  }
}

async function changesSince(
  { context }: ConsumerRun,
  claim: ConsumerClaim,
  lease: Lease,
): Promise<readonly ConsumedChange[]> {
  // The whole history: what an entry changed can only be told from all before it.
  const entries = await lease.insist(() => context.store.history(claim))
  const provider = context.providers.get(claim.provider)
  const retryPolicy = context.retryPolicyOf(claim.provider)
  const changes = changesOf(claim, entries ?? [], { provider, retryPolicy })
  return changes.filter(({ sequence }) => sequence > claim.position)
}

/** How the claim is to end. */
async function handleAll(
  run: ConsumerRun,
  claim: ConsumerClaim,
  changes: readonly ConsumedChange[],
  lease: Lease,
): Promise<ClaimEnd> {
  const { context, name, settings, stopping } = run
  let { position, tries } = claim
  for (const change of changes) {
    if (stopping.aborted || lease.lost.aborted) break
    // Tried as often as it may be, and nobody was left to say so: it takes the process with it.
    const isDeadly = tries >= settings.retry.maxTries
    const handled = await handleChange(run, change, lease.lost, isDeadly)
    if (handled.kind === 'aborted') break
    if (handled.kind === 'failed') {
      tries++
      const isDead = tries >= settings.retry.maxTries
      context.metrics.handled(name, isDead ? 'dead' : 'retry')
      const { provider, callId, sequence } = change
      context.logger.warn(
        { consumer: name, provider, callId, sequence, tries },
        isDead ? 'A change was set aside as a dead letter.' : 'A change could not be handled.',
      )
      return isDead ? setAside(run, change, handled.error) : laterAgain(run, position, tries)
    }
    position = change.sequence
    // The cursor is not moved for what is left out, so the tries may have been the next one's.
    if (handled.kind === 'left-out') continue
    tries = 0
    context.metrics.handled(name, 'done')
    if (change !== changes.at(-1) && !(await lease.keep(position))) break
  }
  // A store that names a call without having anything new of it must not be asked in a closed circle.
  const isStuck = position === claim.position && !stopping.aborted
  return { position, tries, nextAt: context.now() + (isStuck ? settings.everyMs : 0) }
}

function setAside({ context }: ConsumerRun, { sequence }: ConsumedChange, error: string): ClaimEnd {
  const at = context.now()
  return { position: sequence, tries: 0, nextAt: at, deadLetter: { sequence, error, at } }
}

function laterAgain({ context, settings }: ConsumerRun, position: number, tries: number): ClaimEnd {
  const { retry, random } = settings
  return { position, tries, nextAt: context.now() + delayMs(retry, tries - 1, random) }
}
