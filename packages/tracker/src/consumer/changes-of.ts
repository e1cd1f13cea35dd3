import { type Change, changeOf, type DecidedEntry } from '../calls/change.ts'
import type { FinalData } from '../calls/final-data.ts'
import { parsePayload } from '../calls/payload-data-fields.ts'
import type { CallRef } from '../calls/tracked-call.ts'
import type { AttemptData } from './attempt-data.ts'
import type { ConsumedChange } from './consumed-change.ts'
import { type Fact, factsOf, messageFacts } from './facts.ts'
import type { ChangeFilter } from './when.ts'

/** What fires in one entry. */
export interface FiredEntry {
  readonly sequence: number
  /**
   * The changes that the filters let through, in the order of the filters, each with a key that no other of
   * the call has. Functions are asked here; throws what they throw.
   */
  changes(): readonly ConsumedChange[]
}

/** How a history is handed on. */
export interface FiringOptions {
  readonly filters: readonly ChangeFilter[]
  /** The data of the attempts, by how many entries were heard. */
  readonly data: AttemptData
}

/**
 * What fires in each entry of a history, in its order. The history must be whole, from its first entry on:
 * a fact that comes again has another key. Everything is taken from the entries, as it was decided when the
 * messages came. Pure, but for what functions do.
 */
export function firedIn(
  ref: CallRef,
  entries: readonly DecidedEntry[],
  { filters, data }: FiringOptions,
): readonly FiredEntry[] {
  const keys = createKeys(ref)
  const finals = new Map<number, FinalData | null>()
  return entries.map((entry, place) => {
    const change = changeOf(ref, entry, entries[place - 1]?.decided ?? null)
    for (const { attempt, finalData } of entry.decided.facts) finals.set(attempt, finalData)
    const handed = (fact: Fact, key: string): ConsumedChange => {
      const { attempt, corrected } = fact
      return consumed(change, { key, attempt, corrected, finalData: heard.get(attempt) ?? null })
    }
    // What is final of the attempts that this entry can be about, as it is now.
    const about = [change.attempt, change.call.attempt, ...change.facts.map((fact) => fact.attempt)]
    const heard = new Map(about.map((attempt) => [attempt, finals.get(attempt) ?? null]))
    const fired = filters.map((filter) =>
      typeof filter === 'function'
        ? []
        : factsOf(filter, change, entry).flatMap((fact) => {
            const key = keys.of(fact)
            return key === null ? [] : [handed(fact, key)]
          }),
    )
    const messages = messageFacts(change, entry).map((fact) => handed(fact, keys.plain(fact)))

    function consumed(
      from: Change,
      own: Pick<ConsumedChange, 'key' | 'attempt' | 'corrected' | 'finalData'>,
    ): ConsumedChange {
      return {
        ...from,
        ...own,
        get data() {
          return data.at(place + 1, own.attempt)
        },
        get payload() {
          return parsePayload(entry)
        },
      }
    }

    return {
      sequence: entry.sequence,
      changes: () =>
        unique(
          filters.flatMap((filter, index) =>
            typeof filter === 'function' ? messages.filter(filter) : (fired[index] ?? []),
          ),
        ),
    }
  })
}

/** A message that several filters let through is handed over once. */
function unique(changes: readonly ConsumedChange[]): readonly ConsumedChange[] {
  return changes.filter(
    ({ key }, place) => changes.findIndex((other) => other.key === key) === place,
  )
}

interface Keys {
  /** The fact's key; null where it was there before and does not repeat. */
  of(fact: Fact): string | null
  /** The key of a fact of which there is one alone. */
  plain(fact: Fact): string
}

function createKeys({ provider, callId }: CallRef): Keys {
  const times = new Map<string, number>()
  const plain = ({ attempt, name, scope }: Fact) => {
    const call = `${provider}/${callId}`
    return scope === 'call' ? `${call}/${name}` : `${call}/${attempt}/${name}`
  }
  return {
    plain,
    of(fact) {
      const key = plain(fact)
      const time = (times.get(key) ?? 0) + 1
      times.set(key, time)
      if (time === 1) return key
      return fact.repeats ? `${key}.${time}` : null
    },
  }
}
