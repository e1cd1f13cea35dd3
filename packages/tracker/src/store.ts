import type { CallStatus } from 'callstate'
import type { CallRef, Decided, HistoryEntry, TrackedCall } from './calls/tracked-call.ts'

/** What a store knows of a call when a batch begins. */
export interface StoredCall {
  readonly row: TrackedCall
  /** The keys of every entry of its history. */
  readonly keys: readonly string[]
}

/**
 * New entries of one call and the row that they lead to. It is written only where the stored row still
 * has the revision `basedOn` (0: there is no row yet); then entries and row are written together.
 */
export interface CallWrite {
  readonly row: TrackedCall
  readonly basedOn: number
  /** The entries to add; their sequences follow on those that are stored. */
  readonly entries: readonly HistoryEntry[]
}

/** The time of a writing, by the writer's clock. */
export interface AppendOptions {
  readonly now: number
}

/**
 * The order of a list: by when a call was first heard of, the newest first, or by when it is due (the
 * earlier of `dueAt` and `dataDueAt`, or the one that `overdue.why` names), which leaves out calls that
 * are never due. Equal times may stand in any fixed order.
 */
export type ListOrder = 'newest' | 'due'

/** Where a page begins: after the call with this time (the one that the order goes by) and name. */
export interface ListPosition extends CallRef {
  readonly at: number
}

/** Which calls to list. What is left out does not limit; every limit that is there must hold. */
export interface StoreQuery {
  readonly provider?: string
  /** Statuses that the call may have; null stands for calls of which no status of the table was heard. */
  readonly statuses?: readonly (CallStatus | null)[]
  readonly settled?: boolean
  /** First heard of at this time or later, and before. */
  readonly openedFrom?: number
  readonly openedBefore?: number
  /** Nothing new heard since this time: `lastReceivedAt` is at most this. */
  readonly quietSince?: number
  /** Overdue at this time: silent (`dueAt`), without expected data (`dataDueAt`), or either. */
  readonly overdue?: { readonly by: number; readonly why?: 'silent' | 'data' }
  readonly order: ListOrder
  readonly after: ListPosition | null
  readonly limit: number
}

/** An entry with its call, and what the row said before it. */
export interface StoredChange extends CallRef {
  readonly entry: HistoryEntry
  /** What was decided with the entry before; null for the first one. */
  readonly before: Decided | null
}

/** A page of what was stored. */
export interface StoredChanges {
  readonly changes: readonly StoredChange[]
  /** Where to go on: the position after these. */
  readonly position: string
  /** Whether there is more to read at once. */
  readonly hasMore: boolean
}

/** A call that is to be asked about, claimed by one poller. */
export interface SilentCall {
  readonly row: TrackedCall
  /** How often it was asked about since its `askAt` last changed. */
  readonly asked: number
}

/** A call with entries that a consumer has not handled yet, claimed by one worker. */
export interface ConsumerClaim extends CallRef {
  /** The sequence up to which every entry was handled. */
  readonly position: number
  /** How often the entry after `position` was tried in vain; a claim that ran out counts as a try. */
  readonly tries: number
}

/** How a claim ends. */
export interface ClaimEnd {
  /** The sequence up to which every entry is handled now. */
  readonly position: number
  readonly tries: number
  /** When the next entry may be tried, where there is one; ms since 1970. */
  readonly nextAt: number
  /** An entry that is set aside: the one at `position`, which was tried for the last time. */
  readonly deadLetter?: { readonly sequence: number; readonly error: string; readonly at: number }
}

/** An entry that a consumer failed to handle as often as it may, set aside so that others go on. */
export interface DeadLetter extends CallRef {
  /** Never given to another dead letter. */
  readonly id: string
  readonly consumer: string
  readonly sequence: number
  /** The last failure's message. */
  readonly error: string
  /** When it failed last. */
  readonly at: number
  /** How often it was handled in vain since it was set aside. */
  readonly replays: number
  /** When it is to be handled again, because someone asked; null while it only lies there. */
  readonly replayAt: number | null
}

/** What there is to watch over, for metrics. */
export interface StoreCounts {
  /** Overdue calls by provider: silent, and without expected data; a call can be both. */
  readonly overdue: ReadonlyMap<string, { readonly silent: number; readonly data: number }>
  /** By registered consumer, and then by provider where there is anything to tell. */
  readonly consumers: ReadonlyMap<string, ReadonlyMap<string, ConsumerCounts>>
}

/** What a consumer has left of a provider's calls. */
export interface ConsumerCounts {
  /** Calls with unhandled entries. */
  readonly waiting: number
  /**
   * When the first of them is due, null where none waits; for one that is being worked on that is the end
   * of its claim, so it can lie in the future.
   */
  readonly oldestDueAt: number | null
  readonly deadLetters: number
}

/**
 * Where calls are kept. A store keeps and finds; it decides nothing about calls. Every method is safe
 * with many processes at once, where the engine is. What a promise says is durable when it resolves;
 * where it rejects, nothing of it is there, or all of it (a lost acknowledgement), never a part. Times
 * are whole milliseconds since 1970.
 */
export interface Store {
  /** Makes or updates the tables. Idempotent; safe when several processes do it at the same time. */
  migrate(): Promise<void>

  /** What is known of these calls; undefined in the place of one that is not there. */
  load(refs: readonly CallRef[]): Promise<readonly (StoredCall | undefined)[]>

  /**
   * Writes each call whose stored revision is still `basedOn`, all or nothing per call, and tells which
   * were written. Each call appears at most once, with one new entry at least. For every registered
   * consumer, a written call's cursor gets due at `now`; one that is due already, is claimed or waits for
   * its next try keeps its time, unless nobody has claimed or tried it and its time is later than `now`
   * (a clock ran ahead).
   */
  append(writes: readonly CallWrite[], options: AppendOptions): Promise<readonly boolean[]>

  /**
   * Replaces a row and the content of all its entries, where the revision is still `basedOn`, and
   * empties the `error` of the call's dead letters; for `forget`. What was there before is overwritten
   * in the engine's files too, as far as the engine can do that. Consumers are not told.
   */
  replace(write: CallWrite): Promise<boolean>

  /** A call's history in the order of its sequences, after a sequence; at most `limit` entries. */
  history(
    ref: CallRef,
    options?: { readonly after?: number; readonly limit?: number },
  ): Promise<readonly HistoryEntry[]>

  list(query: StoreQuery): Promise<readonly TrackedCall[]>

  /** The position after everything that is stored now: opaque text, which every process can read. */
  position(): Promise<string>

  /**
   * The entries that were stored after a position, by every process, at most about `limit`; those of one
   * call in their order. None is missed and none comes twice, also where a transaction began earlier and
   * committed later. A position of another database begins anew, with everything.
   */
  changes(after: string, options: { readonly limit: number }): Promise<StoredChanges>

  /**
   * Calls `listener` soon after another process has stored something, where the engine can tell; it may
   * call too often, and may miss. Returns how to stop it. What cannot tell does nothing.
   */
  onStored(listener: () => void): () => void

  /**
   * Claims calls of a provider that are to be asked about by `now`, those first that have been so for the
   * longest, so that one that is asked about again and again keeps nobody waiting. Until `until`, nobody else gets them. A call is to be asked about at its `askAt`, and again
   * when `postponePoll` said; a write that changes `askAt` starts this anew.
   */
  claimSilent(options: {
    readonly provider: string
    readonly now: number
    readonly until: number
    readonly limit: number
  }): Promise<readonly SilentCall[]>

  /**
   * Says when a claimed call is to be asked about again (null: not until its `askAt` changes), and how
   * often it was asked about by now. Does nothing where the row's `askAt` is no longer this one.
   */
  postponePoll(
    ref: CallRef,
    options: { readonly askAt: number | null; readonly at: number | null; readonly asked: number },
  ): Promise<void>

  /**
   * Registers a consumer, once: it gets every entry that is written from now on, with `start` every entry
   * there is, and with a time every entry that came then or later. No entry falls between. Registering
   * again changes nothing. With `null`, a name that is new to a store with calls is refused, with
   * `invalid-option`. It holds up nobody who writes: the calls that are there already are made known to
   * the consumer bit by bit, by `fillConsumer`.
   */
  registerConsumer(
    name: string,
    options: { readonly from: 'start' | 'now' | number | null; readonly now: number },
  ): Promise<void>

  /**
   * Makes up to `limit` calls that were there before a consumer known to it, due at `now`, and finds what
   * was being written while it registered. Whether there is more to do. Safe with many workers.
   */
  fillConsumer(
    name: string,
    options: { readonly limit: number; readonly now: number },
  ): Promise<boolean>

  /** Forgets a consumer, its cursors and its dead letters. */
  removeConsumer(name: string): Promise<void>

  /**
   * Claims calls that are due for a consumer, oldest first; nobody else gets them until `until`. Where
   * the claim before was never ended, because its owner died, `tries` grows by one. A call due after
   * `latest` counts as due: no claim and no pause lasts that long, so a clock ran ahead when it was set.
   */
  claimCalls(
    consumer: string,
    options: {
      readonly now: number
      readonly until: number
      readonly limit: number
      /** Who claims; only the owner can end a claim. */
      readonly owner: string
      readonly latest: number
    },
  ): Promise<readonly ConsumerClaim[]>

  /**
   * Ends a claim: moves the cursor, and gives the call free; where entries are left it is due at
   * `nextAt`. A dead letter is written with it. False where the claim is another's by now: then nothing
   * was changed. A claim whose time ran out is its owner's until somebody else takes it.
   */
  endClaim(consumer: string, ref: CallRef, owner: string, end: ClaimEnd): Promise<boolean>

  /**
   * Moves a claim's cursor and its end, and keeps it; `tries` begins at 0 again where the position moves.
   * False where it is another's by now.
   */
  keepClaim(
    consumer: string,
    ref: CallRef,
    owner: string,
    keep: { readonly position: number; readonly until: number },
  ): Promise<boolean>

  /** Dead letters, oldest first, by consumer where one is named. */
  deadLetters(options: {
    readonly consumer?: string
    readonly after?: { readonly at: number; readonly id: string } | null
    readonly limit: number
  }): Promise<readonly DeadLetter[]>

  /**
   * Asks for dead letters to be handled again: one by its id, or all of a consumer. Their number; those
   * that somebody asked for already are not among them.
   */
  reviveDeadLetters(
    consumer: string,
    options: { readonly id?: string; readonly now: number },
  ): Promise<number>

  /** Claims dead letters that are to be handled again; nobody else gets them until `until`. */
  claimDeadLetters(
    consumer: string,
    options: { readonly now: number; readonly until: number; readonly limit: number },
  ): Promise<readonly DeadLetter[]>

  /** Ends a dead letter: gone where it was handled, else set aside again with its new failure. */
  endDeadLetter(
    id: string,
    end:
      | { readonly handled: true }
      | { readonly handled: false; readonly error: string; readonly at: number },
  ): Promise<void>

  counts(options: { readonly now: number }): Promise<StoreCounts>

  close(): Promise<void>
}
