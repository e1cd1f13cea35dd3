/**
 * Where everything of the machine's drawing stands, from a few constraints:
 *
 * - Each phase is a lane from top to bottom. The happy path is one level row through all lanes.
 * - Each end is a row of its own in the last lane. A status that can end so sends one line straight down
 *   its own column, which turns into the row. Lines share columns and rows, so 36 moves look like 7.
 * - Rows are in the order of how late an end can come, the latest (`error`) on top: then a column ends
 *   where the rows of the columns right of it begin. Where a column meets a row, it has a turn into it.
 * - Columns, rows and box edges keep to a grid of 8, the length of a dash with its gap: dashes of lines
 *   that share a piece fall on each other.
 *
 * The moves between statuses that are no ends are few, and drawn by hand.
 */
import { CALL_STATUSES, type CallStatus, isTerminal, nextStatuses } from 'callstate'
import type {
  Box,
  Drawing,
  Line,
  MoveName,
  Spot,
  StartName,
} from '../../callstate/src/diagram/drawing.ts'

const MARGIN = 16
const HEIGHT = 600

// The rows of the boxes before the ends: above, on and below the happy path.
const ABOVE = 64
const HAPPY = 144
const BELOW = 224
const BOX_HEIGHT = 40

const END_HEIGHT = 32
const END_LEFT = 896
const END_WIDTH = 104

/** The middle of each row of ends. Unsuccessful ends can come later in a call than unanswered ones. */
const END_ROWS: Readonly<Partial<Record<CallStatus, number>>> = {
  completed: HAPPY + BOX_HEIGHT / 2,
  error: 304,
  stopped: 344,
  failed: 384,
  canceled: 424,
  busy: 488,
  'no-answer': 528,
  'balance-low': 568,
}

/** The boxes before the ends, and the column in which each sends its line down. */
const SOURCES: Readonly<
  Partial<Record<CallStatus, { readonly box: Box; readonly column: number }>>
> = {
  scheduled: { box: [32, ABOVE, 112, BOX_HEIGHT], column: 40 },
  prepared: { box: [64, BELOW, 80, BOX_HEIGHT], column: 104 },
  queued: { box: [184, HAPPY, 80, BOX_HEIGHT], column: 224 },
  // Wider than the box under it, so that its column passes on the right.
  rescheduled: { box: [184, ABOVE, 104, BOX_HEIGHT], column: 280 },
  initiated: { box: [328, HAPPY, 80, BOX_HEIGHT], column: 368 },
  ringing: { box: [456, HAPPY, 80, BOX_HEIGHT], column: 496 },
  'in-progress': { box: [576, HAPPY, 96, BOX_HEIGHT], column: 624 },
  'call-disconnected': { box: [704, HAPPY, 144, BOX_HEIGHT], column: 776 },
}

const LEVEL = HAPPY + BOX_HEIGHT / 2

/** The moves that no column leads to: the corners, and where the count stands. */
const DRAWN: Readonly<Partial<Record<MoveName, readonly [line: Line, count: Spot]>>> = {
  'scheduled>queued': [
    [132, 104, 132, 152, 184, 152],
    [138, 146],
  ],
  'prepared>queued': [
    [132, 224, 132, 176, 184, 176],
    [138, 190],
  ],
  'scheduled>rescheduled': [
    [144, 76, 184, 76],
    [150, 72],
  ],
  'rescheduled>scheduled': [
    [184, 92, 144, 92],
    [154, 104],
  ],
  'queued>rescheduled': [
    [208, 144, 208, 104],
    [186, 127],
  ],
  'rescheduled>queued': [
    [248, 104, 248, 144],
    [252, 127],
  ],
  'scheduled>initiated': [
    [88, 64, 88, 48, 372, 48, 372, 144],
    [200, 44],
  ],
  'rescheduled>initiated': [
    [288, 84, 348, 84, 348, 144],
    [314, 80],
  ],
  'initiated>in-progress': [
    [392, 144, 392, 84, 640, 84, 640, 144],
    [408, 80],
  ],
  'queued>initiated': [
    [264, LEVEL, 328, LEVEL],
    [288, LEVEL - 6],
  ],
  'initiated>ringing': [
    [408, LEVEL, 456, LEVEL],
    [414, LEVEL - 6],
  ],
  'ringing>in-progress': [
    [536, LEVEL, 576, LEVEL],
    [540, LEVEL - 6],
  ],
  'in-progress>call-disconnected': [
    [672, LEVEL, 704, LEVEL],
    [674, LEVEL - 6],
  ],
  'call-disconnected>completed': [
    [848, LEVEL, END_LEFT, LEVEL],
    [854, LEVEL - 6],
  ],
}

const START_LINES: Readonly<Record<StartName, Line>> = {
  'outbound>scheduled': [88, 154, 88, 104],
  'outbound>prepared': [88, 174, 88, 224],
  'outbound>queued': [122, LEVEL, 184, LEVEL],
  'inbound>ringing': [496, 124, 496, 144],
  'inbound>in-progress': [526, 114, 608, 114, 608, 144],
}

/** The whole drawing. Throws where the table has a status or move for which there is no place. */
export function machineLayout(): Drawing {
  const statuses = Object.fromEntries(CALL_STATUSES.map((status) => [status, boxOf(status)]))
  const moves = CALL_STATUSES.flatMap((from) =>
    nextStatuses(from).map((to) => [`${from}>${to}`, moveOf(from, to)] as const),
  )
  return {
    width: END_LEFT + END_WIDTH + 2 * MARGIN,
    height: HEIGHT,
    phases: {
      waiting: lane(16, 304),
      dialing: lane(312, 552),
      connected: lane(560, 688),
      'wrapping-up': lane(696, 856),
      ended: lane(864, 1016),
    },
    groups: {
      successful: aboveRow('completed'),
      unsuccessful: aboveRow('error'),
      unanswered: aboveRow('busy'),
    },
    statuses: statuses as Drawing['statuses'],
    starts: { outbound: [54, 154, 68, 20], inbound: [466, 104, 60, 20] },
    startLines: START_LINES,
    moves: Object.fromEntries(moves) as Drawing['moves'],
  }
}

function boxOf(status: CallStatus): Box {
  const box = SOURCES[status]?.box
  if (box !== undefined) return box
  const row = END_ROWS[status]
  if (row === undefined) {
    throw new Error(`expected a place for the status ${status} in machine-layout.ts, got none.`)
  }
  return [END_LEFT, row - END_HEIGHT / 2, END_WIDTH, END_HEIGHT]
}

function moveOf(from: CallStatus, to: CallStatus): { line: Line; count: Spot } {
  const drawn = DRAWN[`${from}>${to}` as MoveName]
  if (drawn !== undefined) return { line: drawn[0], count: drawn[1] }
  const source = SOURCES[from]
  const row = END_ROWS[to]
  if (source === undefined || row === undefined || !isTerminal(to)) {
    throw new Error(`expected a line for the move ${from}>${to} in machine-layout.ts, got none.`)
  }
  const [, y, , height] = source.box
  const { column } = source
  return { line: [column, y + height, column, row, END_LEFT, row], count: [column + 12, row - 6] }
}

function lane(left: number, right: number): Box {
  return [left, MARGIN, right - left, HEIGHT - MARGIN]
}

function aboveRow(status: CallStatus): Spot {
  const [x, y] = boxOf(status)
  return [x, y - 8]
}
