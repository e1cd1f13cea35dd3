import { delayMs } from '../backoff.ts'
import { errorName } from '../error-name.ts'
import type { ClaimEnd, ConsumerClaim } from '../store.ts'
import type { ConsumerRun } from './consumer-run.ts'
import { STORE_BACKOFF } from './settings.ts'

/** Signs of life in the time of one lease: two may fail. */
const BEATS_PER_LEASE = 3

/** A lease counts as lost this share of its time before others get the call, so that a handler can end. */
const SAFETY_SHARE = 0.1

/** A claimed call, kept from others while it is worked on. */
export interface Lease {
  /** Aborts when the call may be another worker's; nothing is written to it from then on. */
  readonly lost: AbortSignal
  /** Asks the store until it answers; undefined where the lease was lost or the consumer ends before. */
  insist<Answer>(ask: () => Promise<Answer>): Promise<Answer | undefined>
  /** Stores that everything up to `position` was handled. False where the call is not ours any more. */
  keep(position: number): Promise<boolean>
  /** Gives the call free. */
  end(end: ClaimEnd): Promise<void>
  /** Stops the signs of life; the lease then runs out by itself unless it was ended. */
  close(): void
}

/** How a call was claimed. */
export interface LeaseTerms {
  readonly owner: string
  /** Until when the store keeps the call from others, by our clock. */
  readonly until: number
}

/**
 * Keeps a claim alive. Whether the lease still holds is measured with timers and not with the clock,
 * which may jump: it is lost when the store says so, or has not confirmed it for nearly as long as it lasts.
 */
export function holdLease(
  run: ConsumerRun,
  claim: ConsumerClaim,
  { owner, until: claimedUntil }: LeaseTerms,
): Lease {
  const { context, name, settings, aborting } = run
  const { store, logger } = context
  const lost = new AbortController()
  const closed = new AbortController()
  let { position } = claim
  let ending = false
  const watchdogs = new Set<AbortController>()
  let watchdog = watch(Math.min(claimedUntil - context.now(), settings.leaseMs))
  let last: Promise<unknown> = Promise.resolve()

  /** Loses the lease shortly before it has run out, unless the controller is aborted by then. */
  function watch(leftMs: number): AbortController {
    const confirmed = new AbortController()
    watchdogs.add(confirmed)
    void settings.sleep(Math.max(0, leftMs * (1 - SAFETY_SHARE)), confirmed.signal).then(() => {
      watchdogs.delete(confirmed)
      if (!confirmed.signal.aborted) lose()
    })
    return confirmed
  }

  function lose(): void {
    if (closed.signal.aborted || lost.signal.aborted) return
    logger.warn({ consumer: name }, 'A consumer lost the lease of a call; another worker goes on.')
    lost.abort()
    close()
  }

  function close(): void {
    closed.abort()
    for (const one of watchdogs) one.abort()
  }

  /** One at a time, so that a slow write never puts the cursor back. */
  function inTurn<Answer>(write: () => Promise<Answer>): Promise<Answer> {
    const answer = last.then(write)
    last = answer.catch(() => {})
    return answer
  }

  async function confirm(): Promise<boolean> {
    if (closed.signal.aborted) return false
    // The lease is counted from before the question, as the store does.
    const until = context.now() + settings.leaseMs
    const next = watch(settings.leaseMs)
    try {
      const isOurs = await store.keepClaim(name, claim, owner, { position, until })
      if (!isOurs) lose()
      if (closed.signal.aborted) next.abort()
      watchdog.abort()
      watchdog = next
      return isOurs && !lost.signal.aborted
    } catch (error) {
      next.abort()
      throw error
    }
  }

  async function insist<Answer>(ask: () => Promise<Answer>): Promise<Answer | undefined> {
    for (let failures = 0; ; failures++) {
      if (lost.signal.aborted) return undefined
      try {
        return await untilLost(ask())
      } catch (error) {
        logger.warn({ consumer: name, error: errorName(error) }, STORE_FAILED)
      }
      if (lost.signal.aborted || aborting.aborted) return undefined
      await settings.sleep(delayMs(STORE_BACKOFF, failures, settings.random), closed.signal)
    }
  }

  /** A store that does not answer must not hold a worker for ever. */
  function untilLost<Answer>(answer: Promise<Answer>): Promise<Answer | undefined> {
    return new Promise((resolve, reject) => {
      const giveUp = () => resolve(undefined)
      lost.signal.addEventListener('abort', giveUp)
      if (lost.signal.aborted) giveUp()
      answer.then(resolve, reject).finally(() => lost.signal.removeEventListener('abort', giveUp))
    })
  }

  async function beat(): Promise<void> {
    while (!closed.signal.aborted) {
      await settings.sleep(settings.leaseMs / BEATS_PER_LEASE, closed.signal)
      if (closed.signal.aborted || ending) continue
      try {
        await inTurn(confirm)
      } catch (error) {
        logger.warn({ consumer: name, error: errorName(error) }, STORE_FAILED)
      }
    }
  }
  void beat()

  return {
    lost: lost.signal,
    insist,
    async keep(reached) {
      position = reached
      return (await insist(() => inTurn(confirm))) === true
    },
    async end(end) {
      ending = true
      await insist(() => inTurn(() => store.endClaim(name, claim, owner, end)))
      close()
    },
    close,
  }
}

const STORE_FAILED = 'The store failed a consumer, which tries again.'
