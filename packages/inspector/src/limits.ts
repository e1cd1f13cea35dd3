/** How much an inspector holds and how often it speaks. Each may be set by itself. */
export interface InspectorLimits {
  /** Pages that may watch at a time; a further one is answered with 503. */
  readonly streamClients: number
  /** Calls on the board; the ones that are there for the longest time make room for new ones. */
  readonly calls: number
  /** Rows in one piece of the stream. */
  readonly rowsPerPiece: number
  /** Events of one call that the page gets: the latest. */
  readonly eventsPerCall: number
  /** The shortest time between two updates of one page, in milliseconds. */
  readonly updateEveryMs: number
  /** How often a page hears that the server is still there, in milliseconds. */
  readonly pingEveryMs: number
  /** Programs that may have their XState actors attached at a time. */
  readonly attached: number
  /** The longest message of an actor, in bytes; a longer one ends the connection. */
  readonly messageBytes: number
}

/** The limits, unless others are set: 100,000 calls take about 100 MB. */
export const INSPECTOR_LIMITS: InspectorLimits = {
  streamClients: 32,
  calls: 100_000,
  rowsPerPiece: 1000,
  eventsPerCall: 1000,
  updateEveryMs: 100,
  pingEveryMs: 15_000,
  attached: 64,
  // The definition of `callMachine` has about 20,000.
  messageBytes: 1024 * 1024,
}
