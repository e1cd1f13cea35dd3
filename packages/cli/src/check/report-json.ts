import { CALL_STATUSES } from 'callstate'
import type { DecisionCounts } from './call-ledger.ts'
import { reportCall } from './call-report.ts'
import type { CheckedLog } from './check-log.ts'
import { sumOf } from './sum-of.ts'

/** Statuses in the order of the table, and last the calls of which only unrecognized ones were heard. */
const STATUS_KEYS = [...CALL_STATUSES, 'unrecognized'] as const

/** `events`, `other` and `invalid` together are the lines that are not blank. */
export interface Totals {
  readonly lines: number
  /** Lines that told events; `decisions` together are the events, of which one line may tell several. */
  readonly events: number
  readonly calls: number
  /** Lines that told no status, such as the news of a recording. */
  readonly other: number
  readonly invalid: number
  readonly decisions: DecisionCounts
  readonly byStatus: Readonly<Record<(typeof STATUS_KEYS)[number], number>>
}

/** One line for each call, in order of first appearance. */
export function* reportNdjson({ ledger }: CheckedLog): Generator<string> {
  for (const entry of ledger.entries()) yield `${JSON.stringify(reportCall(entry))}\n`
}

/** One JSON document. It is made piece by piece, so that it need not fit into memory. */
export function* reportJson(checked: CheckedLog): Generator<string> {
  const { ledger, invalid, lines, messages, other } = checked
  const byStatus = new Map<string, number>(STATUS_KEYS.map((status) => [status, 0]))
  let separator = '\n'
  yield '{"calls":['
  for (const entry of ledger.entries()) {
    const key = entry.call.status ?? 'unrecognized'
    byStatus.set(key, (byStatus.get(key) ?? 0) + 1)
    yield `${separator}${JSON.stringify(reportCall(entry))}`
    separator = ',\n'
  }
  const totals: Totals = {
    lines,
    events: messages,
    calls: ledger.calls,
    other: sumOf(other.values()),
    invalid: invalid.count,
    decisions: ledger.decisions,
    byStatus: Object.fromEntries(byStatus) as Totals['byStatus'],
  }
  yield `\n],"totals":${JSON.stringify(totals)},"invalid":[`
  separator = '\n'
  for (const { file, line, message } of invalid.entries()) {
    yield `${separator}${JSON.stringify({ file, line, message })}`
    separator = ',\n'
  }
  yield '\n]}\n'
}
