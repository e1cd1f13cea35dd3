import { type CallRef, keyOfRef, type TrackedCall } from '../calls/tracked-call.ts'
import type { StoredCall } from '../store.ts'
import { identityIn, isDataKey } from './message-key.ts'

/** What is known of a stored call; it may be out of date, which its revision tells when it is written. */
export interface KnownCall {
  /** Undefined where nothing is known. */
  readonly row: TrackedCall | undefined
  /** What tells its entries apart; grows with them. */
  readonly identities: Set<string>
  /** How many of its entries tell no status. */
  readonly dataMessages: number
}

/** A call of which nothing is known. */
export function unknownCall(): KnownCall {
  return { row: undefined, identities: new Set(), dataMessages: 0 }
}

/** What a store said of a call. */
export function knownOf({ row, keys }: StoredCall): KnownCall {
  return {
    row,
    identities: new Set(keys.map(identityIn)),
    dataMessages: keys.filter(isDataKey).length,
  }
}

/** The calls that were written or read last, so that most messages need no reading. */
export interface RowCache {
  get(ref: CallRef): KnownCall | undefined
  /** Keeps a call; the one that was not set for the longest time makes room. */
  set(ref: CallRef, known: KnownCall): void
  /** Remembers that a call has to be read, since nobody knows what is stored of it. */
  doubt(ref: CallRef): void
  isDoubted(ref: CallRef): boolean
  delete(ref: CallRef): void
}

/** A cache without calls, for so many at most. */
export function createRowCache(maxCalls: number): RowCache {
  // In the order in which they were set: the first is the oldest. Null has to be read.
  const calls = new Map<string, KnownCall | null>()

  function keep(ref: CallRef, known: KnownCall | null): void {
    const key = keyOfRef(ref)
    calls.delete(key)
    calls.set(key, known)
    for (const oldest of calls.keys()) {
      if (calls.size <= maxCalls) break
      calls.delete(oldest)
    }
  }

  return {
    get: (ref) => calls.get(keyOfRef(ref)) ?? undefined,
    set: keep,
    doubt: (ref) => keep(ref, null),
    isDoubted: (ref) => calls.get(keyOfRef(ref)) === null,
    delete: (ref) => void calls.delete(keyOfRef(ref)),
  }
}
