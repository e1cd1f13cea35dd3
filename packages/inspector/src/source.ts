import type { Board } from './board.ts'
import type { CallDetail, Hello, SourceKind } from './wire.ts'

/** Where an inspector has its calls from: made by `trackerSource`, `logSource` or `actorsSource`. */
export interface CallSource {
  readonly kind: SourceKind
  /** For the head of the page, such as the name of the database. */
  readonly name: string
  readonly providers: Hello['providers']
  /** How many times faster than time `now` runs; 0 where it stands still. */
  readonly speed: number
  /** The clock by which calls are overdue, in milliseconds since 1970. */
  now(): number
  /**
   * Puts its calls on the board and keeps them right from then on. Resolves when those that there are
   * stand on it. Called once.
   */
  open(board: Board): Promise<void>
  /** One call with its latest events, `limit` of them at most; null where there is no such call. */
  detail(key: string, limit: number): Promise<CallDetail | null>
  /** What is kept of the message behind an event; null where nothing is. It is redacted by who asks. */
  payload(key: string, sequence: number): Promise<{ readonly payload: unknown } | null>
  /** Where XState actors may be attached: takes in a new connection. Absent where they may not. */
  attach?(): ActorConnection
  /** Lets go of the board. What the source was made of stays open. */
  close(): Promise<void>
}

/** A program that tells of its XState actors. */
export interface ActorConnection {
  /** Takes in one message of the inspection protocol, as it came. What is none is passed over. */
  receive(message: string): void
}
