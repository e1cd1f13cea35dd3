import { delayMs } from '../backoff.ts'
import { keyOfRef } from '../calls/tracked-call.ts'
import { DEFAULTS } from '../defaults.ts'
import { isTrackerError, TrackerError } from '../error.ts'
import { errorName } from '../error-name.ts'
import { createWakeUp } from '../wake-up.ts'
import { workThrough } from './claimed-call.ts'
import type { ConsumerRun } from './consumer-run.ts'
import { handleLetter, letterClaimMs } from './replayed-letter.ts'
import { latestDueAt, STORE_BACKOFF } from './settings.ts'

/** What claims calls and dead letters and has them handled, a limited number at once. */
export interface ConsumerLoop {
  /** Resolves when the consumer is registered; rejects where it was stopped before. */
  readonly ready: Promise<void>
  /** Resolves when the loop has ended and with it everything that it began. */
  readonly ended: Promise<void>
  /** Looks for work at once. */
  wake(): void
  /** Resolves when a look found nothing due and nothing is running, or the loop has ended. */
  idle(): Promise<void>
}

/** Runs until `run.stopping` aborts. Store failures are logged and waited out; nothing ever rejects but `ready`. */
export function runLoop(run: ConsumerRun): ConsumerLoop {
  const { context, name, settings, stopping } = run
  const { store, logger } = context
  const calls = new Map<string, Promise<void>>()
  const letters = new Set<Promise<void>>()
  const idlers = new Set<() => void>()
  const wakeUp = createWakeUp()
  let claims = 0
  let mayHaveLetters = true
  let lettersFirst = false
  let isFilling = true
  let isOver = false

  const free = () => settings.concurrency - calls.size - letters.size

  /** Runs a piece of work; its failure is logged, and what it held is claimed again later. */
  async function begin(work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      logger.error(
        { consumer: name, error: errorName(error) },
        'A consumer broke off; what it held is tried again when its claim has run out.',
      )
    }
  }

  async function claimCalls(): Promise<boolean> {
    const limit = free()
    if (limit <= 0) return true
    // An owner for each claim: a late answer to an old one cannot end a new one.
    const owner = `${id}-${++claims}`
    const now = context.now()
    const until = now + settings.leaseMs
    const claimed = await store.claimCalls(name, {
      now,
      until,
      limit,
      owner,
      latest: latestDueAt(now, settings),
    })
    for (const claim of claimed) {
      const key = keyOfRef(claim)
      // It may be free in the store and still be ending here, or its handler be slow to obey an abort.
      const before = calls.get(key)
      const work = begin(async () => {
        await before
        await workThrough(run, claim, { owner, until })
      }).then(() => {
        if (calls.get(key) === work) calls.delete(key)
        wakeUp.call()
      })
      calls.set(key, work)
    }
    return claimed.length > 0
  }

  async function claimLetters(): Promise<boolean> {
    const limit = free()
    if (!mayHaveLetters || limit <= 0) return mayHaveLetters
    const now = context.now()
    const until = now + letterClaimMs(run)
    const claimed = await store.claimDeadLetters(name, { now, until, limit })
    mayHaveLetters = claimed.length === limit
    for (const letter of claimed) {
      const work = begin(() => handleLetter(run, letter)).then(() => {
        letters.delete(work)
        wakeUp.call()
      })
      letters.add(work)
    }
    return claimed.length > 0
  }

  async function look(): Promise<void> {
    const asking = [...idlers]
    // By turns, so that neither many dead letters nor many calls keep the others waiting.
    lettersFirst = !lettersFirst
    const [one, other] = lettersFirst ? [claimLetters, claimCalls] : [claimCalls, claimLetters]
    const found = [await one(), await other()]
    if (found.includes(true) || calls.size + letters.size > 0 || isFilling) return
    for (const resolve of asking) {
      idlers.delete(resolve)
      resolve()
    }
  }

  /** Does it until it succeeds; false where the consumer stops before. Rejects with what is final. */
  async function insist(
    work: () => Promise<void>,
    isFinal = (_: unknown) => false,
  ): Promise<boolean> {
    for (let failures = 0; !stopping.aborted; failures++) {
      try {
        await work()
        return true
      } catch (error) {
        if (isFinal(error)) throw error
        const said = 'The store failed a consumer, which tries again.'
        logger.warn({ consumer: name, error: errorName(error) }, said)
      }
      await settings.sleep(delayMs(STORE_BACKOFF, failures, settings.random), stopping)
    }
    return false
  }

  async function tick(): Promise<void> {
    while (!stopping.aborted) {
      await settings.sleep(settings.everyMs, stopping)
      mayHaveLetters = true
      wakeUp.call()
    }
  }

  async function register(): Promise<void> {
    const { from } = settings
    const begin = () => store.registerConsumer(name, { from, now: context.now() })
    const isDone = await insist(begin, isRefusal)
    if (!isDone) throw new TrackerError('closed', 'The consumer was stopped before it began.')
  }

  /** Makes the calls that were there before known to the consumer, step by step, beside handling them. */
  async function fill(): Promise<void> {
    const { fillBatch: limit, fillPauseMs } = DEFAULTS.consumer
    let hasMore = true
    const step = async () => {
      hasMore = await store.fillConsumer(name, { limit, now: context.now() })
    }
    while (hasMore && (await insist(step))) {
      wakeUp.call()
      if (hasMore) await settings.sleep(fillPauseMs, stopping)
    }
    isFilling = false
    wakeUp.call()
  }

  async function go(): Promise<void> {
    try {
      await ready
    } catch (error) {
      if (isRefusal(error)) logger.error({ consumer: name }, NOT_BEGUN)
      isOver = true
    }
    const working = isOver ? [] : [tick(), fill()]
    while (!isOver && (await insist(look))) await wakeUp.called()
    isOver = true
    await Promise.all([...working, ...calls.values(), ...letters])
    for (const resolve of idlers) resolve()
  }

  const id = context.newId()
  const ready = register()
  return {
    ready,
    ended: go(),
    wake: wakeUp.call,
    idle() {
      if (stopping.aborted || isOver) return Promise.resolve()
      return new Promise((resolve) => {
        idlers.add(resolve)
        mayHaveLetters = true
        wakeUp.call()
      })
    },
  }
}

const NOT_BEGUN =
  'A consumer does not run: its name is new to this store, which has calls, and "from" does not say where it begins.'

/** Whether the store will say the same at every try. */
function isRefusal(error: unknown): boolean {
  return isTrackerError(error) && error.code === 'invalid-option'
}
