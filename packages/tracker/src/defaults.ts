const SECOND_MS = 1_000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS

/**
 * Every limit and waiting time of this package that counts where an option says nothing else, by whose
 * options they are. Times in milliseconds, sizes in bytes, unless the name says another unit.
 *
 * @example
 * createWebhookHandler(tracker, { origins, maxBodyBytes: 4 * DEFAULTS.webhook.maxBodyBytes })
 */
export const DEFAULTS = {
  message: {
    /** Lists and objects inside one another that a message may have; real ones have about five. */
    maxDepth: 128,
    /** Events that one message may tell; more are refused, since each is stored with the message. */
    maxEvents: 500,
    /** Objects and lists inside one another in merged data; what lies deeper is left out. */
    maxDataDepth: 100,
  },
  /** What a tracker holds and tries while it takes messages in: see `IntakeLimits`. */
  intake: {
    batch: 500,
    waiting: 10_000,
    waitingCharacters: 64 * 1024 * 1024,
    cachedCalls: 10_000,
    lostRaces: 100,
    searchedEntries: 50,
    dataMessages: 200,
  },
  page: {
    /** Items on one page, and at most. */
    limit: 50,
    maxLimit: 1_000,
  },
  watch: {
    /** Changes that wait for one watcher at most. */
    buffer: 10_000,
  },
  /** How a tracker follows what it and other processes store, while somebody watches. */
  follower: {
    /** How often it looks by itself: a lost wake-up costs that much. */
    everyMs: SECOND_MS,
    /** Changes that are read at a time. */
    batch: 500,
    /** Waiting times while the store fails. */
    backoff: { firstMs: 100, factor: 2, maxMs: 5 * SECOND_MS },
  },
  webhook: {
    /** The longest body that is read: many times the longest message of a call seen so far. */
    maxBodyBytes: 1024 * 1024,
    /** How long a body may take to come. */
    bodyTimeoutMs: 10 * SECOND_MS,
    /**
     * How long checking a signature, storing and answering may take before the provider is asked to
     * repeat. Our reading: Bolna hints at about 10 seconds for receivers and publishes no number.
     */
    answerTimeoutMs: 8 * SECOND_MS,
    /** How long a provider is asked to wait before it repeats a delivery. */
    retryAfterS: 5,
    /** Issues that one answer holds at most. */
    maxAnsweredIssues: 20,
  },
  recorder: {
    /** How long a recording grows before another file is begun. */
    maxBytes: 64 * 1024 * 1024,
    /** Files that are kept, the one that is written included. */
    keep: 5,
  },
  consumer: {
    /** Calls that one consumer handles side by side. */
    concurrency: 8,
    /** How long a claimed call is kept from others without a sign of life. */
    leaseMs: 30 * SECOND_MS,
    /** How often the store is looked at for what other processes stored. */
    everyMs: SECOND_MS,
    /** How long a handler may take for one change. */
    handlerTimeoutMs: 5 * MINUTE_MS,
    /** How long `stop` waits for running handlers. */
    stopTimeoutMs: 10 * SECOND_MS,
    /** How long a handler may take to return after its signal was aborted. */
    abortGraceMs: SECOND_MS,
    /**
     * How much later than any claim or pause of its own a worker lets a call be due: for workers whose
     * options or clocks differ a little. What is due later was set by a clock that ran ahead.
     */
    clockRoomMs: HOUR_MS,
    /** Characters of a consumer's name. */
    maxNameLength: 200,
    /** Calls that were there before a consumer and are made known to it in one step. */
    fillBatch: 1_000,
    /** How long it waits between two such steps, so that others write. */
    fillPauseMs: 30,
    /** Tries of one change and the waiting times between: an outage of a quarter of an hour passes. */
    retry: { maxTries: 12, firstMs: SECOND_MS, factor: 2, maxMs: 10 * MINUTE_MS },
  },
  poller: {
    /** How often the store is looked through for overdue calls. */
    everyMs: 30 * SECOND_MS,
    /** Questions to one provider at a time. */
    concurrency: 4,
    /** Questions a minute to a provider that publishes no limit. */
    perMinute: 60,
    /** Waiting times between two questions about the same call. */
    backoff: { firstMs: MINUTE_MS, factor: 2, maxMs: HOUR_MS },
    /** Questions about one silence: with the waiting times above, about a day of them at most. */
    maxAsks: 30,
    /** How long one question may take. */
    askTimeoutMs: 15 * SECOND_MS,
    /** Calls that are claimed at a time. */
    batchSize: 50,
    /** The longest time for which a provider is left alone because it said that it is asked too much. */
    maxPauseMs: HOUR_MS,
  },
  fetcher: {
    /** The longest answer that is read. A record with its transcript has some ten thousand bytes. */
    maxAnswerBytes: 4 * 1024 * 1024,
    /** Pages of a list that are asked for in vain, one after the other, before it is given up. */
    maxTries: 5,
  },
} as const
