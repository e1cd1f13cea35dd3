import type { DeadLetter, OverdueCall, TrackedCall } from '@callstate/tracker'
import { type Colors, printable } from '../command/terminal.ts'
import { statusColor } from '../text/status-facts.ts'
import { type Cell, tableText } from '../text/table.ts'
import { durationText, timeText } from '../text/time-text.ts'
import { overdueOf } from './call-json.ts'

/** Calls as a table for a person. Pure. */
export function callsText(rows: readonly TrackedCall[], now: number, colors: Colors): string {
  if (rows.length === 0) return 'No calls.\n'
  const head = ['PROVIDER', 'ID', 'STATUS', 'ATTEMPT', 'SETTLED', 'AGE', 'HEARD', 'DUE']
  return listText(
    head,
    rows.map((row): readonly Cell[] => [
      row.provider,
      printable(row.callId),
      statusCell(row, colors),
      String(row.attempt),
      row.settled ? 'yes' : 'no',
      durationText(now - row.firstReceivedAt),
      `${durationText(now - row.lastReceivedAt)} ago`,
      dueCell(row, now, colors),
    ]),
    colors,
  )
}

/** Overdue calls as a table for a person. Pure. */
export function overdueText(rows: readonly OverdueCall[], now: number, colors: Colors): string {
  if (rows.length === 0) return 'No call is overdue.\n'
  const head = ['OVERDUE', 'WHY', 'PROVIDER', 'ID', 'STATUS', 'ATTEMPT', 'HEARD', 'MISSING']
  return listText(
    head,
    rows.map((row): readonly Cell[] => [
      [durationText(overdueOf(row, now).overdueMs), colors.yellow],
      row.why.join(', '),
      row.provider,
      printable(row.callId),
      statusCell(row, colors),
      String(row.attempt),
      `${durationText(now - row.lastReceivedAt)} ago`,
      missingText(row),
    ]),
    colors,
  )
}

function missingText({ missing }: OverdueCall): string {
  const attempts = missing.map(
    ({ attempt, fields }) => `${fields.join(', ')} of attempt ${attempt}`,
  )
  return attempts.join('; ') || '-'
}

/** Dead letters as a table for a person. Pure. */
export function deadLettersText(letters: readonly DeadLetter[], colors: Colors): string {
  if (letters.length === 0) return 'No dead letters.\n'
  const head = ['ID', 'CONSUMER', 'PROVIDER', 'CALL', 'EVENT', 'FAILED AT', 'REPLAYS', 'ERROR']
  return listText(
    head,
    letters.map((letter): readonly Cell[] => [
      letter.id,
      printable(letter.consumer),
      letter.provider,
      printable(letter.callId),
      String(letter.sequence),
      timeText(letter.at),
      letter.replayAt === null ? String(letter.replays) : `${letter.replays}, waiting`,
      [printable(letter.error), colors.red],
    ]),
    colors,
  )
}

/** Tells that a list was cut off at its `--limit`. Pure. */
export function moreText(limit: number): string {
  return `callstate: there are more than ${limit}; see --limit\n`
}

function listText(
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
  colors: Colors,
): string {
  return tableText([head.map((text): Cell => [text, colors.bold]), ...rows])
}

function statusCell({ status }: TrackedCall, colors: Colors): Cell {
  return [status ?? 'unrecognized', statusColor(status, colors)]
}

function dueCell({ dueAt, dataDueAt }: TrackedCall, now: number, colors: Colors): Cell {
  const cells = [
    ...(dueAt === null ? [] : [dueText(dueAt, now)]),
    ...(dataDueAt === null ? [] : [`data ${dueText(dataDueAt, now)}`]),
  ]
  const isOverdue = [dueAt, dataDueAt].some((at) => at !== null && at <= now)
  return [cells.join(', ') || '-', isOverdue ? colors.yellow : colors.dim]
}

function dueText(dueAt: number, now: number): string {
  return dueAt > now ? `in ${durationText(dueAt - now)}` : `overdue ${durationText(now - dueAt)}`
}
