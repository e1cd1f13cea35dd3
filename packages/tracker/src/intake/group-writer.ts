import type { FoldRules } from '../calls/fold-entry.ts'
import { keyOfRef } from '../calls/tracked-call.ts'
import type { Store } from '../store.ts'
import { foldGroup, type Group, type GroupRules, type TakeResult } from './fold-group.ts'
import type { IntakeLimits } from './limits.ts'
import { knownOf, type RowCache, unknownCall } from './row-cache.ts'

/** What became of groups that were written together. */
export interface WrittenGroups {
  /** What is stored now, and what was stored before. */
  readonly done: readonly TakeResult[]
  /** Groups whose call somebody else has written meanwhile: they have to be folded again. */
  readonly outrun: readonly Group[]
}

/** What writing groups needs. */
export interface GroupWriterSettings {
  readonly store: Store
  readonly cache: RowCache
  /** By provider. */
  readonly rules: ReadonlyMap<string, FoldRules>
  readonly now: () => number
  readonly limits: IntakeLimits
}

/** Reads what has to be known of the calls of groups, folds them, and writes them in one batch. */
export interface GroupWriter {
  /** Rejects where the store fails: then nobody knows whether anything was written. */
  write(groups: readonly Group[]): Promise<WrittenGroups>
}

/** Makes a writer of groups. */
export function createGroupWriter(settings: GroupWriterSettings): GroupWriter {
  const { store, cache, now, limits } = settings
  const rules = new Map<string, GroupRules>()
  for (const [name, own] of settings.rules) rules.set(name, { ...own, limits, store })

  /**
   * Reads the calls that have to be read: of which a write failed or was refused. One that is not in
   * memory is taken for a new one without asking, as it mostly is: where it is not, the write is refused.
   * Data makes no call, so whether there is one has to be known.
   */
  async function load(groups: readonly Group[]): Promise<void> {
    const missing = groups
      .filter(({ ref }) => cache.get(ref) === undefined)
      .filter(
        ({ ref, waiting }) =>
          cache.isDoubted(ref) || waiting.some(({ message }) => message.type === 'data'),
      )
      .map(({ ref }) => ref)
    if (missing.length === 0) return
    const stored = await store.load(missing)
    for (const [place, ref] of missing.entries()) {
      const found = stored[place]
      if (found !== undefined) cache.set(ref, knownOf(found))
    }
  }

  async function folded(group: Group): Promise<TakeResult> {
    const { provider } = group.ref
    const own = rules.get(provider)
    if (own === undefined) throw new Error(`There is no provider ${provider}.`)
    const known = cache.get(group.ref) ?? unknownCall()
    return foldGroup(group, known, own)
  }

  /** What adds nothing is answered with the row as it is now, which others may have written. */
  async function refreshed(results: readonly TakeResult[]): Promise<readonly TakeResult[]> {
    const unwritten = results.filter(({ write }) => write === null)
    if (unwritten.length === 0) return results
    const rows = await store.load(unwritten.map(({ group }) => group.ref))
    return results.map((result) => {
      const stored = rows[unwritten.indexOf(result)]
      if (stored === undefined) return result
      // A call that data was not kept for has appeared meanwhile.
      const isOutdated = result.known.row === undefined
      return { ...result, known: knownOf(stored), isOutdated }
    })
  }

  async function append(results: readonly TakeResult[]): Promise<ReadonlySet<string>> {
    const writes = results.flatMap(({ write }) => write ?? [])
    if (writes.length === 0) return new Set()
    const written = await store.append(writes, { now: now() })
    return new Set(writes.flatMap(({ row }, place) => (written[place] ? [keyOfRef(row)] : [])))
  }

  return {
    async write(groups) {
      await load(groups)
      // All reading comes before the writing, so that none that fails leaves something written untold.
      const results = await refreshed(await Promise.all(groups.map(folded)))
      const written = await append(results)
      const isDone = ({ write, group, isOutdated }: TakeResult) =>
        !isOutdated && (write === null || written.has(keyOfRef(group.ref)))
      return {
        done: results.filter(isDone),
        outrun: results.filter((result) => !isDone(result)).map(({ group }) => group),
      }
    },
  }
}
