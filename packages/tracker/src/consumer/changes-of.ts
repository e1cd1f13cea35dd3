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
  /**
   * What is final of an attempt in the facts of `ready`, `corrected` and `gained`: as it was with their
   * entry, or as it is with the last one. As it is now, what has no value any more is not `ready` or
   * `gained`.
   */
  readonly final?: 'then' | 'now'
}

/**
 * What fires in each entry of a history, in its order. The history must be whole, from its first entry on:
 * a fact that comes again has another key. Everything is taken from the entries, as it was decided when the
 * messages came. Pure, but for what functions do.
 */
export function firedIn(
  ref: CallRef,
  entries: readonly DecidedEntry[],
  { filters, data, final = 'then' }: FiringOptions,
): readonly FiredEntry[] {
  const keys = createKeys(ref)
  const finals = new Map<number, FinalData | null>()
  return entries.map((entry, place) => {
    const change = changeOf(ref, entry, entries[place - 1]?.decided ?? null)
    for (const { attempt, finalData } of entry.decided.facts) finals.set(attempt, finalData)
    // What is final of the attempts that this entry can be about, as it is with it.
    const about = [change.attempt, change.call.attempt, ...change.facts.map((fact) => fact.attempt)]
    const heard = new Map(about.map((attempt) => [attempt, finals.get(attempt) ?? null]))
    const fired = filters.map((filter) =>
      typeof filter === 'function' ? [] : keyed(factsOf(filter, change, entry), keys),
    )
    const messages = messageFacts(change, entry)

    function handed(fact: Fact, key: string): readonly ConsumedChange[] {
      const { attempt, field, corrected } = fact
      if (field === null || final === 'then') {
        return [
          consumed(change, { key, attempt, corrected, finalData: heard.get(attempt) ?? null }),
        ]
      }
      // Asked for when the whole history was read.
      const finalData = finals.get(attempt) ?? null
      const isGone = corrected === null && (finalData?.[field] ?? null) === null
      return isGone ? [] : [consumed(change, { key, attempt, corrected, finalData })]
    }

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
            typeof filter === 'function'
              ? messages.flatMap((fact) => handed(fact, keys.plain(fact))).filter(filter)
              : (fired[index] ?? []).flatMap(({ fact, key }) => handed(fact, key)),
          ),
        ),
    }
  })
}

interface KeyedFact {
  readonly fact: Fact
  readonly key: string
}

function keyed(facts: readonly Fact[], keys: Keys): readonly KeyedFact[] {
  return facts.flatMap((fact) => {
    const key = keys.of(fact)
    return key === null ? [] : [{ fact, key }]
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
    const call = `${provider}/${escaped(callId)}`
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

/** An identifier with which no key of another call can be made: it may hold whatever the provider likes. */
function escaped(callId: string): string {
  return callId.replaceAll('%', '%25').replaceAll('/', '%2F')
}
