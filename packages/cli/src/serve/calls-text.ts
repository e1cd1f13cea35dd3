import type { DeadLetter, TrackedCall } from '@callstate/tracker'
import { type Colors, printable } from '../terminal.ts'
import { statusColor } from './status-color.ts'
import { type Cell, tableText } from './table.ts'
import { durationText, timeText } from './time-text.ts'

/** Calls as a table for a person. Pure. */
export function callsText(rows: readonly TrackedCall[], now: number, colors: Colors): string {
  if (rows.length === 0) return 'No calls.\n'
  const head = ['PROVIDER', 'ID', 'STATUS', 'ATTEMPT', 'SETTLED', 'AGE', 'HEARD', 'DUE']
  return tableText([
    head.map((text): Cell => [text, colors.bold]),
    ...rows.map((row): readonly Cell[] => [
      row.provider,
      printable(row.callId),
      statusCell(row, colors),
      String(row.call.attempt),
      row.settled ? 'yes' : 'no',
      durationText(now - row.firstReceivedAt),
      `${durationText(now - row.lastReceivedAt)} ago`,
      dueCell(row, now, colors),
    ]),
  ])
}

/** Overdue calls as a table for a person. Pure. */
export function overdueText(rows: readonly TrackedCall[], now: number, colors: Colors): string {
  if (rows.length === 0) return 'No call is overdue.\n'
  const head = ['OVERDUE', 'PROVIDER', 'ID', 'STATUS', 'ATTEMPT', 'HEARD']
  return tableText([
    head.map((text): Cell => [text, colors.bold]),
    ...rows.map((row): readonly Cell[] => [
      [durationText(now - (row.dueAt ?? now)), colors.yellow],
      row.provider,
      printable(row.callId),
      statusCell(row, colors),
      String(row.call.attempt),
      `${durationText(now - row.lastReceivedAt)} ago`,
    ]),
  ])
}

/** Dead letters as a table for a person. Pure. */
export function deadLettersText(letters: readonly DeadLetter[], colors: Colors): string {
  if (letters.length === 0) return 'No dead letters.\n'
  const head = ['ID', 'CONSUMER', 'PROVIDER', 'CALL', 'EVENT', 'FAILED AT', 'REPLAYS', 'ERROR']
  return tableText([
    head.map((text): Cell => [text, colors.bold]),
    ...letters.map((letter): readonly Cell[] => [
      letter.id,
      printable(letter.consumer),
      letter.provider,
      printable(letter.callId),
      String(letter.sequence),
      timeText(letter.at),
      letter.replayAt === null ? String(letter.replays) : `${letter.replays}, waiting`,
      [printable(letter.error), colors.red],
    ]),
  ])
}

function statusCell({ call }: TrackedCall, colors: Colors): Cell {
  return [call.status ?? 'unrecognized', statusColor(call.status, colors)]
}

function dueCell({ dueAt }: TrackedCall, now: number, colors: Colors): Cell {
  if (dueAt === null) return ['-', colors.dim]
  return dueAt > now
    ? `in ${durationText(dueAt - now)}`
    : [`overdue ${durationText(now - dueAt)}`, colors.yellow]
}
