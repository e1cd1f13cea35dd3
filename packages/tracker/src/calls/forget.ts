import { TrackerError } from '../error.ts'
import { withoutReason } from '../intake/fold.ts'
import { messageKey } from '../intake/message-key.ts'
import type { Store } from '../store.ts'
import type { Correction, FinalChange, FinalData, FinalValue, PayloadRef } from './final-data.ts'
import type { FoldRules } from './fold-entry.ts'
import { foldHistory, withFinal } from './fold-history.ts'
import { withHandedOut } from './ledger.ts'
import { isPayloadRef } from './payload-ref.ts'
import type { CallRef, HistoryEntry, MessageEntry } from './tracked-call.ts'

/** How often a call that is written to all the time is tried. */
const MAX_TRIES = 100

/**
 * Removes the payloads of a call and the provider's free text, for good; the lifecycle stays, and so do
 * cost, duration, who hung up and whether a machine answered. References into payloads say that what they
 * referred to is gone. What comes later is kept without payload too. False where there is no such call.
 * Idempotent.
 */
export async function forgetCall(
  store: Store,
  rules: FoldRules,
  ref: CallRef,
  now: number,
): Promise<boolean> {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const [stored] = await store.load([ref])
    if (stored === undefined) return false
    const { row } = stored
    const history = await store.history(ref)
    // An entry was added since the row was read: read again.
    if (history.length !== row.events) continue
    const entries = bareEntries(history, ref, rules)
    const anew = foldHistory(entries, rules).row
    const forgotten = {
      ...row,
      ...anew,
      attempts: withHandedOut(anew?.attempts ?? [], row.attempts),
      forgottenAt: row.forgottenAt ?? now,
      revision: row.revision + 1,
    }
    if (await store.replace({ row: forgotten, basedOn: row.revision, entries })) return true
  }
  throw new TrackerError(
    'store-failed',
    `The call was written to by others ${MAX_TRIES} times in a row. Try again.`,
  )
}

/** The entries without what may hold personal data, and without digests of it. */
function bareEntries(
  history: readonly HistoryEntry[],
  ref: CallRef,
  { provider }: FoldRules,
): readonly HistoryEntry[] {
  /** By the key that an entry had: the one that it has now. */
  const keys = new Map<string, string>()
  const taken = new Set<string>()
  const bare = history.map((entry): HistoryEntry => {
    if (entry.type === 'rebuilt') return entry
    // What 0.1 did not read from the message can be read now for the last time.
    const event = withoutReason(withFinal(entry, provider))
    const own = keyOfBare({ ...entry, event }, ref)
    const key = taken.has(own) ? `${own}:${entry.sequence}` : own
    keys.set(entry.key, key)
    taken.add(key)
    return { ...entry, key, event, payload: null }
  })
  return bare.map((entry): HistoryEntry => {
    if (entry.decided === null) return entry
    const facts = entry.decided.facts.flatMap((fact) => bareFact(fact, keys))
    return { ...entry, decided: { ...entry.decided, facts } }
  })
}

function keyOfBare({ type, event }: MessageEntry, ref: CallRef): string {
  const { provider, callId } = ref
  const { final = {}, ...said } = event
  const own = { event: { ...said, provider, callId }, final, digest: null }
  return messageKey({ type, ...own, isWhole: false, sameAs: null })
}

/** What was handed out, without free text: what was said of it is gone as a whole. */
function bareFact(fact: FinalChange, keys: ReadonlyMap<string, string>): readonly FinalChange[] {
  const { attempt, finalData, ready, corrected } = fact
  const others = corrected.filter(({ field }) => field !== 'reason')
  const bare = {
    attempt,
    finalData: finalData === null ? null : bareData(finalData),
    ready,
    corrected: others.map(
      ({ field, before, now, message }): Correction => ({
        field,
        before: bareValue(before),
        now: bareValue(now),
        message: message === null ? null : (keys.get(message) ?? message),
      }),
    ),
  }
  return ready.length + others.length === 0 ? [] : [bare]
}

function bareData(data: FinalData): FinalData {
  const { recording, transcript, extraction } = data
  return {
    ...data,
    recording: pruned(recording),
    transcript: pruned(transcript),
    extraction: pruned(extraction),
    reason: null,
  }
}

function bareValue(value: FinalValue | null): FinalValue | null {
  return isPayloadRef(value) ? pruned(value) : value
}

function pruned(ref: PayloadRef | null): PayloadRef | null {
  return ref === null ? null : { ...ref, pruned: true }
}
