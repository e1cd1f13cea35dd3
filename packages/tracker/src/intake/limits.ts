/** Bounds of what a tracker holds and tries while it takes messages in; `DEFAULTS.intake` where left out. */
export interface IntakeLimits {
  /** Messages that are written together at most. */
  readonly batch: number
  /** Messages that wait for the store at most; more are refused with `store-failed`. */
  readonly waiting: number
  /** Characters of messages that wait for the store at most; more are refused with `store-failed`. */
  readonly waitingCharacters: number
  /** Calls whose rows are kept in memory, so that most events need no reading. */
  readonly cachedCalls: number
  /** How often one message may lose the race against another writer of the same call. */
  readonly lostRaces: number
  /**
   * Entries up to which a call's history is searched to tell whether a repeated status brings new data;
   * the repeats of longer ones count as enriched only by their times and details.
   */
  readonly searchedEntries: number
  /**
   * Messages without a status that are kept with one call at most, such as news of recordings; those
   * beyond are counted and logged, and not kept.
   */
  readonly dataMessages: number
}
