import { EMPTY_CALL, observe, replay } from 'callstate'
import { type Data, fieldsOf, isFields, parsePayload } from './payload-data-fields.ts'
import {
  comparePlaces,
  createNamedAttempts,
  endOf,
  namedAttempt,
  type Place,
  placeIn,
} from './payload-data-place.ts'
import { createDataTree, type DataTree } from './payload-data-tree.ts'
import { sameData } from './same-data.ts'
import type { HistoryEntry, StoredEvent } from './tracked-call.ts'

export type { Data } from './payload-data-fields.ts'

/**
 * The fields of all messages of a call, merged. Newer data fills fields and never erases: null, `""`,
 * an empty list or object and a missing field say nothing and do not overwrite. Objects are merged
 * field by field; lists and other values are replaced as a whole. Fields without a value are not there.
 *
 * "Newer" is by the call's lifecycle first (attempt, then phase of the status) and by the provider's
 * time only within a phase, so that a wrong clock does not let the partial cost that comes with
 * `call-disconnected` win over the final one of `completed`. Where a call was told two ends, what came
 * with the one that counts goes before what came with the other. A message that names no attempt belongs
 * to the latest that others name and that had begun at its time; without a time to the latest; before
 * all of them to the first. What tells no status stands before what does, in its attempt. The result
 * depends on the set of entries, never on their order. Texts that are no JSON object are skipped. Pure;
 * never throws.
 *
 * @example
 * mergePayloads(await tracker.history(ref))['total_cost'] // 22.99
 */
export function mergePayloads(entries: readonly HistoryEntry[]): Data {
  return treeOf(entries).data()
}

/**
 * The fields that have a value in `after` and had none in `before`, as dotted paths in the order of
 * `after`; an object comes before its own fields. Pure.
 *
 * @example
 * fieldsGained({ cost: 1 }, { cost: 2, extracted_data: { name: 'A' } })
 * // ['extracted_data', 'extracted_data.name']
 */
export function fieldsGained(before: Data, after: Data): readonly string[] {
  return gainedUnder('', fieldsOf(before), fieldsOf(after))
}

/** Merges the messages of one call as they come. */
export interface Merger {
  /** How many entries were added. */
  readonly size: number
  /**
   * Adds an entry and returns the paths that got a value by it; see `fieldsGained`. Costs what its
   * message costs, but for the rare entry that tells of an attempt, or of its beginning, what others
   * that name none are placed by, or that ends the call: then all are merged anew.
   */
  add(entry: HistoryEntry): readonly string[]
  /** What `mergePayloads` gives for the entries so far; the caller's alone. */
  data(): Data
}

/** A merger without entries. */
export function createMerger(): Merger {
  const entries: HistoryEntry[] = []
  const named = createNamedAttempts()
  /** The entries that name no attempt, with the one that each was put in. */
  const unsaid = new Map<HistoryEntry, number>()
  let tree = createDataTree()
  let call = EMPTY_CALL

  function put(entry: HistoryEntry): readonly string[] {
    const attempt = named.attemptOf(entry)
    if (namedAttempt(entry) === null) unsaid.set(entry, attempt)
    return tree.put(fieldsOf(parsePayload(entry)), placeIn(attempt, entry, endOf(call)))
  }

  return {
    get size() {
      return entries.length
    },
    add(entry) {
      entries.push(entry)
      const end = endOf(call)
      if (entry.decision !== null) call = observe(call, entry.event).call
      const mayMove = named.hear(entry)
      const moves =
        endOf(call) !== end ||
        (mayMove && [...unsaid].some(([one, was]) => named.attemptOf(one) !== was))
      if (!moves) return put(entry)
      const before = tree.data()
      tree = createDataTree()
      for (const one of entries) put(one)
      return fieldsGained(before, tree.data())
    },
    data: () => tree.data(),
  }
}

/** Whether the merged data of a call's other entries are changed by this one. Pure. */
export function bringsData(entry: HistoryEntry, others: readonly HistoryEntry[]): boolean {
  const merger = createMerger()
  for (const other of others) merger.add(other)
  const before = merger.data()
  merger.add(entry)
  return !sameData(before, merger.data())
}

/** All entries at once, in their order by place, so that the fields come in one order too. */
function treeOf(entries: readonly HistoryEntry[]): DataTree {
  const named = createNamedAttempts()
  for (const entry of entries) named.hear(entry)
  const end = endOf(replay(entries.flatMap(statusOf)).call)
  const placed = entries.map((entry): readonly [Place, HistoryEntry] => [
    placeIn(named.attemptOf(entry), entry, end),
    entry,
  ])
  const tree = createDataTree()
  for (const [place, entry] of placed.toSorted(([a], [b]) => comparePlaces(a, b))) {
    tree.put(fieldsOf(parsePayload(entry)), place)
  }
  return tree
}

/** The event of an entry that tells a status; nothing of one that brings data alone. */
function statusOf({ event, decision }: HistoryEntry): readonly StoredEvent[] {
  return decision === null ? [] : [event]
}

function gainedUnder(prefix: string, before: Data, after: Data): readonly string[] {
  return Object.entries(after).flatMap(([name, value]) => {
    const path = `${prefix}${name}`
    const known = Object.hasOwn(before, name) ? before[name] : undefined
    const own = known === undefined ? [path] : []
    if (!isFields(value)) return own
    return [...own, ...gainedUnder(`${path}.`, isFields(known) ? known : {}, value)]
  })
}
