import { delayMs } from '../backoff.ts'
import { DEFAULTS } from '../defaults.ts'
import { errorName } from '../error-name.ts'
import type { Logger } from '../logger.ts'
import { sleep as realSleep, type Sleep } from '../sleep.ts'
import type { Store, StoredChange } from '../store.ts'
import { createWakeUp } from '../wake-up.ts'
import { type Change, changeOf, type DecidedEntry, isDecided } from './change.ts'
import { type Changes, createChanges } from './changes.ts'
import { decidedHistory } from './decided-history.ts'
import type { FoldRules } from './fold-entry.ts'

/** What a follower needs. */
export interface FollowerSettings {
  readonly store: Pick<Store, 'position' | 'changes' | 'history' | 'onStored'>
  readonly rulesOf: (provider: string) => FoldRules
  readonly logger: Logger
  /** Ends it when it aborts. */
  readonly closing: AbortSignal
  readonly sleep?: Sleep
  readonly random?: () => number
}

/**
 * Tells the changes that this and every other process stores. It reads the store while somebody listens:
 * when `wake` says that something was stored, when the store says so, and once a second in any case.
 */
export interface Follower extends Pick<Changes, 'listen' | 'watch'> {
  /** Something was stored. */
  wake(): void
  /**
   * Resolves when nothing that is stored from now on is missed by those who listen; at once where nobody
   * does, and as soon as the store has failed to say where it stands.
   */
  placed(): Promise<void>
  /** Whether `placed` has resolved. */
  readonly isPlaced: boolean
  /** Resolves like `placed`, but not where the store fails; then it is asked until it answers, or nobody listens. */
  begun(): Promise<void>
  /** Resolves when nothing is read any more; call it when `closing` has aborted. */
  ended(): Promise<void>
}

/** What is read from one position on, as long as somebody listens. */
interface Round {
  readonly stop: AbortController
  wake(): void
  /** Resolves when the store has said once where it stands, or that it cannot. */
  readonly placed: Promise<void>
  isPlaced(): boolean
  /** Resolves when the position is known, or the round has ended. */
  readonly begun: Promise<void>
  readonly ended: Promise<void>
}

/** Makes a follower that reads nothing until somebody listens. */
export function createFollower(settings: FollowerSettings): Follower {
  const { logger, closing } = settings
  const rounds = new Set<Round>()
  let current: Round | null = null
  const changes = createChanges(logger, (listeners) => {
    if (listeners > 0 && current === null && !closing.aborted) begin()
    if (listeners === 0) end()
  })
  closing.addEventListener('abort', end)

  function begin(): void {
    const round = startRound(settings, changes)
    current = round
    rounds.add(round)
    void round.ended.then(() => rounds.delete(round))
  }

  function end(): void {
    current?.stop.abort()
    current = null
  }

  return {
    listen: changes.listen,
    watch: changes.watch,
    wake: () => current?.wake(),
    placed: async () => current?.placed,
    get isPlaced() {
      return current?.isPlaced() ?? true
    },
    begun: async () => current?.begun,
    async ended() {
      await Promise.all([...rounds].map((round) => round.ended))
    },
  }
}

function startRound(settings: FollowerSettings, changes: Pick<Changes, 'tell'>): Round {
  const { store, sleep = realSleep } = settings
  const { everyMs, batch } = DEFAULTS.follower
  const stop = new AbortController()
  const { signal } = stop
  const wakeUp = createWakeUp()
  const first = createMoment()
  const start = createMoment()

  async function follow(): Promise<void> {
    let position = await insist(settings, signal, async () => {
      try {
        return await store.position()
      } finally {
        first.come()
      }
    })
    start.come()
    const stopListening = store.onStored(wakeUp.call)
    try {
      while (position !== null && !signal.aborted) {
        const from: string = position
        const read = await insist(settings, signal, async () => {
          const page = await store.changes(from, { limit: batch })
          return {
            ...page,
            told: await Promise.all(page.changes.map((one) => told(settings, one))),
          }
        })
        if (read === null) return
        for (const change of read.told) if (!signal.aborted) changes.tell(change)
        position = read.position
        if (!read.hasMore) await wakeUp.calledWithin(everyMs, sleep, signal)
      }
    } finally {
      stopListening()
    }
  }

  const ended = follow().finally(() => {
    first.come()
    start.come()
  })
  const { isOver: isPlaced } = first
  return { stop, wake: wakeUp.call, placed: first.came, isPlaced, begun: start.came, ended }
}

/** A stored entry as a change. What release 0.1 left undecided is decided by the call's whole history. */
async function told(
  { store, rulesOf }: FollowerSettings,
  { provider, callId, entry, before }: StoredChange,
): Promise<Change> {
  const ref = { provider, callId }
  if (isDecided(entry) && (before !== null || entry.sequence === 1)) {
    return changeOf(ref, entry, before)
  }
  const history = await store.history(ref, { limit: entry.sequence })
  const entries = decidedHistory(history, rulesOf(provider))
  const own = entries[entry.sequence - 1]
  if (own === undefined) throw new Error('The store told a change that is in no history.')
  const last: DecidedEntry | undefined = entries[entry.sequence - 2]
  return changeOf(ref, own, last?.decided ?? null)
}

/** Asks the store until it answers; null where nobody waits for it any more. */
async function insist<Answer>(
  { logger, sleep = realSleep, random = Math.random }: FollowerSettings,
  signal: AbortSignal,
  ask: () => Promise<Answer>,
): Promise<Answer | null> {
  for (let failures = 0; !signal.aborted; failures++) {
    try {
      return await ask()
    } catch (error) {
      if (signal.aborted) break
      const message = 'What was stored could not be read for those who watch; it is tried again.'
      logger.warn({ error: errorName(error) }, message)
    }
    await sleep(delayMs(DEFAULTS.follower.backoff, failures, random), signal)
  }
  return null
}

/** Something that comes once. */
function createMoment(): { readonly came: Promise<void>; come(): void; isOver(): boolean } {
  let come = () => {}
  let isOver = false
  const came = new Promise<void>((resolve) => {
    come = resolve
  })
  return {
    came,
    come() {
      isOver = true
      come()
    },
    isOver: () => isOver,
  }
}
