import {
  CALL_STATUSES,
  type CallStatus,
  DECISION_KINDS,
  isIntermediate,
  type Outcome,
  outcome,
} from 'callstate'
import { type Colors, counted, printable } from '../command/terminal.ts'
import { TOLD_BY, type ToldBy } from '../read-log/log-message.ts'
import { standingText } from '../text/standing.ts'
import { HEADINGS, headingColor, headingOf } from '../text/status-facts.ts'
import { offsetText } from '../text/time-text.ts'
import { type CallReport, reportCall } from './call-report.ts'
import type { CheckedLog } from './check-log.ts'
import { isOddDecision } from './finding.ts'
import { sumOf } from './sum-of.ts'

/** Invalid lines that the text shows. */
export const SHOWN_INVALID_LINES = 20

/** Odd calls that the text shows with their timeline. */
export const SHOWN_ODD_CALLS = 20

/** Findings and timeline entries of one odd call that the text shows. */
export const SHOWN_PER_CALL = 30

const BAR_WIDTH = 30

/** The report for a person: what became of the calls, and every odd thing with its place. */
export function* reportText(checked: CheckedLog, colors: Colors): Generator<string> {
  const { byStatus, odd, oddCount, settled, outcomes } = survey(checked)
  const { ledger, invalid, files, lines, unreadable } = checked
  const events = sumOf(Object.values(ledger.decisions))
  yield `${colors.bold(counted(ledger.calls, 'call'))} in ${counted(events, 'event')}, `
  yield `${counted(lines, 'line')} of ${counted(files.length, 'file')}`
  yield invalid.count > 0 ? `, ${colors.red(counted(invalid.count, 'invalid line'))}\n` : '\n'
  yield* toldLines(checked)
  yield* otherLine(checked)
  if (ledger.calls > 0) {
    yield `\n${colors.bold('Calls by status')}\n`
    yield* statusLines(byStatus, ledger.calls, colors)
    const became = [...outcomes].map(([outcome, calls]) => `${calls} ${outcome}`).join(', ')
    yield `  ${settled} settled, ${ledger.calls - settled} not settled; outcome: ${became}\n`
    yield `\n${colors.bold('Decisions')}\n`
    for (const kind of DECISION_KINDS) {
      const events = ledger.decisions[kind]
      const text = `  ${kind.padEnd(14)}${String(events).padStart(8)}  ${DECISION_MEANINGS[kind]}\n`
      yield isOddDecision(kind) && events > 0 ? colors.yellow(text) : text
    }
  }
  if (odd.length > 0) {
    yield `\n${colors.bold(`Odd calls (${oddCount})`)}\n`
    for (const call of odd) yield* oddCallLines(call, colors)
    if (oddCount > odd.length) yield more(oddCount - odd.length, 'odd call')
  }
  if (invalid.count > 0) {
    yield `\n${colors.bold(`Invalid lines (${invalid.count})`)}\n`
    yield* invalidLines(checked)
  }
  const findings = ledger.findings + invalid.count
  if (checked.lines === 0) yield `\n${colors.yellow('Nothing was read.')}\n`
  else
    yield findings === 0
      ? `\n${colors.green(unreadable.length > 0 ? 'No findings in what could be read.' : 'No findings.')}\n`
      : `\n${colors.yellow(`${counted(findings, 'finding')}.`)}\n`
  yield* providerHint(checked)
  if (byStatus.open > 0) {
    const whose = byStatus.open === 1 ? 'its' : 'their'
    yield `${counted(byStatus.open, 'call')} still open at the end of the log: ask the provider for ${whose} state if no more webhooks come.\n`
  }
}

/** Where `--provider` fits no line, the one that would. */
function* providerHint({ ledger, looksLike, providers }: CheckedLog): Generator<string> {
  const { unrecognized, ...recognized } = ledger.decisions
  const [most] = [...looksLike].toSorted(([, a], [, b]) => b - a)
  const provider = providers.find(({ name }) => name === most?.[0])
  if (sumOf(Object.values(recognized)) > 0 || most === undefined || provider === undefined) return
  const { name, title } = provider
  yield `${most[1] === 1 ? 'The line looks' : 'These lines look'} like ${title}'s: use "--provider ${name}" or "--provider auto".\n`
}

const DECISION_MEANINGS = {
  advanced: 'moved the call forward',
  retried: 'opened a later attempt',
  late: 'came after the call had passed it',
  duplicate: 'was known already',
  conflicting: 'contradicts what was known, or how it was read',
  unrecognized: 'has a status that is not recognized',
} as const

interface Survey {
  readonly byStatus: { readonly of: ReadonlyMap<CallStatus | null, number>; readonly open: number }
  readonly odd: readonly CallReport[]
  readonly oddCount: number
  readonly settled: number
  readonly outcomes: ReadonlyMap<Outcome, number>
}

function survey({ ledger }: CheckedLog): Survey {
  const of = new Map<CallStatus | null, number>()
  const outcomes = new Map<Outcome, number>()
  const odd: CallReport[] = []
  let oddCount = 0
  let settled = 0
  let open = 0
  for (const entry of ledger.entries()) {
    const { call, settled: isSettled, findings } = entry
    const became = outcome(call)
    of.set(call.status, (of.get(call.status) ?? 0) + 1)
    outcomes.set(became, (outcomes.get(became) ?? 0) + 1)
    if (isSettled) settled++
    if (call.status !== null && isIntermediate(call.status)) open++
    if (findings.length === 0) continue
    oddCount++
    if (odd.length < SHOWN_ODD_CALLS) odd.push(reportCall(entry))
  }
  return { byStatus: { of, open }, odd, oddCount, settled, outcomes }
}

function* statusLines(
  { of }: Survey['byStatus'],
  calls: number,
  colors: Colors,
): Generator<string> {
  for (const heading of HEADINGS) {
    const statuses = [...CALL_STATUSES, null].filter(
      (status) => headingOf(status) === heading && of.has(status),
    )
    const total = statuses.reduce((sum, status) => sum + (of.get(status) ?? 0), 0)
    if (total === 0) continue
    const color = headingColor(heading, colors)
    yield `  ${color(heading.padEnd(20))}${String(total).padStart(8)}\n`
    for (const status of statuses) {
      if (status === null) continue
      const count = of.get(status) ?? 0
      const bar = '█'.repeat(Math.max(1, Math.round((count / calls) * BAR_WIDTH)))
      yield `    ${status.padEnd(18)}${String(count).padStart(8)}  ${color(bar)}\n`
    }
  }
}

const TOLD_MEANINGS = {
  shape: 'told by shape',
  envelope: 'named by envelope',
  option: 'as --provider says',
} as const satisfies Record<ToldBy, string>

function* toldLines({ told, providers }: CheckedLog): Generator<string> {
  for (const { name, title } of providers) {
    const counts = told.get(name) ?? new Map<ToldBy, number>()
    const parts = TOLD_BY.flatMap((how) => {
      const events = counts.get(how) ?? 0
      return events === 0 ? [] : [`${counted(events, 'event')} ${TOLD_MEANINGS[how]}`]
    })
    if (parts.length > 0) yield `${printable(title)}: ${parts.join(', ')}\n`
  }
}

/** What is said of messages that told no status. */
function* otherLine({ other }: CheckedLog): Generator<string> {
  if (other.size === 0) return
  const parts = [...other].map(([word, lines]) => `${lines} ${printable(word)}`)
  yield `${counted(sumOf(other.values()), 'other message')} without a status: ${parts.join(', ')}\n`
}

function* oddCallLines(call: CallReport, colors: Colors): Generator<string> {
  yield `  ${colors.cyan(call.provider)} ${printable(call.id)}  ${standingText(call)}\n`
  for (const { file, line, kind, message } of call.findings.slice(0, SHOWN_PER_CALL)) {
    yield `    ${printable(file)}:${line}  ${colors.yellow(kind)}: ${message}\n`
  }
  const hidden = call.findings.length - SHOWN_PER_CALL
  if (hidden > 0) yield `  ${more(hidden, 'finding')}`
  let attemptShown = 0
  let start: number | null = null
  for (const entry of call.timeline.slice(0, SHOWN_PER_CALL)) {
    const at = entry.occurredAt === null ? null : Date.parse(entry.occurredAt)
    if (start === null && entry.occurredAt !== null) start = at
    const offset = at === null || start === null ? '?' : offsetText(at - start)
    const heading = entry.attempt === attemptShown ? '' : `attempt ${entry.attempt}`
    attemptShown = entry.attempt
    const date =
      entry.occurredAt !== null && at === start ? colors.dim(`  ${entry.occurredAt}`) : ''
    yield `      ${heading.padEnd(12)}${offset.padStart(11)}  ${entry.status}${date}\n`
  }
}

function* invalidLines({ invalid }: CheckedLog): Generator<string> {
  let shown = 0
  for (const { file, line, message } of invalid.entries()) {
    if (shown++ === SHOWN_INVALID_LINES) break
    yield `  ${printable(file)}:${line}  ${message}\n`
  }
  if (invalid.count > SHOWN_INVALID_LINES) {
    yield more(invalid.count - SHOWN_INVALID_LINES, 'invalid line')
  }
}

function more(count: number, noun: string): string {
  return `  … and ${counted(count, `more ${noun}`)}: see --format ndjson\n`
}
