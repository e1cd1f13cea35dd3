import type { Decision } from 'callstate'
import type { FoldRules } from '../calls/fold-entry.ts'
import { bringsData } from '../calls/payload-data.ts'
import { type CallRef, type HistoryEntry, keyOfRef } from '../calls/tracked-call.ts'
import type { CallWrite, Store } from '../store.ts'
import { type Folded, fold } from './fold.ts'
import type { IntakeLimits } from './limits.ts'
import { identityIn } from './message-key.ts'
import { ofToday, withOlderCorrected } from './of-today.ts'
import type { KnownCall } from './row-cache.ts'
import type { Taken, Waiting } from './waiting-queue.ts'

/** Messages of one call that are written together, in their order. */
export interface Group {
  readonly ref: CallRef
  readonly waiting: readonly Waiting[]
}

/** What a group leads to. */
export interface TakeResult {
  readonly group: Group
  /** Null where nothing is added. */
  readonly write: CallWrite | null
  /** What each entry that is added leads to. */
  readonly folded: readonly Folded[]
  /** What becomes of each message; the row stands in `known`. */
  readonly taken: readonly Omit<Taken, 'row'>[]
  /** What is known of the call when it is written, but for the identities of what is added. */
  readonly known: KnownCall
  readonly added: ReadonlySet<string>
  /** Whether something was known too late, so that all is to be done again. */
  readonly isOutdated: boolean
}

/** What folding a group needs beside it. */
export interface GroupRules extends FoldRules {
  readonly limits: Pick<IntakeLimits, 'searchedEntries' | 'dataMessages'>
  readonly store: Pick<Store, 'history'>
}

/** Folds messages of one call on top of what is known of it. Reads the store, writes nothing. */
export async function foldGroup(
  group: Group,
  before: KnownCall,
  rules: GroupRules,
): Promise<TakeResult> {
  const added = new Set<string>()
  const entries: HistoryEntry[] = []
  const stored: Folded[] = []
  const taken: Omit<Taken, 'row'>[] = []
  let { dataMessages } = before
  const today = before.row === undefined ? undefined : await ofToday(before.row, rules)
  let row = today?.row
  let older = today?.olderLedgers ?? null
  for (const { message, receivedAt } of group.waiting) {
    // Data of a call that nobody has told a status of makes no call.
    if (message.type === 'data' && row === undefined) {
      taken.push({ message, decision: null, repeated: false, sequence: null })
      continue
    }
    const folded = fold(row, message, receivedAt, rules)
    const identity = identityIn(folded.entry.key)
    const repeated = before.identities.has(identity) || added.has(identity)
    if (repeated || (message.type === 'data' && dataMessages >= rules.limits.dataMessages)) {
      taken.push({ message, decision: folded.entry.decision, repeated, sequence: null })
      continue
    }
    const corrected = older === null ? folded : withOlderCorrected(folded, older)
    older = null
    const written = await enriched(corrected, entries, rules)
    added.add(identity)
    if (message.type === 'data') dataMessages++
    entries.push(written.entry)
    stored.push(written)
    row = folded.row
    const { decision, sequence } = written.entry
    taken.push({ message, decision, repeated: false, sequence })
  }
  if (row === undefined || entries.length === 0) {
    return { group, write: null, folded: [], taken, known: before, added, isOutdated: false }
  }
  // However many entries: one write, one revision.
  const basedOn = before.row?.revision ?? 0
  const written = { ...row, revision: basedOn + 1 }
  const known = { ...before, row: written, dataMessages }
  return {
    group,
    write: { row: written, basedOn, entries },
    folded: stored,
    taken,
    known,
    added,
    isOutdated: false,
  }
}

/** A repeated status whose message brings new data is a duplicate that enriches, and says so. */
async function enriched(
  folded: Folded,
  pending: readonly HistoryEntry[],
  { limits, store, provider }: GroupRules,
): Promise<Folded> {
  const { row, entry } = folded
  if (entry.type !== 'event' || entry.decision.kind !== 'duplicate' || entry.decision.enriched)
    return folded
  if (entry.payload === null || entry.sequence > limits.searchedEntries) return folded
  const history = [...(await store.history(row)), ...pending]
  if (!bringsData(entry, history, provider)) return folded
  const decision: Decision = { ...entry.decision, enriched: true }
  return { ...folded, entry: { ...entry, decision } }
}

/**
 * Messages by their call, in the order in which they came, but for data: what came at once with the status
 * that makes the call belongs to it.
 */
export function groupsOf(batch: readonly Waiting[]): readonly Group[] {
  const groups = new Map<string, { readonly ref: CallRef; readonly waiting: Waiting[] }>()
  for (const one of batch) {
    const { provider, callId } = one.message.event
    const ref = { provider, callId }
    const key = keyOfRef(ref)
    const group = groups.get(key) ?? { ref, waiting: [] }
    group.waiting.push(one)
    groups.set(key, group)
  }
  return [...groups.values()].map(({ ref, waiting }) => ({
    ref,
    waiting: waiting.some(isData) ? waiting.toSorted(byType) : waiting,
  }))
}

function byType(a: Waiting, b: Waiting): number {
  return Number(isData(a)) - Number(isData(b))
}

function isData({ message }: Waiting): boolean {
  return message.type === 'data'
}
