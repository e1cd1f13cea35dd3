import type {
  CallStatus,
  Direction,
  NextStatus,
  Phase,
  START_STATUSES,
  StatusGroup,
} from '../lifecycle.ts'

/** Left edge, upper edge, width and height, in the drawing's own units. */
export type Box = readonly [x: number, y: number, width: number, height: number]

/** The corners of a line made of level and upright pieces: x, y, x, y … */
export type Line = readonly number[]

/** Where a text stands: its left end for a move, its middle for a group. */
export type Spot = readonly [x: number, y: number]

/** The name of a legal move in the drawing, such as `ringing>busy`. */
export type MoveName = {
  [From in CallStatus]: `${From}>${NextStatus<From>}`
}[CallStatus]

/** The name of the start of a call in the drawing, such as `inbound>ringing`. */
export type StartName = {
  [D in Direction]: `${D}>${(typeof START_STATUSES)[D][number]}`
}[Direction]

/** The line of a move, and where the count of its calls stands. */
export interface DrawnMove {
  readonly line: Line
  readonly count: Spot
}

/** Where everything of the table's machine stands. The types say that nothing is missing. */
export interface Drawing {
  readonly width: number
  readonly height: number
  readonly phases: Readonly<Record<Phase, Box>>
  readonly groups: Readonly<Record<StatusGroup, Spot>>
  readonly statuses: Readonly<Record<CallStatus, Box>>
  readonly starts: Readonly<Record<Direction, Box>>
  readonly startLines: Readonly<Record<StartName, Line>>
  readonly moves: Readonly<Record<MoveName, DrawnMove>>
}

/** Where everything of any machine stands: of the table's, or of what a provider has of it. */
export interface Layout {
  readonly width: number
  readonly height: number
  readonly phases: Readonly<Partial<Record<Phase, Box>>>
  readonly groups: Readonly<Partial<Record<StatusGroup, Spot>>>
  readonly statuses: Readonly<Partial<Record<CallStatus, Box>>>
  /** The column in which a status sends its line down to its ends. */
  readonly columns: Readonly<Partial<Record<CallStatus, number>>>
  readonly starts: Readonly<Partial<Record<Direction, Box>>>
  readonly startLines: Readonly<Record<string, Line>>
  readonly moves: Readonly<Record<string, DrawnMove>>
}
