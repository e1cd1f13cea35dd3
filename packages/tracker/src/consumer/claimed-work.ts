import { keyOfRef } from '../calls/tracked-call.ts'
import { errorName } from '../error-name.ts'
import { workThrough } from './claimed-call.ts'
import type { ConsumerRun } from './consumer-run.ts'
import { handleLetter, letterClaimMs } from './replayed-letter.ts'
import { latestDueAt } from './settings.ts'

/** The calls and dead letters that are being handled, a limited number at once. */
export interface ClaimedWork {
  /** How many are being handled. */
  readonly size: number
  /** Claims and begins what is due and has room; whether there was any, or there may be more. */
  claim(): Promise<boolean>
  /** There may be dead letters to handle again. */
  expectLetters(): void
  /** Resolves when all that was begun has ended. */
  ended(): Promise<void>
}

/** `onEnd` hears when a piece of work has ended. */
export function createClaimedWork(run: ConsumerRun, onEnd: () => void): ClaimedWork {
  const { context, name, settings } = run
  const { store, logger } = context
  const calls = new Map<string, Promise<void>>()
  const letters = new Set<Promise<void>>()
  const id = context.newId()
  let claims = 0
  let mayHaveLetters = true
  let lettersFirst = false

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
    const latest = latestDueAt(now, settings)
    const claimed = await store.claimCalls(name, { now, until, limit, owner, latest })
    for (const claim of claimed) {
      const key = keyOfRef(claim)
      // It may be free in the store and still be ending here, or its handler be slow to obey an abort.
      const before = calls.get(key)
      const work = begin(async () => {
        await before
        await workThrough(run, claim, { owner, until })
      }).then(() => {
        if (calls.get(key) === work) calls.delete(key)
        onEnd()
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
        onEnd()
      })
      letters.add(work)
    }
    return claimed.length > 0
  }

  return {
    get size() {
      return calls.size + letters.size
    },
    async claim() {
      // By turns, so that neither many dead letters nor many calls keep the others waiting.
      lettersFirst = !lettersFirst
      const [one, other] = lettersFirst ? [claimLetters, claimCalls] : [claimCalls, claimLetters]
      return [await one(), await other()].includes(true)
    },
    expectLetters() {
      mayHaveLetters = true
    },
    async ended() {
      await Promise.all([...calls.values(), ...letters])
    },
  }
}
