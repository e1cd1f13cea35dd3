import type { Decision } from 'callstate'
import type { Change } from '../calls/change.ts'
import { bringsData } from '../calls/payload-data.ts'
import {
  type CallRef,
  type HistoryEntry,
  keyOfRef,
  type TrackedCall,
} from '../calls/tracked-call.ts'
import { TrackerError } from '../error.ts'
import type { CallWrite, Store } from '../store.ts'
import { type Folded, type FoldRules, fold } from './fold.ts'
import type { IntakeLimits } from './intake-limits.ts'
import type { Message } from './message.ts'

/** Messages of a failed batch that are tried one by one before the rest is given up. */
const FAILURES_BEFORE_GIVING_UP = 3

/** What became of a message. */
export interface Taken {
  readonly decision: Decision
  readonly repeated: boolean
  readonly row: TrackedCall
  readonly sequence: number | null
}

/** Takes messages in, many at a time. */
export interface Intake {
  /** Resolves when the message is durable. Rejects with a `TrackerError` where the store failed. */
  take(message: Message, receivedAt: number): Promise<Taken>
  /** Lets go of what is remembered of a call. */
  forget(ref: CallRef): void
  /** Resolves when nothing is waiting. */
  idle(): Promise<void>
}

/** What an intake needs. */
export interface IntakeSettings {
  readonly store: Store
  readonly rulesOf: (provider: string) => FoldRules
  /** Hears what was stored; must not throw. */
  readonly onChange: (change: Change) => void
  readonly now: () => number
  readonly limits: IntakeLimits
}

interface Waiting {
  readonly message: Message
  readonly receivedAt: number
  readonly resolve: (taken: Taken) => void
  readonly reject: (error: Error) => void
  lostRaces: number
}

interface Known {
  readonly row: TrackedCall | undefined
  readonly keys: Set<string>
}

interface Group {
  readonly ref: CallRef
  readonly waiting: Waiting[]
}

/** What a group leads to: a write, unless everything in it was stored before. */
interface Outcome {
  readonly group: Group
  readonly known: Known
  readonly write: CallWrite | null
  readonly changes: readonly Change[]
  readonly taken: readonly Omit<Taken, 'row'>[]
}

/**
 * An intake that writes in groups: while one batch is on its way to the store, what comes in waits and
 * goes together in the next, so that under load many messages share one commit. A row is written only
 * over the revision that it was made from; who loses that race reads and folds again.
 */
export function createIntake(settings: IntakeSettings): Intake {
  const { store, limits } = settings
  const queue: Waiting[] = []
  // In order of use: the first is the one that was not used for the longest time.
  const cache = new Map<string, Known>()
  // Calls of which a write failed, so that nobody knows whether it was done.
  const uncertain = new Set<string>()
  let draining: Promise<void> | null = null
  let waiting = 0
  let waitingCharacters = 0

  async function drain(): Promise<void> {
    try {
      while (queue.length > 0) {
        // What comes in during one turn of the event loop goes together: one commit serves many requests.
        // It also lets everything else run beside a store that answers at once.
        await new Promise((resolve) => setImmediate(resolve))
        await commit(queue.splice(0, limits.batch))
      }
    } finally {
      draining = null
    }
  }

  /** Resolves with whether the store took the batch as a whole. */
  async function commit(batch: readonly Waiting[]): Promise<boolean> {
    const groups = groupsOf(batch)
    let outcomes: readonly Outcome[]
    let written: ReadonlySet<string>
    try {
      await load(groups)
      // All reading comes before the writing, so that none that fails leaves something written untold.
      outcomes = await refreshed(await Promise.all(groups.map(foldGroup)))
      written = await append(outcomes.flatMap(({ write }) => write ?? []))
    } catch (error) {
      if (uncertain.size > limits.cachedCalls) uncertain.clear()
      for (const { ref } of groups) {
        cache.delete(keyOfRef(ref))
        uncertain.add(keyOfRef(ref))
      }
      await recover(batch, error)
      return false
    }
    for (const outcome of outcomes) {
      const key = keyOfRef(outcome.group.ref)
      if (outcome.write === null || written.has(key)) finish(outcome)
      else again(outcome.group)
    }
    for (const key of cache.keys()) {
      if (cache.size <= limits.cachedCalls) break
      cache.delete(key)
    }
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

  /**
   * Reads the calls that are not in memory and may be in the store. One that is heard of for the first
   * time is taken for a new one without asking, as it mostly is: where it is not, the write is refused,
   * and then it is read.
   */
  async function load(groups: readonly Group[]): Promise<void> {
    const missing = groups
      .filter(
        ({ ref, waiting }) =>
          uncertain.has(keyOfRef(ref)) || waiting.some(({ lostRaces }) => lostRaces > 0),
      )
      .map(({ ref }) => ref)
      .filter((ref) => !cache.has(keyOfRef(ref)))
    if (missing.length === 0) return
    const stored = await store.load(missing)
    for (const [place, ref] of missing.entries()) {
      const found = stored[place]
      cache.set(keyOfRef(ref), { row: found?.row, keys: new Set(found?.keys) })
    }
  }

  async function foldGroup(group: Group): Promise<Outcome> {
    const rules = settings.rulesOf(group.ref.provider)
    const known = cache.get(keyOfRef(group.ref)) ?? { row: undefined, keys: new Set<string>() }
    const keys = new Set<string>()
    const entries: HistoryEntry[] = []
    const changes: Change[] = []
    const taken: Omit<Taken, 'row'>[] = []
    let { row } = known
    for (const { message, receivedAt } of group.waiting) {
      let folded = fold(row, message, receivedAt, rules)
      const { key } = folded.entry
      if (known.keys.has(key) || keys.has(key)) {
        taken.push({ decision: folded.entry.decision, repeated: true, sequence: null })
        continue
      }
      folded = await enriched(folded, entries)
      keys.add(key)
      entries.push(folded.entry)
      changes.push(folded.change)
      row = folded.row
      const { decision, sequence } = folded.entry
      taken.push({ decision, repeated: false, sequence })
    }
    if (row === undefined || entries.length === 0) {
      return { group, known, write: null, changes, taken }
    }
    // However many entries: one write, one revision.
    const basedOn = known.row?.revision ?? 0
    const write = { row: { ...row, revision: basedOn + 1 }, basedOn, entries }
    return { group, known, write, changes, taken }
  }

  /** A repeated status whose message brings new data is a duplicate that enriches, and says so. */
  async function enriched(folded: Folded, pending: readonly HistoryEntry[]): Promise<Folded> {
    const { entry, change } = folded
    if (entry.decision.kind !== 'duplicate' || entry.decision.enriched) return folded
    if (entry.payload === null || entry.sequence > limits.searchedEntries) return folded
    const history = [...(await store.history(change)), ...pending]
    if (!bringsData(entry, history)) return folded
    const decision: Decision = { ...entry.decision, enriched: true }
    return { ...folded, entry: { ...entry, decision }, change: { ...change, decision } }
  }

  /** What was only repeated is answered with the row as it is now, which others may have written. */
  async function refreshed(outcomes: readonly Outcome[]): Promise<readonly Outcome[]> {
    const repeated = outcomes.filter(({ write }) => write === null)
    const rows =
      repeated.length === 0 ? [] : await store.load(repeated.map(({ group }) => group.ref))
    return outcomes.map((outcome) => {
      const stored = rows[repeated.indexOf(outcome)]
      if (stored === undefined) return outcome
      return { ...outcome, known: { row: stored.row, keys: new Set(stored.keys) } }
    })
  }

  async function append(writes: readonly CallWrite[]): Promise<ReadonlySet<string>> {
    if (writes.length === 0) return new Set()
    const written = await store.append(writes, { now: settings.now() })
    return new Set(writes.flatMap(({ row }, place) => (written[place] ? [keyOfRef(row)] : [])))
  }

  function finish({ group, known, write, changes, taken }: Outcome): void {
    const key = keyOfRef(group.ref)
    const row = write?.row ?? known.row
    for (const entry of write?.entries ?? []) known.keys.add(entry.key)
    uncertain.delete(key)
    cache.delete(key)
    cache.set(key, { row, keys: known.keys })
    for (const change of changes) settings.onChange(change)
    for (const [place, { resolve, reject }] of group.waiting.entries()) {
      const one = taken[place]
      if (one === undefined || row === undefined) reject(new Error('A message got no answer.'))
      else resolve({ ...one, row })
    }
  }

  function again({ ref, waiting }: Group): void {
    cache.delete(keyOfRef(ref))
    for (const one of waiting.toReversed()) {
      if (++one.lostRaces > limits.lostRaces) {
        one.reject(storeFailed(new Error(`lost against other writers ${limits.lostRaces} times`)))
      } else queue.unshift(one)
    }
  }

  return {
    take(message, receivedAt) {
      const characters = message.payload?.length ?? 0
      if (
        waiting >= limits.waiting ||
        (waiting > 0 && waitingCharacters + characters > limits.waitingCharacters)
      ) {
        return Promise.reject(tooMany())
      }
      waiting++
      waitingCharacters += characters
      const taken = new Promise<Taken>((resolve, reject) => {
        queue.push({ message, receivedAt, resolve, reject, lostRaces: 0 })
      })
      draining ??= drain()
      return taken.finally(() => {
        waiting--
        waitingCharacters -= characters
      })
    },
    forget: (ref) => void cache.delete(keyOfRef(ref)),
    async idle() {
      while (draining !== null) await draining
    },
  }
}

function groupsOf(batch: readonly Waiting[]): readonly Group[] {
  const groups = new Map<string, Group>()
  for (const one of batch) {
    const { provider, callId } = one.message.event
    const ref = { provider, callId }
    const key = keyOfRef(ref)
    const group = groups.get(key) ?? { ref, waiting: [] }
    group.waiting.push(one)
    groups.set(key, group)
  }
  return [...groups.values()]
}

function tooMany(): TrackerError {
  return new TrackerError(
    'store-failed',
    'The store is too slow: as many messages wait for it as may. Deliver the event again.',
  )
}

function storeFailed(cause: unknown): TrackerError {
  if (cause instanceof TrackerError) return cause
  return new TrackerError(
    'store-failed',
    'The event could not be stored; nothing of it was acknowledged. Deliver it again.',
    { cause },
  )
}
