const SECOND_MS = 1000

/**
 * Every limit and waiting time of this package that counts where an option says nothing else, by whose
 * options they are. Times in milliseconds, sizes in bytes, unless the name says another unit.
 *
 * @example
 * await startInspector({ source, limits: { calls: 10 * DEFAULTS.limits.calls } })
 */
export const DEFAULTS = {
  /** How much an inspector holds and how often it speaks: see `InspectorLimits`. */
  limits: {
    streamClients: 32,
    /** These take about 100 MB. */
    calls: 100_000,
    rowsPerPiece: 1000,
    eventsPerCall: 1000,
    updateEveryMs: 100,
    pingEveryMs: 15 * SECOND_MS,
    attached: 64,
    /** The definition of `callMachine` has about 20,000. */
    messageBytes: 1024 * 1024,
  },
  server: {
    /** How long a request may take to arrive whole. */
    requestTimeoutMs: 10 * SECOND_MS,
  },
  attached: {
    /** How often a silent program is asked whether it is still there. */
    pingEveryMs: 30 * SECOND_MS,
  },
  /** How much `actorsSource` keeps of attached actors: see `ActorLimits`. */
  actors: {
    actors: 5000,
    eventsPerActor: 200,
    events: 100_000,
    definitions: 100,
    payloadCharacters: 4096,
  },
  inspectTracker: {
    /** Calls that an XState inspector is told of at the start, the newest. */
    calls: 100,
    /** Calls that it is told of only by their changes; later ones are announced again. */
    maxCalls: 10_000,
  },
} as const
