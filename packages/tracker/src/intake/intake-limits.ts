/** Bounds of what a tracker holds and tries while it takes messages in. */
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
}

/** The limits that hold unless the options say otherwise. */
export const INTAKE_LIMITS: IntakeLimits = {
  batch: 500,
  waiting: 10_000,
  waitingCharacters: 64 * 1024 * 1024,
  cachedCalls: 10_000,
  lostRaces: 100,
  searchedEntries: 50,
}
