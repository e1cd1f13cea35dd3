/** How much an inspector holds and how often it speaks. Each may be set by itself; `DEFAULTS.limits` otherwise. */
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
