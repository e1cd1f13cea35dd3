import type { CallWithData, HistoryEntry } from '@callstate/tracker'
import { type CallStatus, durations, isTerminal, nextStatuses, timeline } from 'callstate'
import type { Provider } from 'callstate/providers'
import { decisionText } from 'callstate/text'
import { isOddDecision } from '../check/finding.ts'
import { type Colors, printable } from '../command/terminal.ts'
import { finalDataText } from '../text/final-data-text.ts'
import { standingText } from '../text/standing.ts'
import { statusColor } from '../text/status-facts.ts'
import { type Cell, tableText } from '../text/table.ts'
import { durationText, fromNow, timeText } from '../text/time-text.ts'
import { timelineText } from '../text/timeline-text.ts'
import { entryText } from './call-json.ts'

/** One call for a person: what it is, its timeline, and every event with what it did. Pure. */
export function showText(
  found: CallWithData,
  history: readonly HistoryEntry[],
  provider: Provider | undefined,
  now: number,
  colors: Colors,
): string {
  const { callId, status, knowledge } = found
  const standing = standingText(found, statusColor(status, colors))
  const entries = timeline(knowledge)
  const data = finalDataText(found.attempts, colors)
  return [
    `${colors.cyan(found.provider)} ${colors.bold(printable(callId))}  ${standing}\n`,
    tableText(factsOf(found, history, provider, now, colors), '  '),
    ...(entries.length === 0
      ? []
      : [`\n${colors.bold('Timeline')}\n`, timelineText(entries, colors)]),
    ...(data === '' ? [] : [`\n${colors.bold('Final data')}\n`, data]),
    `\n${colors.bold(`History (${found.events})`)}\n`,
    tableText(
      history.map((entry) => historyRow(entry, colors)),
      '  ',
    ),
    ...(found.events > history.length
      ? [`  … and ${found.events - history.length} more: see --format json\n`]
      : []),
  ].join('')
}

function factsOf(
  found: CallWithData,
  history: readonly HistoryEntry[],
  provider: Provider | undefined,
  now: number,
  colors: Colors,
): readonly (readonly Cell[])[] {
  const { status, knowledge, dueAt, dataDueAt, settled, forgottenAt } = found
  const { ringingMs, talkingMs, wrappingUpMs } = durations(knowledge)
  const parts = [
    ...(ringingMs === null ? [] : [`ringing ${durationText(ringingMs)}`]),
    ...(talkingMs === null ? [] : [`talking ${durationText(talkingMs)}`]),
    ...(wrappingUpMs === null ? [] : [`wrapping up ${durationText(wrappingUpMs)}`]),
  ]
  return [
    ['outcome', found.outcome],
    ...conflictsOf(history, status, colors),
    ...(parts.length === 0 ? [] : [['durations', parts.join(', ')]]),
    ['first heard', `${timeText(found.firstReceivedAt)}, ${fromNow(found.firstReceivedAt, now)}`],
    ['last heard', `${timeText(found.lastReceivedAt)}, ${fromNow(found.lastReceivedAt, now)}`],
    ['legal next', legalNext(found, provider)],
    ['due', dueAt === null ? neverDue(settled) : dueText(dueAt, now)],
    ...(dataDueAt === null ? [] : [['data due', dueText(dataDueAt, now)]]),
    ...(forgottenAt === null
      ? []
      : [['forgotten', `${timeText(forgottenAt)}: its data was removed`]]),
  ]
}

/** What contradicted what was known of the call at last, and which status counts. */
function conflictsOf(
  history: readonly HistoryEntry[],
  status: CallStatus | null,
  colors: Colors,
): readonly (readonly Cell[])[] {
  const conflicts = history.flatMap(({ decision }) =>
    decision?.kind === 'conflicting' && decision.reason !== 'read-anew' ? [decision] : [],
  )
  const latest = conflicts.at(-1)
  if (latest === undefined) return []
  const since = latest.counts === status ? '' : `; since then it has become ${status ?? 'unknown'}`
  return [['conflict', [`${decisionText(latest)}${since}`, colors.yellow]]]
}

function legalNext({ status, settled }: CallWithData, provider: Provider | undefined): string {
  if (status === null) return 'any status: none of the table was heard'
  if (!isTerminal(status)) return nextStatuses(status as string, { provider }).join(', ')
  return settled ? 'nothing: the call is over' : 'a further attempt, as the retry policy says'
}

function neverDue(settled: boolean): string {
  return settled ? 'never: the call is over' : 'never: its status has no time limit'
}

function dueText(dueAt: number, now: number): string {
  const when = timeText(dueAt)
  return dueAt > now
    ? `${when}, ${fromNow(dueAt, now)}`
    : `${when}, overdue by ${durationText(now - dueAt)}`
}

function historyRow(entry: HistoryEntry, colors: Colors): readonly Cell[] {
  const { sequence, type, receivedAt, event, decision } = entry
  return [
    String(sequence).padStart(3),
    [timeText(receivedAt), colors.dim],
    event?.kind ?? '-',
    decision !== null && isOddDecision(decision.kind)
      ? [decision.kind, colors.yellow]
      : (decision?.kind ?? type),
    entryText(entry),
  ]
}
